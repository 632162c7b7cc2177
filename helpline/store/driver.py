"""A transaction on the driver's own connection, which comes from SQLAlchemy's pool and returns there.

SQLAlchemy's connection above it is made only if a statement needs it: to make one, and to begin and commit there, takes
as long as three statements.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection


class Kept(threading.local):
    """The connection that a thread keeps between its transactions.

    To take one from SQLAlchemy's pool and to return it takes a tenth of a hop that stores.
    """

    pooled: PoolProxiedConnection | None = None


@dataclass(slots=True)
class Driver:
    """One transaction on one connection of the driver."""

    engine: Engine
    pooled: PoolProxiedConnection
    raw: Any
    """The driver's connection itself."""
    above: tuple[Connection, RootTransaction] | None = None
    """SQLAlchemy's connection and transaction, once they are needed."""
    kept: Kept | None = None
    """Where the connection is kept afterwards; None: in the pool."""

    @classmethod
    def of(cls, engine: Engine, options: Mapping[str, Any], kept: Kept | None = None) -> "Driver":
        """Take a connection: the one that is `kept`, or one from the pool.

        Raise SQLAlchemy's error if the database cannot be reached.
        """
        pooled = None
        if kept and kept.pooled:  # a transaction within this one takes another
            pooled, kept.pooled = kept.pooled, None
        try:
            pooled = pooled or engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error as error:
            raise _as_usual(engine, None, error, lost=False) from error
        driver = cls(engine, pooled, pooled.driver_connection, kept=kept)
        if options or engine._has_events:  # noqa: SLF001  # listeners are told of its beginning
            driver._make(options)
        return driver

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection, in this transaction."""
        return self.above[0] if self.above else self._make({})

    def _make(self, options: Mapping[str, Any]) -> Connection:
        made = Connection(self.engine, self.pooled)
        if options:
            made = made.execution_options(**options)
        self.above = made, made.begin()
        return made

    def commit(self) -> None:
        """Commit, unless the transaction was rolled back."""
        if self.above:
            if self.above[1].is_active:
                self.above[1].commit()
            return
        try:
            self.raw.commit()
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise self.translated(None, error) from error

    def undo(self) -> None:
        """Undo the transaction. On a connection that is lost, the server does it."""
        if self.above:
            self.above[1].rollback()
        elif self.pooled.is_valid:
            try:
                self.raw.rollback()
            except self.engine.dialect.loaded_dbapi.Error as error:
                self.pooled.invalidate(error)

    def close(self) -> None:
        """Keep the connection for this thread, or return it to the pool."""
        if self.above:
            self.above[0].close()
        elif self.kept and not self.kept.pooled and self.pooled.is_valid:
            self.kept.pooled = self.pooled
        else:
            self.pooled.close()

    def tell(self, sql: str, values: Any) -> None:
        """Call the listeners of a statement, as SQLAlchemy does: tests and benchmarks listen."""
        given = tuple(values) if isinstance(values, list) else values
        for listener in self.connection.dispatch.before_cursor_execute:
            listener(self.connection, None, sql, given, None, False)

    def translated(self, sql: str | None, error: Any) -> Any:
        """Return SQLAlchemy's error for one of the driver, without values. What is lost is not used again."""
        lost = not self.pooled.is_valid or self.engine.dialect.is_disconnect(error, self.pooled, None)
        if lost and self.pooled.is_valid:
            self.above[0].invalidate(error) if self.above else self.pooled.invalidate(error)
        return _as_usual(self.engine, sql, error, lost=lost)


def _as_usual(engine: Engine, sql: str | None, error: Any, *, lost: bool) -> Any:
    dialect = engine.dialect
    return DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error,
        hide_parameters=True, connection_invalidated=lost, dialect=dialect,
    )  # fmt: skip
