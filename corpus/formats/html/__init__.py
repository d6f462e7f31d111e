"""Web pages: the article, its title and its day out of HTML."""
