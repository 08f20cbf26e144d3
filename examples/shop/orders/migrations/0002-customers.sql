-- Customers register with an address; one order is under one address. Addresses are stored as email.ts writes them, so
-- that one address is one text, and a domain is found by equality.

create table customers (
  organization text not null,
  email text not null check (length(email) <= 254),
  name text not null check (length(name) between 1 and 200),
  registered_at timestamptz not null default now(),
  primary key (organization, email)
);

alter table orders add column email text; -- null: ordered without an address

create index orders_by_email on orders (organization, email, id) where email is not null;
create index orders_by_domain on orders (organization, split_part(email, '@', 2), id) where email is not null;
