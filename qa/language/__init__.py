"""What numbers, units, dates and names in a text mean."""
