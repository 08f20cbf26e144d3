-- Pages hear of what changed (public.rockpool_changed, see kernel/migrate.ts). For each row: a statement that touches none
-- tells nothing.

create trigger changed after insert or delete on service
  for each row execute function public.rockpool_changed('services');
create trigger changed_itself after update on service
  for each row when (old.* is distinct from new.*) execute function public.rockpool_changed('services');
