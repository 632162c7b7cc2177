"""A database that cannot be reached for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.world import World


@contextmanager
def unreachable(world: World) -> Iterator[None]:
    """Make the database unreachable: its file is moved, or its server refuses connections."""
    db = world.db
    for each in (db, world.public.ctx.db):
        each.dispose()  # a process with the file open would continue to write to it
    if db.engine.dialect.name == "sqlite":
        name = db.engine.url.database
        assert name is not None
        away = Path(name).rename(f"{name}.away")
        Path(name).mkdir()
        try:
            yield
        finally:
            Path(name).rmdir()
            away.rename(name)
        return
    admin = sa.create_engine(db.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = db.engine.url.database
    with admin.connect() as tx:
        tx.execute(sa.text(f'alter database "{name}" with allow_connections false'))
        tx.execute(sa.text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :it"), {"it": name})
    try:
        yield
    finally:
        with admin.connect() as tx:
            tx.execute(sa.text(f'alter database "{name}" with allow_connections true'))
        admin.dispose()
