"""Signing in: login, second factor, invitation, one's own account."""
