-- Contracts as they were pushed, kept for ever; what is approved, who is told, and what runs in production.

create table contract (
  address text primary key check (address ~ '^sha256:[0-9a-f]{64}$'),
  -- The JSON that the address is the hash of (bundle.ts). Text: what is read is what was hashed.
  bundle text not null,
  title text not null,
  -- info.version
  version text not null,
  format text not null,
  operations integer not null,
  schemas integer not null
);

create table push (
  -- In the order of a service's pushes, which are one at a time.
  id bigint generated always as identity primary key,
  service text not null check (service ~ '^[a-z][a-z0-9-]{0,40}$'),
  address text not null references contract (address),
  name text check (length(name) between 1 and 100),
  kind text check (kind in ('version', 'revision')),
  -- It moves: what was pushed last on a branch is the branch. It ends with that push.
  branch text check (length(branch) between 1 and 100),
  branch_ends_at timestamptz,
  pushed_by text not null,
  pushed_at timestamptz not null,
  note text,
  check ((name is null) = (kind is null)),
  check ((branch is null) = (branch_ends_at is null))
);
-- A name once given leads to one push for ever.
create unique index push_name on push (service, name) where branch is null;
create index push_of_service on push (service, id);
create index push_of_address on push (address);
create index push_of_branch on push (service, branch, id) where branch is not null;

-- What runs in production, and what ran: a row ends when something else runs in its place.
create table running (
  id bigint generated always as identity primary key,
  service text not null,
  address text not null references contract (address),
  -- null: at the service's own address
  release text check (length(release) between 1 and 100),
  since timestamptz not null,
  until timestamptz,
  told_by text not null,
  check (until >= since)
);
create unique index running_now on running (service, release) nulls not distinct where until is null;

-- A difference that may break whoever it breaks. Ended and revoked ones stay as a record.
create table approval (
  id text primary key,
  service text not null,
  -- of a difference, or its beginning
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{16,64}$'),
  -- what a push was compared with when it was approved; null: with nothing
  base text references contract (address),
  reason text not null check (length(reason) between 1 and 1000),
  approved_by text not null,
  approved_at timestamptz not null,
  ends_at timestamptz,
  revoked_by text,
  revoked_at timestamptz,
  check ((revoked_by is null) = (revoked_at is null))
);
create index approval_of_service on approval (service, id);

create table watcher (
  id text primary key,
  service text not null,
  watched_by text not null,
  -- the service that calls it, for which somebody watches; null: for themselves
  consumer text check (length(consumer) between 1 and 100),
  since timestamptz not null
);
create unique index watcher_once on watcher (service, watched_by, consumer) nulls not distinct;

-- All that a push changed, told to one watcher once.
create table notice (
  id bigint generated always as identity primary key,
  watcher text not null references watcher (id) on delete cascade,
  push bigint not null references push (id),
  -- of the contract that it was compared with
  base text not null references contract (address),
  -- how many differences of which weight, and the first of them
  counts jsonb not null,
  differences jsonb not null,
  unique (watcher, push)
);
