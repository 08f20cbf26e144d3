-- The writes that a run's grant allows, and who has them: gateways are lent a few at a time (budgets/).

create table write_budget (
  run text not null,
  grant_name text not null,
  -- unsafe calls that the run's credential may make in all
  writes integer not null check (writes >= 0),
  -- lent to gateways, less what they gave back: never more than there are, whoever asks
  taken integer not null default 0,
  -- of the run's credential; a while after it nobody asks any more
  ends_at timestamptz not null,
  primary key (run, grant_name),
  check (taken between 0 and writes)
);
create index write_budget_end on write_budget (ends_at);

create table write_lease (
  -- of the gateway's making, so that it can ask again for one whose answer it lost
  id uuid primary key,
  run text not null,
  grant_name text not null,
  writes integer not null check (writes > 0),
  -- null: a gateway has it still; one that died never gives it back
  given_back integer check (given_back between 0 and writes),
  foreign key (run, grant_name) references write_budget (run, grant_name) on delete cascade
);
create index write_lease_of_budget on write_lease (run, grant_name);
