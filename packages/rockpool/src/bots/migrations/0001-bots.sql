-- What bots were given to write in production, and what of it was put back.

create table run (
  run text primary key,
  bot text not null,
  organization text not null,
  -- unsafe calls that it was given; an orderly end leaves those that it made
  slice integer not null check (slice >= 0),
  started_at timestamptz not null,
  ended_at timestamptz,
  -- nothing that it created is left
  settled_at timestamptz,
  check (settled_at is null or ended_at is not null)
);
create index run_of_bot on run (bot, started_at);
create index run_unsettled on run (bot) where settled_at is null;

create table put_back (
  -- id in the ledger
  entry uuid primary key,
  run text not null references run (run) on delete cascade,
  -- the run that put it back
  by_run text not null,
  at timestamptz not null
);
create index put_back_of_run on put_back (run);

-- Pages hear of what changed (public.rockpool_changed, see kernel/migrate.ts).
create trigger changed after insert or update or delete on run
  for each row execute function public.rockpool_changed('bots');
create trigger changed after insert on put_back
  for each row execute function public.rockpool_changed('bots');
