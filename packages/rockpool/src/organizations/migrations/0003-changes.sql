-- Pages hear of what changed (public.rockpool_changed, see kernel/migrate.ts). For each row: a statement that touches none
-- tells nothing. The last use of a credential is kept every few seconds, and no page waits for it.

create trigger changed after insert or update or delete on organization
  for each row execute function public.rockpool_changed('organizations');
create trigger changed after insert or update or delete on member
  for each row execute function public.rockpool_changed('organizations');
create trigger changed after insert or delete on credential
  for each row execute function public.rockpool_changed('organizations');
create trigger changed_state after update on credential
  for each row when (old.revoked_at is distinct from new.revoked_at)
  execute function public.rockpool_changed('organizations');
