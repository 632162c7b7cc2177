"""The demo's feature phone, and what stands in for the gateway behind it. Never part of production."""
