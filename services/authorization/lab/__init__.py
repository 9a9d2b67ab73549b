"""The run of operations by identities: a job that sends every cell's call, and what its answers show."""
