"""Who can call an API: every identity that an environment offers, made for a run and removed after it."""
