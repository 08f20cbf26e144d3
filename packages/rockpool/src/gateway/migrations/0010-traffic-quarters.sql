-- The same requests added up by the quarter of an hour, for summaries of days: a fifteenth of the rows. Written with the
-- minutes, in one transaction (traffic/store.ts).
create table traffic_quarter (
  quarter timestamptz not null,
  key integer not null references traffic_key (id),
  -- squawk-ignore prefer-bigint-over-smallint
  bands smallint[] not null,
  counts integer[] not null,
  primary key (quarter, key)
);

insert into traffic_quarter (quarter, key, bands, counts)
select quarter, key, array_agg(band order by band), array_agg(count order by band)
  from (
    select date_bin('15 minutes', t.minute, 'epoch') as quarter, t.key, b.band, sum(b.count)::integer as count
      from traffic t, unnest(t.bands, t.counts) as b (band, count)
     group by 1, 2, 3
  ) as added
 group by quarter, key;
