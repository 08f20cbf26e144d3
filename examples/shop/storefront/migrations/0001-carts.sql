-- A visit is a browser that put something into its cart: known by the SHA-256 of a secret in a cookie, never by the
-- secret itself. What belongs to a visit belongs to an organization too, and every key begins with it.

create table visits (
  organization text not null,
  id text not null check (id ~ '^[0-9a-f]{64}$'),
  seen_at timestamptz not null default now(),
  primary key (organization, id)
);

create table cart_lines (
  organization text not null,
  visit text not null,
  item_id text not null check (length(item_id) between 1 and 100),
  quantity integer not null check (quantity between 1 and 100),
  added_at timestamptz not null default now(),
  primary key (organization, visit, item_id),
  foreign key (organization, visit) references visits (organization, id) on delete cascade
);

-- What a visit paid for at once. Its id comes from the form, so that a form sent twice is one purchase.
create table purchases (
  organization text not null,
  id text not null,
  visit text not null,
  made_at timestamptz not null default now(),
  primary key (organization, id),
  foreign key (organization, visit) references visits (organization, id) on delete cascade
);

-- One order per item, because that is what orders takes.
create table purchase_lines (
  organization text not null,
  purchase text not null,
  item_id text not null,
  name text not null,
  quantity integer not null check (quantity between 1 and 100),
  order_id text, -- null until it is placed
  refusal text, -- why it was not
  primary key (organization, purchase, item_id),
  foreign key (organization, purchase) references purchases (organization, id) on delete cascade
);
