"""R49: a coordinator can block *call me* for one phone for some days, and nothing else."""

from datetime import timedelta

import pytest

from helpline.caller import blocks
from helpline.casework import block_number
from helpline.core.phone_numbers import msisdn
from helpline.store import audit_log
from helpline.store.schema import block, request, vault
from tests.steps.every_store import found
from tests.world import CALL_ME, CALLER, EN_CALL_ME, EN_SEE, OTHER, STOPPED, World

FOREIGN = "+14155550100"


def blocked(world: World, caller: str = CALLER, days: int = 7) -> str:
    """Make a request from a phone and block the phone. Return the block's id."""
    world.ask(caller)
    world.run()
    hashed = world.work.inbound.dialogue.hashing.caller(msisdn(caller))
    id = next(str(row.request) for row in world.rows(vault) if row.caller == hashed)
    with world.db.write(world.clock()) as tx:
        referral = world.work.ctx
        return block_number.block(tx, world.work.inbound.opening, id, "plays with us", "aida", days, referral.audit_key)


def test_r49_a_block_refuses_call_me_as_for_a_number_that_cannot_be_called(world: World) -> None:
    """No request is saved, and a hidden number reads the same words."""
    blocked(world)
    refused = world.dial().press(*CALL_ME)
    assert refused.reply.last
    assert world.dial("anonymous").press(*CALL_ME).text == refused.text
    assert len(world.rows(request)) == 1


def test_r49_a_block_leaves_emergency_stop_and_my_request_open(world: World) -> None:
    blocked(world)
    assert "102" in world.dial().press("8").text
    assert not world.dial().press("4", "1").reply.last
    assert "We cannot open a request with this code and word now" in world.dial().press(*EN_SEE, "000000", "1").text
    world.dial().press(*STOPPED)
    world.run()
    assert world.state() == "paused"


def test_r49_a_caller_blocked_during_a_call_can_still_stop(world: World) -> None:
    """The caller has seen the consent screen and goes home to *do not call me*. A new request would be refused."""
    call = world.dial().press(*CALL_ME)
    blocked(world)
    call.press("00", "9", "3")
    world.run()
    assert world.state() == "paused"


def test_r49_a_block_counts_from_the_next_call(world: World) -> None:
    """Who has read the consent may go on. A number that cannot be called never comes so far."""
    call = world.dial().press(*CALL_ME).agree()
    blocked(world)
    assert not call.press("1").reply.last
    assert len(world.rows(request)) == 2
    assert world.dial().press(*CALL_ME).reply.last


def test_r49_a_block_is_for_one_telephone_and_ends(world: World) -> None:
    blocked(world)
    assert not world.dial(OTHER).press(*CALL_ME).reply.last
    assert world.dial().press(*CALL_ME).reply.last
    world.wait(days=7, minutes=1)
    assert not world.dial().press(*CALL_ME).reply.last
    with world.db.write(world.clock()) as tx:
        assert blocks.sweep(tx) == 1
    assert world.rows(block) == []


def test_r49_a_call_that_has_asked_continues_despite_a_block(world: World) -> None:
    """Code and words stay on the screen: the block counts from the next call."""
    call = world.dial().press(*EN_CALL_ME).agree().press("1")
    blocked(world)
    call.press("0")
    assert "Saved" in call.text or "We will call" in call.text
    assert not world.dial("+996000111777").press(*EN_CALL_ME).reply.last


@pytest.mark.engines
def test_r49_a_lifted_block_is_deleted_with_its_hash(world: World) -> None:
    id = blocked(world)
    (row,) = world.rows(block)
    key = world.work.ctx.audit_key
    with world.db.write(world.clock()) as tx:
        assert block_number.unblock(tx, id, "bek", key)
        assert not block_number.unblock(tx, id, "bek", key)
        assert [(e.actor, e.action) for e in audit_log.search(tx)][-2:] == [("aida", "block"), ("bek", "unblock")]
    world.db.scrub()
    assert not world.dial().press(*CALL_ME).reply.last
    if world.db.engine.dialect.name == "sqlite":
        assert found(world.db, world.config.data, [bytes(row.mac).hex()]) == []


def test_r49_a_block_also_refuses_by_sms_as_for_a_number_that_cannot_be_called(world: World) -> None:
    blocked(world)
    for text in ("help", "1", "1"):
        for number in (CALLER, FOREIGN):
            world.text(number, text)
    assert world.inbox(CALLER) == world.inbox(FOREIGN) == [world.public.ctx.book.notice("en", "to_caller.cannot")] * 3
    assert len(world.rows(request)) == 1


def test_r49_without_a_block_no_hash_is_computed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash is slow on purpose. Without a block a call computes none; with one it is computed once a day."""
    counted: list[bytes] = []
    hashes = blocks.slow_hash

    def counting(number, salt):
        counted.append(salt)
        return hashes(number, salt)

    monkeypatch.setattr(blocks, "slow_hash", counting)
    world.ask()
    assert counted == []
    blocked(world)
    counted.clear()
    call = world.dial(OTHER).press(*EN_CALL_ME).agree()
    call.press("1", "0")
    assert len(counted) == 1
    world.dial(OTHER).press(*EN_CALL_ME)
    assert len(counted) == 1


def test_the_hash_of_a_number_differs_from_block_to_block() -> None:
    number = msisdn(CALLER)
    assert blocks.slow_hash(number, b"a" * 16) != blocks.slow_hash(number, b"b" * 16)
    assert CALLER.encode() not in blocks.slow_hash(number, b"a" * 16)


@pytest.mark.parametrize(
    ("reason", "says"),
    [("", "1 to 200"), ("x" * 201, "1 to 200"), ("is +996 555 1112", "no number"), ("ok", "no request")],
)
def test_a_block_needs_a_reason_without_a_number_and_a_request_with_one(world: World, reason: str, says: str) -> None:
    opening = world.work.inbound.opening
    with world.db.write(world.clock()) as tx, pytest.raises(block_number.CannotBlock, match=says):
        block_number.block(tx, opening, "r1", reason, "aida", 7, b"k" * 32)


def test_the_number_of_blocks_is_limited(world: World) -> None:
    with world.db.write(world.clock()) as tx:
        for _ in range(blocks.MOST):
            blocks.insert(tx, b"s", b"m", world.clock() + timedelta(days=1), "why", "aida")
    with pytest.raises(block_number.CannotBlock, match="20 blocks"):
        blocked(world)
