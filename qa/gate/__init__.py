"""Whether a sentence is said by the quotes it cites."""
