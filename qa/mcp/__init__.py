"""The archive as tools for assistants (Model Context Protocol)."""
