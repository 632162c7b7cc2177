"""How the database is reached: how long a hop and a worker wait for it, and when either side gives the other up."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from helpline.core.waiting import may_wait
from helpline.store.driver import Kept
from helpline.store.engine import Database
from helpline.store.right_of_way import RightOfWay
from helpline.store.silence import Silence

HOP_BUSY_SECONDS = 1.5
"""How long a USSD hop may wait for the database. Gateways wait for 10 s; callers have far less patience."""
WORK_BUSY_SECONDS = 10.0
ANSWER_SECONDS = HOP_BUSY_SECONDS + 0.5
"""How long a hop waits for an answer of PostgreSQL: longer than a living server takes to say that it is busy."""
GONE_SECONDS = 10
"""After so long without a sign of the other side, a connection is closed, and its transaction undone."""
LOCK_SECONDS = GONE_SECONDS / 2
"""How long a worker waits for a lock of PostgreSQL. A host that was cut off may have two workers, one with a lock and
one that waits for it. The second must have given up before the server gives up the first. Otherwise it gets the lock
then, and keeps it until the server gives it up, too."""
NETWORK = {
    "keepalives": 1,
    "keepalives_idle": GONE_SECONDS - 6,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": GONE_SECONDS * 1000,
}
"""When our side gives up a connection to PostgreSQL. The kernel's own limits are hours."""
GONE = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "tcp_keepalives_idle": GONE_SECONDS - 6,
        "tcp_keepalives_interval": 2,
        "tcp_keepalives_count": 3,
        "tcp_user_timeout": GONE_SECONDS * 1000,
        "idle_in_transaction_session_timeout": GONE_SECONDS * 1000,
    }.items()
)
"""When the server gives us up. Otherwise a transaction of a host that was cut off keeps its locks, and no other host
makes offers: 82 seconds were measured. No network call ever happens inside a transaction, so none is idle for long."""
SQLITE_CACHE_KB = 16_000
"""Memory in which a connection of a worker or the console keeps pages of a SQLite file, used only as the file grows.

With SQLite's own 2 MB, counting a month of 75,000 requests took 2.5 times as long."""
OWN_PLANS, SHARED_PLANS = (f"-c plan_cache_mode={mode}" for mode in ("force_custom_plan", "auto"))
SHORT = f"-c jit=off -c max_parallel_workers_per_gather=0 {OWN_PLANS}"
"""PostgreSQL must not compile our statements or spread them over processes: they are shorter than that takes. Nor
may it share one plan for all values: for a list, with any hours and any page, such a plan took more than twice as
long."""


def connect_for_hops(url: str) -> Database:
    """Return the database for answering callers: it never keeps a caller waiting for long, and none behind them.

    With SQLite each thread keeps its connection: there is no server that may have closed it.
    """
    db = replace(connect(url, HOP_BUSY_SECONDS), before=may_wait)
    if db.engine.dialect.name == "sqlite":
        return replace(db, kept=Kept())
    silence = Silence(ANSWER_SECONDS)
    sa.event.listen(db.engine, "do_connect", silence.connect)
    return replace(db, silence=silence)


def connect(url: str, busy_seconds: float = WORK_BUSY_SECONDS) -> Database:
    """Return the database at `url`, which waits at most `busy_seconds` for a lock. It opens no connection yet."""
    if not url.startswith("sqlite"):
        lock_seconds = min(busy_seconds, LOCK_SECONDS)
        wait = f"-c statement_timeout={int(busy_seconds * 1000)} -c lock_timeout={int(lock_seconds * 1000)}"
        options = {
            "connect_timeout": max(1, int(busy_seconds)),
            "options": f"{wait} {GONE} {SHORT} -c timezone=UTC",
            **NETWORK,
        }
        return Database(_engine(url, pool_pre_ping=True, connect_args=options))
    engine = _engine(url, connect_args={"timeout": busy_seconds})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    if busy_seconds > HOP_BUSY_SECONDS:
        sa.event.listen(engine, "connect", _keep_more)
    if not (file := engine.url.database):
        return Database(engine)
    goes_first = busy_seconds <= HOP_BUSY_SECONDS
    return Database(engine, turn=RightOfWay(Path(f"{file}-hops"), goes_first, compete_seconds=busy_seconds / 2))


def _engine(url: str, **options: Any) -> sa.Engine:
    """Return an engine. Raise `ArgumentError` for an address that cannot be read: other errors would quote it."""
    try:
        return sa.create_engine(url, hide_parameters=True, **options)
    except (ValueError, ImportError):  # a port that is no number, a driver that is not installed
        raise ArgumentError("the address of the database cannot be read") from None


def share_plans(db: Database) -> None:
    """Make PostgreSQL plan a statement once for all values, in a process that does many rows in two seconds.

    Planning takes longer than running these statements. A process that lives on would keep a plan that was made when
    its tables were empty.
    """

    def share(_dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]) -> None:
        parameters["options"] = parameters["options"].replace(OWN_PLANS, SHARED_PLANS)

    if db.engine.dialect.name != "sqlite":
        sa.event.listen(db.engine, "do_connect", share)


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver must emit no BEGIN of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        raw.execute(f"PRAGMA {pragma}")


def _keep_more(raw: Any, _record: Any) -> None:
    raw.execute(f"PRAGMA cache_size=-{SQLITE_CACHE_KB}")
