"""Both indexes in Milvus."""
