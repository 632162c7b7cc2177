"""Helpers for what people do in a test."""
