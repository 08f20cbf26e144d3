-- Every table carries the organization, and every key begins with it: a query that forgets it finds no index, and a
-- row of one organization can never stand for another's.

create table items (
  organization text not null,
  id text not null,
  name text not null check (length(name) between 1 and 200),
  price integer not null check (price between 1 and 10000000), -- minor units
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  stock integer not null check (stock >= 0),
  created_at timestamptz not null default now(),
  primary key (organization, id)
);

-- What an order took from the stock: one row per order, so that it is taken once and given back once.
create table reservations (
  organization text not null,
  order_id text not null,
  item_id text not null,
  quantity integer not null check (quantity > 0),
  state text not null check (state in ('taken', 'sold_out', 'restored')),
  created_at timestamptz not null default now(),
  primary key (organization, order_id),
  foreign key (organization, item_id) references items (organization, id) on delete cascade
);

create index reservations_by_item on reservations (organization, item_id);
