"""Made-up figures of the last three months for the demo, so that the pages of figures are not empty.

They are counted and hidden as real ones are (R36), from people who do not exist. Production never calls this.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta

from helpline.directory.service import Service
from helpline.oversight import month_rows, monthly
from helpline.store.engine import Tx

MONTHS = 3
FEWEST, MOST = 140, 260
NEEDS = ("wages", "wages", "wages", "documents", "documents", "go_home", "safe_place", "health", "talk", "legal")
OUTCOMES = ("reached", "reached", "reached", "reached", "expired", "stranded", "withdrew")
ANSWERS = ("claimed", "claimed", "claimed", "passed", "silent")
CHANNELS = ("ussd", "ussd", "ussd", "sms")
AGES = ("adult", "adult", "adult", "adult", "not_said", "under_18")
ABOUT = ("self", "self", "self", "about_someone")
SCREENS = ("callback.consent", "callback.when", "callback.place", "start.home")


def store(tx: Tx, services: Sequence[Service], regions: Sequence[str], languages: Sequence[str]) -> None:
    """Store the last months that are over, unless they are stored already."""
    for name in monthly.last_months(tx.now, MONTHS):
        chance = random.Random(name)  # noqa: S311  # made-up figures, the same at each start
        people = [_person(chance, regions, languages) for _ in range(chance.randint(FEWEST, MOST))]
        asked = [_asked(chance, services) for _ in range(len(people) * 3 // 2)] if services else []
        left = [{"screen": chance.choice(SCREENS)} for _ in range(chance.randint(60, 110))]
        _store(tx, name, "", people, asked, left)
        for service in services:
            own = [each for each in asked if each["service"] == service.id]
            claimed = sum(each["answer"] == "claimed" for each in own)
            _store(tx, name, service.id, people[:claimed], own, [])


def _store(
    tx: Tx, name: str, service: str, people: Sequence[Mapping[str, str]], asked: Sequence[Mapping[str, str]],
    left: Sequence[Mapping[str, str]],
) -> None:  # fmt: skip
    spans = _spans(random.Random(name + service), len(people))  # noqa: S311
    counted = monthly.count(name, people, spans, asked, left)
    month_rows.store_month(tx, name, service, monthly.to_json(counted))


def _person(chance: random.Random, regions: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    return {
        "need": chance.choice(NEEDS),
        "region": chance.choice([*regions[:4], *regions[:4], *regions]),
        "language": chance.choice([*languages[:2], *languages[:2], *languages]),
        "channel": chance.choice(CHANNELS),
        "age": chance.choice(AGES),
        "about": chance.choice(ABOUT),
        "outcome": chance.choice(OUTCOMES),
        "day": f"{chance.randint(1, 28):02}",
    }


def _asked(chance: random.Random, services: Sequence[Service]) -> dict[str, str]:
    return {"service": chance.choice(services).id, "answer": chance.choice(ANSWERS)}


def _spans(chance: random.Random, how_many: int) -> dict[str, list[timedelta]]:
    def about(minutes: int) -> list[timedelta]:
        return [timedelta(minutes=minutes * chance.uniform(0.3, 3)) for _ in range(how_many)]

    return {"offer": about(2), "claim": about(14), "reach": about(190)}
