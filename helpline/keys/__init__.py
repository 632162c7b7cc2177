"""Who may seal, open, hash and sign: the keys of a deployment, and what each of them can do.

Front doors: `keyring`, `sealing`. It imports `core` and nothing else.
"""
