-- What went through the gateways: added up by the minute, and some requests whole. Kept for seven days (traffic/keeper.ts).

-- What requests are told apart by. A sandbox counts under its parent. Bounded by routes, organizations and actors.
create table traffic_key (
  id integer generated always as identity primary key,
  service text,
  organization text,
  environment text check (environment in ('production', 'sandbox')),
  actor text,
  -- a service called on
  inside boolean not null,
  method text not null,
  -- the route's template
  path text,
  class text not null check (class in ('2xx', '3xx', '4xx', '5xx', 'none', 'dropped')),
  unique nulls not distinct (service, organization, environment, actor, inside, method, path, class)
);

-- How many requests took how long: the band's number (traffic/latency.ts) and how many fell into it, at the same place.
create table traffic (
  minute timestamptz not null,
  key integer not null references traffic_key (id),
  -- squawk-ignore prefer-bigint-over-smallint
  bands smallint[] not null,
  counts integer[] not null,
  primary key (minute, key)
);

create function add_bands(a smallint[], x integer[], b smallint[], y integer[], out bands smallint[], out counts integer[])
language sql immutable parallel safe
as $$
  select array_agg(band order by band), array_agg(count order by band)
    from (
      select band, sum(count)::integer as count
        from (select * from unnest(a, x) union all select * from unnest(b, y)) as both_of (band, count)
       group by band
    ) as added
$$;

-- Which shipment came last from each gateway process: the same one again changes nothing.
create table traffic_source (
  source uuid primary key,
  number bigint not null,
  -- requests that it says it has told of, and those that came
  told bigint not null,
  kept bigint not null,
  at timestamptz not null
);

-- The last failed and refused requests, and some of the rest.
create table traffic_request (
  -- req_…, which orders them by time
  id text primary key,
  kind text not null check (kind in ('failed', 'refused', 'rest')),
  at timestamptz not null,
  service text,
  organization text,
  -- of a sandbox
  parent text,
  environment text,
  actor text,
  run text,
  status integer,
  -- the rest of the gateway's record of it
  record jsonb not null
);
create index traffic_request_kind on traffic_request (kind, id);
create index traffic_request_run on traffic_request (run, id) where run is not null;

-- A shipment is one row here, so it is told once.
create function tell_requests() returns trigger language plpgsql as $$
begin
  perform pg_notify('rockpool_changes', 'requests');
  return null;
end
$$;
create trigger tell_requests after insert or update on traffic_source
  for each statement execute function tell_requests();
