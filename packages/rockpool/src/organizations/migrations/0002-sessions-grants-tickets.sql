-- Sessions of browsers, grants of runs on production organizations, and tickets that become a credential once.

alter table credential
  add column grant_name text check (length(grant_name) between 1 and 120),
  -- Unsafe calls that this credential may make in all.
  add column grant_writes integer check (grant_writes between 0 and 1000000),
  -- The test card that its identity names.
  add column grant_card text check (length(grant_card) between 1 and 200),
  add check ((grant_name is null) = (grant_writes is null)),
  add check (grant_card is null or grant_name is not null);

-- Both were made without a name.
do $$
declare
  found text;
begin
  for found in
    select conname from pg_constraint
    where conrelid = 'credential'::regclass and contype = 'c'
      and pg_get_constraintdef(oid) like '%''control''%'
  loop
    execute format('alter table credential drop constraint %I', found);
  end loop;
end $$;

alter table credential
  add constraint credential_kind check (kind in ('live', 'sandbox', 'run', 'session', 'service', 'control')),
  add constraint credential_binds check (case kind
    when 'live' then environment = 'production' and allows_organization is not null and actor = 'customer'
    when 'sandbox' then environment = 'sandbox' and num_nonnulls(allows_organization, allows_sandboxes_of) = 1
      and actor = 'customer'
    when 'run' then environment is not null and num_nonnulls(allows_organization, allows_sandboxes_of) = 1
      and run is not null and ends_at is not null
    when 'session' then environment is not null and allows_organization is not null and ends_at is not null
      and (run is not null) = (actor not in ('customer', 'member'))
    when 'service' then environment is null and service is not null and actor = 'service'
    when 'control' then environment is null and actor = 'member'
    else false end),
  -- A run touches production by a grant alone, and only a bot has one. Rows of before grants could not be of production.
  add constraint credential_grant check (case
    when run is not null and environment = 'production' then grant_name is not null and actor = 'bot'
    else grant_name is null end);

create table ticket (
  -- All that is stored of the text.
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  purpose text not null check (purpose in ('control', 'gateway')),
  -- What the credential will bind for which it is exchanged. The row goes with the exchange.
  credential jsonb not null check (jsonb_typeof(credential) = 'object'),
  created_by text not null check (length(created_by) between 1 and 200),
  created_at timestamptz not null,
  ends_at timestamptz not null
);
create index ticket_end on ticket (ends_at);
