-- Watchers may be told at an address, over HTTP.

-- Null: nowhere.
-- sent_to: as people may see it, without what stands in its query.
-- sealed: the whole address, and the secret that signs what is sent there; encrypted under a key that stands outside of the database.
-- gone_at: it was answered 410 there: nothing more is sent.
alter table watcher
  add column sent_to text check (length(sent_to) between 1 and 2000),
  add column origin text check (length(origin) between 1 and 300),
  add column sealed bytea check (octet_length(sealed) <= 10000),
  add column gone_at timestamptz,
  add constraint watcher_endpoint check ((sent_to is null) = (sealed is null) and (origin is null) = (sealed is null)
    and (gone_at is null or sealed is not null));

-- That a notice is sent to the address of its watcher, until it arrived or is given up.
create table delivery (
  notice bigint primary key references notice (id) on delete cascade,
  watcher text not null references watcher (id) on delete cascade,
  -- The same at each attempt: by it whoever receives it twice knows it again.
  message text not null unique check (length(message) between 1 and 100),
  -- that were begun
  attempts integer not null default 0,
  -- null: it is over
  next_at timestamptz,
  told_at timestamptz,
  given_up_at timestamptz,
  -- why the last attempt failed
  failure text check (length(failure) between 1 and 500),
  failed_at timestamptz,
  -- Whoever sends it now; a killed one's lease runs out.
  sender text,
  leased_until timestamptz,
  check (num_nonnulls(next_at, told_at, given_up_at) = 1),
  check ((sender is null) = (leased_until is null)),
  check (given_up_at is null or failure is not null),
  check ((failure is null) = (failed_at is null))
);
create index delivery_due on delivery (next_at) where next_at is not null;
create index delivery_of_watcher on delivery (watcher);

-- Pages show what became of it, and not who is at it.
create trigger changed after insert or update of told_at, given_up_at, failed_at on delivery
  for each row execute function public.rockpool_changed('contracts');
