"""One database, two ways in: `write()` is a short transaction that holds the writer's lock, `read()` is not.

SQLite: WAL, `synchronous=FULL` (an acknowledged request survives a power cut), `BEGIN IMMEDIATE` so that a busy
database makes a writer wait instead of fail, `secure_delete` so that an erased number leaves no bytes behind.
No network call ever happens inside a transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from helpline.keys.row_seal import ContactKey

HOP_BUSY_SECONDS = 1.5
"""How long a USSD hop may wait for the database: gateways give 10 s, a caller far less patience."""
WORK_BUSY_SECONDS = 10.0
SHORT = "-c jit=off -c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_custom_plan"
"""PostgreSQL neither compiles a statement nor shares it out first: ours are shorter than that takes. Nor does it keep a
plan for all values: that of a list, made for any hours and any page, took it more than twice as long."""
CONTACTS = "komek_contacts"
"""The option of a transaction that carries the contact key."""

Unavailable = SQLAlchemyError
"""What is raised where the database is locked, gone or full."""


@dataclass(frozen=True, slots=True)
class Database:
    """An engine that belongs to this process (never shared over a fork), and the contact key where it is known."""

    engine: Engine
    contacts: ContactKey | None = None

    def knowing(self, contacts: str) -> "Database":
        """Give the same database to a process that has the contact key (base64); without it there are no contacts.

        It goes with each transaction, so that no way of reading a contact can forget to ask whether it is genuine.
        """
        return Database(self.engine, ContactKey.of(contacts))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; it commits at the end or not at all."""
        with self._begun("BEGIN IMMEDIATE") as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads, so that it never waits for a writer."""
        with self._begun("BEGIN") as tx:
            yield tx

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a transaction that only reads and sees one moment, however long it takes: for copies."""
        sqlite = self.engine.dialect.name == "sqlite"
        options = {} if sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._begun("BEGIN", **options) as tx:
            if not sqlite:
                tx.exec_driver_sql("set transaction read only")
                tx.exec_driver_sql("set local statement_timeout = 0")
            yield tx

    @contextmanager
    def _begun(self, sqlite: str, **options: Any) -> Iterator[Connection]:
        """Open a transaction, on SQLite in these words, which an event of the engine would make dear to all others.

        One that only reads is committed too: with a rollback psycopg forgets each statement that it has prepared.
        """
        with self.engine.connect().execution_options(**{CONTACTS: self.contacts}, **options) as tx, tx.begin():
            if self.engine.dialect.name == "sqlite":
                tx.exec_driver_sql(sqlite)
            yield tx

    def scrub(self) -> bool:
        """Push erased bytes out of SQLite's log: after it, neither file nor log holds a deleted row.

        False where somebody was reading, and it is to be tried again. PostgreSQL keeps dead rows until vacuum;
        docs/operations.md says how long its log is kept.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
            if self.engine.dialect.name == "sqlite":
                return bool(tx.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0)
            tx.exec_driver_sql("VACUUM vault, message, inbox, request, dialogue, bridge")
            return True

    def learn(self) -> None:
        """Have SQLite count what its indexes hold: it takes the small ones of lists only where it knows that they are.

        PostgreSQL does so by itself. Where somebody else is writing it is left for another time.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with suppress(Unavailable), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
            tx.exec_driver_sql("PRAGMA optimize=0x10002")

    def dispose(self) -> None:
        """Close every connection, before a fork or at the end."""
        self.engine.dispose()


def connect(url: str, busy_seconds: float = WORK_BUSY_SECONDS) -> Database:
    """Give the database at `url`, waiting at most `busy_seconds` for its lock. Opens nothing yet."""
    if not url.startswith("sqlite"):
        wait = f"-c statement_timeout={int(busy_seconds * 1000)} -c lock_timeout={int(busy_seconds * 1000)}"
        options = {"connect_timeout": max(1, int(busy_seconds)), "options": f"{wait} {SHORT} -c timezone=UTC"}
        return Database(sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=options))
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": busy_seconds})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return Database(engine)


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver must emit no BEGIN of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        raw.execute(f"PRAGMA {pragma}")


def contact_key(tx: Connection) -> ContactKey | None:
    """Give the contact key of a transaction; None in a process that has none."""
    return tx.get_execution_options().get(CONTACTS)
