"""Rules of the gate, one for each way in which a sentence can say more than its quotes."""
