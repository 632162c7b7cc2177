"""The demo's feature phones, and an emulator of the gateway. Not used in production.

Entry points: `page.phone_page`, `emulator.emulator`, `reloading.Reloading`. `gateway.demo` puts them together; nothing
else of the service may import them.
"""
