"""Ask for a call without pressing keys: the domain gets a draft, as `hop` would pass it."""

from collections.abc import Callable

import sqlalchemy as sa

from helpline.caller import intake
from helpline.caller.intake import Saved, Session
from helpline.core.phone_numbers import msisdn
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.directory.service import Service
from helpline.request import requests
from helpline.request.model import CallbackRequest
from helpline.store.schema import message, offer
from helpline.store.schema import request as request_table
from menus.draft import Draft
from menus.salt import marks
from tests.world import CALLER, World

AGREED = Draft(language="ru", consent="yes", window="any")


def save_draft(
    world: World, draft: Draft = AGREED, session: str = "s1", keys: int = 4, *, caller: str = CALLER,
    last: bool = True, zones: tuple[str, ...] = (), short_form: bool = False,
) -> Saved:  # fmt: skip
    """Save a draft. `last` says that the END screen was reached."""
    call = Session("at", session, msisdn(caller), keys, last, short_form=short_form, zones=zones)
    kept = intake.save(world.public.ctx, call, draft)
    assert isinstance(kept, Saved)
    return kept


def listed(world: World, change: Callable[[Service], Service], only: frozenset[str] = frozenset()) -> None:
    """Replace the directory by one in which each service is changed, or only some are listed."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(
            tx, "KG", [change(each) for each in services if not only or each.id in only], people
        )


def code_of(world: World, session: str = "s1", draws: int = 0) -> tuple[str, int]:
    """Return the code that a session was shown, and the position of its word."""
    mark = marks(world.public.ctx.words.salt("at", session), draws)
    return mark.code, mark.word


def the_request(world: World) -> CallbackRequest:
    """Return the only request."""
    (row,) = world.rows(request_table)
    with world.db.read() as tx:
        found = requests.get(tx, row.id)
    assert found is not None
    return found


def recipients(world: World, notice: str) -> list[str]:
    """Return the ids of services and coordinators who were sent a notice, in the order of sending."""
    rows = sorted(world.rows(message), key=_place_in_line)
    return [str(row.recipient) for row in rows if row.notice == notice]


def _place_in_line(row: sa.Row[tuple[object, ...]]) -> tuple[object, int, str]:
    """Return what sorts texts by when they were sent. At one instant the gateway's ids, which are numbered, decide."""
    id = str(row.gateway_id or "")
    return row.updated, len(id), id


def asked(world: World) -> list[tuple[str, str]]:
    """Return the services that were asked, in order, each with the state of its offer. Coordinators are left out."""
    return [(row.service, row.state) for row in world.rows(offer) if "coordinator" not in row.service]


def claim(world: World) -> tuple[str, str]:
    """Claim the open offer. Return the telephone and the code."""
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert world.state() == "claimed"
    return to, code
