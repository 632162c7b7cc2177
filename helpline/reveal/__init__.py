"""The only way in which a caller's number leaves: check whether it may, open it, or connect a call without showing it.

Entry points: `may_reveal.use_up`, `revealing.revealed`, `bridging`. The public process imports only `bridged_calls`.
It imports nothing of `caller` or `casework`.
"""
