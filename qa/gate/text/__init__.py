"""Words, tokens and reported speech: the parts of a sentence that the gate's rules use."""
