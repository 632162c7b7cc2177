"""Signing in to the console: invitations, passwords, second factors, passkeys, sessions.

Front doors: `sign_in`, `account`, `inviting`. It imports `core`, `keys`, `store` and `staff`; callers have no account.
"""
