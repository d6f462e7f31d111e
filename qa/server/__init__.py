"""The HTTP service: process, app, middleware and routes."""
