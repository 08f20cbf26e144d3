-- Sandboxes, their deletion while it is under way, what deletions found, and what was created in them.

create table sandbox (
  -- orders lists; the slug is random
  number bigint generated always as identity unique,
  slug text primary key,
  parent text not null,
  name text not null,
  run text,
  created_by text,
  created_at timestamptz not null,
  ends_at timestamptz not null,
  state text not null check (state in ('active', 'deleting', 'deleted', 'residue')),
  deleting_at timestamptz,
  -- why it is deleted: asked for, its time to live or its run is over
  deleting_because text,
  deleted_at timestamptz
);
create index sandbox_parent on sandbox (parent, number);
create index sandbox_run on sandbox (run) where run is not null;
create index sandbox_ends on sandbox (ends_at) where state = 'active';

-- One row for each deletion under way. All that is known of it is here, so that any keeper can go on with it.
create table deletion (
  sandbox text primary key references sandbox (slug),
  -- passes begun; in each, all services are asked to erase
  pass integer not null default 0,
  -- rows before anything was erased: [{ owner, table, rows }]
  before jsonb,
  -- the event that asks in this pass, and when it was published
  event uuid,
  asked_at timestamptz,
  -- services that answered in this pass that they cannot erase: [{ service, reason }]
  refusals jsonb not null default '[]',
  -- whether all have answered in this pass, and Rockpool's own rows were erased after it
  own_erased boolean not null default false,
  -- what it waits for: [{ service, reason }]
  waiting jsonb not null default '[]',
  visits integer not null default 0,
  next_at timestamptz not null,
  keeper text,
  leased_until timestamptz
);
create index deletion_due on deletion (next_at);

create table receipt (
  id text primary key,
  sandbox text not null unique references sandbox (slug),
  at timestamptz not null,
  document jsonb not null
);

-- What runs and sandboxes created through the gateways. The gateways make the ids, and may send an entry again.
create table ledger (
  number bigint generated always as identity unique,
  id uuid primary key,
  run text,
  organization text not null,
  service text not null,
  method text not null,
  path text not null,
  idempotency_key text,
  at timestamptz not null,
  status integer,
  location text,
  resource text,
  outcome text not null check (outcome in ('intent', 'done', 'doubtful'))
);
create index ledger_run on ledger (run, number) where run is not null;
create index ledger_organization on ledger (organization, number);
