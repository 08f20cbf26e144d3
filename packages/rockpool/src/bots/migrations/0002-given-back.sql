-- What a run did not write is counted from the gateways' ledger, whenever it is asked for: whoever ends a run says nothing of
-- it. Slices of runs before this keep what they are.

alter table run add column gives_back boolean not null default false;
comment on column run.slice is 'unsafe calls that it was given';
comment on column run.gives_back is 'it was ended in order: what the ledger does not know of is free again, once gateways had time to tell';
