-- Desired and observed state of each process that the agent keeps: a service, or a third party of a demo.
create table service (
  name text primary key,
  kind text not null check (kind in ('service', 'third-party')),

  desired text not null default 'running' check (desired in ('running', 'stopped')),
  desired_by text,
  generation bigint not null default 1,

  state text not null default 'stopped'
    check (state in ('running', 'starting', 'stopped', 'failed', 'unavailable')),
  reason text default 'no agent has started it yet',
  url text,
  pid integer,
  since timestamptz not null default now(),
  observed_generation bigint not null default 0
);
