-- Event transport: from every service's outbox to one log, and from the log to every consumer.

-- How far each outbox is read. (xid, position) is the last row taken; `outbox` tells one outbox from another that came
-- in its place (a database made anew starts counting from one again).
create table source (
  name text primary key,
  outbox text not null default '',
  xid xid8 not null default '0',
  position bigint not null default 0,
  -- when a reading began that took everything committed by then
  caught_up_at timestamptz,
  active boolean not null default true,
  error text,
  error_since timestamptz
);

-- All events. Appended under one lock, so that positions become visible in their order and a cursor is one number.
create table log (
  position bigint generated always as identity primary key,
  id uuid not null unique,
  source text not null,
  type text not null,
  key text not null,
  number bigint not null,
  organization text not null,
  environment text not null,
  actor text not null,
  run text,
  data jsonb not null,
  time timestamptz not null,
  appended_at timestamptz not null default clock_timestamp()
);
create index log_organization on log (organization);

-- The last number of each key that is in the log.
create table key (
  source text not null,
  organization text not null,
  key text not null,
  number bigint not null,
  primary key (source, organization, key)
);
create index key_organization on key (organization);

create table consumer (
  name text primary key,
  position bigint not null,
  types text[] not null,
  active boolean not null default true,
  error text,
  error_since timestamptz
);

-- Events that a consumer could not apply, and those of the same key behind them. The cursor is past them.
create table held (
  consumer text not null,
  position bigint not null,
  source text not null,
  organization text not null,
  key text not null,
  attempts integer not null,
  -- null: not tried, it waits for the one before it
  next_at timestamptz,
  error jsonb,
  -- a dead letter since then: no longer tried, and nothing waits for it
  dead_at timestamptz,
  primary key (consumer, position)
);
create index held_waiting on held (consumer, source, organization, key, position) where dead_at is null;
create index held_organization on held (organization);

-- Rockpool's own outbox: as in a service's database, for the events of its parts.
create table outbox (
  position bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  id uuid not null unique,
  organization text not null,
  environment text not null,
  actor text not null,
  run text,
  type text not null,
  key text not null,
  number bigint not null,
  data jsonb not null,
  time timestamptz not null default now()
);
create index outbox_in_order on outbox (xid, position);
create index outbox_organization on outbox (organization);

create table outbox_key (
  organization text not null,
  key text not null,
  number bigint not null,
  primary key (organization, key)
);
