-- schedules: When what happens again and again happens next: one promise each time, whichever instance makes it.
CREATE TABLE schedules (
    name TEXT NOT NULL,
    cron TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (name)
) STRICT;
