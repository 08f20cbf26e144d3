-- The public keys of the users' own issuers, as they were last read well: what gateways verify tokens by.

create table issuer_keys (
  -- the claim iss
  issuer text primary key check (length(issuer) between 1 and 500),
  -- where they were read; keys of another place are not its keys
  url text not null,
  -- public members alone (issuers/keys.ts)
  keys jsonb not null default '[]',
  read_at timestamptz,
  tried_at timestamptz,
  -- a gateway met a key that is not among them
  wanted_at timestamptz,
  -- why they could not be read the last time
  error text
);

-- For control alone, which tells gateways: no page shows it.
create function tell_issuers() returns trigger language plpgsql as $$
begin
  perform pg_notify('rockpool_issuers', '');
  return null;
end
$$;
-- Of keys alone: each attempt writes here too.
create trigger tell_issuers after insert or delete or update of keys on issuer_keys
  for each statement execute function tell_issuers();
