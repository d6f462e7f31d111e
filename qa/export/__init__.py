"""An answer in other people's forms."""
