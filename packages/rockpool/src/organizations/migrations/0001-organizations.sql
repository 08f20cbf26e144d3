-- Organizations, their members, their credentials, and the keys that sign identities.

create table organization (
  slug text primary key
    check (length(slug) between 2 and 63 and slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null check (length(name) between 1 and 120),
  environment text not null check (environment in ('production', 'sandbox')),
  parent text references organization (slug),
  status text not null default 'active' check (status in ('active', 'deleting', 'deleted')),
  created_at timestamptz not null default now(),
  -- Only sandboxes have a parent.
  check (parent is null or environment = 'sandbox'),
  -- What a credential's environment refers to: it can never differ from its organization's.
  unique (slug, environment)
);
create index organization_parent on organization (parent, slug) where parent is not null;

create function organization_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'organization % stays as a record: a slug is never given twice', old.slug
      using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'UPDATE' then
    if new.environment is distinct from old.environment then
      raise exception 'the environment of organization % never changes', old.slug
        using errcode = 'integrity_constraint_violation', constraint = 'environment_fixed';
    end if;
    if new.slug is distinct from old.slug or new.parent is distinct from old.parent then
      raise exception 'slug and parent of organization % never change', old.slug
        using errcode = 'integrity_constraint_violation';
    end if;
    if array_position(array['active', 'deleting', 'deleted'], new.status)
       < array_position(array['active', 'deleting', 'deleted'], old.status) then
      raise exception 'organization % is %, and cannot become % again', old.slug, old.status, new.status
        using errcode = 'integrity_constraint_violation';
    end if;
  end if;
  return new;
end $$;
create trigger organization_guard before update or delete on organization
  for each row execute function organization_guard();

create table member (
  id text primary key,
  organization text not null references organization (slug),
  email text not null check (email = lower(email) and length(email) between 3 and 254),
  role text not null check (role in ('owner', 'developer', 'viewer')),
  created_at timestamptz not null default now(),
  unique (organization, email),
  unique (id, organization)
);

create table credential (
  id text primary key,
  -- All that is stored of the text.
  sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
  hint text not null,
  kind text not null check (kind in ('live', 'sandbox', 'run', 'service', 'control')),
  name text,
  organization text references organization (slug),
  allows_organization text,
  allows_sandboxes_of text references organization (slug),
  environment text check (environment in ('production', 'sandbox')),
  actor text not null,
  run text,
  service text,
  member text,
  scopes text[] not null default '{}',
  created_at timestamptz not null default now(),
  ends_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  foreign key (member, organization) references member (id, organization) on delete set null (member),
  check (member is null or organization is not null),
  foreign key (allows_organization, environment) references organization (slug, environment),
  check (num_nonnulls(allows_organization, allows_sandboxes_of) <= 1),
  check (allows_sandboxes_of is null or environment = 'sandbox'),
  check (allows_organization is null or environment is not null),
  check (case kind
    when 'live' then environment = 'production' and allows_organization is not null and actor = 'customer'
    when 'sandbox' then environment = 'sandbox' and num_nonnulls(allows_organization, allows_sandboxes_of) = 1
      and actor = 'customer'
    when 'run' then environment is not null and num_nonnulls(allows_organization, allows_sandboxes_of) = 1
      and run is not null and ends_at is not null
    when 'service' then environment is null and service is not null and actor = 'service'
    when 'control' then environment is null and actor = 'member'
    else false end)
);
create index credential_organization on credential (organization, id);
create index credential_allows on credential (allows_organization) where allows_organization is not null;
create index credential_allows_sandboxes on credential (allows_sandboxes_of) where allows_sandboxes_of is not null;
create index credential_run on credential (run) where run is not null;
create index credential_service on credential (service) where service is not null;
create index credential_member on credential (member) where member is not null;
-- What the gateways are told: few beside all that were ever made, one per run.
create index credential_usable on credential (id) where revoked_at is null and kind <> 'control';

create table signing_key (
  kid text primary key,
  trust text not null check (trust in ('gateway', 'relay')),
  jwk jsonb not null,
  -- The process that signs with it; its next key retires this one.
  holder text,
  registered_at timestamptz not null default now(),
  retired_at timestamptz
);
create index signing_key_holder on signing_key (holder) where retired_at is null;
