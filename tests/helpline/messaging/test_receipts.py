"""Reports of delivery as gateways really send them: too early, a week late, about nothing, or taken and then denied."""

import logging

import pytest

from helpline.core.ports import Delivery, Receipt
from helpline.store.schema import inbox, message, offer, outbox
from tests.conftest import Databases
from tests.world import CALLER, World


@pytest.fixture
def world(new_sqlite: Databases) -> World:
    return World.on(new_sqlite())


def report(world: World, id: str, status: Delivery | None) -> None:
    world.public.receipt("at", Receipt(id, status))
    world.run()


def unread(world: World) -> list[str]:
    return [str(row.kind) for row in world.rows(inbox) if row.kind == "receipt" and row.done is None]


def test_a_report_that_comes_before_our_own_commit_counts_a_little_later(world: World) -> None:
    report(world, "gw-1", Delivery.DELIVERED)
    world.ask()
    world.run()
    assert [row.state for row in world.rows(message)] == ["sent"]
    world.wait(minutes=3)
    assert [row.state for row in world.rows(message)] == ["delivered"]
    assert unread(world) == []


@pytest.mark.parametrize("status", [Delivery.SENT, None])
def test_a_report_that_says_nothing_new_is_not_stored(world: World, status: Delivery | None) -> None:
    """Gateways report most texts twice. *On its way* is known since they took the text."""
    world.ask()
    world.run()
    (row,) = world.rows(message)
    assert row.state == "sent"
    world.public.receipt("at", Receipt(str(row.gateway_id).removeprefix("at:"), status))
    assert world.rows(inbox) == []
    assert [row for row in world.rows(outbox) if row.kind == "receipt"] == []


@pytest.mark.parametrize("status", [Delivery.FAILED, Delivery.DELIVERED])
def test_a_report_about_a_text_that_there_never_was_is_given_up_after_two_days(
    world: World, caplog: pytest.LogCaptureFixture, status: Delivery
) -> None:
    """The log says so: the gateway may report other ids than it gives."""
    caplog.set_level(logging.INFO)
    report(world, "never-heard-of", status)
    (row,) = [row for row in world.rows(inbox) if row.kind == "receipt"]
    world.wait(hours=49)
    assert unread(world) == []
    dropped = [vars(each)["ids"] for each in caplog.records if each.getMessage() == "receipt_unknown"]
    assert dropped == [{"about": row.id}]
    assert [row for row in world.rows(outbox) if row.kind == "receipt"] == []
    assert world.gateway.sent == []


def test_a_report_a_week_late_says_nothing_to_anybody(world: World) -> None:
    world.text(CALLER, "hello")
    (row,) = world.rows(message)
    world.wait(days=8)
    before = list(world.gateway.sent)
    report(world, str(row.gateway_id).removeprefix("at:"), Delivery.FAILED)
    world.wait(hours=26)
    assert world.gateway.sent == before
    assert unread(world) == []


def test_a_text_to_a_service_that_was_taken_and_then_denied_is_passed_on_once(world: World) -> None:
    world.ask()
    world.run()
    (row,) = world.rows(message)
    for _ in range(3):
        report(world, str(row.gateway_id).removeprefix("at:"), Delivery.FAILED)
    assert [each.state for each in world.rows(offer)] == ["undeliverable", "open"]
    report(world, str(row.gateway_id).removeprefix("at:"), Delivery.DELIVERED)
    assert [each.state for each in world.rows(offer)] == ["undeliverable", "open"]


def test_r12_a_reply_to_a_caller_that_was_taken_and_then_denied_is_not_sent_again(world: World) -> None:
    world.text(CALLER, "hello")
    (row,) = world.rows(message)
    report(world, str(row.gateway_id).removeprefix("at:"), Delivery.FAILED)
    world.wait(hours=2)
    assert len(world.inbox(CALLER)) == 1
    assert [each.state for each in world.rows(message)] == ["failed"]


def test_a_report_of_another_channel_with_the_same_id_is_about_another_text(world: World) -> None:
    world.ask()
    world.run()
    (row,) = world.rows(message)
    world.public.receipt("africastalking", Receipt(str(row.gateway_id).removeprefix("at:"), Delivery.FAILED))
    world.wait(minutes=5)
    assert [each.state for each in world.rows(offer)] == ["open"]
