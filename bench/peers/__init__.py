"""Citewire beside Haystack, LlamaIndex, txtai and Chroma: the same articles, the same weights, the same machine."""
