"""R30: a case passes to one other service at a time, when that one accepts. Until then it stays with its holder."""

import re

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.store.engine import Database
from helpline.store.schema import offer, request, vault
from menus.draft import Draft
from tests.steps.caller import code_of
from tests.steps.desk import all_fit, says
from tests.world import CALLER, World

CODE = re.compile(r"NO/YES (\d{5})")


@pytest.fixture
def world(db: Database) -> World:
    """Five services that all fit, read English and get numbers by SMS."""
    made = World.on(db)
    all_fit(made)
    return made


def claimed(world: World, *, reached: bool = False) -> tuple[str, str]:
    """Return telephone and code of the service that has claimed a request, and seen the number."""
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    if reached:
        world.text(to, f"REACHED {code}")
    return to, code


def others(world: World, *but_not: str) -> list[Contact]:
    """Return the services without these telephones."""
    with world.db.read() as tx:
        known = contacts.of_kind(tx, "service", "KG")
    return [each for each in known if each.id == each.desk and each.phone not in but_not]


def asked(world: World, to: str, code: str, *, skip: int = 0) -> tuple[str, str]:
    """Hand a case over to another service. Return its telephone, and the code that it was sent."""
    other = others(world, to)[skip]
    assert other.phone in says(world, f"HANDED {code} {other.names['en']}", to)[-1]
    found = CODE.search(world.inbox(other.phone)[-1])
    assert found, world.inbox(other.phone)
    return other.phone, found[1]


def live(world: World) -> list[str]:
    """Return the states of the offers that are in force."""
    return sorted(
        str(row.state) for row in world.rows(offer) if row.state in ("open", "claimed", "followed", "proposed")
    )


@pytest.mark.parametrize("reached", [False, True], ids=["claimed", "reached"])
def test_r30_a_case_stays_with_its_holder_until_the_other_service_accepts(world: World, reached: bool) -> None:
    """The other service cannot see the number, nor report a call."""
    to, code = claimed(world, reached=reached)
    was = world.state()
    other, theirs = asked(world, to, code)
    assert world.state() == was
    assert live(world) == sorted(["followed" if reached else "claimed", "proposed"])
    says(world, f"NUMBER {theirs}", other)
    says(world, f"REACHED {theirs}", other)
    assert not [text for phone, text in world.gateway.sent if phone == other and CALLER in text]
    assert world.state() == was


@pytest.mark.parametrize("reached", [False, True], ids=["claimed", "reached"])
def test_r30_a_case_that_is_accepted_has_one_holder(world: World, reached: bool) -> None:
    """The giver is told to erase the number, and can do nothing more about the case."""
    to, code = claimed(world, reached=reached)
    was = world.state()
    other, theirs = asked(world, to, code)
    says(world, f"YES {theirs}", other)
    assert world.state() == was
    assert live(world) == ["followed" if reached else "claimed"]
    assert "Delete the number" in world.inbox(to)[-1]
    assert says(world, f"DONE {code}", to) == [f"{code}: do not call any more. Please delete the number."]
    if reached:
        assert says(world, f"DONE DONE {theirs}", other) == [f"{theirs}: done, thank you. Please delete the number."]
        assert [row.outcome for row in world.rows(request)] == ["helped"]


@pytest.mark.parametrize("reached", [False, True], ids=["claimed", "reached"])
def test_r01_danger_is_said_to_who_takes_a_case_over_until_the_caller_was_reached(world: World, reached: bool) -> None:
    """In the text that asks, and in those about what the caller changes later."""
    to, code = claimed(world, reached=reached)
    with world.db.write() as tx:
        tx.execute(sa.update(request).values(risk="now"))
    other, theirs = asked(world, to, code)
    assert ("DANGER" in world.inbox(other)[-1]) is not reached
    says(world, f"YES {theirs}", other)
    my_request.change_detail(world.public.ctx, *code_of(world), Draft(wish="need", new_need="legal"))
    world.run()
    assert ("DANGER" in " ".join(world.inbox(other)[1:])) is not reached


def test_r30_one_other_service_is_asked_at_a_time(world: World) -> None:
    to, code = claimed(world)
    asked(world, to, code)
    third = others(world, to)[1]
    reply = says(world, f"HANDED {code} {third.names['en']}", to)
    assert reply == [f"{code}: another service has been asked already. To stop that: UNDO {code}"]
    assert live(world) == ["claimed", "proposed"]
    assert not world.inbox(third.phone)


@pytest.mark.parametrize("reached", [False, True], ids=["claimed", "reached"])
def test_r30_a_case_that_passed_on_counts_two_services(world: World, reached: bool) -> None:
    """After a hand-over within the consent no third service can be asked, also if the number was told by voice."""
    to, code = claimed(world, reached=reached)
    other, theirs = asked(world, to, code)
    says(world, f"YES {theirs}", other)
    if not reached:
        world.wait(days=1)
        assert CALLER in says(world, f"NUMBER {theirs}", other)[-1]
    third = others(world, to, other)[0]
    (reply,) = says(world, f"HANDED {theirs} {third.names['en']}", other)
    assert reply == f"{theirs}: the caller did not agree to another service. Please continue."


def test_r30_a_number_that_its_holder_has_seen_counts_for_the_service_that_takes_over(world: World) -> None:
    """They talk about the case, so that service may know the number without having asked for it."""
    to, code = claimed(world)
    other, theirs = asked(world, to, code)
    says(world, f"YES {theirs}", other)
    third = others(world, to, other)[0]
    (reply,) = says(world, f"HANDED {theirs} {third.names['en']}", other)
    assert reply == f"{theirs}: the caller did not agree to another service. Please continue."


@pytest.mark.parametrize("first", ["report", "question"])
def test_a_case_that_was_not_for_its_holder_stays_with_the_service_that_took_it_over(world: World, first: str) -> None:
    """Minutes after such a report a case is closed and its number deleted, but not if somebody else helps."""
    to, code = claimed(world)
    if first == "report":
        says(world, f"NOT FOR US {code}", to)
        other, theirs = asked(world, to, code)
    else:
        other, theirs = asked(world, to, code)
        says(world, f"NOT FOR US {code}", to)
    world.wait(minutes=20)
    assert "proposed" in live(world)
    says(world, f"YES {theirs}", other)
    world.wait(hours=1)
    assert "proposed" not in live(world)
    assert len(live(world)) == 1
    assert len(world.rows(vault)) == 1


def test_a_case_that_was_not_for_its_first_holder_is_followed_and_ends_as_any_other(world: World) -> None:
    """Nobody has reported that the caller was reached: the service that took the case over cannot do so any more."""
    to, code = claimed(world)
    says(world, f"NOT FOR US {code}", to)
    other, theirs = asked(world, to, code)
    world.wait(minutes=1)
    says(world, f"YES {theirs}", other)
    world.wait(days=2)
    assert world.state() == "following"
    world.wait(days=29)
    assert [(row.state, row.outcome) for row in world.rows(request)] == [("closed", "helped")]
    assert world.rows(vault) == []


def test_undo_of_a_case_that_was_taken_over_is_refused(world: World) -> None:
    """The service that gave it was told to delete the number. It can be handed back."""
    to, code = claimed(world)
    other, theirs = asked(world, to, code)
    says(world, f"YES {theirs}", other)
    assert "undone" not in says(world, f"UNDO {theirs}", other)[-1]
    assert live(world) == ["claimed"]


@pytest.mark.parametrize("answer", ["NO {}", ""], ids=["declined", "silent"])
def test_a_service_that_does_not_accept_leaves_the_case_where_it_is(world: World, answer: str) -> None:
    """Its holder is told so, and may ask another one."""
    to, code = claimed(world, reached=True)
    other, theirs = asked(world, to, code)
    if answer:
        assert says(world, answer.format(theirs), other) == [
            f"{theirs}: thank you. It stays with the service that asked."
        ]
    else:
        world.wait(hours=12)
    assert "does not take it. It is still yours." in world.inbox(to)[-1]
    assert live(world) == ["followed"]
    assert says(world, f"YES {theirs}", other) == [f"{theirs} is over for you. You do not need to answer any more."]
    asked(world, to, code, skip=1)


def test_undo_stops_asking_and_the_other_service_is_told(world: World) -> None:
    to, code = claimed(world)
    other, theirs = asked(world, to, code)
    assert says(world, f"UNDO {code}", to) == [f"{code}: undone. It is as before."]
    assert world.inbox(other)[-1] == f"{theirs} is over for you. You do not need to answer any more."
    assert live(world) == ["claimed"]


@pytest.mark.parametrize("end", ["NO NO {}", "UNSAFE {}"])
def test_r30_nothing_is_taken_over_from_a_service_that_holds_nothing_more(world: World, end: str) -> None:
    """It gave the case back, or all calls were stopped for the caller's safety."""
    to, code = claimed(world)
    other, theirs = asked(world, to, code)
    says(world, end.format(code), to)
    was = world.state()
    assert says(world, f"YES {theirs}", other)[-1] == f"{theirs} is over for you. You do not need to answer any more."
    assert world.state() == was
    assert "proposed" not in live(world)


def test_r48_a_stop_of_the_caller_ends_the_question_too(world: World) -> None:
    to, code = claimed(world)
    other, theirs = asked(world, to, code)
    world.text(CALLER, "STOP")
    assert live(world) == []
    assert says(world, f"YES {theirs}", other) == [f"{theirs} is over for you. You do not need to answer any more."]
