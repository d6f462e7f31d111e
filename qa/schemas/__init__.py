"""The shapes of requests and replies: over HTTP, with `--json`, for the client and for assistants."""
