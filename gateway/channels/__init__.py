"""The SMS, USSD and voice gateways that Komek works with: one provider per file, and a table of them.

Entry points: `providers.CHANNELS` and `providers.VOICES`. A provider's file imports `helpline.core` only, knows no
Flask, and makes no decisions.
"""
