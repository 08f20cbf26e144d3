-- How the mock of each operation stood to what its service answered, as the newest run saw it that tried the service.
create table mock_result (
  service text not null,
  operation text not null,
  -- In the order of the contract.
  position integer not null,
  method text not null,
  path text not null,
  -- Of the contract that both were asked by (bundle.ts).
  address text not null,
  result text not null check (result in ('faithful', 'differs', 'not tried')),
  -- Why it was not tried.
  reason text,
  findings jsonb not null,
  run text not null,
  seen_at timestamptz not null,
  -- When it was faithful for the last time; null: never.
  faithful_at timestamptz,
  primary key (service, operation),
  check ((result = 'not tried') = (reason is not null))
);
