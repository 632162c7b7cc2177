"""The callback request: its states, its consent, and its tables (offers, attempts, phone lines, sealed numbers).

Entry points: `model`, `requests`, `offers`. It imports only `core`, `keys`, `store` and `menus`. It knows no services
and decides only which states may follow and who may get the number: `referral` and `casework` move requests.
"""
