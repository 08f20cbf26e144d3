-- Services that are answered for by their mocks, in sandboxes that ask for it. A row goes with its sandbox.

create table sandbox_mock (
  -- Of this asking: another version or another seed is another one, and its mock remembers nothing of the one before.
  id text primary key,
  organization text not null check (length(organization) between 1 and 100),
  service text not null check (service ~ '^[a-z][a-z0-9-]{0,40}$'),
  address text not null references contract (address),
  -- as people know the version
  version text not null check (length(version) between 1 and 200),
  seed text not null check (length(seed) <= 100),
  asked_by text not null,
  asked_at timestamptz not null,
  unique (organization, service)
);
create index sandbox_mock_address on sandbox_mock (address);

create trigger sandbox_mock_changes after insert or update or delete on sandbox_mock for each row
  execute function public.rockpool_changed('mocks');
