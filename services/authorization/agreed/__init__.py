"""What was agreed on, and where it disagrees with what is declared and what was observed."""
