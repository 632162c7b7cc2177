"""The only way in which a number leaves to a service: check whether it may, open it, or connect a call without it.

Entry points: `may_reveal.use_up`, `revealing.revealed`, `bridging`. The public process imports only `bridged_calls`.
It imports nothing of `caller` or `casework`.
"""
