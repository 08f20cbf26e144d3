-- What leads to a mock: the routes of the version that it answers by, as they were read when it was asked for. Null: it was
-- asked for before they were kept, and those of the service lead to it.

alter table sandbox_mock add column routes jsonb;
-- of their text
alter table sandbox_mock add column route_bytes integer not null default 0;
