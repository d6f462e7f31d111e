"""How the shipped reader was made: ``python -m qa.reader.training``. Nothing here is needed to answer a question."""
