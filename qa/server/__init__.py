"""The HTTP service: process, app, what stands before the routes, and the routes."""
