-- More kinds of faults; of one operation, or of so many calls in a hundred; and faults that are for one run alone.

alter table fault
  add column operation text check (length(operation) between 1 and 200),
  add column percent integer not null default 100 check (percent between 1 and 100),
  -- What the kind is described by, such as { "ms": 500 }.
  add column settings jsonb not null default '{}',
  -- There is no other: nothing is broken on purpose in production.
  add column environment text not null default 'sandbox' check (environment = 'sandbox'),
  -- The run that it is for, in the sandbox of one attempt; null: for all checks in sandboxes.
  add column run text,
  add column organization text,
  add constraint fault_of_run check ((run is null) = (organization is null));

alter table fault drop constraint fault_kind_check;
alter table fault add constraint fault_kind_check check (
  kind in ('unavailable', 'slow', 'delay', 'abort', 'status', 'wrong_field', 'reset', 'throttle'));

create index fault_run on fault (run, ends_at) where run is not null;
