-- Values that checks need and nobody may read: encrypted here, under a key that stands outside of the database.
create table secret (
  name text primary key check (name ~ '^[A-Z][A-Z0-9_]*$' and length(name) <= 100),
  sealed bytea not null check (octet_length(sealed) <= 66000),
  version bigint not null default 1,
  set_by text,
  set_at timestamptz not null,
  taken_by text,
  taken_at timestamptz
);
