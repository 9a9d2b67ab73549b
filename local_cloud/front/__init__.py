"""The one door of the local cloud: what reaches MiniStack, and what is answered here."""
