"""A desk's other orders: menus, lists, pauses, duty, drills. Texts that are not orders change nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.console.cases.said import name_of
from helpline.casework.answers import PauseEnded
from helpline.casework.sms_answers import texts_of
from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml
from helpline.store.engine import Database
from helpline.store.schema import attempt, contact, desk, harm, message, offer, outbox, request, vault
from menus.gsm7 import parts
from tests.steps.by_day import examples
from tests.steps.caller import recipients
from tests.steps.desk import DESK, confirmed, only, says, second_phone, shown, states
from tests.world import CALLER, OTHER, World

FIRST, SECOND = "kg-coordinator-1", "kg-coordinator-2"
HELP = "Send the five digits of a request: you get its menu. All requests: LIST. All words: HELP"
UNCLEAR = "Not understood, nothing was done. For a menu, send the five digits of a request. For the words, send HELP"
NOTHING = "{} is over for you. You do not need to answer any more."
REACHED = (
    "{0}: reached. When it is over: DONE {0}. Passed on: HANDED {0} name. Not yours: NOT FOR US {0}. Not so? UNDO {0}"
)


def offered(world: World, caller: str = CALLER) -> str:
    """Ask, and have it offered to the desk. Return the code."""
    world.ask(caller)
    world.run()
    return world.offered()[1]


def test_a_code_alone_is_answered_with_the_menu_of_its_state(world: World) -> None:
    """A digit after the code is the order."""
    code = offered(world)
    assert says(world, code) == [f"{code} 1 yes, {code} 2 no. Send one of these."]
    assert says(world, f"{code} 1")[0].startswith(f"{code} is yours.")
    assert says(world, code) == [f"{code} 7: the number. AGAIN {code}: the card. NO NO {code}: give back"]
    assert CALLER in says(world, f"{code} 7")[0]
    assert says(world, code) == [
        f"{code} and 1 reached 2 no answer 3 busy 4 off 5 someone else",
        f"{code} and 6 not safe 7 number 8 hung up 9 bad number 0 wrong word. 5 and 0 stop all calls to this phone",
    ]
    assert says(world, f"{code} 1") == [
        f"{code}: thank you. Next call: NEXT {code} FRI 14:00. When it is over: DONE {code}"
    ]
    assert says(world, f"code {code}") == [
        REACHED.format(code),
        f"Next call: NEXT {code} FRI 14:00. Or TODAY, TOMORROW",
    ]


def test_r34_a_digit_means_the_same_after_reached_and_closes_nothing(world: World) -> None:
    """A network may deliver a report twice, and a caseworker may correct it by the digits of the same text."""
    code = shown(world)
    says(world, f"{code} 1")
    for digit in "12347":
        assert says(world, f"{code} {digit}") == [REACHED.format(code)]
    assert (states(world), len(world.rows(vault))) == ([("reached", None)], 1)
    says(world, f"{code} 0")
    assert states(world) == [("frozen", None)]


def test_r34_a_case_is_closed_by_done_typed_twice_only(world: World) -> None:
    """The reply to the first says that the number is deleted for good. The same text twice closes nothing."""
    code = shown(world)
    says(world, f"REACHED {code}")
    for _ in range(2):
        assert says(world, f"DONE {code}") == [
            f"{code}: DONE closes it for good, the number is deleted. To close: DONE DONE {code}"
        ]
    assert (states(world), len(world.rows(vault))) == ([("reached", None)], 1)
    assert says(world, f"DONE DONE {code}") == [f"{code}: done, thank you. Please delete the number."]
    assert (states(world), world.rows(vault)) == ([("closed", "helped")], [])


def test_orders_without_digit_are_offered_by_their_word(world: World) -> None:
    """After *reached*, DONE and HANDED have no key of a menu."""
    code = shown(world)
    says(world, f"REACHED {code}")
    offered(world, OTHER)
    assert says(world, "DONE") == [f"Not done yet. Send: DONE {code}"]
    assert says(world, "HANDED Ala-Too") == [f"Not done yet. Send: HANDED Ala-Too {code}"]


@pytest.mark.parametrize(
    ("digit", "state"),
    [("1", "reached"), ("2", "claimed"), ("3", "claimed"), ("4", "claimed"), ("5", "frozen"), ("6", "paused"),
     ("7", "claimed"), ("8", "paused"), ("9", "closed"), ("0", "frozen")],
)  # fmt: skip
def test_each_digit_does_what_the_menu_says(world: World, digit: str, state: str) -> None:
    """For a claim whose number was shown."""
    code = shown(world)
    says(world, f"{code} {digit}")
    assert states(world)[0][0] == state


@pytest.mark.parametrize("digit", ["3", "9", "0", "12"])
def test_a_digit_outside_the_menu_changes_nothing(world: World, digit: str) -> None:
    """The menu is sent again."""
    code = offered(world)
    assert says(world, f"{code} {digit}") == [f"{code} 1 yes, {code} 2 no. Send one of these."]
    assert states(world) == [("offered", None)]


@pytest.mark.parametrize(
    ("verb", "line"), [("YES", "{} 1"), ("NO", "{} 2"), ("TAKE", "TAKE {}"), ("да", "{} 1"), ("жок", "{} 2")]
)
def test_claiming_and_declining_need_a_code(world: World, verb: str, line: str) -> None:
    """Even if there is only one request."""
    code = offered(world)
    assert says(world, verb) == [f"Not done yet. Send: {line.format(code)}"]
    assert states(world) == [("offered", None)]


@pytest.mark.parametrize(("order", "answer"), [
    ("FULL", "To get no requests until 25.11 08:00, send: {}"), ("DUTY ON", "To get the texts on this phone, send: {}"), ("DUTY OFF", "To get no texts on this phone, send: {}"),
])  # fmt: skip
def test_an_order_about_the_desk_says_what_its_line_will_do(world: World, order: str, answer: str) -> None:
    """Digits and a key alone look like a report about a request."""
    phone = second_phone(world)
    said = says(world, order, phone)
    line = said[0].rpartition(": ")[2]
    assert said == [answer.format(line)]
    assert says(world, line[:5], phone) == said


def test_an_order_without_digits_asks_for_one_of_several_lines(world: World) -> None:
    """Two lines with a comma between them could be taken for one text to send."""
    first = offered(world)
    second = next(code for code in [offered(world, OTHER)] if code != first)
    assert says(world, "YES") == [f"Not done yet. Send only one of these: {first} 1 / {second} 1"]


def test_help_about_an_order_does_nothing_and_shows_the_line_to_send(world: World) -> None:
    """Also where the order alone would act at once, such as OPEN and DRILL: then all words are shown."""
    code = shown(world)
    assert says(world, "HELP FULL")[0].startswith("To get no requests until 25.11 08:00, send: ")
    assert says(world, "help reached") == [f"Not done yet. Send: {code} 1"]
    before = states(world)
    for order in ("HELP OPEN", "HELP DRILL", "HELP LIST"):
        told = says(world, order)
        assert (told[0], len(told)) == (HELP, 2), order
    assert states(world) == before


def test_without_open_requests_the_reply_says_so(world: World) -> None:
    """For every order without a code."""
    for order in ("LIST", "REACHED", "1", "NUMBER", "AGAIN", "YES"):
        assert says(world, order) == ["You have no open requests. We text you when someone asks."]


BAD = [
    ("", "empty", UNCLEAR),
    ("😀🙏", "emoji", UNCLEAR),
    ("спасибо за работу и до завтра", "a greeting", UNCLEAR),
    ("YES {code} 54321", "two codes", "One code at a time, please. Nothing was changed."),
    ("{code} 54321", "two bare codes", "One code at a time, please. Nothing was changed."),
    ("YES NO {code}", "two verbs", "{code} 1 yes, {code} 2 no. Send one of these."),
    ("ye {code}", "no verb", "{code} 1 yes, {code} 2 no. Send one of these."),
    ("YES {other}", "a code of nobody", "{other} is not open for you. Nothing was changed."),
    ("{other}", "a bare code of nobody", "{other} is not open for you. Nothing was changed."),
    ("LIFT {code}", "what coordinators do", "{code} 1 yes, {code} 2 no. Send one of these."),
    ("FULL {code} 3 4", "two numbers", "{code} 1 yes, {code} 2 no. Send one of these."),
    ("YES +996000111001", "a telephone number", UNCLEAR),
]


@pytest.mark.parametrize(("text", "why", "answer"), BAD, ids=[row[1] for row in BAD])
def test_a_text_that_is_not_an_order_changes_nothing_and_gets_help(
    world: World, text: str, why: str, answer: str
) -> None:
    """Each has one reply."""
    code = offered(world)
    other = f"{(int(code) + 1) % 10**5:05}"
    assert says(world, text.format(code=code, other=other)) == [answer.format(code=code, other=other)], why
    assert states(world) == [("offered", None)]


def test_another_services_code_and_an_old_code_are_refused(world: World) -> None:
    """For every verb, and for the menu."""
    code = offered(world)
    for verb in ("YES", "NUMBER", "REACHED", "DONE", "AGAIN", "HANDED", "WRONG", ""):
        assert says(world, f"{verb} {code}", world.phone("kg-bishkek")) == [f"{code} для вас не открыта. Всё как было."]
    says(world, f"NO {code}")
    for verb in ("YES", "NUMBER", "REACHED", "DONE", "AGAIN", "HANDED", "WRONG", ""):
        assert says(world, f"{verb} {code}") == [NOTHING.format(code)]
    assert states(world) == [("offered", None)]


def test_r12_an_unknown_number_is_a_caller_even_with_a_valid_code(world: World) -> None:
    """A spoofed sender gets no text of a service and changes nothing."""
    code = offered(world)
    for text in (f"YES {code}", code, "LIST", f"{code} 1", "DUTY ON", "FULL 3", "DRILL"):
        world.text(OTHER, text)
    assert states(world) == [("offered", None)]
    assert not any(re.search(r"[0-9]{5}|LIST|DUTY", text) for text in world.inbox(OTHER))


@pytest.mark.engines
def test_the_list_names_tasks_and_times_most_urgent_first(world: World) -> None:
    """Open offers first, then calls to make, then callers being helped."""
    assert says(world, f"NUMBER {shown(world)}")
    (reached,) = re.findall(r"[0-9]{5}", confirmed(world, "REACHED")[0])[:1]
    claimed = shown(world, OTHER)
    waiting = offered(world, "+996000111003")
    (reply,) = says(world, "LIST")
    hour = "24.11 10:00-21:00"
    assert reply == f"{waiting} answer {hour}; {claimed} call {hour}; {reached} reached"


def test_a_long_list_says_how_many_more_requests_there_are(db: Database) -> None:
    """In two parts of UCS-2 letters."""
    world = World.on(db)
    world.contacts_are(language="ru")
    for each in range(3, 12):
        offered(world, f"+9960001110{each:02}")
    (reply,) = says(world, "список")
    assert len(parts(reply)) == 2
    assert re.fullmatch(r"(?:\d{5} ответить 24\.11 10:00-21:00; ){3}и ещё 6", reply), reply


def test_again_repeats_the_last_text(world: World) -> None:
    """The offer, then the card. It claims nothing."""
    code = offered(world)
    (offer_text,) = world.inbox(world.phone(DESK))
    assert says(world, f"AGAIN {code}") == [offer_text]
    assert states(world) == [("offered", None)]
    (card,) = says(world, f"YES {code}")
    assert confirmed(world, "AGAIN") == [card]
    assert says(world, f"YES {code}") == [card]


def test_help_lists_the_words(world: World) -> None:
    """In two texts. With a code it is the menu."""
    code = offered(world)
    replies = says(world, "HELP")
    assert replies[0] == HELP
    assert "DUTY ON" in replies[1]
    assert says(world, f"HELP {code}") == [f"{code} 1 yes, {code} 2 no. Send one of these."]


@pytest.mark.parametrize(
    ("text", "until"),
    [("FULL", "25.11"), ("FULL 1", "25.11"), ("FULL 3", "27.11"), ("full for 3 days", "27.11"), ("FULL 99", "08.12")],
)
def test_a_full_desk_gets_no_offers_until_its_date(world: World, text: str, until: str) -> None:
    """Its open offer goes to the next service. Afterwards, or with OPEN, it is asked again."""
    offered(world)
    assert confirmed(world, text) == [f"OK: no requests until {until} 08:00. Sooner: OPEN"]
    assert states(world) == [("offered", None)]
    assert world.offered()[0] != world.phone(DESK)
    offered(world, OTHER)
    assert world.offered()[0] != world.phone(DESK)
    world.wait(minutes=11)  # by then nothing comes back
    assert says(world, "OPEN") == ["OK: you get requests again. Pause: FULL 3"]
    offered(world, "+996000111003")
    assert world.offered()[0] == world.phone(DESK)


def test_a_pause_ends_by_itself_in_the_morning(world: World) -> None:
    """At eight by the country's clock."""
    confirmed(world, "FULL")
    world.set_local(7, 59)
    offered(world)
    assert world.offered()[0] != world.phone(DESK)
    world.wait(minutes=2)
    offered(world, OTHER)
    assert world.offered()[0] == world.phone(DESK)


@pytest.mark.parametrize(("back", "text"), [(2, "opened_all"), (1, "opened_some"), (0, "opened_none")])
def test_the_end_of_a_pause_says_what_comes_back(back: int, text: str) -> None:
    """The console names the same text."""
    assert texts_of(PauseEnded(2, back)) == (f"to_ngo.{text}",)
    assert name_of(PauseEnded(2, back)) == text
    assert texts_of(PauseEnded(0, 0)) == ("to_ngo.opened",)


def test_full_for_zero_days_means_open(world: World) -> None:
    """And neither touches a claim."""
    shown(world)
    confirmed(world, "FULL 2")
    assert says(world, "FULL 0") == ["OK: you get requests again. Pause: FULL 3"]
    assert states(world) == [("claimed", None)]
    assert [row.full_until for row in world.rows(desk)] == [None]


def test_duty_moves_the_texts_from_phone_to_phone(world: World) -> None:
    """Both phones are told. A code works from either, and replies go to the phone that wrote."""
    second, first = second_phone(world), world.phone(DESK)
    assert confirmed(world, "DUTY ON", second) == ["This phone gets the texts now. To end it: DUTY OFF"]
    assert world.inbox(first) == ["Another phone of yours gets the texts now. Back: DUTY ON"]
    world.ask()
    world.run()
    to, code = world.offered()
    assert to == second
    assert says(world, f"YES {code}", first)[0].startswith(f"{code} is yours.")
    assert CALLER in says(world, f"NUMBER {code}", first)[0]
    assert says(world, f"BUSY {code}", second) == [f"{code}: noted. Next, 25.11 08:00-21:00: NUMBER {code}"]
    assert confirmed(world, "DUTY OFF", second) == ["The other phone gets the texts now. Back: DUTY ON"]
    assert world.inbox(first)[-1] == "This phone gets the texts now. To end it: DUTY OFF"
    offered(world, OTHER)
    assert world.offered()[0] == first


def test_the_only_phone_stays_on_duty(world: World) -> None:
    """The reply says how to pause instead."""
    assert says(world, "DUTY OFF") == ["You have only this phone. To pause: FULL 3"]
    offered(world)
    assert world.offered()[0] == world.phone(DESK)


def test_r49_two_phones_of_one_service_have_one_limit(db: Database) -> None:
    """Numbers shown in a day are counted for both together."""
    world = World.on(db, reveals_a_day=1)
    second = second_phone(world)
    shown(world)
    code = offered(world, OTHER)
    says(world, f"YES {code}", second)
    assert says(world, f"NUMBER {code}", second) == [f"{code}: too many numbers today. The coordinator can help."]


def practice(world: World) -> str:
    """Begin a drill. Return its code."""
    (reply,) = says(world, "DRILL")
    assert re.fullmatch(r"PRACTICE\. Request: Bishkek, EN, To talk, NOW\. NO/YES [0-9]{5}", reply), reply
    return reply[-5:]


@pytest.mark.engines
def test_a_drill_runs_from_end_to_end(world: World) -> None:
    """Every text says that it is a drill, and the number belongs to nobody."""
    code = practice(world)
    replies = [says(world, f"{verb} {code}") for verb in ("YES", "NUMBER", "BUSY", "UNDO", "REACHED", "DONE DONE")]
    assert replies[0][0].startswith(f"PRACTICE. {code} is yours.")
    assert replies[1][0].startswith(f"PRACTICE. {code}: +996000000000 until ")
    assert replies[4] == [
        f"PRACTICE. {code}: thank you. Next call: NEXT {code} FRI 14:00. When it is over: DONE {code}"
    ]
    assert replies[5] == [f"PRACTICE. {code}: done, thank you. Please delete the number."]
    assert states(world) == [("closed", "helped")]


@pytest.mark.parametrize("verb", ["NO", "WRONG", "UNSAFE", "HUNGUP", "BADNUMBER", "HANDED"])
def test_a_drill_concerns_only_its_desk(world: World, verb: str) -> None:
    """No other service is asked, no coordinator called, no harm recorded."""
    code = practice(world)
    if verb != "NO":
        says(world, f"YES {code}")
        says(world, f"NUMBER {code}")
    says(world, f"{verb} {code} Bishkek" if verb == "HANDED" else f"{verb} {code}")
    world.wait(days=2)
    assert {to for to, _ in world.gateway.sent} == {world.phone(DESK)}
    assert world.rows(harm) == []
    assert states(world)[0][0] in ("closed", "expired")
    assert world.rows(vault) == []


def test_a_drill_ends_by_itself_and_has_its_own_kind(world: World) -> None:
    """Without an answer, no other service is asked after half an hour, and nothing is left after a day."""
    practice(world)
    assert [row.kind for row in world.rows(request)] == ["drill"]
    world.wait(days=1, minutes=1)
    assert states(world) == [("closed", None)]
    assert world.rows(vault) == []
    assert recipients(world, "to_ngo.stranded") == []


def test_a_claimed_drill_ends_after_a_day(world: World) -> None:
    """Without another text."""
    code = practice(world)
    says(world, f"YES {code}")
    sent = len(world.gateway.sent)
    world.wait(days=1, minutes=1)
    assert (states(world), len(world.gateway.sent)) == ([("closed", None)], sent)


def test_a_second_drill_ends_the_first(world: World) -> None:
    """One at a time. A real request beside it stays separate."""
    real = shown(world)
    first, second = practice(world), practice(world)
    assert says(world, f"YES {first}") == [NOTHING.format(first)]
    assert says(world, f"YES {second}")[0].startswith("PRACTICE.")
    assert says(world, f"BUSY {real}") == [f"{real}: noted. Next, 25.11 08:00-21:00: NUMBER {real}"]


@pytest.mark.parametrize(("country", "language"), [
    ("KG", "ky"), ("KG", "ru"), ("KG", "uz_Cyrl"), ("KG", "en"), ("KZ", "kk"), ("TJ", "tg"), ("UZ", "uz"), ("TM", "tk"),
])  # fmt: skip
def test_a_drill_fits_the_sms_parts_of_a_real_request(
    new_sqlite: Callable[[], Database], country: str, language: str
) -> None:
    """The offer is one part in every language.

    Card and number may have one more part for the word that marks a drill.
    """
    world = World.on(new_sqlite(), country=country)
    world.contacts_are(language=language, accepts_numbers_by_sms=True)
    with world.db.read() as tx:
        phone = tx.execute(sa.select(contact.c.phone).where(contact.c.kind == "service")).scalars().first()
    assert phone is not None
    (offered_by,) = says(world, "DRILL", phone)
    code = re.findall(r"[0-9]{5}", offered_by)[-1]
    card, number = says(world, f"YES {code}", phone)[0], says(world, f"NUMBER {code}", phone)[0]
    practice = world.public.ctx.book.notice(language, "to_ngo.practice")
    assert all(text.startswith(f"{practice}. ") for text in (offered_by, card, number))
    assert len(parts(offered_by)) == 1
    assert (len(parts(card)) <= 4, len(parts(number)) <= 4) == (True, True)


def test_a_coordinator_takes_and_handles_a_request_like_a_service(world: World) -> None:
    """With TAKE, the digit of the menu or YES; then with the same verbs."""
    only(world, DESK)
    world.contacts_are(accepts_numbers_by_sms=True)
    says(world, f"NO {offered(world)}")
    phone = world.phone(FIRST)
    code = world.inbox(phone)[-1][-5:]
    assert says(world, code, phone) == [f"{code} 1 I take it, {code} 2 no. Send one of these."]
    assert says(world, f"AGAIN {code}", phone) == [world.inbox(phone)[0]]
    assert says(world, f"{code} 1", phone)[0].startswith(f"{code} is yours.")
    assert CALLER in confirmed(world, "NUMBER", phone)[0]
    assert confirmed(world, "1", phone)[0].startswith(f"{code}: thank you.")
    assert says(world, f"DONE DONE {code}", phone) == [f"{code}: done, thank you. Please delete the number."]
    assert states(world) == [("closed", "helped")]


def test_a_coordinator_who_says_no_is_thanked_and_the_next_is_called(world: World) -> None:
    """With the word in any language."""
    only(world, DESK)
    says(world, f"NO {offered(world)}")
    phone = world.phone(FIRST)
    code = world.inbox(phone)[-1][-5:]
    assert says(world, f"нет {code}", phone) == [f"{code}: thank you. We ask someone else."]
    assert world.inbox(world.phone(SECOND))[-1].startswith("No service took:")
    assert states(world) == [("stranded", None)]


def test_duty_puts_a_coordinator_first_in_turn(world: World) -> None:
    """Otherwise the first of the list comes first."""
    only(world, DESK)
    second = world.phone(SECOND)
    assert confirmed(world, "DUTY ON", second) == ["This phone gets the texts now. To end it: DUTY OFF"]
    says(world, f"NO {offered(world)}")
    assert (len(world.inbox(second)), world.inbox(world.phone(FIRST))) == (3, [])


@pytest.mark.parametrize("text", ["FULL 3", "OPEN", "DRILL"])
def test_orders_for_services_only_are_answered_with_help(world: World, text: str) -> None:
    """Coordinators get no offers and no drills."""
    only(world, DESK)
    assert says(world, text, world.phone(FIRST)) == [HELP]
    assert (world.rows(request), world.rows(desk)) == ([], [])


VERBS = sorted(words["en"][0] for verb, words in read_yaml(ROOT / "keywords.yaml")["ngo"].items() if verb != "polite")
QUIET = st.text(max_size=30).filter(lambda text: not re.search(r"[^\W\d_]{2,}|\d", text))


def everything(world: World) -> list[list[tuple[object, ...]]]:
    """Return every row that an order could change, but not texts or rows that send them."""
    tables = (request, offer, attempt, vault, contact, desk, harm)
    return [[tuple(row) for row in world.rows(table)] for table in tables]


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(text=st.one_of(QUIET, st.sampled_from(VERBS).map(lambda verb: f"{verb} sldkfj 12x45"), st.text(max_size=40)))
def test_any_text_is_answered_and_only_orders_change_anything(new_sqlite: Callable[[], Database], text: str) -> None:
    """With one request claimed and one offered. Which texts are orders is tested elsewhere."""
    world = World.on(new_sqlite())
    shown(world)
    offered(world, OTHER)
    before = everything(world)
    order = world.work.inbound.orders.keywords.order(text)
    replies = says(world, text)
    failed = [row.error for row in world.rows(outbox) if row.error]
    assert (bool(replies), failed) == (True, [])
    if order is None:
        assert everything(world) == before


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    orders=st.lists(
        st.tuples(st.sampled_from([*VERBS, "", "1", "2", "7", "0", "9"]), st.sampled_from("abx ")), max_size=8
    )
)
def test_any_orders_in_any_order_never_fail(new_sqlite: Callable[[], Database], orders: list[tuple[str, str]]) -> None:
    """With right, wrong and no codes: each is answered, and a line has at most one claim."""
    world = World.on(new_sqlite(), page_again_minutes=720)
    codes = {"a": offered(world), "b": offered(world, OTHER), "x": "99999", " ": ""}
    for verb, which in orders:
        world.wait(timedelta(minutes=1))
        assert says(world, f"{verb} {codes[which]}"), (verb, which)
        assert not [row.error for row in world.rows(outbox) if row.error]
        held = [row.line for row in world.rows(offer) if row.state == "claimed"]
        assert len(held) == len(set(held))
    numbers = [text for to, text in world.gateway.sent if CALLER in text or OTHER in text]
    assert len(numbers) <= len([row for row in world.rows(message) if row.notice == "to_ngo.number"])
