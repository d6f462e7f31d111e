"""The routes, one module per family of addresses, and what they share."""
