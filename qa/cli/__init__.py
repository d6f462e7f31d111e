"""The command line, one module for each family of commands; ``application`` puts them together."""

from qa.cli.application import app, main

__all__ = ["app", "main"]
