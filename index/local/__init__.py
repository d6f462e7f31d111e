"""Both indexes as files beside the store."""
