"""The whole way through a real Kannel: SMPP, bearerbox, smsbox, Komek, and back (docs/channels/kannel.md)."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from helpline.core.phone_numbers import Hidden, msisdn
from helpline.core.ports import IncomingSms
from helpline.store.schema import message, request
from tests.conftest import Databases
from tests.gateway.running_kannel import NAME, Connected, connected, needs_kannel
from tests.gateway.smsc import Submitted
from tests.helpline.caller.conftest import one_server, server
from tests.others import until
from tests.steps.by_day import waits
from tests.workers.conftest import Server

__all__ = ["one_server", "server"]
pytestmark = [needs_kannel, pytest.mark.faults]

DIAL, KEY, SHOW, LAST, ABORT = 1, 18, 2, 17, 129
NUMBER = "996000111{:03}"


@pytest.fixture
def kannel(tmp_path: Path, new_sqlite: Databases) -> Iterator[Connected]:
    """A service in Kyrgyzstan that is reached through Kannel."""
    with connected(tmp_path, new_sqlite) as found:
        yield found


def texts(kannel: Connected, sender: str, text: str, count: int) -> list[str]:
    """Send a text from a telephone. Return what it has got, as soon as that is so many."""
    kannel.smsc.deliver("", sender.removeprefix("+"), "4040", text)
    return list(kannel.until(lambda: _so_many(kannel, sender, count), f"text {count} to {sender[-3:]}"))


def gets(kannel: Connected, to: str, text: str, words: str) -> None:
    """Send a text from the telephone of a service, and wait for a part of a text to it with these words."""
    kannel.smsc.deliver("", to.removeprefix("+"), "4040", text)
    phone = "+" + to.removeprefix("+")
    kannel.until(lambda: any(words in each for each in kannel.smsc.texts(phone)), f"an answer to {text}")


def _so_many(kannel: Connected, to: str, count: int) -> list[str]:
    found = kannel.smsc.texts("+" + to.removeprefix("+"))
    return found if len(found) >= count else []


def delivered(kannel: Connected) -> bool:
    """Whether every text that was sent has a receipt that it has arrived."""
    rows = kannel.world.rows(message)
    return bool(rows) and all(row.state == "delivered" for row in rows)


def test_a_text_in_cyrillic_is_answered_and_its_receipt_comes_back(kannel: Connected) -> None:
    caller = NUMBER.format(1)
    assert texts(kannel, caller, "жардам", 1) == ["Саламатсызбы. Сизге чалса болобу?\n1 Ооба 0 Жок"]
    assert kannel.until(lambda: delivered(kannel), "the receipt")


def test_the_parts_of_a_long_text_are_joined_though_the_second_came_first(kannel: Connected) -> None:
    """Neither half of this word asks for anything."""
    caller = NUMBER.format(1)
    kannel.smsc.deliver_parts(caller, "4040", {2: "дам", 1: "жар"})
    kannel.until(partial(_so_many, kannel, caller, 1), "an answer")
    assert kannel.until(lambda: delivered(kannel), "the receipt")
    assert kannel.smsc.texts(f"+{caller}") == ["Саламатсызбы. Сизге чалса болобу?\n1 Ооба 0 Жок"]


def test_from_a_callers_text_to_the_outcome_of_the_call(kannel: Connected) -> None:
    """Everything in Cyrillic: asked, offered, claimed, the number, reached. Every text has its receipt."""
    caller = NUMBER.format(1)
    for count, text in enumerate(("жардам", "ооба", "1", "0"), 1):
        texts(kannel, caller, text, count)
    row = until(lambda: next(iter(kannel.world.rows(request)), None), "the request")
    offered = kannel.until(
        lambda: next((each for each in kannel.smsc.submitted if "YES" in each.text), None), "the offer"
    )
    code = offered.text.split()[-1]
    gets(kannel, offered.to, f"ДА {code}", f"{code} is yours")
    gets(kannel, offered.to, f"НОМЕР {code}", NUMBER.format(1))
    gets(kannel, offered.to, f"{code} 1", f"{code}: thank you")
    assert kannel.world.state() == "reached"
    assert kannel.until(lambda: delivered(kannel), "all receipts")
    assert row.language == "ky"


def test_texts_that_come_while_the_web_is_away_are_answered_once(kannel: Connected) -> None:
    """Each was refused at least once. Kannel holds them and tries again, with the same id."""
    refused = kannel.refuse()
    callers = [NUMBER.format(at) for at in range(100, 140)]
    for caller in callers:
        kannel.smsc.deliver("", caller, "4040", "помогите")
    until(lambda: set(refused) == set(callers), "every text is refused")
    kannel.start_web()
    for caller in callers:
        kannel.until(partial(_so_many, kannel, caller, 1), "an answer")
    assert kannel.until(lambda: delivered(kannel), "all receipts")
    assert [len(kannel.smsc.texts(f"+{caller}")) for caller in callers] == [1] * len(callers)


class Call:
    """A USSD call of one telephone through the operator's USSD centre."""

    def __init__(self, kannel: Connected, caller: str, reference: int) -> None:
        self.kannel, self.caller, self.reference = kannel, caller, reference

    def send(self, op: int, text: str) -> None:
        """Send a dial, a key or an abort."""
        options = {"op": bytes((op,)), "session": b"\x07\x00", "reference": self.reference.to_bytes(2, "big")}
        self.kannel.smsc.deliver("USSD", self.caller, "*500#", text, options)

    def press(self, text: str, op: int = KEY) -> Submitted:
        """Press a key, and return the next screen. It belongs to this call."""
        before = len(self.screens())
        self.send(op, text)
        shown = until(lambda: self.screens()[before:], f"a screen after {text}")[0]
        assert shown.options["reference"] == self.reference.to_bytes(2, "big")
        assert shown.options["session"] == b"\x07\x00"
        return shown

    def screens(self) -> list[Submitted]:
        """Return all screens of this telephone."""
        return [each for each in self.kannel.smsc.submitted if each.to.removeprefix("+") == self.caller]


@pytest.mark.parametrize(("country", "language"), [waits("KG", "ky"), ("TJ", "tg")])
def test_a_call_over_smpp_stores_a_request(
    tmp_path: Path, new_sqlite: Databases, server: Server, country: str, language: str
) -> None:
    """From the dial to code and words. Another telephone has the same reference, and an abort sends nothing."""
    with connected(tmp_path, new_sqlite, country, redis_url=server.url) as kannel:
        home = kannel.world.public.ctx.made_up.removeprefix("+")
        one, other = (Call(kannel, f"{home}11100{at}", 4242) for at in (1, 2))
        first = one.press("*500#", DIAL)
        assert first.op == SHOW
        assert other.press("*500#", DIAL).text == first.text
        one.press("1")
        consent = one.press("2")
        other.send(ABORT, "")
        drawn = consent.text.split("\n")[-1][0]
        when = one.press(drawn)
        kept = one.press("1")
        assert when.op == kept.op == SHOW
        end = one.press("0")
        assert end.op == LAST
        rows = kannel.world.rows(request)
        assert [(row.language, row.window) for row in rows] == [(language, "any")]
        assert len(other.screens()) == 1, "an abort is answered with nothing"
        assert all(each.op is not None for each in kannel.smsc.submitted), "nothing is a plain text"


def test_a_text_that_leaves_while_kannel_is_away_goes_once_and_late(kannel: Connected) -> None:
    """Kannel was killed before. If it is killed while it takes the text, nobody knows whether it has it.

    Then a reply to a caller is not sent again (R12), and a text to a service is.
    """
    first, second = NUMBER.format(1), NUMBER.format(2)
    texts(kannel, first, "жардам", 1)
    assert kannel.until(lambda: delivered(kannel), "the receipt, which Kannel keeps in its memory only")
    kannel.kill_boxes()
    kannel.world.public.sms(NAME, IncomingSms("late-1", msisdn(f"+{second}"), Hidden("жардам"), "4040"))
    kannel.world.run()
    assert [row.state for row in kannel.world.rows(message)].count("queued") == 1, "it waits, and is not given up"
    kannel.start_boxes()
    kannel.world.wait(seconds=31)
    kannel.until(partial(_so_many, kannel, second, 1), "the late reply")
    assert kannel.until(lambda: delivered(kannel), "all receipts")
    assert [len(kannel.smsc.texts(f"+{each}")) for each in (first, second)] == [1, 1]


def test_komek_goes_away_in_mid_call(tmp_path: Path, new_sqlite: Databases, server: Server) -> None:
    """Kannel answers with the emergency numbers of its own file; the next dial starts a new call.

    Its answer has none of the options of the call. The operator's centre decides whether it is a screen or a text.
    """
    with connected(tmp_path, new_sqlite, redis_url=server.url) as kannel:
        call = Call(kannel, "996000111001", 4243)
        call.press("*500#", DIAL)
        home = call.press("1")
        kannel.stop_web()
        call.send(KEY, "2")
        away = until(lambda: [each for each in call.screens() if each.text == "102 103"], "the emergency numbers")
        assert [each.op for each in away] == [None]
        kannel.start_web()
        again = Call(kannel, "996000111001", 4243)
        assert again.press("*500#", DIAL).text != home.text
        assert again.press("1").text == home.text
        assert kannel.world.rows(request) == []


ENDS = [
    pytest.param(ABORT, id="the caller hangs up"),
    pytest.param(130, id="the network's time is over", marks=pytest.mark.nightly),
    pytest.param(131, id="the network releases the call", marks=pytest.mark.nightly),
]


@pytest.mark.parametrize("op", ENDS)
def test_a_call_that_the_network_ends_sends_nothing(
    tmp_path: Path, new_sqlite: Databases, server: Server, op: int
) -> None:
    """Neither a screen nor a text comes, and the next dial starts a new call."""
    with connected(tmp_path, new_sqlite, redis_url=server.url) as kannel:
        call = Call(kannel, "996000111001", 4244)
        first = call.press("*500#", DIAL)
        call.press("1")
        shown = len(kannel.smsc.submitted)
        call.send(op, "")
        assert call.press("*500#", DIAL).text == first.text
        assert len(kannel.smsc.submitted) == shown + 1
        assert all(each.op is not None for each in kannel.smsc.submitted), "nothing is a plain text"
