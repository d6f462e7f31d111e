"""Hits into answers: reading, evidence, citations, and the ways in and out (HTTP, command line)."""
