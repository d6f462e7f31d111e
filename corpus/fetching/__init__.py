"""Articles from the web: addresses that the user names, fetched politely and within limits.

The modules that open connections are imported only if the user allows network access.
"""
