"""Statements that the driver runs itself answer as SQLAlchemy does, on both engines."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from helpline.core.jobs import Job
from helpline.store import outbox as outbox_rows
from helpline.store.engine import Database, Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import contact, lost_phone, message, outbox

pytestmark = pytest.mark.engines
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
ROW = {
    "id": "a", "to": "caller", "recipient": "b", "sealed": b"\0\xff", "notice": "to_caller.hello", "offer": None,
    "request": None, "values": {"word": 3, "ours": None, "by": ["at", "%s ?"]}, "language": "ky", "state": "queued",
    "attempts": 0, "updated": NOW, "mac": "m",
}  # fmt: skip
CONTACT = {
    "id": "c", "kind": "service", "country": "KG", "phone": "+996000000001", "names": {"en": "A 100 % made-up name"},
    "language": "ru", "accepts_numbers_by_sms": True, "service": "s", "on_duty": False, "mac": "m",
}  # fmt: skip
WAITING = sa.and_(message.c.id == sa.bindparam("of"), message.c.state.in_(("queued", "sending", "100 % unknown")))


def both(tx: Tx, statement: sa.Select[*tuple[object, ...]], parameters: dict[str, object]) -> list[tuple[object, ...]]:
    """Return the rows of a statement, which are the same in both ways, with the same names."""
    ours, theirs = tx.execute(Fixed(statement), parameters).all(), tx.execute(statement, parameters).all()
    assert [tuple(row) for row in ours] == [tuple(row) for row in theirs]
    assert [row._asdict() for row in ours] == [dict(row._mapping) for row in theirs]
    return [tuple(row) for row in ours]


def test_every_type_is_written_and_read_as_usual(db: Database) -> None:
    with db.write(NOW) as tx:
        tx.execute(Fixed(sa.insert(message)), ROW)
        tx.execute(Fixed(sa.insert(contact)), CONTACT)
        names = list(ROW)
        (row,) = both(tx, sa.select(*(message.c[name] for name in names)).where(WAITING), {"of": "a"})
        assert dict(zip(names, row, strict=True)) == ROW
        (row,) = both(tx, sa.select(*(contact.c[name] for name in CONTACT)), {})
        assert dict(zip(CONTACT, row, strict=True)) == CONTACT
        assert both(tx, sa.select(message.c.id).where(WAITING), {"of": "another"}) == []


def test_a_change_tells_how_many_rows_it_changed(db: Database) -> None:
    change = Fixed(sa.update(message).where(WAITING).values(state="sending", attempts=message.c.attempts + 1))
    again = Fixed(sa.update(message).where(message.c.id == sa.bindparam("of")))
    with db.write(NOW) as tx:
        tx.execute(Fixed(sa.insert(message)), ROW)
        assert tx.execute(change, {"of": "a"}).rowcount == 1
        assert tx.execute(change, {"of": "b"}).rowcount == 0
        assert tx.execute(again, {"of": "a", "language": "uz"}).rowcount == 1
        assert tx.execute(again, {"of": "a", "state": "void", "sealed": None}).rowcount == 1
        seen = Fixed(sa.select(message.c.state, message.c.attempts, message.c.language, message.c.sealed))
        assert tuple(tx.execute(seen).first()) == ("void", 1, "uz", None)
        assert tx.execute(seen).scalar() == "void"
        assert tx.execute(seen).scalars() == ["void"]
    with db.read(NOW) as tx:
        nothing = tx.execute(Fixed(sa.select(outbox.c.id)))
        assert (nothing.first(), nothing.scalar(), nothing.scalars(), list(nothing)) == (None, None, [], [])


def test_constant_words_are_values_whatever_is_in_them(db: Database) -> None:
    """They are written into the statement, where a quote could end them and a question mark or `%s` look like a place."""
    odd = ("it's ?", '"?" -- ', "?", "100 % of %(of)s", "%s\\'")
    chosen = sa.and_(message.c.id == sa.bindparam("of"), message.c.notice.in_(odd), sa.literal("'") != message.c.notice)
    columns = (message.c.notice, sa.literal("'?'").label("odd"))
    with db.write(NOW) as tx:
        for notice in odd:
            tx.execute(Fixed(sa.insert(message)), ROW | {"id": notice, "notice": notice})
            assert both(tx, sa.select(*columns).where(chosen), {"of": notice}) == [(notice, "'?'")]


def test_a_statement_is_not_planned_again_for_its_constants(db: Database) -> None:
    """It is, if a parameter was compared with the condition of a partial index, or if it is a limit."""
    claim = outbox_rows._claim(db.engine.dialect.name, Job.SEND_MESSAGES, frozenset(), frozenset())
    with db.write(NOW) as tx:
        outbox_rows.claim(tx, Job.SEND_MESSAGES)
    (prepared,) = claim.prepared.values()
    assert prepared.given
    left = prepared.constants.values() if isinstance(prepared.constants, dict) else prepared.constants
    assert not [each for each in left if each is not None]


def test_a_fault_is_raised_as_sqlalchemy_raises_it_and_without_values(db: Database) -> None:
    add = Fixed(sa.insert(lost_phone))
    with db.write(NOW) as tx:
        tx.execute(add, {"phone": "+996000000002", "at": NOW})
    with pytest.raises(sa.exc.IntegrityError) as raised, db.write(NOW) as tx:
        tx.execute(add, {"phone": "+996000000002", "at": NOW})
    assert raised.value.params is None
    with db.write(NOW) as tx:  # the connection is as good as before, and nothing is stored
        assert len(tx.execute(Fixed(sa.select(lost_phone.c.phone))).all()) == 1
        tx.execute(add, {"phone": "+996000000001", "at": NOW})


def test_a_parameter_that_is_a_list_is_refused(db: Database) -> None:
    several = Fixed(sa.select(outbox.c.id).where(outbox.c.kind.in_(sa.bindparam("kinds", expanding=True))))
    with pytest.raises(ValueError, match="not the same"), db.read(NOW) as tx:
        tx.execute(several, {"kinds": ["sms"]})


def test_a_missing_parameter_is_refused(db: Database) -> None:
    with pytest.raises(sa.exc.InvalidRequestError), db.read(NOW) as tx:
        tx.execute(Fixed(sa.select(message.c.id).where(WAITING)), {})


def test_listeners_are_told_of_each_statement(db: Database) -> None:
    told = list[str]()
    with db.read(NOW) as tx:
        sa.event.listen(db.engine, "before_cursor_execute", lambda *given: told.append(given[2]))
        tx.execute(Fixed(sa.select(outbox.c.id)))
    assert len(told) == 1
