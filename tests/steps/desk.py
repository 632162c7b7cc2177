"""A caseworker at their phone, who types and reads the replies."""

from collections.abc import Callable
from dataclasses import replace

from helpline.casework import claims, order_digits
from helpline.casework.answers import Answer, CallPlaced
from helpline.casework.sms_answers import answer_by_sms
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.referral.context import Context
from helpline.request.offers import Offered
from helpline.staff import contacts
from helpline.staff.contact import Actor, Contact
from helpline.store.engine import Tx
from helpline.store.schema import request
from tests.world import CALLER, World

Command = Callable[[Context, Tx, Actor, Offered], Answer | CallPlaced]
DESK = "kg-country"
"""The service that is asked first, writes English, and gets numbers by SMS."""


def says(world: World, text: str, phone: str = "") -> list[str]:
    """Send a text from a desk. Return the replies to that phone."""
    to = phone or world.phone(DESK)
    before = len(world.inbox(to))
    world.text(to, text)
    return world.inbox(to)[before:]


def confirmed(world: World, text: str, phone: str = "") -> list[str]:
    """Send an order without digits, then the line that the reply shows. Return the replies to the line."""
    (reply,) = says(world, text, phone)
    return says(world, reply.rpartition(": ")[2], phone)


def give_order(ctx: Context, tx: Tx, contact: Contact, command: Command, code: str) -> Answer | CallPlaced:
    """Run a command about the offer of a code, and text the answer, as an order by SMS does."""
    actor = Actor.by_sms(contact)
    offer = claims.find(ctx, tx, actor, code)
    answer = command(ctx, tx, actor, offer) if offer else order_digits.wrong(ctx, tx, actor)
    if not isinstance(answer, CallPlaced):
        answer_by_sms(ctx, tx, contact, answer, code)
    return answer


def shown(world: World, caller: str = CALLER) -> str:
    """Claim a request and show its number. Return the code."""
    world.ask(caller)
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert caller in says(world, f"NUMBER {code}", to)[-1]
    return code


def again(world: World, code: str) -> None:
    """Wait for the next time window and have the number shown again."""
    world.wait(days=1)
    assert CALLER in says(world, f"NUMBER {code}")[-1]


def states(world: World) -> list[tuple[str, str | None]]:
    """Return state and outcome of every request, oldest first."""
    rows = sorted(world.rows(request), key=lambda row: (row.created, row.id))
    return [(str(row.state), row.outcome) for row in rows]


def second_phone(world: World, phone: str = "+996000500099", desk: str = DESK) -> str:
    """Add a second phone, off duty, to a desk. Return its number."""
    with world.db.write() as tx:
        first = contacts.get(tx, desk)
        assert first is not None
        contacts.add(tx, "KG", replace(first, id=f"{desk}-2", phone=phone, on_duty=False))
    return phone


def only(world: World, *ids: str) -> None:
    """Keep only some services of the sample, and two coordinators who read English."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    english: list[Contact] = [replace(each, language="en") for each in people]
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [each for each in services if each.id in ids], english)


def all_fit(world: World) -> None:
    """Replace the directory by five services that differ only in names and telephones, read English and take SMS."""
    listed, people = sample("KG", "Asia/Bishkek", world.clock().date())
    like = next(each for each in listed if each.id == DESK)
    able = [replace(like, id=each.id, names=each.names, phone=each.phone) for each in listed if each.callback][:5]
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", able, people)
    world.contacts_are(accepts_numbers_by_sms=True, language="en")
