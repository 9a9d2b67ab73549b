"""What the lab is told to run: suite files, operations from the schema, chains, REST requests, coverage, rules."""
