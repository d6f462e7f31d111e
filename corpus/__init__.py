"""News into chunks: reading files, cleaning, sentences, chunks, and the store that is the truth."""
