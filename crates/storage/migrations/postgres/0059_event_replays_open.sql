-- event_replays_open: The replays of a recipient that are not done, the oldest first.
CREATE INDEX event_replays_open ON event_replays (sink, asked_at, id) WHERE done_at IS NULL;
