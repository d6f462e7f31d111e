"""Question -> answers with citations; ``pipeline`` is the way, read from top to bottom."""
