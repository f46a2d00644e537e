-- event_cursors_begin: Where a recipient began: of what was before it is never told.
ALTER TABLE event_cursors ADD COLUMN began_after INTEGER NOT NULL DEFAULT 0;
