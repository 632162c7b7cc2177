"""The SMS, USSD and voice gateways that Komek works with: one provider per file, and a table of them.

Entry point: `providers.PROVIDERS`. A provider's file imports `helpline.core` and `gateway.guard` only, knows no
Flask, and makes no decisions.
"""
