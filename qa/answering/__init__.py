"""Question -> answers with citations; read ``pipeline`` from top to bottom."""
