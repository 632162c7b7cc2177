"""Requests of a month as they are in the database, many at once, for pages, files and benchmarks."""

import random
from datetime import datetime, timedelta

import sqlalchemy as sa

from helpline.store.engine import Database
from helpline.store.schema import attempt, offer, request

NEEDS = ("wages", "wages", "wages", "documents", "go_home", "talk", "legal", "health", "")
REGIONS = ("KG-GB", "KG-GB", "KG-GO", "KG-C", "KG-O", "KG-J", "KG-B", "RU", "")
SERVICES = ("ngo-1", "ngo-1", "ngo-2", "ngo-3")
UNSAID = ("others_may_answer", "may_leave_message", "may_name_us", "may_sms")


def fill(db: Database, start: datetime, how_many: int, seed: int = 1, days: int = 28, *, offers: bool = True) -> None:
    """Store requests of a month, most of them reached."""
    chance = random.Random(seed)
    made = [_request(chance, f"{start:%Y%m}-{seed}-{at}", start, days) for at in range(how_many)]
    with db.write() as tx:
        tx.execute(sa.insert(request), made)
        if offers:
            given = [_offer(chance, row) for row in made]
            tx.execute(sa.insert(offer), given)
            tx.execute(sa.insert(attempt), [_attempt(chance, row) for row in given if row["claimed"]])


def _request(chance: random.Random, id: str, start: datetime, days: int) -> dict[str, object]:
    at = start + timedelta(minutes=chance.randrange(days * 1440))
    plain = dict.fromkeys(("zone", "hour", "days", "cover", "operator_sex", "operator_language", "felt", "risk"), "")
    times = dict.fromkeys(("due", "created", "updated", "expires", "since"), at)
    numbers = dict.fromkeys(("keys_seen", "word", "ours", "draws", "reveals"), 0)
    outcome = chance.choice(("helped", "helped", "withdrew", "unreachable"))
    return {
        **plain, **times, **numbers, **dict.fromkeys(UNSAID, "not_said"), "id": id, "state": "closed",
        "content": "x", "language": chance.choice(("ky", "ru", "ru", "uz_Cyrl")), "window": "any",
        "short_form": chance.random() < 0.2, "place": chance.choice(REGIONS), "need": chance.choice(NEEDS),
        "age_band": chance.choice(("adult", "adult", "not_said", "under_18")), "kind": "self", "outcome": outcome,
    }  # fmt: skip


def _offer(chance: random.Random, made: dict[str, object]) -> dict[str, object]:
    at = made["created"]
    assert isinstance(at, datetime)
    claimed = at + timedelta(minutes=chance.randrange(3, 300)) if made["outcome"] != "withdrew" else None
    state = "void" if claimed else chance.choice(("passed", "lapsed"))
    return {
        "id": f"o{made['id']}", "request": made["id"], "line": made["id"], "service": chance.choice(SERVICES),
        "seq": 1, "state": state, "draws": 0, "opened": at + timedelta(minutes=1), "claimed": claimed,
    }  # fmt: skip


def _attempt(chance: random.Random, made: dict[str, object]) -> dict[str, object]:
    at = made["claimed"]
    assert isinstance(at, datetime)
    return {
        "request": made["request"], "offer": made["id"], "service": made["service"],
        "actor": "somebody", "outcome": chance.choice(("reached", "no_answer")),
        "at": at + timedelta(minutes=chance.randrange(5, 900)), "was_request": "claimed", "was_offer": "claimed",
    }  # fmt: skip
