"""The HTTP server of both webs. It reads a request completely before it takes a thread (decision 23)."""
