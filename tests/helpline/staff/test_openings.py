"""R32: a case that is opened by SMS, or by the same person twice in one instant."""

import pytest

from helpline.core.config import Config
from helpline.staff import openings
from helpline.staff.openings import OPENED
from helpline.store import audit_log
from helpline.store.engine import Database, Tx
from helpline.store.schema import audit, request
from tests.steps.threads import at_once
from tests.world import World, keys

pytestmark = pytest.mark.engines
KEY = Config.model_validate({**keys(), "data": "nowhere"}).audit_key.get_secret_value().encode()


def opened(world: World) -> list[tuple[str, str]]:
    return [(row.actor, row.ref) for row in world.rows(audit) if row.action == OPENED]


@pytest.mark.parametrize("word", ["AGAIN", "YES"])
def test_r32_a_card_that_is_texted_once_more_is_an_opening(world: World, word: str) -> None:
    """The card came with the claim, which has a row of its own."""
    to, code = world.claimed()
    assert opened(world) == []
    (about,) = world.rows(request)
    world.text(to, f"{word} {code}")
    world.text(to, f"{word} {code}")
    (row,) = opened(world)
    assert row[1] == about.id
    world.text(to, "LIST")
    world.text(to, code)
    assert opened(world) == [row]


def test_r32_of_eight_openings_at_once_one_is_logged(db: Database) -> None:
    """Eight tabs of one person: one row, and each of them is answered."""

    def read(tx: Tx) -> str:
        openings.record(tx, KEY, "person", "request")
        return "the case"

    assert at_once(*[lambda: openings.reading(db, KEY, read)] * 8) == ["the case"] * 8
    with db.read() as tx:
        assert [(row.actor, row.action) for row in audit_log.search(tx)] == [("person", OPENED)]
        assert audit_log.broken_at(tx, KEY) is None
