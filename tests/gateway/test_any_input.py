"""Any input through the real web app and service: the answer fits a screen, and the rules hold."""

import threading
from collections.abc import Sequence

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.store.schema import request as request_table
from helpline.store.schema import vault
from menus.gsm7 import USSD, fits
from tests.conftest import Databases
from tests.steps.by_day import examples
from tests.test_stories import HOOK, web_of
from tests.world import CALL_ME, CALLER, World

pytestmark = pytest.mark.engines

ONE_WORLD = settings(
    deadline=None,
    max_examples=examples(150),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
KEYS = st.lists(st.sampled_from([*"0123456789", "00", "", "#", "482913", "абв", " 1", "１"]), max_size=14)
STARTS = [(language, *way) for language in "124" for way in (("2",), ("1", "2"))]
"""Language, then the ways to the first consent screen: for oneself, in danger."""
SEVEN = st.permutations("1234567")
BURST = KEYS | st.builds(lambda drawn, then: [*drawn, *then], SEVEN, st.lists(st.sampled_from("12340"), max_size=3))
"""Keys that one hop brings. All seven digits include the drawn key."""
FIELDS = ("sessionId", "serviceCode", "phoneNumber", "networkCode", "text")


@pytest.fixture
def sqlite_world(new_sqlite: Databases) -> World:
    """A service on SQLite that takes any number of requests."""
    return World.on(new_sqlite(), requests_a_day=10_000)


@pytest.fixture
def app(sqlite_world: World) -> Flask:
    """The public web of the service."""
    return web_of(sqlite_world)


def hop(app: Flask, session: str, keys: Sequence[str], number: str = CALLER) -> str:
    """Post a hop. Return the whole answer."""
    form = {
        "sessionId": session,
        "serviceCode": "*500#",
        "phoneNumber": number,
        "networkCode": "1",
        "text": "*".join(keys),
    }
    answer = app.test_client().post(f"{HOOK}/ussd", data=form)
    assert answer.status_code == 200
    return answer.text


@ONE_WORLD
@given(body=st.binary(max_size=300), path=st.sampled_from(["ussd", "ussd-ended", "sms", "receipt", "optout"]))
def test_any_bytes_as_a_body_are_answered(app: Flask, body: bytes, path: str) -> None:
    """The answer is 200, 400 or 404 and never an internal error. A 400 has one line without a value."""
    answer = app.test_client().post(f"{HOOK}/{path}", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (200, 400, 404)
    assert answer.text.count("\n") == 0 or answer.status_code == 200


@ONE_WORLD
@given(
    form=st.dictionaries(st.sampled_from([*FIELDS, "id", "from", "to", "status"]), st.text(max_size=60), max_size=9),
    path=st.sampled_from(["ussd", "ussd-ended", "sms", "receipt", "optout"]),
)
def test_any_form_is_answered(app: Flask, form: dict[str, str], path: str) -> None:
    """Fields are missing or odd, with any letters."""
    clean = {name: value.encode("utf-8", "ignore") for name, value in form.items()}
    assert app.test_client().post(f"{HOOK}/{path}", data=clean).status_code in (200, 400)


@ONE_WORLD
@given(keys=KEYS, session=st.uuids(), number=st.sampled_from([CALLER, "", "anonymous", "+4915112345678", "100"]))
def test_any_keys_give_a_screen_that_fits(app: Flask, keys: list[str], session: object, number: str) -> None:
    """CON or END, and at most 160 septets or 70 UCS-2 units."""
    for end in range(len(keys) + 1):
        answer = hop(app, f"s-{session}", keys[:end], number)
        assert answer[:4] in ("CON ", "END ")
        assert answer[4:]
        assert fits(answer[4:], USSD)
        if answer.startswith("END "):
            break


@ONE_WORLD
@given(start=st.sampled_from(STARTS), bursts=st.lists(BURST, min_size=1, max_size=6), repeats=st.integers(1, 3))
def test_r28_no_request_is_saved_unless_both_consent_screens_were_shown(
    app: Flask, sqlite_world: World, start: tuple[str, ...], bursts: list[list[str]], repeats: int
) -> None:
    """Keys arrive in any bursts, and each hop may be sent again.

    A hop saves a request only if each consent screen was the answer to an earlier hop of this session.
    """
    session = next(sqlite_world.sessions)
    before, keys, answers = len(sqlite_world.rows(request_table)), [*start], list[str]()
    for burst in bursts:
        keys = [*keys, *burst]
        if len(keys) > 58:
            break
        new = [hop(app, f"j-{session}", keys) for _ in range(repeats)]
        assert len(set(new)) == 1
        if len(sqlite_world.rows(request_table)) > before:
            assert consent_screens_in(sqlite_world, answers) == {1, 2}
            break
        answers += new


def consent_screens_in(world: World, answers: list[str]) -> set[int]:
    """Return which consent screens were shown: the first (1), the second (2)."""
    book = world.public.ctx.book
    screens = ((book.tree.consent, 1), ("callback.when", 2), ("danger.ask", 2))
    begins = [
        (book.pages[language][screen][0].text.partition("{")[0], at) for language in book.languages for screen, at in screens
    ]  # fmt: skip
    return {at for answer in answers for text, at in begins if answer.removeprefix("CON ").startswith(text)}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_same_hop_sent_many_times_at_once_saves_one_request(kind: str, request_kind: World) -> None:
    """Eight copies of the hop that saves, on eight threads: one row, one sealed number, the same words."""
    world = request_kind
    call = world.dial().press(*CALL_ME).agree()
    app, keys, answers = web_of(world), (*call.keys, "1"), []
    session = "at-once"
    hop(app, session, call.keys[:2])
    drawn = hop(app, session, call.keys[:2]).split("\n")[-1][0]
    hop(app, session, (*call.keys[:2], drawn))
    keys = (*call.keys[:2], drawn, "1")
    start = threading.Barrier(8)

    def copy() -> None:
        start.wait()
        answers.append(hop(app, session, keys))

    threads = [threading.Thread(target=copy) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1, answers
    assert "Помните" in answers[0]
    assert len(world.rows(request_table)) == len(world.rows(vault)) == 1


@pytest.fixture
def request_kind(kind: str, request: pytest.FixtureRequest) -> World:
    """A service on the kind of database that the test asks for."""
    return World.on(request.getfixturevalue(f"new_{kind}")())
