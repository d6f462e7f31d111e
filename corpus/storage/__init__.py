"""Articles, chunks and vectors in SQLite: the truth of an archive."""
