"""Instants as the database has them: whole microseconds since 1970, UTC.

What puts thousands of rows in order compares these numbers, and makes a datetime of those alone that are shown.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Give an aware datetime as microseconds."""
    return (at - EPOCH) // ONE


def instant(value: int) -> datetime:
    """Give the moment that these microseconds are."""
    return EPOCH + timedelta(0, 0, value)


FAR = micros(datetime.max.replace(tzinfo=UTC))
"""A moment that never comes: where nothing closes, and nothing is known."""
