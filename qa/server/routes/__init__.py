"""The routes, one module for each family of addresses, and what they share."""
