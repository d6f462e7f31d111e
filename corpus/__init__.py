"""From news to chunks: reading files, cleaning, sentences, chunks, and the store, the source of truth."""
