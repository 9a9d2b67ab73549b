"""The dashboard's screens; modules that begin with an underscore are shared between them."""
