-- event_cursors_failures: How often in a row nothing was taken, and which event was refused, since when and how often.
ALTER TABLE event_cursors ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event_cursors ADD COLUMN refused_position INTEGER;
ALTER TABLE event_cursors ADD COLUMN refused_since INTEGER;
ALTER TABLE event_cursors ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
