"""The gate: checks whether the quotes that a sentence cites support it."""
