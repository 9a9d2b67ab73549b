"""Faults on demand: throttling, failures, latency and lost connections, for tests and demos."""
