"""Records -> archive: once, repeatedly, or as a job; read ``pipeline`` from top to bottom."""
