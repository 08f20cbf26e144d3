-- squawk-ignore-file constraint-missing-not-valid, adding-serial-primary-key-field, require-concurrent-index-deletion
-- Runs of several kinds: a check runs in a sandbox, a bot by a grant in production. A name belongs to its kind.

alter table definition add column kind text not null default 'check';
alter table definition add constraint definition_kind check (kind in ('check', 'bot'));
alter table definition drop constraint definition_pkey;
alter table definition add constraint definition_pkey primary key (kind, name);

alter table run add column kind text not null default 'check';
alter table run add constraint run_kind check (kind in ('check', 'bot'));

drop index run_of_check;
create index run_of_check on run (kind, check_name, number);
drop index run_scheduled_once;
create unique index run_scheduled_once on run (kind, check_name) where trigger = 'schedule' and ended_at is null;
drop index run_slot;
create unique index run_slot on run (kind, check_name, slot) where slot is not null and ended_by is distinct from 'stopped';

-- Those who look at bots hear of theirs: which bots there are, and when one works.
create function tell_bots() returns trigger language plpgsql as $$
begin
  if exists (select from changed where kind = 'bot') then
    perform pg_notify('rockpool_changes', 'bots');
  end if;
  return null;
end $$;
create trigger run_begins_bots after insert on run referencing new table as changed
  for each statement execute function tell_bots();
create trigger run_changes_bots after update on run referencing new table as changed
  for each statement execute function tell_bots();
create trigger definition_comes_bots after insert on definition referencing new table as changed
  for each statement execute function tell_bots();
create trigger definition_goes_bots after delete on definition referencing old table as changed
  for each statement execute function tell_bots();
