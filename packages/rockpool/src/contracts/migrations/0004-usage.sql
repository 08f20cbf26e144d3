-- What gateways saw of contracts: counts by place and day, and no values but those of enums (traffic/types.ts). Kept for some
-- 90 days, and as long as their organization is there.

create table usage (
  service text not null,
  day date not null,
  -- SHA-256 of what follows up to `organization`: places are longer than what an index takes
  key bytea not null check (length(key) = 32),
  -- of a calling service, `organization` is the name of that service
  side text not null check (side in ('customers', 'own', 'services')),
  -- method and shape of the path
  operation text not null,
  direction text not null check (direction in ('request', 'response')),
  place text not null,
  kind text not null,
  value text,
  organization text,
  -- calls, and how often in them
  count bigint not null,
  times bigint not null,
  last_seen timestamptz not null,
  primary key (service, day, key)
);
create index usage_of_organization on usage (organization) where organization is not null;
create index usage_of_day on usage (day);

-- Which shipment came last from each gateway process: the same one again changes nothing.
create table usage_source (
  source uuid primary key,
  number bigint not null,
  at timestamptz not null
);
