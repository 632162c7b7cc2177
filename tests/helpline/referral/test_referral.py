"""A request's path through services: lapsed offers, wrong codes, lost texts, receipts in any order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpline.core.ports import Delivery, Receipt, SendFailed
from helpline.directory import replace_directory
from helpline.directory.sample import sample
from helpline.referral import ending
from helpline.request import requests
from helpline.request.model import State
from helpline.store.schema import desk_code, message, offer, request
from tests.world import CALLER, OTHER, STOPPED, World


def test_wrong_codes_from_other_senders_do_not_count(world: World) -> None:
    """Nobody can take an offer away from its service by guessing."""
    world.ask()
    world.run()
    first, code = world.offered()
    for sender in (world.phone("kg-osh"), OTHER, "+996000700700"):
        for _ in range(6):
            world.text(sender, "ДА 00000")
    world.text(first, f"ДА {code}")
    assert world.state() == "claimed"


def test_a_late_answer_to_a_lapsed_offer_is_not_a_guess(world: World) -> None:
    """A slow caseworker must not cost another request its offer."""
    world.ask()
    world.wait(minutes=31)
    first, code = next((to, text) for to, text in world.gateway.sent if "YES" in text)
    late = code.split("YES ")[1].split(" ")[0]
    for _ in range(6):
        world.text(first, f"YES {late}")
    assert world.rows(desk_code) == []


@pytest.mark.parametrize(
    "text",
    ["да {}", "ДА{}", "{} да", "Да, {}!", "беру {}", "yes {}", "ок {}", "ДА: {}."],
)
def test_a_claim_is_understood_in_any_spelling(world: World, text: str) -> None:
    """Case, order, punctuation, either language."""
    world.ask()
    world.run()
    first, code = world.offered()
    world.text(first, text.format(code))
    assert world.state() == "claimed"


@pytest.mark.parametrize("text", ["Can't take {}", "не знаю да {}", "{}", "да", "да {} 12345", "стоп {}", "да нет {}"])
def test_an_ambiguous_text_claims_nothing(world: World, text: str) -> None:
    """The reply says what can be sent."""
    world.ask()
    world.run()
    first, code = world.offered()
    world.text(first, text.format(code))
    assert world.state() != "claimed"
    assert len(world.inbox(first)) == 2


def test_the_time_to_answer_starts_when_the_gateway_took_the_text(world: World) -> None:
    """An hour of delay at the gateway does not shorten the service's half hour."""
    world.gateway.fails = [SendFailed("busy", retry=True)] * 6
    world.ask()
    world.wait(minutes=50)
    (row,) = world.rows(offer)
    assert row.until is not None
    assert row.until - row.opened > timedelta(minutes=35)
    assert row.state == "open"


@pytest.mark.parametrize(
    "failure", [SendFailed("InvalidPhoneNumber", retry=False), SendFailed("Rejected", retry=False)]
)
def test_an_undeliverable_offer_goes_to_the_next_service(world: World, failure: SendFailed) -> None:
    """At once, without waiting for the answer clock."""
    world.gateway.fails = [failure]
    world.ask()
    world.run()
    assert [row.state for row in world.rows(offer)] == ["undeliverable", "open"]


def test_a_failed_receipt_sends_the_offer_to_the_next_service(world: World) -> None:
    """The gateway took it, and later reports that it did not arrive."""
    world.ask()
    world.run()
    (row,) = world.rows(message)
    world.public.receipt("at", Receipt(row.gateway_id.removeprefix("at:"), Delivery.FAILED))
    world.run()
    assert [found.state for found in world.rows(offer)] == ["undeliverable", "open"]


@pytest.mark.engines
def test_late_repeated_and_unordered_receipts_change_nothing(world: World) -> None:
    """Delivered, then sent, then delivered again, then an unknown id: it stays delivered."""
    world.ask()
    world.run()
    (row,) = world.rows(message)
    for status in (Delivery.DELIVERED, Delivery.SENT, Delivery.DELIVERED, Delivery.FAILED):
        world.public.receipt("at", Receipt(row.gateway_id.removeprefix("at:"), status))
        world.run()
    world.public.receipt("at", Receipt("never-heard-of", Delivery.DELIVERED))
    world.public.receipt("at", Receipt(row.gateway_id.removeprefix("at:"), None))
    world.wait(hours=25)
    assert next(found.state for found in world.rows(message) if found.id == row.id) == "delivered" or not [
        found for found in world.rows(message) if found.id == row.id
    ]


def test_a_text_with_an_unknown_outcome_is_sent_again(world: World) -> None:
    """The gateway's answer was lost. The same text is sent up to three times, and the time to answer starts."""
    world.gateway.fails = [SendFailed("timeout", retry=False, unknown=True)] * 9
    world.ask()
    world.wait(minutes=20)
    texts = [text for _, text in world.gateway.sent]
    assert len(texts) == 3
    assert len(set(texts)) == 1
    assert [row.until is not None for row in world.rows(offer)] == [True]


def test_later_answers_that_do_not_fit_void_the_offer(world: World) -> None:
    """Offered after a pause in the call; then the caller gives a place that the service does not serve."""
    call = world.ask(last=False)
    world.wait(minutes=4)
    call.press("1", "0").find("Нарын").press("0").find("Поговорить")
    world.run()
    states = [row.state for row in world.rows(offer)]
    assert states[-1] == "open"


def test_a_changed_directory_loses_no_request(world: World) -> None:
    """The service that was being asked is removed, and the next one is asked."""
    world.gateway.fails = [SendFailed("busy", retry=True)]
    world.ask()
    world.run()
    services, people = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [s for s in services if s.id != "kg-country"], people)
    world.wait(minutes=10)
    assert next(row.state for row in world.rows(offer)) == "undeliverable"
    assert world.state() in ("offered", "stranded")


@pytest.mark.engines
def test_the_same_text_twice_claims_once(world: World) -> None:
    """A gateway that repeats itself: one claim, one card."""
    world.ask()
    world.run()
    first, code = world.offered()
    world.text(first, f"ДА {code}", id="same")
    world.text(first, f"ДА {code}", id="same")
    assert len(world.inbox(first)) == 2


def test_a_coordinator_is_told_of_a_stop_text_that_did_not_arrive(world: World) -> None:
    """The service may still have the number, so a person must call there."""
    to, code = world.claimed()
    world.text(to, f"NUMBER {code}")
    world.gateway.fails = [SendFailed("Rejected", retry=False)]
    world.dial(CALLER).press(*STOPPED)
    world.run()
    assert f"{code}: СМС до службы не дошло" in world.inbox(world.phone("kg-coordinator-1"))[-1]


def test_without_a_coordinator_an_error_is_logged_again_and_again(world: World) -> None:
    """Nobody can be called, so operators see an error again and again."""
    cries: list[str] = []
    services, _ = sample("KG", "Asia/Bishkek", world.clock().date())
    with world.db.write() as tx:
        replace_directory.replace_all(tx, "KG", [replace(s, status="inactive") for s in services], [])
    referral = replace(world.work.ctx, log=lambda name, about: cries.append(name))
    world.work = replace(world.work, ctx=referral)
    world.ask()
    world.wait(days=2)
    assert world.state() == "stranded"
    assert cries.count("no_coordinator") >= 2


def test_the_next_request_of_a_line_is_offered_when_the_first_ends(world: World) -> None:
    """Two requests of one phone: the older one is offered when the newer one's offer is void."""
    world.ask(last=False)
    world.wait(seconds=5)
    world.ask(last=False)
    world.wait(minutes=5)
    newer = max(world.rows(request), key=lambda row: row.created)
    with world.db.write(world.clock()) as tx:
        found = requests.get(tx, newer.id)
        assert found is not None
        ending.stop(tx, found, State.PAUSED)
    world.run()
    assert sorted(row.state for row in world.rows(request)) == ["offered", "paused"]
