-- Control reads what changed since it last looked, and nothing else: each row says which transaction wrote last what
-- gateways are told of it. Rows of before this file say nothing: a control that starts reads all of them anyway.

alter table organization add column changed_in xid8;
alter table credential add column changed_in xid8;
create index organization_changed_in on organization (changed_in) where changed_in is not null;
create index credential_changed_in on credential (changed_in) where changed_in is not null;

create function mark_changed_in() returns trigger language plpgsql as $$
begin
  new.changed_in := pg_current_xact_id();
  return new;
end $$;
create trigger changed_in before insert or update on organization
  for each row execute function mark_changed_in();
-- All columns but the last use, which is kept every few seconds and which no gateway is told.
create trigger changed_in before insert or update of id, sha256, hint, kind, name, organization, allows_organization,
  allows_sandboxes_of, environment, actor, run, service, member, scopes, created_at, ends_at, revoked_at, grant_name,
  grant_writes, grant_card on credential
  for each row execute function mark_changed_in();

-- Credentials are revoked and stay; one whose row is deleted by hand counts no more either. What ended is left out by its
-- time, and needs nobody to say so.
create table credential_gone (
  sha256 text not null,
  changed_in xid8 not null default pg_current_xact_id(),
  gone_at timestamptz not null default now()
);
create index credential_gone_changed_in on credential_gone (changed_in);
create function keep_gone() returns trigger language plpgsql as $$
begin
  insert into organizations.credential_gone (sha256) values (old.sha256);
  return null;
end $$;
create trigger gone after delete on credential
  for each row when (old.revoked_at is null and (old.ends_at is null or old.ends_at > now() - interval '1 hour'))
  execute function keep_gone();
create trigger renamed after update of sha256 on credential
  for each row when (old.sha256 <> new.sha256) execute function keep_gone();

-- Once per statement: whoever has not read it after a day compares everything anyway.
create function forget_gone() returns trigger language plpgsql as $$
begin
  delete from organizations.credential_gone where gone_at < now() - interval '1 day';
  return null;
end $$;
create trigger forget_gone after delete on credential for each statement execute function forget_gone();
