"""Commands that build, run and show the project; nothing here ships with the dashboard."""
