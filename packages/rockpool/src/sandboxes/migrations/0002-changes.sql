-- Pages hear of what changed (public.rockpool_changed, see kernel/migrate.ts). For each row: a statement that touches none
-- tells nothing. A keeper's lease is no news.

create trigger changed after insert or update or delete on sandbox
  for each row execute function public.rockpool_changed('sandboxes');
create trigger changed after insert or delete on deletion
  for each row execute function public.rockpool_changed('sandboxes');
create trigger changed_state after update on deletion
  for each row when ((old.pass, old.before, old.refusals, old.own_erased, old.waiting)
    is distinct from (new.pass, new.before, new.refusals, new.own_erased, new.waiting))
  execute function public.rockpool_changed('sandboxes');
create trigger changed after insert on receipt
  for each row execute function public.rockpool_changed('sandboxes');
