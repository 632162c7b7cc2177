"""A made-up country for the simulated day: services with hours, languages, needs and desks, and callers with wishes.

Everything is drawn from a seed, so that two runs can be compared.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from helpline.content.country import Country
from helpline.directory.opening_hours import DAYS, Opening
from helpline.directory.service import Service
from menus.draft import YES, Draft

NEEDS = ("wages", "documents", "go_home", "safe_place", "health", "talk", "legal")
HOURS = ((time(9), time(18), 5), (time(8), time(20), 6), (time(8), time(21), 7), (time(0), time(23, 59), 7))
"""Opening hour, closing hour, days a week. Office hours are the most common."""
SILENT, SLOW = 0.15, 0.25
"""The share of services that never answer a text, and of slow ones."""
BY_HOUR = (2, 1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6, 7, 8, 8, 7, 5, 3)
"""How many people ask in each hour of the day, as weights. Most ask after work."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How a service answers: never, or some minutes after a text (median), and how often it says yes."""

    silent: bool
    minutes: float
    says_yes: float


def services(country: Country, count: int, today: date, chance: random.Random) -> list[Service]:
    """Draw `count` services. Every sixth serves the whole country."""
    return [_service(country, at, today, chance) for at in range(count)]


def _service(country: Country, at: int, today: date, chance: random.Random) -> Service:
    regions = sorted(country.regions)
    home = chance.choice(regions)
    opens, closes, days = chance.choices(HOURS, (5, 3, 2, 1))[0]
    lat, lon = country.regions[home]
    whole = at % 6 == 0
    return Service(
        id=f"s{at:03}", names={"en": f"Service {at}"}, kind="ngo", phone=f"+9960005{at:05}",
        languages=tuple({"ru", *chance.sample(("ky", "uz_Cyrl", "en"), chance.randint(1, 3))}),
        needs=frozenset([*chance.sample(NEEDS, chance.randint(2, 6)), "talk"]),
        regions=frozenset() if whole else frozenset({home, *chance.sample(regions, 2)}),
        at=(lat + chance.uniform(-0.3, 0.3), lon + chance.uniform(-0.3, 0.3)), zone=country.zone,
        schedule=(Opening(frozenset(DAYS[:days]), opens, closes),), assured=today - timedelta(days=chance.randint(1, 110)),
        child_safeguarding=chance.random() < 0.6, accepts_numbers_by_sms=True, language="en",
        sexes=frozenset(chance.choice((("woman",), ("woman", "man")))), capacity=chance.choice((5, 10, 20, 40)),
    )  # fmt: skip


def habits(listed: Sequence[Service], chance: random.Random) -> dict[str, Habit]:
    """Draw how each service answers, by its id."""
    found = {}
    for each in listed:
        slow = chance.random() < SLOW
        found[each.id] = Habit(chance.random() < SILENT, 45.0 if slow else 6.0, chance.uniform(0.6, 0.98))
    return found


def draft(country: Country, chance: random.Random) -> Draft:
    """Draw the answers of a caller. Half a draft is common, because calls drop."""
    whole = Draft(
        language=chance.choices(("ky", "ru", "uz_Cyrl", "en"), (5, 4, 2, 1))[0], consent=YES,
        window=chance.choices(("any", "morning", "day", "evening", "now"), (5, 2, 2, 4, 1))[0],
    )  # fmt: skip
    if whole.window == "now":
        return replace(whole, risk="now")
    if chance.random() < 0.3:
        return whole
    return replace(
        whole,
        place=chance.choice(sorted(country.regions)),
        need=chance.choice((*NEEDS, "not_sure")),
        operator_sex=chance.choices(("", "woman", "any"), (6, 2, 1))[0],
        age_band=chance.choices(("", "adult", "under_18"), (6, 3, 1))[0],
    )
