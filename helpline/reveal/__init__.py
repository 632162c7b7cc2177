"""The one door by which a number leaves: may it, open it, or join a call without showing it.

Front doors: `may_reveal`, `revealing`, `bridging`. Of this, the public process imports `bridged_calls` and no more.
"""
