"""Commands to try the service out."""
