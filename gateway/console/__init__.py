"""The console: pages for services and coordinators, in a process of its own. How to begin: docs/console.md.

endpoints.py    every route and what it asks for; nobody comes to a view but through one
forms.py    what a form carries with it, and what was typed into one when a session had ended
pages.py    how a page is drawn: language, errors, headers
entry.py    signing in, the second step, leaving
welcome.py  invitations
account.py  one's own account: the example to follow
cases.py    the desk of a service; caseroom.py: the domain as the console may use it
"""
