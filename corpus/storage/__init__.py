"""Articles, chunks and vectors in SQLite: an archive's source of truth."""
