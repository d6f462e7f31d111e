"""A language model of the user's own that drafts sentences."""
