"""The web processes: the public web (webhooks of gateways, the demo's phones) and the console.

Entry points: `app.public` and `console.app.console`, started by `python -m gateway`. It imports `helpline` and `menus`,
never `workers`. Only `channels` knows a provider's formats.
"""
