"""The callback request: its states, its consent, and its tables (offers, attempts, phone lines, sealed numbers).

Entry points: `model`, `requests`, `offers`. It imports only `core`, `keys`, `store` and `menus`. It knows no services
and takes no decisions: `referral` and `casework` move requests.
"""
