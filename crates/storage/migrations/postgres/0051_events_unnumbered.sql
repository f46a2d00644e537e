-- events_unnumbered: What the leader has not numbered yet, in the order in which it was written.
CREATE INDEX events_unnumbered ON events (recorded_at, id) WHERE position IS NULL;
