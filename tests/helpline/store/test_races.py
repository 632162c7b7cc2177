"""Workers at the same time, on PostgreSQL, where two transactions really run side by side."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from helpline.caller import my_request
from helpline.casework import claims, escalated_requests, freeze
from helpline.core.ports import Delivery
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.referral import attend, ending, escalation, offer_next
from helpline.request import requests
from helpline.request.model import State
from helpline.staff import contacts
from helpline.staff.openings import OPENED
from helpline.store import outbox
from helpline.store.schema import audit, message, offer, request, vault
from helpline.store.schema import outbox as outbox_table
from menus.salt import marks
from tests.conftest import Databases
from tests.steps.desk import give_order
from tests.steps.threads import at_once
from tests.world import CALLER, STOPPED, World

pytestmark = pytest.mark.postgres


@pytest.fixture
def busy(new_postgres: Databases) -> World:
    """A service on PostgreSQL."""
    return World.on(new_postgres(), requests_a_day=100)


def test_r27_two_workers_find_one_line_for_one_telephone(busy: World) -> None:
    """Six requests of one phone, attended at once: one line, one open offer."""
    for _ in range(6):
        busy.ask()
    at_once(*[busy.work.step] * 6)
    busy.run()
    assert len({row.line for row in busy.rows(vault)}) == 1
    assert [row.state for row in busy.rows(offer)] == ["open"]


def test_only_one_of_two_simultaneous_claims_succeeds(busy: World) -> None:
    """The first service's offer has just lapsed and the second's is open. Both say yes at the same instant."""
    busy.ask()
    busy.run()
    first, code = busy.offered()
    who = []
    with busy.db.read() as tx:
        who.append(contacts.by_phone(tx, first))
    assert who[0] is not None

    def claim() -> None:
        with busy.db.write(busy.clock()) as tx:
            give_order(busy.work.ctx, tx, who[0], claims.claim, code)  # type: ignore[arg-type]

    at_once(claim, claim, claim, claim)
    busy.run()
    assert [row.state for row in busy.rows(offer)] == ["claimed"]
    assert busy.state() == "claimed"


def test_a_wake_up_is_not_lost_while_a_row_is_finished(busy: World) -> None:
    """One worker finishes a row while another wakes it. In any order it is done again or still stored."""
    for at in range(20):
        with busy.db.write(busy.clock()) as tx:
            outbox.wake(tx, "next", f"line-{at}", busy.clock())
            due = outbox.claim(tx)
        assert due is not None

        def finish(due: outbox.Due = due) -> bool:
            with busy.db.write() as tx:
                return outbox.finish(tx, due)

        def wake(at: int = at) -> None:
            with busy.db.write() as tx:
                outbox.wake(tx, "next", f"line-{at}", busy.clock())

        at_once(finish, wake)
        left = [row for row in busy.rows(outbox_table) if row.ref == f"line-{at}"]
        assert [row.state for row in left] == ["ready"]
        with busy.db.write() as tx:
            outbox.drop(tx, "next", f"line-{at}")


def test_r48_after_a_simultaneous_stop_no_number_leaves(busy: World) -> None:
    """In any order, nothing leaves after the screen of the stop."""
    to, code = busy.claimed()
    busy.dial().press(*STOPPED)
    at_once(lambda: busy.text(to, f"NUMBER {code}"), busy.work.step, busy.work.step)
    busy.run()
    assert not any(CALLER in text for _, text in busy.gateway.sent)
    assert {row.state for row in busy.rows(request)} == {"paused"}


def stranded(world: World) -> dict[str, str]:
    """Ask when no service can be asked, and call both coordinators. Return the code of each."""
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    able = [replace(each, accepts_numbers_by_sms=True) for each in people]
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [replace(each, status="inactive") for each in services], able)
    world.ask()
    world.run()
    world.wait(minutes=20)
    codes = {row.service: world.work.ctx.offer_code(row.id, row.draws) for row in world.rows(offer)}
    assert len(codes) == 2
    return codes


def act(world: World, what: str, who: str, code: str) -> None:
    """Take or unfreeze a request as a coordinator, by a code."""
    with world.db.write() as tx:
        person = contacts.get(tx, who)
        assert person is not None
        give_order(world.work.ctx, tx, person, freeze.unfreeze if what == "lift" else escalated_requests.take, code)


def test_only_one_of_two_coordinators_takes_a_request_simultaneously(busy: World) -> None:
    """One claim in the audit log. The other is told that it is not open; the same person again gets the card."""
    codes = stranded(busy)
    results = at_once(*[lambda who=who, code=code: act(busy, "take", who, code) for who, code in codes.items()] * 2)
    assert not [each for each in results if isinstance(each, Exception)]
    busy.run()
    assert sorted(row.state for row in busy.rows(offer)) == ["claimed", "void"]
    assert busy.state() == "claimed"
    assert [row.action for row in busy.rows(audit) if row.action != OPENED] == ["claim"]


def test_r27_a_simultaneous_take_and_offer_of_one_telephone_give_one_holder(busy: World) -> None:
    """A stranded request is taken at the instant when a newer one would be offered. Only one of both happens."""
    codes = stranded(busy)
    services, people = sample("KG", "Asia/Bishkek", busy.clock().date())
    with busy.db.write() as tx:
        replace_directory.replace_all(tx, "KG", services, people)
    busy.ask()
    newest = max(busy.rows(request), key=lambda row: row.created)
    who, code = next(iter(codes.items()))

    def look() -> None:
        with busy.db.write(busy.clock()) as tx:
            attend.attend(busy.work.ctx, tx, newest.id)

    results = at_once(look, lambda: act(busy, "take", who, code))
    assert not [each for each in results if isinstance(each, Exception)]
    assert len([row for row in busy.rows(offer) if row.state in ("open", "claimed")]) == 1


def test_r08_two_simultaneous_approvals_lift_a_freeze(busy: World) -> None:
    """Neither may miss what the other says at the same instant."""
    busy.ask()
    busy.run()
    (row,) = busy.rows(request)
    with busy.db.write(busy.clock()) as tx:
        found = requests.get(tx, row.id)
        assert found is not None
        assert ending.stop(tx, found, State.FROZEN)
        escalation.note_called(busy.work.ctx, tx, found, "to_ngo.frozen")
    called = [each for each in busy.rows(offer) if each.state == "called"]
    codes = {each.service: busy.work.ctx.offer_code(each.id, each.draws) for each in called}
    results = at_once(*[lambda who=who, code=code: act(busy, "lift", who, code) for who, code in codes.items()])
    assert not [each for each in results if isinstance(each, Exception)]
    assert busy.state() == "waiting"


def test_an_offer_that_lapses_while_claimed_is_either_claimed_or_offered_on(busy: World) -> None:
    """Claimed, or offered to the next: never both, and never neither."""
    busy.ask()
    busy.run()
    first, code = busy.offered()
    (row,) = busy.rows(offer)
    busy.clock.at = row.until

    def lapse() -> None:
        with busy.db.write(busy.clock()) as tx:
            offer_next.lapse(busy.work.ctx, tx, row.id)

    def claim() -> None:
        with busy.db.write(busy.clock() - timedelta(microseconds=1)) as tx:
            who = contacts.by_phone(tx, first)
            assert who is not None
            give_order(busy.work.ctx, tx, who, claims.claim, code)

    results = at_once(lapse, claim, lapse)
    assert not [each for each in results if isinstance(each, Exception)]
    state = next(each.state for each in busy.rows(offer) if each.id == row.id)
    assert (state, busy.state()) in {("claimed", "claimed"), ("lapsed", "waiting")}


def test_r08_a_simultaneous_freeze_wins_over_a_claim(busy: World) -> None:
    """In any order it is frozen afterwards and no service has the claim."""
    busy.ask()
    busy.run()
    first, code = busy.offered()
    (row,) = busy.rows(request)

    def freeze() -> bool:
        for _ in range(3):  # as a service's order does, which reads the request again
            with busy.db.write(busy.clock()) as tx:
                found = requests.get(tx, row.id)
                if found and ending.stop(tx, found, State.FROZEN):
                    return True
        return False

    def claim() -> None:
        with busy.db.write(busy.clock()) as tx:
            who = contacts.by_phone(tx, first)
            assert who is not None
            give_order(busy.work.ctx, tx, who, claims.claim, code)

    results = at_once(freeze, claim)
    assert results.count(True) == 1
    busy.run()
    assert (busy.state(), [each.state for each in busy.rows(offer)]) == ("frozen", ["void"])
    busy.text(first, f"NUMBER {code}")
    assert not any(CALLER in text for _, text in busy.gateway.sent)


def test_r33_after_a_simultaneous_withdrawal_no_number_is_readable(busy: World) -> None:
    """The number leaves before the withdrawal or not at all. Afterwards nobody can read it."""
    call = busy.ask()
    busy.run()
    to, code = busy.offered()
    busy.text(to, f"YES {code}")
    mark = marks(busy.public.ctx.words.salt("at", call.session), 0)

    def number() -> None:
        with busy.db.write(busy.clock()) as tx:
            who = contacts.by_phone(tx, to)
            assert who is not None
            give_order(busy.work.ctx, tx, who, claims.ask_number, code)

    results = at_once(lambda: my_request.withdraw(busy.public.ctx, mark.code, mark.word), number, busy.work.step)
    assert "withdrawn" in results
    sent = len([text for _, text in busy.gateway.sent if CALLER in text])
    busy.run()
    assert len([text for _, text in busy.gateway.sent if CALLER in text]) == sent
    assert (busy.state(), busy.rows(vault)) == ("closed", [])
    assert any(text.endswith("Please delete the number.") for text in busy.inbox(to))


def test_r33_a_simultaneous_withdrawal_and_claim_never_deadlock(busy: World) -> None:
    """A deadlock must never abort a withdrawal: a dozen times, in any order."""
    for at in range(12):
        call = busy.ask(f"+9960001110{at:02}")
        busy.run()
        to, code = busy.offered()
        mark = marks(busy.public.ctx.words.salt("at", call.session), 0)

        def claim(to: str = to, code: str = code) -> None:
            with busy.db.write(busy.clock()) as tx:
                who = contacts.by_phone(tx, to)
                assert who is not None
                give_order(busy.work.ctx, tx, who, claims.claim, code)

        def withdraw(code: str = mark.code, word: int = mark.word) -> str:
            return my_request.withdraw(busy.public.ctx, code, word)

        assert "withdrawn" in (results := at_once(claim, withdraw)), results
        assert not [each for each in results if isinstance(each, Exception)]
    busy.run()
    assert {row.state for row in busy.rows(request)} == {"closed"}
    assert busy.rows(vault) == []


def test_r48_a_simultaneous_stop_wins_over_a_lapse(busy: World) -> None:
    """The offer lapses at the instant in which the caller says *do not call*.

    It is paused, and no other service is asked.
    """
    for at in range(8):
        caller = f"+9960001110{at:02}"
        busy.ask(caller)
        busy.run()
        (row,) = [each for each in busy.rows(offer) if each.state == "open"]
        busy.clock.at = row.until
        busy.dial(caller).press(*STOPPED)

        def lapse(id: str = row.id) -> None:
            with busy.db.write(busy.clock()) as tx:
                offer_next.lapse(busy.work.ctx, tx, id)

        def settle(id: str = row.request) -> None:
            with busy.db.write(busy.clock()) as tx:
                busy.work.ctx.settle_stops(tx, id)

        results = at_once(lapse, settle)
        assert not [each for each in results if isinstance(each, Exception)]
        busy.run()
        assert {each.state for each in busy.rows(request)} == {"paused"}


def test_r33_a_simultaneous_withdrawal_and_receipt_never_deadlock(busy: World) -> None:
    """The text with a number was not delivered, at the instant in which its caller withdraws. A dozen times."""
    busy.contacts_are(accepts_numbers_by_sms=True)
    for at in range(12):
        call = busy.ask(f"+9960001110{at:02}")
        busy.run()
        to, code = busy.offered()
        busy.text(to, f"YES {code}")
        busy.text(to, f"NUMBER {code}")
        number = [each for each in busy.rows(message) if each.notice == "to_ngo.number"][-1]
        mark = marks(busy.public.ctx.words.salt("at", call.session), 0)

        def failed(id: str = number.gateway_id) -> None:
            with busy.db.write(busy.clock()) as tx:
                busy.work.outgoing.receipt(tx, id, Delivery.FAILED)

        def withdraw(code: str = mark.code, word: int = mark.word) -> str:
            return my_request.withdraw(busy.public.ctx, code, word)

        assert "withdrawn" in (results := at_once(failed, withdraw)), results
        assert not [each for each in results if isinstance(each, Exception)]


def test_r33_a_simultaneous_withdrawal_and_settlement_never_deadlock(busy: World) -> None:
    """Offers are settled after an update, at the instant in which a caller withdraws. A dozen times."""
    for at in range(12):
        call = busy.ask(f"+9960001110{at:02}")
        busy.run()
        mark = marks(busy.public.ctx.words.salt("at", call.session), 0)
        with busy.db.write() as tx:
            tx.execute(sa.update(offer).values(mac=""))

        def withdraw(code: str = mark.code, word: int = mark.word) -> str:
            return my_request.withdraw(busy.public.ctx, code, word)

        assert "withdrawn" in (results := at_once(busy.work.begin, withdraw)), results
        assert not [each for each in results if isinstance(each, Exception)]
