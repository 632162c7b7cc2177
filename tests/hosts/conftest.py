"""Fixtures of the tests with several hosts: a real Valkey."""

from tests.workers.conftest import one_server, server

__all__ = ["one_server", "server"]
