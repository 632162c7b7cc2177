"""Orders with a forged sender: without the digits that only the desk's phone was sent, nothing happens (R32, R49)."""

import re

import pytest

from helpline.casework.order_digits import WRONG_CODE
from helpline.store.engine import Database
from helpline.store.schema import attempt, audit, desk, offer, vault
from tests.steps.caller import recipients
from tests.steps.desk import DESK, again, only, says, second_phone, shown, states
from tests.world import CALLER, OTHER, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"
LINE = "Not done yet. Send: {}"
HELD = ("REACHED", "NOANSWER", "BUSY", "OFF", "HUNGUP", "BADNUMBER", "WRONG", "STRANGER", "UNSAFE", "NUMBER", "NO", "DONE",
    "HANDED Osh", "UNDO", "TAKE", "YES", "AGAIN", "1", "2", "7", "9", "0")  # fmt: skip


@pytest.fixture
def world(db: Database) -> World:
    """A service where silence is not reported during the tests."""
    return World.on(db, page_again_minutes=720, silent_hours=400)


def facts(world: World) -> list[object]:
    """Return what an order could change about requests and their calls."""
    return [states(world), *([tuple(row) for row in world.rows(table)] for table in (offer, attempt, vault, desk))]


def wrong(*codes: str) -> list[str]:
    """Return five different codes that are none of these."""
    return [each for each in (f"{at:05}" for at in range(90001, 90020)) if each not in codes][:5]


@pytest.mark.parametrize("text", HELD)
def test_r32_an_order_without_digits_does_nothing_even_with_one_claim(world: World, text: str) -> None:
    """A forged sender gets no number out, reports no call, gives nothing back and closes nothing."""
    shown(world)
    before, phone = facts(world), world.phone(DESK)
    replies = says(world, text)
    assert facts(world) == before
    assert replies
    assert not any(CALLER in each for each in replies)
    assert phone not in {to for to, said in world.gateway.sent if CALLER in said and said in replies}


def test_r32_forged_orders_close_no_request_and_erase_no_number(world: World) -> None:
    """A number, a report and an end, all without digits: the caller is still waited for."""
    world.claimed()
    for text in ("NUMBER", "REACHED", "DONE", "7", "1", "1"):
        says(world, text)
    assert (states(world), len(world.rows(vault))) == ([("claimed", None)], 1)
    assert recipients(world, "to_ngo.number") == []


def test_the_answer_shows_the_line_to_send(world: World) -> None:
    """The digits and one key: nobody types more than that."""
    code = shown(world)
    assert says(world, "REACHED") == [LINE.format(f"{code} 1")]
    assert says(world, "busy") == [LINE.format(f"{code} 3")]
    assert says(world, "number") == [LINE.format(f"{code} 7")]
    assert says(world, "8") == [LINE.format(f"{code} 8")]
    assert says(world, "AGAIN") == [LINE.format(f"AGAIN {code}")]
    assert says(world, "HANDED Osh") == [f"{code}: to which service? HANDED {code} and a name."]
    other = shown(world, OTHER)
    assert says(world, "no answer") == [f"Not done yet. Send only one of these: {code} 2 / {other} 2"]
    assert says(world, f"{other} 2")[0].startswith(f"{other}: noted.")
    assert says(world, "UNDO") == [LINE.format(f"UNDO {other}")]
    assert says(world, f"UNDO {other}") == [f"{other}: undone. It is as before."]


@pytest.mark.parametrize("text", ["FULL 7", "FULL", "DUTY OFF"])
def test_r32_no_desk_is_taken_off_duty_without_its_digits(world: World, text: str) -> None:
    """Otherwise a forged FULL to each desk would strand the next caller. The answer has the line to send."""
    spare = second_phone(world)
    world.ask()
    world.run()
    before = states(world), [tuple(row) for row in world.rows(desk)]
    (reply,) = says(world, text)
    found = re.search(r"send: (\d{5} (\d))$", reply)
    assert found
    assert (states(world), [tuple(row) for row in world.rows(desk)]) == before
    assert found[2] == ("7" if "7" in text else "1")
    assert world.inbox(spare) == []
    said = says(world, found[1])
    assert said[0].startswith("OK: no requests until" if "FULL" in text else "The other phone gets the texts now.")


def test_r32_the_digits_of_a_desk_are_of_one_phone_and_one_day(world: World) -> None:
    """Somebody who reads an old text, or another phone of the service, cannot send them."""
    spare = second_phone(world)
    line = says(world, "FULL 3")[0].rpartition(": ")[2]
    assert says(world, line, spare) != says(world, line)
    says(world, "OPEN")
    world.wait(days=2)
    assert says(world, line)[0] == f"{line[:5]} is not open for you. Nothing was changed."
    assert [row.full_until for row in world.rows(desk)] == [None]


@pytest.mark.engines
@pytest.mark.parametrize("claimed", [True, False])
def test_r49_five_wrong_digits_redraw_the_codes_and_take_nothing_away(world: World, claimed: bool) -> None:
    """Guesses at an offer and at a claim count alike. The desk gets its new digits; the old ones do nothing."""
    world.ask()
    world.run()
    _, code = world.offered()
    if claimed:
        says(world, f"YES {code}")
    before = states(world)
    replies = [says(world, f"NUMBER {each}")[-1] for each in wrong(code)]
    assert all("is not open for you" in each for each in replies[:4])
    found = re.fullmatch(
        r"New digits\. The old ones no longer work: (\d{5}) (?:call|answer) 24\.11 10:00-21:00", replies[4]
    )
    assert found
    fresh = found[1]
    assert fresh != code
    assert states(world) == before
    assert says(world, f"{code} 1") == [LINE.format(f"{fresh} 1")]
    assert states(world) == before
    assert CALLER in says(world, f"NUMBER {fresh}")[0] if claimed else says(world, f"{fresh} 1")[0].startswith(fresh)


def test_r49_a_claim_cannot_be_guessed_without_end(world: World) -> None:
    """Each five wrong digits redraw it again. The digits that the desk uses meanwhile, and old ones, do not count."""
    code = shown(world)
    for _ in range(3):
        for each in wrong(code):
            says(world, f"STRANGER {each}")
        (item,) = says(world, "LIST")
        assert item[:5] != code
        code = item[:5]
    for _ in range(6):
        says(world, "REACHED")
        says(world, f"{code} 7")
    assert says(world, "LIST")[0][:5] == code
    assert len([row for row in world.rows(audit) if row.action == WRONG_CODE]) == 3
    again(world, code)


def test_r49_digits_of_before_three_redraws_are_no_guess(world: World) -> None:
    """A caseworker who has missed the new ones each time reads the line to send."""
    old = shown(world)
    for _ in range(3):
        for each in wrong(old):
            says(world, f"STRANGER {each}")
    (item,) = says(world, "LIST")
    assert says(world, f"{old} 1") == [LINE.format(f"{item[:5]} 1")]


def test_r49_wrong_digits_of_more_than_an_hour_ago_do_not_count(world: World) -> None:
    """Slips of a day are no attack."""
    code = shown(world)
    for each in wrong(code)[:4]:
        says(world, f"BUSY {each}")
    world.wait(minutes=61)
    says(world, f"BUSY {wrong(code)[4]}")
    assert says(world, "LIST")[0][:5] == code


def test_r49_wrong_digits_on_one_desk_redraw_no_other(world: World) -> None:
    """Not the codes of another service, and not those of a coordinator."""
    code = shown(world)
    for each in wrong(code):
        says(world, f"YES {each}", world.phone("kg-bishkek"))
        says(world, f"YES {each}", world.phone(FIRST))
    assert says(world, "LIST")[0][:5] == code


def test_r49_both_the_phone_on_duty_and_the_one_that_wrote_get_the_new_digits(world: World) -> None:
    """A forged sender may be the spare phone. The caseworker who holds the request must know the digits."""
    spare = second_phone(world)
    code = shown(world)
    before = len(world.inbox(world.phone(DESK)))
    for each in wrong(code):
        says(world, f"YES {each}", spare)
    (told,) = world.inbox(world.phone(DESK))[before:]
    assert told == world.inbox(spare)[-1]
    assert told.startswith("New digits. The old ones no longer work: ")


def test_r49_wrong_digits_do_not_shut_a_coordinator_out(world: World) -> None:
    """Their call gets new digits, which work at once."""
    only(world)
    world.ask()
    world.run()
    phone = world.phone(FIRST)
    code = world.inbox(phone)[-1][-5:]
    for each in wrong(code):
        says(world, f"TAKE {each}", phone)
    fresh = re.findall(r"\d{5}", world.inbox(phone)[-1])[0]
    assert fresh != code
    assert says(world, f"{fresh} 1", phone)[0].startswith(f"{fresh} is yours.")
