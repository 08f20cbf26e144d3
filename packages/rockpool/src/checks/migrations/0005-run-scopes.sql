-- What the credentials of a run may do at control besides.
alter table run add column scopes text[] not null default '{}';
