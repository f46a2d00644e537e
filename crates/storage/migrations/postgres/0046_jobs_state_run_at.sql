-- jobs_state_run_at: Nobody looks for the next job of all lanes any more.
DROP INDEX jobs_state_run_at;
