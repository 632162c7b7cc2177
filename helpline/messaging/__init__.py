"""Texts by SMS: who reads what comes in, what goes out and in which words, and what a delivery receipt means.

Entry points: `inbound` (a text that came in), `sending` (one text that goes out), `outgoing` (who may be texted what).
Workers run it. It decides nothing about a request: orders are `casework`, and the dialogue with a caller is `caller`.
The public process must not import it.
"""
