"""A stand-in for the AWS services that Gatehouse talks to, on 127.0.0.1 only."""
