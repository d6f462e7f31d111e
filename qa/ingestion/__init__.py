"""Records -> archive: once, over and over, or as a job; ``pipeline`` is the way, read from top to bottom."""
