"""What the tables are made of: the type of an instant, and the collection of all tables."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpline.core.clock import instant, micros


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware datetime, stored as whole microseconds since 1970, so that both engines compare it alike.

    Each value costs one function call: a page of the console reads ten thousand of them.
    """

    impl = sa.BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Any) -> Callable[[datetime | None], int | None]:  # noqa: ARG002
        """Return the function that writes an aware datetime as microseconds."""
        return micros

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[int | None], datetime | None]:  # noqa: ARG002
        """Return the function that reads microseconds as an aware datetime."""
        return instant


def raw(column: sa.ColumnElement[datetime] | sa.ColumnElement[datetime | None]) -> sa.ColumnElement[int]:
    """Return a column of instants as numbers."""
    return sa.type_coerce(column, sa.BigInteger)


metadata = sa.MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
)
