"""Fill a database with as many requests as a busy country has: copies of real ones that the service itself saved."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any

import sqlalchemy as sa

from helpline.keys.row_seal import ContactKey
from helpline.request import offer_seal
from helpline.store.engine import Tx
from helpline.store.schema import offer, request, vault
from helpline.store.sql import new_id
from menus.draft import ANSWERS
from tests.gateway.console.cases_office import CaseOffice

AT_ONCE = 2_000
DAYS = ("", "", "135", "67", "12345", "24")
ZONES = ("Asia/Bishkek", "Asia/Almaty", "Asia/Dubai", "Asia/Seoul", "Europe/Istanbul", "Europe/Moscow", "Europe/Warsaw")
"""Most callers are at home; those who work abroad have other clocks. So there are 140 kinds of time windows."""
Rows = dict[str, dict[str, Any]]


def fill(house: CaseOffice, still_open: int, over: int, chance: Random) -> str:
    """Create open and closed requests of one service. Return the service's id.

    Half of the open ones are offered, half claimed.
    """
    model = _model(house, house.offered())
    with house.world.db.write() as tx:
        copies = _copies(house, model, still_open, over, chance)
        while some := list(islice(copies, AT_ONCE)):
            for name, table in TABLES.items():
                rows = [each[name] for each in some if name in each]
                if rows:
                    tx.execute(sa.insert(table), rows)
        tx.execute(sa.text("analyze"))
    return str(model["offer"]["service"])


TABLES = {"request": request, "vault": vault, "offer": offer}


def _model(house: CaseOffice, id: str) -> Rows:
    with house.world.db.read() as tx:
        held = _row(tx, offer, offer.c.id == id)
        of = held["request"]
        return {
            "offer": held,
            "request": _row(tx, request, request.c.id == of),
            "vault": _row(tx, vault, vault.c.request == of),
        }


def _row(tx: Tx, table: sa.Table, here: sa.ColumnElement[bool]) -> dict[str, Any]:
    return dict(tx.execute(sa.select(table).where(here)).mappings().one())


def _copies(house: CaseOffice, model: Rows, still_open: int, over: int, chance: Random) -> Iterator[Rows]:
    for number in range(still_open):
        yield _copy(house, model, chance, ("offered", "open") if number % 2 else ("claimed", "claimed"))
    for _ in range(over):
        rows = _copy(house, model, chance, ("closed", "passed"))
        del rows["vault"]
        yield rows


def _copy(house: CaseOffice, model: Rows, chance: Random, states: tuple[str, str]) -> Rows:
    id, line = new_id(), new_id()
    asked = house.world.clock() - timedelta(minutes=chance.randrange(7 * 24 * 60))
    about = {
        "id": id, "session": new_id(), "code_mac": new_id(), "state": states[0], "created": asked, "since": asked,
        "expires": asked + timedelta(days=14), "need": chance.choice(sorted(ANSWERS["need"] or ())),
        "window": chance.choice(("any", "morning", "day", "evening")), "days": chance.choice(DAYS),
        "zone": chance.choices(ZONES, (20, *[1] * (len(ZONES) - 1)))[0],
        "risk": chance.choices(("not_said", "now"), (19, 1))[0],
    }  # fmt: skip
    held = model["offer"] | {"id": new_id(), "request": id, "line": line, "state": states[1], "opened": asked}
    held["claimed"] = asked if states[1] == "claimed" else None
    held["mac"] = offer_seal.code(ContactKey.of(house.world.config.contact_key.get_secret_value()), held)
    return {
        "request": model["request"] | about, "offer": held,
        "vault": model["vault"] | {"request": id, "line": line},
    }  # fmt: skip
