"""The user's own language model, which drafts sentences."""
