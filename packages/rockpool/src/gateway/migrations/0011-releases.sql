-- Versions of services that run beside each other, and what share of the organizations each one gets.

create table release (
  service text not null check (length(service) between 1 and 200),
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$'),
  -- an origin
  url text not null check (length(url) between 1 and 500),
  weight integer not null check (weight between 0 and 1000),
  -- id of the drain under way, and since when; null: it runs
  drain text,
  drain_since timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (service, name),
  check ((drain is null) = (drain_since is null)),
  check (drain is null or weight = 0)
);

-- They are a matter of their services, whose pages show them.
create trigger release_changes after insert or update or delete on release for each statement
  execute function public.rockpool_changed('services');
