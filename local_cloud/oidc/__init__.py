"""Small OIDC issuers, so that an API can trust several of them and be shown any token."""
