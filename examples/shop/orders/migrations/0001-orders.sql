-- Every table carries the organization, and every key begins with it.

create table orders (
  organization text not null,
  id text not null,
  item_id text not null,
  quantity integer not null check (quantity between 1 and 100),
  price integer not null check (price > 0), -- of one, when the order was placed; minor units
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  status text not null check (status in ('placed', 'paid', 'payment_failed', 'cancelled', 'refunded')),
  reason text, -- why it was cancelled or not paid
  idempotency_key text,
  placed_at timestamptz not null default now(),
  primary key (organization, id),
  unique (organization, idempotency_key)
);
