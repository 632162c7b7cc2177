"""The pages for signing in: password, second factor, invitation, and a person's own account.

Entry points: the `add_endpoints` of each module; `app` calls them. A page never reads a password, a code or a session
itself: it calls `helpline.accounts`.
"""
