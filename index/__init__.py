"""Chunks into ranked hits: embedding, dense and lexical search, fusion, and the archive that keeps them in step."""

import os

# Read by OpenMP when torch or faiss loads it. By default threads that wait for others spin, so where another process
# wants the cores as well, both take many times as long (docs/decisions/0015-cores.md).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
