"""From hits to answers: reading, evidence, citations, and the interfaces (HTTP, command line)."""
