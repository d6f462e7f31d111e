"""From chunks to ranked hits: embedding, dense and lexical search, fusion, and the archive that keeps them in step."""
