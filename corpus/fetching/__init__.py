"""Articles out of the web: addresses that the user names, fetched politely and within bounds.

What opens connections is imported only where the user lets the network be used.
"""
