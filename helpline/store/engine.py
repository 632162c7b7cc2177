"""One database with two kinds of transaction: `write()` is short and holds the writer's lock, `read()` does not.

SQLite runs in WAL mode. `synchronous=FULL`: an acknowledged request survives a power cut. `BEGIN IMMEDIATE`: a writer
waits for a busy database instead of failing. `secure_delete`: a deleted number leaves no bytes behind.

No network call ever happens inside a transaction.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self, TypeVarTuple, overload

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult, Dialect, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.sql.selectable import TypedReturnsRows

from helpline.core.clock import real
from helpline.core.jobs import URGENCY, Job
from helpline.core.ports import Clock, JobQueue, WatchedTime
from helpline.keys.row_seal import ContactKey, NoContactKey
from helpline.store.driver import Driver, Kept
from helpline.store.fixed import NOTHING, Fixed, Rows
from helpline.store.right_of_way import RightOfWay, Turn, begin_soon
from helpline.store.silence import Silence, Silent

TOGETHER_SECONDS = 0.02
"""So long a transaction of work takes more rows, if no hop waits for it: each commit waits for the disk."""
VACUUM_SECONDS = 30
"""How long PostgreSQL may take to remove deleted rows. On a busy machine the tables of two million requests took more
than the ten seconds of other statements, and then nothing was removed. Nobody waits for it."""
SCRUB_BUSY_MS = 200
"""How long removing deleted bytes may keep SQLite's lock while somebody still reads the old log."""
SAVEPOINT, UNDO, RELEASE = (
    Fixed(sa.text(f"{order} nested")) for order in ("SAVEPOINT", "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT")
)
Ts = TypeVarTuple("Ts")
"""The columns of a statement."""

Unavailable = SQLAlchemyError
"""Raised if the database is locked, unreachable or full."""
AWAY = (OperationalError, Silent)
"""The same without errors of our own, such as a migration that fails."""


@dataclass(frozen=True, slots=True)
class Tx:
    """An open transaction, the time at which it happens, and what tells genuine contacts from others."""

    driver: Driver = field(repr=False, compare=False)
    """Runs the statements that are `Fixed`."""
    now: datetime
    contacts: ContactKey | None = None
    """The contact key, in a process that has it. Without it, a transaction finds no contacts."""
    woken: set[Job] = field(default_factory=set)
    """The jobs for which this transaction wrote rows that are due now."""
    writes: bool = False
    """Whether it may write."""
    sure: bool = True
    """Whether `now` is beyond doubt. Otherwise nothing ends or is deleted because of the time (`watched_clock`)."""
    lease_clock: Callable[[Connection], datetime] | None = field(default=None, repr=False)
    """What tells the time of leases, where it is not `now`."""
    reports: bool = False
    """Whether other systems are told what happens to requests (`request.state_events`)."""
    turn: Turn | None = field(default=None, repr=False, compare=False)
    """The turn of work, where hops go first."""
    begun: float = field(default_factory=time.monotonic, repr=False, compare=False)

    def has_time(self) -> bool:
        """Whether more rows may be done in this transaction: it is some milliseconds old, and no hop waits for it."""
        young = time.monotonic() - self.begun < TOGETHER_SECONDS
        return young and not (self.turn and self.turn.hop_waits())

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection, which runs all other statements."""
        return self.driver.connection

    @property
    def dialect(self) -> Dialect:
        """The dialect of SQL that the engine speaks."""
        return self.driver.engine.dialect

    @overload
    def execute(self, statement: Fixed, parameters: Mapping[str, Any] = NOTHING) -> Rows: ...
    @overload
    def execute(self, statement: TypedReturnsRows[*Ts], parameters: Any = None) -> CursorResult[*Ts]: ...
    @overload
    def execute(self, statement: sa.Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]: ...
    def execute(self, statement: Any, parameters: Any = NOTHING) -> Any:
        """Run a statement, once for each mapping where its parameters are a list."""
        if type(statement) is Fixed:
            return statement.run(self.driver, parameters)
        return self.connection.execute(statement, parameters)

    @property
    def contact_key(self) -> ContactKey:
        """The contact key. Raise `NoContactKey` if this process does not have it."""
        if self.contacts is None:
            raise NoContactKey
        return self.contacts

    def at(self, now: datetime) -> Self:
        """Return the same transaction with another time."""
        return replace(self, now=now)

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement as it is written, without compiling it."""
        return self.connection.exec_driver_sql(statement, parameters)

    @contextmanager
    def begin_nested(self) -> Iterator[None]:
        """Open a savepoint, and undo what follows if it raises. SQLAlchemy's own compiles its statements each time.

        If the process is to end, the connection may be closed already, and the whole transaction is undone anyway.
        """
        self.execute(SAVEPOINT)
        try:
            yield
        except Exception:
            self.execute(UNDO)
            self.execute(RELEASE)  # otherwise one around it would find this one by its name
            raise
        self.execute(RELEASE)

    def rollback(self) -> None:
        """Undo everything that this transaction has done so far."""
        self.connection.rollback()


def _sure() -> bool:
    """Trust the clock."""
    return True


def _wake_nobody(_: Job) -> None:
    """Leave the rows to the clock."""


@dataclass(frozen=True, slots=True)
class Database:
    """An engine that belongs to this process (never shared over a fork), and the contact key if the process has it."""

    engine: Engine
    contacts: ContactKey | None = None
    clock: Clock = real
    """What a transaction takes its time from."""
    is_sure: Callable[[], bool] = _sure
    """Whether that time is beyond doubt."""
    wake: Callable[[Job], object] = _wake_nobody
    """What is called after a commit for each job that has rows to do by it. Best effort: the clock does the same."""
    turn: Callable[[], AbstractContextManager[Turn | None]] = nullcontext
    """The context of a write: on SQLite the writes of hops go first."""
    before: Callable[[], None] | None = None
    """What is called before each transaction: in a web whose loop answers hops, it raises where nobody may wait."""
    silence: Silence | None = None
    """Whether the server was silent a moment ago, in a process that must not wait for it again."""
    lease_clock: Callable[[Connection], datetime] | None = None
    """What tells the time of leases. None: `clock`."""
    reports: bool = False
    """Whether its transactions store events for other systems."""
    kept: Kept | None = None
    """Where each thread keeps its connection. None: all are in the pool between two transactions."""

    def with_contact_key(self, contacts: str) -> "Database":
        """Return the same database with the contact key (base64). Without the key, a process finds no contacts.

        The key is in each transaction, so every way of reading a contact checks whether it is genuine.
        """
        return replace(self, contacts=ContactKey.of(contacts))

    def timed_by(self, clock: Clock) -> "Database":
        """Return the same database, whose transactions take their time from `clock`."""
        return replace(self, clock=clock, is_sure=_sure)

    def watched_by(self, clock: WatchedTime) -> "Database":
        """Return the same database, timed by a clock whose time may be in doubt."""
        return replace(self, clock=clock, is_sure=clock.is_sure)

    def waking(self, jobs: JobQueue) -> "Database":
        """Return the same database, whose commits wake the workers through `jobs`."""
        return replace(self, wake=jobs.wake)

    def reporting(self, reports: bool) -> "Database":
        """Return the same database, whose transactions store events for other systems, or do not."""
        return replace(self, reports=reports)

    def behind_hops(self) -> "Database":
        """Return the same database, whose writes let hops go first, as those of workers do.

        A gateway has time: it repeats a text or a receipt, and nobody holds a telephone to their ear meanwhile.
        """
        return replace(self, turn=replace(self.turn, goes_first=False)) if isinstance(self.turn, RightOfWay) else self

    def leasing_by(self, clock: Callable[[Connection], datetime]) -> "Database":
        """Return the same database. On PostgreSQL its leases begin and end by `clock`."""
        return self if self.engine.dialect.name == "sqlite" else replace(self, lease_clock=clock)

    @contextmanager
    def write(self, now: datetime | None = None) -> Iterator[Tx]:
        """Open a transaction that may write. It commits at the end or not at all.

        Its time is `now`; without one, what the clock shows once the transaction holds the writer's lock.
        """
        with self.turn() as turn, self._begun("BEGIN IMMEDIATE", now, turn, writes=True) as tx:
            yield tx
        for job in sorted(tx.woken, key=URGENCY.__getitem__):
            self.wake(job)

    def read(self, now: datetime | None = None) -> AbstractContextManager[Tx]:
        """Open a transaction that only reads, so that it never waits for a writer."""
        return self._begun("BEGIN", now)

    def glance(self) -> AbstractContextManager[Tx]:
        """Open a transaction that only reads, and each statement of which sees the database as it is then.

        So it always is on PostgreSQL. For SQLite it saves two statements, which is much for a hop that reads one row.
        """
        return self._begun("", None)

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """Open a transaction that only reads and sees one moment, however long it takes. For copies."""
        sqlite = self.engine.dialect.name == "sqlite"
        options: dict[str, Any] = {} if sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._begun("BEGIN", None, **options) as tx:
            if not sqlite:
                tx.exec_driver_sql("set transaction read only")
                without_limits(tx)
            yield tx

    @contextmanager
    def _begun(
        self,
        sqlite: str,
        now: datetime | None,
        turn: Turn | None = None,
        *,
        writes: bool = False,
        **options: Any,
    ) -> Iterator[Tx]:
        """Open a transaction. SQLite gets the statement `sqlite` here: an event of the engine would slow all others.

        A transaction that only reads is committed, too: a rollback makes psycopg forget its prepared statements.
        """
        if self.before:
            self.before()
        if self.silence:
            self.silence.check()
        driver = Driver.of(self.engine, options, self.kept)
        try:
            if self.silence:
                self.silence.answered()
            if sqlite and self.engine.dialect.name == "sqlite":
                _begin(driver, sqlite, turn)
            yield Tx(
                driver, now or self.clock(), self.contacts, writes=writes, sure=self.is_sure(),
                lease_clock=self.lease_clock, reports=self.reports, turn=turn,
            )  # fmt: skip
            driver.commit()
        except BaseException:
            driver.undo()
            raise
        finally:
            driver.close()

    def scrub(self) -> bool:
        """Remove deleted bytes from SQLite's log. Afterwards neither the file nor the log holds a deleted row.

        Return False if somebody was reading: then it must be tried again. PostgreSQL keeps dead rows until vacuum;
        docs/database.md says how long its log is kept.
        """
        with self.turn(), self.engine.connect() as connection:
            tx = connection.execution_options(isolation_level="AUTOCOMMIT")
            if self.engine.dialect.name == "sqlite":
                return _checkpointed(tx)
            tx.exec_driver_sql(f"set statement_timeout = '{VACUUM_SECONDS}s'")
            try:
                tx.exec_driver_sql("VACUUM vault, message, inbox, request, dialogue, bridge")
            finally:
                tx.exec_driver_sql("reset statement_timeout")
            return True

    def analyze(self) -> None:
        """Make SQLite count what its indexes hold, if much has changed.

        It uses the small indexes of lists only if it knows that they are small. PostgreSQL does so by itself. If
        somebody else is writing, the rest is done another time.

        Each index is counted in a transaction of its own, because this holds the writer's lock: with two million
        requests, all at once kept callers waiting for three seconds, and they were told that nothing was stored. A
        limit of rows is no way out: SQLite then takes an index of few states for the best one.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with suppress(Unavailable), self.engine.connect() as connection:
            tx = connection.execution_options(isolation_level="AUTOCOMMIT")
            for (statement,) in tx.exec_driver_sql("PRAGMA optimize=0x10003").all():  # tells, and does nothing
                for each in _of_indexes(tx, statement):
                    with self.turn():
                        tx.exec_driver_sql(each)

    def dispose(self) -> None:
        """Close all connections. Call it before a fork and at the end."""
        self.engine.dispose()


def without_limits(tx: Tx) -> None:
    """Lift the limits of one transaction: a copy takes as long as it needs. It still waits for no lock for long."""
    if tx.dialect.name != "sqlite":
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            tx.exec_driver_sql(f"set local {limit} = 0")


def _begin(driver: Driver, statement: str, turn: Turn | None) -> None:
    """Begin a transaction of SQLite. SQLAlchemy takes as long to pass this statement on as for one with rows."""
    try:
        if turn is None:
            driver.raw.execute(statement)
        else:
            begin_soon(driver.raw, statement, turn)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from None


def is_open(tx: Tx) -> bool:
    """Whether SQLite has not yet undone a transaction. It does that by itself after some errors, as of a full disk."""
    return bool(tx.driver.raw.in_transaction)


def _of_indexes(tx: Connection, statement: str) -> list[str]:
    """Return statements that analyze one index each, for one that analyzes a table: the same, if it has none."""
    table = statement.rpartition(".")[2].strip('"')
    indexes = sa.text("select name from sqlite_master where type = 'index' and tbl_name = :table")
    return [f'ANALYZE "{name}"' for name in tx.execute(indexes, {"table": table}).scalars()] or [statement]


def _checkpointed(tx: Connection) -> bool:
    """Empty SQLite's log. It holds the writer's lock while it waits for readers, so it must not wait for long."""
    (usual,) = tx.exec_driver_sql("PRAGMA busy_timeout").one()
    tx.exec_driver_sql(f"PRAGMA busy_timeout = {SCRUB_BUSY_MS}")
    try:
        return bool(tx.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0)
    finally:
        tx.exec_driver_sql(f"PRAGMA busy_timeout = {int(usual)}")
