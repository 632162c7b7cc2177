"""Commands about the directory of services."""
