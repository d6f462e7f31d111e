"""Where a report was first made: copies, rewrites, families of them, and what articles say of their sources."""
