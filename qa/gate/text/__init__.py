"""Words, tokens and reported speech: what the rules of the gate read in a sentence."""
