"""The callback request: its states, its consent, and the tables of it: offers, attempts, lines, the sealed number.

Front doors: `model`, `requests`, `offers`. It imports `core` and `store`; it knows of no service, and moves nothing by
itself.
"""
