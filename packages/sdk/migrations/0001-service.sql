-- What Rockpool keeps in a service's own database, installed by the owner role.
--
-- Every table below that belongs to an organization has the column `organization`, so that erasure and the count of
-- what is left treat them like the service's own. The runtime role gets SELECT, INSERT, UPDATE, DELETE, nothing more.

create schema if not exists rockpool;

-- Events published by this service's transactions, until the relay is past them.
create table rockpool.outbox (
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
-- The relay's order of reading. A position alone would lose rows: it is drawn before its transaction commits.
create index outbox_in_order on rockpool.outbox (xid, position);
create index outbox_organization on rockpool.outbox (organization);

-- The last number given to a key's events. Raised in the publisher's transaction, it orders a key's events,
-- which transaction ids do not.
create table rockpool.event_key (
  organization text not null,
  key text not null,
  number bigint not null,
  primary key (organization, key)
);

-- Events already applied here; each row is written in the transaction of its consumer.
create table rockpool.inbox (
  event uuid primary key,
  organization text not null,
  type text not null,
  applied_at timestamptz not null default now()
);
create index inbox_organization on rockpool.inbox (organization);

-- Tombstones. Deliberately without a column `organization`: what remains here is no data of the organization.
create table rockpool.erased (
  slug text primary key,
  at timestamptz not null default now()
);

-- Holds an organization for the rest of this transaction: its erasure waits, or this is refused (SQLSTATE RP410).
-- In plpgsql each statement sees what is committed when it starts, so the check comes after the wait.
create function rockpool.hold_organization(slug text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('rockpool.organization/' || slug, 0));
  if exists (select from rockpool.erased e where e.slug = hold_organization.slug) then
    raise exception 'organization % is deleted', slug using errcode = 'RP410';
  end if;
end
$$;

-- Publishes an event in the caller's transaction; returns its number within its key.
create function rockpool.publish(
  id uuid, organization text, environment text, actor text, run text, type text, key text, data jsonb
) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  next_number bigint;
begin
  perform rockpool.hold_organization(publish.organization);
  insert into rockpool.event_key as counter (organization, key, number)
    values (publish.organization, publish.key, 1)
    on conflict on constraint event_key_pkey do update set number = counter.number + 1
    returning counter.number into next_number;
  insert into rockpool.outbox (id, organization, environment, actor, run, type, key, number, data)
    values (
      publish.id, publish.organization, publish.environment, publish.actor, publish.run,
      publish.type, publish.key, next_number, publish.data
    );
  perform pg_notify('rockpool_outbox', '');
  return next_number;
end
$$;

-- Deletes outbox rows at or before the relay's cursor, at most `most` at once; returns how many. Whatever the caller
-- names, a row that a reader below the snapshot's horizon could not have seen yet stays.
create function rockpool.prune_outbox(through_xid xid8, through_position bigint, most integer default 10000)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  pruned bigint;
begin
  delete from rockpool.outbox o
    where o.position in (
      select behind.position
        from rockpool.outbox behind
        where (behind.xid, behind.position) <= (through_xid, through_position)
          and behind.xid < pg_snapshot_xmin(pg_current_snapshot())
        order by behind.xid, behind.position
        limit most
    );
  get diagnostics pruned = row_count;
  return pruned;
end
$$;
revoke all on function rockpool.prune_outbox(xid8, bigint, integer) from public;

-- Counts an organization's rows in every table. `rows` is null where it cannot be known: no column `organization`,
-- or a table that the owner of this function may not read. Row security must not hide anything: it raises instead.
create function rockpool.count_rows(slug text) returns table (table_name text, rows bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set row_security = off
as $$
declare
  candidate record;
begin
  for candidate in
    select format('%I.%I', n.nspname, c.relname) as name,
           c.relkind,
           a.atttypid is not null and has_table_privilege(c.oid, 'select') as countable,
           a.atttypid in ('text'::regtype, 'varchar'::regtype) as plain
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization' and not a.attisdropped
     where c.relkind in ('r', 'p', 'm')
       and not c.relispartition
       and c.relpersistence <> 't'
       and n.nspname not in ('pg_catalog', 'information_schema')
       and n.nspname not like 'pg\_toast%'
       and (n.nspname, c.relname) <> ('rockpool', 'erased')
       and not (c.relname = 'rockpool_migrations' and a.atttypid is null)
     order by 1
  loop
    table_name := candidate.name;
    rows := null;
    if candidate.countable then
      execute format(
        'select count(*) from %s %s where %s = $1',
        case when candidate.relkind = 'p' then '' else 'only' end,
        candidate.name,
        case when candidate.plain then 'organization' else 'organization::text' end
      ) into rows using slug;
    end if;
    return next;
  end loop;
end
$$;
revoke all on function rockpool.count_rows(text) from public;
