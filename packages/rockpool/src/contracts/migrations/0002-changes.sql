-- Pages hear of what changed (public.rockpool_changed, see kernel/migrate.ts). For each row: a statement that touches none
-- tells nothing.

create trigger changed after insert or update or delete on push
  for each row execute function public.rockpool_changed('contracts');
create trigger changed after insert or update or delete on running
  for each row execute function public.rockpool_changed('contracts');
create trigger changed after insert or update or delete on approval
  for each row execute function public.rockpool_changed('contracts');
create trigger changed after insert or update or delete on watcher
  for each row execute function public.rockpool_changed('contracts');
create trigger changed after insert on notice
  for each row execute function public.rockpool_changed('contracts');
