-- What is broken on purpose, for checks in sandboxes. Ended ones are kept for seven days: who broke what, and when.

create table fault (
  id text primary key,
  service text not null check (length(service) between 1 and 200),
  kind text not null check (kind in ('unavailable', 'slow')),
  created_by text not null,
  created_at timestamptz not null,
  -- By itself, or earlier when somebody ended it.
  ends_at timestamptz not null,
  check (ends_at >= created_at and ends_at <= created_at + interval '5 minutes')
);
create index fault_end on fault (ends_at);

create trigger fault_changes after insert or update or delete on fault for each statement
  execute function public.rockpool_changed('faults');
