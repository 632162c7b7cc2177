"""The pages for signing in: password, second factor, invitation, and a person's own account."""
