-- A run that was lost gives back as one that ended in order: its credential is dead with its lease, and the ledger has what
-- it wrote. Nothing reads the mark any more.

-- squawk-ignore ban-drop-column
alter table run drop column gives_back;
