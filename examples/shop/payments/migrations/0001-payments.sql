-- Every table carries the organization, and every key begins with it. No card number is ever stored: the bank keeps
-- it, and answers with a token.

create table cards (
  organization text not null,
  token text not null,
  last4 text not null check (last4 ~ '^[0-9]{4}$'),
  created_at timestamptz not null default now(),
  primary key (organization, token)
);

create table payments (
  organization text not null,
  id text not null,
  order_id text not null,
  amount integer not null check (amount > 0), -- minor units
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  card_last4 text,
  status text not null check (status in ('captured', 'failed', 'refunded')),
  reason text, -- why it failed
  bank_charge text, -- the bank's id of the charge
  created_at timestamptz not null default now(),
  primary key (organization, id),
  unique (organization, order_id)
);
