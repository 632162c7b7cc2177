"""Open the line to callers: what must be in place, and what a fault may never do."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic import command

from helpline.content.country_file import CountryData, LegalDuty, Signed, Verified
from helpline.content.reviews import Reviews
from helpline.content.sources import ROOT, load_country
from helpline.operations import backup, heartbeats, launching, readiness
from helpline.operations.launching import RequestOpen
from helpline.operations.processes import HttpCheck, _is_only_not_open
from helpline.operations.readiness import NOTHING_DECIDED, Decisions
from helpline.operations.restore import restore
from helpline.store import launch
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.migrate import _config, upgrade
from helpline.store.schema import audit
from tests.conftest import Databases
from tests.world import World, contents, keys

KEY = b"k" * 32
CHECKED = Verified(by="aida", on=date(2026, 11, 1), how="a test call")


def reviews(world: World, *, read: bool = True, signers: Mapping[str, Sequence[str]] | None = None) -> Reviews:
    """Return reviews without any mark. Either all texts are as good as read, or none is."""
    return Reviews(contents(world.config).book, (), all_allowed=read, signers=signers or {})


def groups(
    world: World, country: CountryData, marks: Reviews | None = None, decided: Decisions = NOTHING_DECIDED
) -> list[str]:
    """Return the groups of what is missing."""
    with world.db.read() as tx:
        found = list(readiness.items(tx, world.config, country, marks or reviews(world), decided))
    assert all(item.fix in item.told for item in found if not item.fine)
    return [item.group for item in found if not item.fine]


def complete() -> CountryData:
    """Return a country for which people have done everything."""
    here = load_country(ROOT, "KG")
    lines = tuple(line.model_copy(update={"verified": CHECKED}) for line in here.emergency)
    direct = here.direct_line and here.direct_line.model_copy(update={"verified": CHECKED})
    code = here.short_code.model_copy(update={"assigned": CHECKED})
    duty = LegalDuty(text={"en": "By law we report."}, signed=Signed(by="a lawyer", on=date(2026, 11, 1)))
    more = tuple(line.model_copy(update={"verified": CHECKED}) for line in here.more_lines)
    abroad = here.emergency_abroad.model_copy(update={"verified": CHECKED})
    changed = {
        "more_lines": more,
        "embassies": tuple(line.model_copy(update={"verified": CHECKED}) for line in here.embassies),
        "emergency_abroad": abroad,
        "abroad": tuple(place.model_copy(update={"emergency": ()}) for place in here.abroad),
        "emergency": lines,
        "direct_line": direct,
        "short_code": code,
        "legal_duty": duty,
    }
    return here.model_copy(update=changed)


def test_each_thing_that_is_missing_is_named(world: World) -> None:
    country = complete()
    assert groups(world, country) == ["safety"]
    with world.db.write() as tx:
        heartbeats.record_heartbeat(tx, "backup")
    assert groups(world, country) == []
    each_language = ["texts"] * len(contents(world.config).book.languages)
    assert groups(world, country, reviews(world, read=False)) == each_language
    assert groups(world, country, reviews(world, signers={"health.first": ["doctor"]})) == each_language
    assert groups(world, load_country(ROOT, "KG")) == ["texts", "operators", "law"]
    decided = Decisions(no_short_code=True, no_legal_duty=True)
    assert groups(world, load_country(ROOT, "KG"), decided=decided) == ["texts"]
    assert groups(world, country.model_copy(update={"languages": ("kk",)})) == ["people"]
    world.clock.at += timedelta(days=world.config.fresh_days + 1)
    assert groups(world, country) == ["people", "safety"]


def test_a_line_whose_channels_do_not_reach_a_service_is_not_ready(world: World, tmp_path: Path) -> None:
    """The item names who is not reached, and no number."""
    file = tmp_path / "channels.yaml"
    file.write_text('channels: [{name: a, kind: emulator, countries: ["992"]}]')
    config = world.config.model_copy(update={"channels_file": file})
    with world.db.read() as tx:
        items = [
            each for each in readiness.items(tx, config, complete(), reviews(world), NOTHING_DECIDED) if not each.fine
        ]
    (told,) = [each.told for each in items if each.group == "people"]
    assert told.startswith("no channel sends texts to kg-")
    assert "kg-coordinator-1" in told
    assert "+996" not in told


def test_the_log_names_each_group_that_keeps_the_line_closed(world: World, caplog: pytest.LogCaptureFixture) -> None:
    config = world.config.model_copy(update={"channels": ("africastalking",)})
    with world.db.write() as tx:
        launch.close(tx, "komek")  # a database that other tests have used may be without its first rows
    launching.log_missing(world.db, config, contents(config))
    found = [(row.message, row.__dict__["ids"]) for row in caplog.records]
    assert found == [("line_needs", {"group": group}) for group in ("texts", "operators", "law", "safety")]
    caplog.clear()
    with world.db.write() as tx:
        launch.open_up(tx)
    launching.log_missing(world.db, config, contents(config))
    assert caplog.messages == [], "an open line needs nothing"


def test_decisions_are_in_the_audit_log(db: Database) -> None:
    with db.write() as tx:
        launch.close(tx, "komek")
        assert launching.open_line(tx, "aida", KEY, Decisions(no_short_code=True))
        assert not launching.open_line(tx, "aida", KEY, NOTHING_DECIDED)
        assert launch.was_open(tx)
        assert launching.close_line(tx, "aida", KEY)
        assert not launching.close_line(tx, "aida", KEY)
        assert not launch.was_open(tx)
        rows = tx.execute(audit.select().order_by(audit.c.seq)).all()
    assert [(row.action, row.ref) for row in rows] == [("open_line", "no_short_code"), ("close_line", "line")]


def test_r48_a_line_with_an_open_request_is_not_closed(world: World) -> None:
    """Its caller would see only the emergency number, and could not press *Stop calls*."""
    world.ask()
    with world.db.write() as tx:
        launch.open_up(tx)
    with world.db.write() as tx, pytest.raises(RequestOpen):
        launching.close_line(tx, "aida", KEY)
    with world.db.read() as tx:
        assert not launch.is_closed(tx)


def test_r48_a_request_that_came_while_the_line_was_closing_opens_it_again(world: World) -> None:
    """A web may take up to half a minute to see it, and longer on a busy machine. The line opens at the next look."""
    with world.db.write() as tx:
        launching.close_line(tx, "aida", KEY)
    waited: list[int] = []

    def wait() -> None:
        waited.append(1)
        if len(waited) == 70:
            world.ask()

    assert not launching.watch_closed(world.db, "aida", KEY, 69, wait)
    assert launching.watch_closed(world.db, "aida", KEY, 99, wait)
    assert len(waited) == 70
    with world.db.read() as tx:
        assert not launch.is_closed(tx)


def test_a_new_database_is_closed_and_an_update_closes_none(tmp_path: Path) -> None:
    """A line that people call stays open when a version comes that knows of closed lines."""
    new, old = (connect(f"sqlite:///{tmp_path / name}") for name in ("new", "old"))
    config = _config()
    with old.write() as tx:
        config.attributes["connection"] = tx.connection
        command.upgrade(config, "0026")
        launch.open_up(tx)  # it was made before lines could be closed
    for db in (new, old):
        upgrade(db)
        with db.read() as tx:
            assert launch.is_closed(tx) is (db is new)
        db.dispose()


@pytest.mark.parametrize("vault", [True, False], ids=["vault", "without"])
@pytest.mark.parametrize("opened", [True, False], ids=["open", "closed"])
def test_a_restore_brings_the_line_back_as_it_was(
    world: World, new_sqlite: Databases, tmp_path: Path, opened: bool, vault: bool
) -> None:
    """The line of a new database is closed. Callers of an open line must not find it closed after a lost disk."""
    with world.db.write() as tx:
        launch.close(tx, "komek")
        if opened:
            launching.open_line(tx, "aida", KEY, NOTHING_DECIDED)
    backup.write(world.db, tmp_path / "copies", keys()["backup_key"], "KG", world.clock())
    (main,) = backup.mains(tmp_path / "copies")
    numbers = tmp_path / "copies" / backup.NEWEST if vault else None
    new = new_sqlite()
    restore(new, keys()["restore_key"], main, numbers, world.clock(), "aida", KEY)
    with new.read() as tx:
        assert launch.is_closed(tx) is not opened


def test_a_web_of_a_closed_line_is_up() -> None:
    """`komek up` does not wait for a line to open. Any other reason still counts."""
    assert HttpCheck("127.0.0.1", 1).reached_at
    assert _is_only_not_open(b'{"ready": false, "reasons": ["%s"]}' % launch.NOT_OPEN.encode())
    assert not _is_only_not_open(b'{"ready": false, "reasons": ["%s", "another"]}' % launch.NOT_OPEN.encode())
    assert not _is_only_not_open(b"[]")
    assert not _is_only_not_open(b"<html>")
