-- jobs_orders: The next job of a lane, and lists of the jobs in a state.
CREATE INDEX jobs_lane_state_run_at ON jobs (lane, state, run_at);
CREATE INDEX jobs_state_id ON jobs (state, id);
