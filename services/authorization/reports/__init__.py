"""A run for others to read: run files, JUnit, SARIF, Markdown, HTML and CSV. None holds a body or a secret."""
