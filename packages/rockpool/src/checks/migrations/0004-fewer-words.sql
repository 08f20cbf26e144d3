-- The part bots tells of its runs itself; here every lease that was extended would be told.

drop trigger run_begins_bots on run;
drop trigger run_changes_bots on run;
