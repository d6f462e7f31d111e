"""The gate's rules, one for each way in which a sentence can say more than its quotes."""
