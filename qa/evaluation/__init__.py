"""Gold questions -> measures."""
