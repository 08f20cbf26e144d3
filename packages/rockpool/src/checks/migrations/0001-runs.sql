-- Checks as discovery last saw them, and their runs.

create table definition (
  name text primary key,
  file text not null,
  line integer not null,
  -- milliseconds between its runs, or times in UTC; both null: it has no schedule
  every bigint,
  cron text,
  timeout bigint not null,
  tags text[] not null default '{}',
  seen_at timestamptz not null
);

create table run (
  -- orders lists
  number bigint generated always as identity unique,
  id text primary key,
  check_name text not null,
  trigger text not null check (trigger in ('command', 'schedule')),
  -- the time that the schedule meant
  slot timestamptz,
  parent text not null,
  -- milliseconds that its sandboxes may live
  ttl bigint not null,
  started_by text,
  started_at timestamptz not null,
  lease_until timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('runner', 'lease', 'stopped')),
  -- null: under way, or stopped before anything could be said
  verdict text check (verdict in ('pass', 'fail', 'uncheckable')),
  ms bigint,
  -- [{ number, verdict, startedAt, ms, organization, failure, obstacle }]
  attempts jsonb not null default '[]',
  -- of each attempt, in their order; apart from them, because lists do not want it
  evidence jsonb not null default '[]',
  why text[] not null default '{}',
  -- its credentials are revoked and the deletion of its sandboxes has begun
  cleaned_at timestamptz
);
create index run_of_check on run (check_name, number);
create index run_lease on run (lease_until) where ended_at is null;
create index run_unclean on run (ended_at) where cleaned_at is null;
-- The schedule never runs a check twice at once, nor twice for the same time, however many runners there are.
create unique index run_scheduled_once on run (check_name) where trigger = 'schedule' and ended_at is null;
-- A run that was stopped is given back: its time may be run by another runner.
create unique index run_slot on run (check_name, slot) where slot is not null and ended_by is distinct from 'stopped';
