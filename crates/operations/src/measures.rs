//! What operations measure.

storage::name_metrics! {
    counter Count PASSWORD_PROOFS = "vestibule_password_proofs_total":
        "Passwords that were looked at, right or wrong.";
    counter Count LOGIN_FAILURE_ALARMS = "vestibule_login_failure_alarms_total":
        "Minutes in which most sign-ins failed.";
    counter Count CODE_GUESSES = "vestibule_code_guesses_total":
        "One-time codes that were looked at, right or wrong.";
    counter Count CODE_BRAKES = "vestibule_code_brakes_total":
        "Times that codes were guessed at over the whole service, so that they became longer.";

    histogram Seconds HASH_SECONDS = "vestibule_hash_seconds":
        "How long hashing a password took.";
    histogram Seconds HASH_WAIT_SECONDS = "vestibule_hash_wait_seconds":
        "How long a password stood in line before it was hashed.";
    gauge Count HASH_THREADS = "vestibule_hash_threads":
        "Threads that hash passwords.";
    gauge Count HASH_BUSY_THREADS = "vestibule_hash_busy_threads":
        "Threads that hash for somebody at this moment.";
    gauge Count HASH_QUEUE_DEPTH = "vestibule_hash_queue_depth":
        "Passwords that stand in line to be hashed.";
    counter Count HASH_SHED = "vestibule_hash_shed_total":
        "Passwords that were turned away because there was no time to hash them.";

    counter Count LIMITS_REFUSED = "vestibule_limits_refused_total":
        "Requests that a limit refused.";
    counter Count LIMITS_WOULD_REFUSE = "vestibule_limits_would_refuse_total":
        "Requests that a limit would have refused, were it not only observed.";
    gauge Count LIMITS_STORE_UP = "vestibule_limits_store_up":
        "Whether the shared store of limits answers: 0 while this instance counts alone.";
    counter Count LIMITS_DEGRADED = "vestibule_limits_degraded_total":
        "Questions that the shared store of limits did not answer.";
    counter Count TEXTS_CAPPED = "vestibule_texts_capped_total":
        "Text messages that were withheld.";

    counter Count JOBS_SETTLED = "vestibule_jobs_total":
        "Jobs that were tried, by what became of them.";
    gauge Count JOBS = "vestibule_jobs":
        "Jobs that are due, run, or wait for a person.";
    gauge Seconds JOBS_LATE_SECONDS = "vestibule_jobs_late_seconds":
        "For how long the oldest job has been due.";
    gauge Count JOBS_LANE_OPEN = "vestibule_jobs_lane_open":
        "Whether what a lane sends gets through.";

    gauge Count EVENTS_LED = "vestibule_events_led":
        "Whether an instance numbers and relays events.";
    gauge Count EVENTS_UNNUMBERED = "vestibule_events_unnumbered":
        "Events that wait for their number.";
    gauge Count EVENTS_LAG = "vestibule_events_lag":
        "Events that a stream has not taken yet.";
    gauge Seconds EVENTS_LATE_SECONDS = "vestibule_events_late_seconds":
        "For how long the first event that a stream has not taken waits.";
    gauge Count EVENTS_TAKEN = "vestibule_events_taken":
        "Whether a stream takes what it is sent: 0 while it is active and takes nothing.";
    gauge Count EVENTS_PAUSED = "vestibule_events_paused":
        "Whether a webhook is paused.";
    gauge Count EVENTS_DEAD_LETTERS = "vestibule_events_dead_letters":
        "Events that a stream refused for good.";
    counter Count EVENTS_RELAYED = "vestibule_events_relayed_total":
        "Events that this instance relayed.";
    counter Count COMMANDS = "vestibule_commands_total":
        "Commands of other services, by what became of them.";
    counter Count COMMANDS_RETRIED = "vestibule_commands_retried_total":
        "Times that a command was tried again, for what may pass.";

    counter Count AUTHENTICATIONS = "vestibule_authentications_total":
        "Sessions that were looked at, by who said that they are good.";
    counter Count TOKEN_VERIFICATIONS = "vestibule_token_verifications_total":
        "Access tokens that were verified, by what told that they are good.";
    gauge Count CACHE_ENTRIES = "vestibule_cache_entries":
        "About how many entries a cache holds.";
    gauge Bytes CACHE_BYTES = "vestibule_cache_bytes":
        "About how much memory a cache takes.";
    gauge Count CACHE_TRUSTED = "vestibule_cache_trusted":
        "Whether the log of events is followed, so that what is remembered is true.";
    gauge Count DATABASE_CONNECTIONS = "vestibule_database_connections":
        "Open connections to the database.";
    gauge Count DATABASE_CONNECTIONS_MAX = "vestibule_database_connections_max":
        "How many connections to the database there may be.";

    gauge Seconds GAUGES_READ = "vestibule_gauges_read_timestamp_seconds":
        "When this instance last read what the gauges of jobs, events and keys tell.";

    gauge Count SIGNING_KEYS = "vestibule_signing_keys":
        "Keys, by what they are good for.";
    gauge Seconds SIGNING_KEY_OVERDUE_SECONDS = "vestibule_signing_key_overdue_seconds":
        "For how long the next signing key should have been made.";
    gauge Seconds SIGNING_KEYS_READ = "vestibule_signing_keys_read_timestamp_seconds":
        "When this instance last read the keys.";
}
