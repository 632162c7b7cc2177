"""A caseworker at her telephone: she types, and reads what comes back."""

from dataclasses import replace

from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store.schema import request
from tests.world import CALLER, World

DESK = "kg-country"
"""Who is asked first by the shortest way, writes English, and gets numbers by SMS."""


def says(world: World, text: str, phone: str = "") -> list[str]:
    """Send a text from a desk; give what comes back to that phone."""
    to = phone or world.phone(DESK)
    before = len(world.inbox(to))
    world.text(to, text)
    return world.inbox(to)[before:]


def shown(world: World, caller: str = CALLER) -> str:
    """Claim a request and show its number. Return the code."""
    world.ask(caller)
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert caller in says(world, f"NUMBER {code}", to)[-1]
    return code


def again(world: World, code: str) -> None:
    """Wait for the next window and have the number shown again."""
    world.wait(days=1)
    assert CALLER in says(world, f"NUMBER {code}")[-1]


def states(world: World) -> list[tuple[str, str | None]]:
    """Return state and outcome of every request, the oldest first."""
    rows = sorted(world.rows(request), key=lambda row: (row.created, row.id))
    return [(str(row.state), row.outcome) for row in rows]


def second_phone(world: World, phone: str = "+996000500099", desk: str = DESK) -> str:
    """Return a desk a second telephone, off duty; give its number."""
    with world.db.write() as tx:
        first = contacts.get(tx, desk)
        assert first is not None
        contacts.add(tx, "KG", replace(first, id=f"{desk}-2", phone=phone, on_duty=False))
    return phone


def only(world: World, *ids: str) -> None:
    """Leave some services of the sample, and two coordinators who read English."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    english: list[Contact] = [replace(each, language="en") for each in people]
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [each for each in services if each.id in ids], english)
