"""R28, R30: the number goes to one service at a time, and to two at most, unless the caller agrees to one more."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from helpline.casework import handover
from helpline.core.ports import Delivery, Receipt, SendFailed
from helpline.referral import attend
from helpline.request import offers, recipients, requests
from helpline.request.model import State
from helpline.request.recipients import Recipients, waiting_for_yes
from helpline.staff import contacts
from helpline.store import outbox
from helpline.store.engine import Database
from helpline.store.schema import audit, offer, request, waitlist
from tests.steps.by_day import RARELY
from tests.steps.desk import all_fit, says
from tests.world import CALLER, HOME, OTHER, SEE, Call, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"
ANOTHER = (*HOME, "9", "2", "9", "3")
CODE = re.compile(r"\b[0-9]{5}\b")
KEPT = re.compile(r"Помните (\d{6})\. Мы скажем \S+, вы (\S+)\.")


@pytest.fixture
def world(db: Database) -> World:
    """Five services that all fit. They and the coordinators read English and get numbers by SMS."""
    made = World.on(db, sweep_every=RARELY)
    all_fit(made)
    return made


def with_number(world: World) -> set[str]:
    """Return the telephones that the caller's number was sent to."""
    return {to for to, text in world.gateway.sent if CALLER in text}


def got_number(world: World) -> tuple[str, str]:
    """Claim the newest offer, and get the number. Return telephone and code."""
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.set_local(10)
    assert CALLER in says(world, f"NUMBER {code}", to)[-1]
    return to, code


def had_by_two(world: World) -> tuple[str, str, Call]:
    """Show the number to two services; the second holds the claim. Return its telephone and code, and the call."""
    call = world.ask(last=False)
    call.press("0")
    world.run()
    to, code = got_number(world)
    world.text(to, f"NO NO {code}")
    to, code = got_number(world)
    assert len(with_number(world)) == 2
    return to, code, call


def gives_back(world: World, to: str, code: str) -> None:
    """The second service declines."""
    assert says(world, f"NO NO {code}", to) == [f"{code}: do not call any more. Please delete the number."]


def is_silent(world: World, to: str, code: str) -> None:
    """The second service is not heard of again."""
    world.wait(days=3)
    assert world.inbox(to)[-1] == f"{code}: do not call any more. Please delete the number."


def hands_over(world: World, to: str, code: str) -> None:
    """The second service names a third, and is refused; then it declines."""
    with world.db.read() as tx:
        others = [each for each in contacts.of_kind(tx, "service", "KG") if each.id == each.desk]
    third = next(each for each in others if each.phone not in with_number(world))
    refused = f"{code}: the caller did not agree to another service. Please continue."
    assert says(world, f"HANDED {code} {third.names['en']}", to) == [refused]
    gives_back(world, to, code)


def services(world: World) -> list[str]:
    """Return the services of the directory."""
    with world.db.read() as tx:
        return sorted({each.desk for each in contacts.of_kind(tx, "service", "KG")})


@pytest.mark.parametrize("way", [gives_back, is_silent, hands_over])
def test_r30_no_third_service_is_asked(world: World, way: Callable[[World, str, str], None]) -> None:
    """After two, the request is stranded, a coordinator is told why, and nobody else gets the number."""
    to, code, _ = had_by_two(world)
    seen, asked = with_number(world), {row.service for row in world.rows(offer)}
    way(world, to, code)
    world.wait(hours=1)
    assert world.state() == "stranded"
    assert {row.service for row in world.rows(offer)} - asked <= {FIRST, SECOND}
    assert "Limit of services" in world.inbox(world.phone(FIRST))[-1]
    world.wait(days=3)
    assert with_number(world) == seen
    assert not world.rows(waitlist)


def test_r30_a_stranded_request_waits_for_the_callers_yes_after_two_services_only(world: World) -> None:
    """A coordinator's list names it then. It does not name one whose number has left to nobody."""
    to, code, _ = had_by_two(world)
    ids = [row.id for row in world.rows(request)]
    with world.db.read() as tx:
        assert waiting_for_yes(tx, ids, 3) == frozenset()
    gives_back(world, to, code)
    world.wait(hours=1)
    world.ask(OTHER)
    with world.db.read() as tx:
        assert waiting_for_yes(tx, [row.id for row in world.rows(request)], 2) == frozenset(ids)
    with world.db.write() as tx:
        tx.execute(sa.update(request).where(request.c.id == ids[0]).values(more_services=1))
        assert waiting_for_yes(tx, ids, 2) == frozenset()


def test_r30_a_changed_directory_does_not_pass_the_number_on(world: World) -> None:
    """A new service makes a stranded request go on, but not after two services had the number."""
    to, code, _ = had_by_two(world)
    gives_back(world, to, code)
    all_fit(world)
    with world.db.write(world.clock()) as tx:
        attend.directory_changed(world.work.ctx, tx)
    world.run()
    assert world.state() == "stranded"


def test_r30_a_free_place_does_not_pass_the_number_on(world: World) -> None:
    """A desk that was full has room again: the request is not on its waitlist."""
    to, code, _ = had_by_two(world)
    had = {row.service for row in world.rows(offer)}
    third = next(each for each in services(world) if each not in had)
    with world.db.write() as tx:
        tx.execute(sa.insert(waitlist).values(request=world.rows(request)[0].id, service=third))
        outbox.wake(tx, "waitlist", third, world.clock())
    gives_back(world, to, code)
    world.wait(hours=1)
    assert world.state() == "stranded"
    assert {row.service for row in world.rows(offer)} - had <= {FIRST, SECOND}


def test_r30_a_coordinator_reassigns_to_no_third_service(world: World) -> None:
    """Each other service is unfit, with that reason. One that has the number may be asked again."""
    to, code, _ = had_by_two(world)
    had = {each for each in services(world) if world.phone(each) in with_number(world)}
    gives_back(world, to, code)
    with world.db.read() as tx:
        (stranded,) = requests.in_state(tx, State.STRANDED)
        found = handover.candidates(world.work.ctx, tx, stranded)
    assert {each.id for each in found if "no_more_services" not in each.why} == had
    assert {each.id for each in found if not each.why} <= had


def test_r30_no_claim_gets_the_number_after_two_services_had_it(world: World) -> None:
    """The place where the number leaves asks, too, whatever came before."""
    to, code, _ = had_by_two(world)
    gives_back(world, to, code)
    third = next(each for each in services(world) if world.phone(each) not in with_number(world))
    with world.db.write(world.clock()) as tx:
        (stranded,) = requests.in_state(tx, State.STRANDED)
        line = offers.of_request(tx, stranded.id)[0].line
        id = offers.add(tx, stranded.id, line, third, 0)
        assert id
        offers.move(tx, id, offers.OfferState.OPEN, offers.OfferState.CLAIMED)
        requests.move(tx, stranded.id, State.STRANDED, State.CLAIMED)
    code = world.work.ctx.offer_code(id, 0)
    world.set_local(10)
    (reply,) = says(world, f"NUMBER {code}", world.phone(third))
    assert reply.startswith(f"{code}: no more services may get the number.")


def called(world: World, who: str) -> str:
    """Return the code of a coordinator's last call."""
    return str(CODE.findall(next(text for text in reversed(world.inbox(world.phone(who))) if "TAKE" in text))[-1])


def test_r29_a_coordinator_takes_it_beyond_the_consent_only_with_a_reason(world: World) -> None:
    """By SMS no reason can be given. With one, the audit log says why, and they do not count as a service."""
    to, code, _ = had_by_two(world)
    gives_back(world, to, code)
    (reply,) = says(world, f"TAKE {called(world, FIRST)}", world.phone(FIRST))
    assert "no more services may get the number" in reply
    assert world.state() == "stranded"
    take(world, "asked")
    world.set_local(10)
    own = CODE.findall(world.inbox(world.phone(FIRST))[-1])[0]
    assert CALLER in says(world, f"NUMBER {own}", world.phone(FIRST))[-1]
    assert [row.action for row in world.rows(audit) if row.actor == FIRST][:2] == ["override_asked", "claim"]
    with world.db.read() as tx:
        assert len(recipients.have_number(tx, world.rows(request)[0].id)) == 2


def take(world: World, why: str) -> None:
    """Take the request as the console does, for the first coordinator's telephone."""
    from helpline.casework import escalated_requests
    from helpline.staff.contact import Actor

    with world.db.write(world.clock()) as tx:
        (stranded,) = requests.in_state(tx, State.STRANDED)
        person = contacts.get(tx, FIRST)
        assert person is not None
        actor = Actor.by_sms(person)
        assert escalated_requests.needs_reason(world.work.ctx, tx, actor, stranded)
        assert escalated_requests.take_at_console(world.work.ctx, tx, actor, stranded, why)
    world.run()


def test_r29_in_danger_the_reason_is_given(world: World) -> None:
    """A coordinator takes it by SMS. The audit log says that it was danger."""
    to, code, _ = had_by_two(world)
    with world.db.write() as tx:
        tx.execute(sa.update(request).values(risk="now"))
    gives_back(world, to, code)
    world.text(world.phone(FIRST), f"TAKE {called(world, FIRST)}")
    assert world.state() == "claimed"
    assert "override_danger" in [row.action for row in world.rows(audit) if row.actor == FIRST]


def with_code(world: World, call: Call, *keys: str) -> str:
    """Return the last screen of *my request* with the code and word of a call."""
    code, word = KEPT.search("\n".join(call.seen)).groups()  # type: ignore[union-attr]
    return world.dial().press(*keys, code).find(word).text


def test_r30_the_caller_may_agree_to_one_more_service(world: World) -> None:
    """*My request* asks. The yes is stored with its time, and one more service gets the number, but not two."""
    to, code, call = had_by_two(world)
    gives_back(world, to, code)
    world.run()
    assert with_code(world, call, *SEE) == "Дозвониться не вышло. Дать номер другому? Моя просьба, 9, 3."
    world.wait(minutes=3)
    for _copy in range(2):  # the gateway may send the last hop twice: one yes, and the same words
        assert with_code(world, call, *ANOTHER, "1") == "Хорошо. Номер может получить другой помощник и позвонить."
    (row,) = world.rows(request)
    assert (row.more_services, row.more_agreed) == (1, world.clock())
    world.run()
    assert with_code(world, call, *SEE) == "Тот помощник не смог позвонить. Ищем другого."
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.set_local(10)
    assert CALLER in says(world, f"NUMBER {code}", to)[-1]
    gives_back(world, to, code)
    world.wait(hours=1)
    assert (world.state(), len(with_number(world))) == ("stranded", 3)


def test_r30_a_yes_in_advance_changes_nothing(world: World) -> None:
    """Nobody is stranded yet: the answer says how the request is, and nothing is stored."""
    call = world.ask()
    world.run()
    said = with_code(world, call, *SEE)
    assert with_code(world, call, *ANOTHER, "1") == said
    (row,) = world.rows(request)
    assert (row.more_services, row.more_agreed) == (0, None)


def test_r30_my_request_says_that_another_helper_is_sought_and_then_will_call(world: World) -> None:
    """As soon as a service that has the number does not go on. Nobody has promised a call before another one claims."""
    call = world.ask()
    world.run()
    to, code = got_number(world)
    assert with_code(world, call, *SEE).startswith("Помощник")
    gives_back(world, to, code)
    world.run()
    assert with_code(world, call, *SEE) == "Тот помощник не смог позвонить. Ищем другого."
    to, code = world.offered()
    world.text(to, f"YES {code}")
    assert with_code(world, call, *SEE) == "Тот помощник не смог позвонить. Вам позвонит другой."


def test_r30_a_receipt_does_not_hide_that_the_number_has_left(world: World) -> None:
    """A gateway says that the text failed. It may be wrong, so the service counts, and is told to erase the number."""
    world.ask()
    world.run()
    to, code = got_number(world)
    world.public.receipt("at", Receipt(f"gw-{len(world.gateway.sent)}", Delivery.FAILED))
    world.run()
    (row,) = [each for each in world.rows(offer) if each.state == "claimed"]
    assert (row.shown_in, row.left_at is not None) == (None, True)
    gives_back(world, to, code)
    with world.db.read() as tx:
        assert recipients.have_number(tx, row.request) == {row.service}


def test_r30_a_number_that_may_have_left_still_counts_after_two_refusals(world: World) -> None:
    """The first try may have arrived. That the gateway was busy then, and refused in the end, changes nothing."""
    world.ask()
    world.run()
    to, code = world.offered()
    world.text(to, f"YES {code}")
    world.set_local(10)
    world.run()
    lost = SendFailed("timeout", retry=True, unknown=True)
    world.gateway.fails = [lost, SendFailed("busy", retry=True), SendFailed("no", retry=False)]
    world.text(to, f"NUMBER {code}")
    world.wait(minutes=10)
    assert world.gateway.fails == []
    (row,) = [each for each in world.rows(offer) if each.state == "claimed"]
    assert (row.shown_in, row.left_at is not None) == (None, True)
    with world.db.read() as tx:
        assert recipients.have_number(tx, row.request) == {row.service}


@given(st.frozensets(st.sampled_from("abcdef")), st.integers(1, 6), st.sampled_from("abcdefg"))
def test_r30_one_function_decides_who_may_get_the_number(have: frozenset[str], most: int, desk: str) -> None:
    """Who has it may get it again. Nobody else may once there are as many as may."""
    assert Recipients(have, most).may_get(desk) == (desk in have or len(have | {desk}) <= most)
