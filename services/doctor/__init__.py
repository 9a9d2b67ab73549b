"""Checks each value of an environment against the live services, and says what is wrong and how to mend it."""
