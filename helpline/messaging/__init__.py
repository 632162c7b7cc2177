"""Texts by SMS: what goes out, in which words, whether it is still true when it goes, what a receipt means.

Front doors: `outgoing`, `sending`. Workers run it; the public process imports nothing of it.
"""
