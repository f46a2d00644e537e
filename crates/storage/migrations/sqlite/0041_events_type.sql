-- events_type: Some kinds of events among all.
CREATE INDEX events_type ON events (type, id);
