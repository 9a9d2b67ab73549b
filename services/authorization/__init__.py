"""The authorization lab: who gets what from an API, and what that proves."""
