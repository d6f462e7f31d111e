"""The origin of reports: copies, rewrites, families of them, and the sources that articles name."""
