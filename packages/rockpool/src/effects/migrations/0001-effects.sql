-- What left the company, or would have: one row for each call of an effect, made from the services' events.
create table record (
  id uuid primary key,
  -- of its first event in the log: the order of lists
  position bigint not null,
  organization text not null,
  environment text not null,
  actor text not null,
  run text,
  service text not null,
  name text not null,
  outcome text not null check (outcome in ('started', 'done', 'stood in', 'denied', 'failed')),
  -- with sensitive values replaced by the service that recorded them
  arguments jsonb not null,
  error text,
  at timestamptz not null,
  ended_at timestamptz
);
create index record_in_order on record (organization, position);
