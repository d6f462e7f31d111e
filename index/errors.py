"""Errors of searching, with messages for the user."""


class SearchError(Exception):
    """Base of every error of this package; its message says what is wrong, where, and what to do."""


class ModelError(SearchError):
    """An embedding model that is missing, was changed, or can't be loaded."""


class DerivedError(SearchError):
    """A derived index file that is missing or is not what the manifest says; it can be rebuilt from the store."""
