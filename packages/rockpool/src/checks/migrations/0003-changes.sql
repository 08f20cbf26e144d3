-- Pages hear of what changed (public.rockpool_changed, see kernel/migrate.ts). For each row: a statement that touches none
-- tells nothing. Neither a lease that is extended nor a check that is seen again is news.

create trigger changed after insert or delete on definition
  for each row execute function public.rockpool_changed('checks');
create trigger changed_itself after update on definition
  for each row when ((old.file, old.line, old.every, old.cron, old.timeout, old.tags)
    is distinct from (new.file, new.line, new.every, new.cron, new.timeout, new.tags))
  execute function public.rockpool_changed('checks');
create trigger changed after insert or delete on run
  for each row execute function public.rockpool_changed('runs');
create trigger changed_state after update on run
  for each row when ((old.ended_at, old.ended_by, old.verdict, old.attempts, old.why, old.cleaned_at)
    is distinct from (new.ended_at, new.ended_by, new.verdict, new.attempts, new.why, new.cleaned_at))
  execute function public.rockpool_changed('runs');
