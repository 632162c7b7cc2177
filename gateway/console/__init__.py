"""The console: pages for services, coordinators, auditors and operators, in a process of its own.

Start with `app.console` (the WSGI app), `access` (every route and who may open it), `pages` (rendering) and `forms`.
`sign_in/account.py` is the example for a new page; docs/console.md explains the rest. It must not import
`gateway.app`, `gateway.webhooks` or `gateway.phone`: the public web is another process.
"""
