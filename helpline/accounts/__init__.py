"""Accounts of the console: invitations, passwords, second factors, passkeys, sessions.

Entry points: `sign_in.SignIn` (the two steps), `account.Account` (what people change of their own account) and
`inviting.Invitations` (invite, reset, disable). It imports `core`, `keys`, `store` and `staff`. It must not import
`directory`, `request` or any package above them: callers have no account.
"""
