"""Printed pages: a PDF into paragraphs in reading order."""
