"""Running the service: supervisor, copies, retention, health, tests.

Front doors: `supervisor`, `backup`, `retention`, `health`. No room but `commands` imports it, apart from `demo`.
"""
