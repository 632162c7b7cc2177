"""Savepoints in one another: each undoes all that follows it, and nothing before it."""

from contextlib import suppress

import pytest
import sqlalchemy as sa

from helpline.store.engine import Database
from helpline.store.schema import beat

pytestmark = pytest.mark.engines


class Refused(Exception):
    pass


def test_a_savepoint_is_undone_as_a_whole_after_one_in_it_was_undone(db: Database) -> None:
    """A worker does several rows in one transaction. One of them may try an offer that is refused, and fail later."""
    add = sa.insert(beat)
    with db.write() as tx:
        tx.execute(add.values(name="before", at=tx.now))
        with suppress(Refused), tx.begin_nested():
            tx.execute(add.values(name="a row", at=tx.now))
            with suppress(Refused), tx.begin_nested():
                tx.execute(add.values(name="its try", at=tx.now))
                raise Refused
            raise Refused
        with tx.begin_nested():
            tx.execute(add.values(name="next row", at=tx.now))
    with db.read() as tx:
        assert set(tx.execute(sa.select(beat.c.name)).scalars()) == {"before", "next row"}


class Ending(BaseException):
    pass


def test_the_end_of_a_process_within_a_savepoint_is_no_error_of_what_it_does(db: Database) -> None:
    """SQLAlchemy then closes the connection. To undo the savepoint would raise an error, and the worker would go on."""

    def end(*_: object) -> None:
        raise Ending

    def end_in_a_savepoint() -> None:
        with db.write() as tx, tx.begin_nested():
            sa.event.listen(db.engine, "before_cursor_execute", end)
            try:
                tx.execute(sa.insert(beat).values(name="a row", at=tx.now))
            finally:
                sa.event.remove(db.engine, "before_cursor_execute", end)

    with pytest.raises(Ending):
        end_in_a_savepoint()
    with db.read() as tx:
        assert tx.execute(sa.select(beat.c.name)).all() == []
