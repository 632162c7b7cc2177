"""A bridged call from end to end: the real SDK calls over real HTTP, and the steps arrive at the public web."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from gateway.app import bridged_calls_of, create_public
from gateway.channels.africastalking import AfricasTalking
from gateway.channels.africastalking_voice import NO_CAUSE, read_call, write_call
from gateway.webhooks import Counting, uncounted
from helpline.core.phone_numbers import msisdn
from helpline.core.ports import Ask, BadForm, CallStep, HangUp, Join
from helpline.store.engine import Unavailable
from helpline.store.schema import bridge
from tests.conftest import Databases
from tests.gateway.exchange import Exchange
from tests.gateway.test_at_sdk import served
from tests.others import PATIENCE_SECONDS
from tests.steps import bridge as steps_bridge
from tests.steps.bridge import Caseworker
from tests.steps.desk import DESK
from tests.world import CALLER, World, contents

SECRET = "s" * 32
HOOK = f"/in/africastalking/{SECRET}/voice"
TRUNK = "+996000500500"
REJECT = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject/></Response>'
STEP = {"isActive": "1", "sessionId": "ATVId_1", "direction": "Outbound", "callerNumber": CALLER}


@dataclass(slots=True)
class Line:
    """A caseworker with a claim, the gateway that calls, and our web that it asks."""

    worker: Caseworker
    exchange: Exchange
    web: FlaskClient

    def start_call(self) -> str:
        """Press the button. Return the session that the gateway made."""
        assert self.worker.press_button()
        self.worker.world.run()
        return next(reversed(self.exchange.calls))


def web_of(world: World, count: Counting = uncounted, **settings: Any) -> FlaskClient:
    """Return the public web of a world, with the endpoint for calls if they are switched on."""
    config = world.config.model_copy(update={"webhook_secret": SecretStr(SECRET), **settings})
    bridged = bridged_calls_of(config, contents(world.config), world.db)
    emergency = world.public.emergency()
    return create_public(
        world.public, config, list, content="test", emergency=emergency, bridged=bridged, count=count
    ).test_client()


@pytest.fixture
def line(new_sqlite: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    world = steps_bridge.on(new_sqlite())
    web = web_of(world)
    exchange = Exchange(lambda form: web.post(HOOK, data=form).text)
    with served(exchange.app()) as url:
        call_maker = AfricasTalking(
            "helpline", SecretStr("atsk_1"), url=url, timeout_seconds=(PATIENCE_SECONDS, PATIENCE_SECONDS)
        )
        world.work = replace(world.work, bridging=replace(world.work.bridging, call_maker=call_maker))
        yield Line(Caseworker.of(world), exchange, web)


def test_r32_a_bridged_call_works_from_the_button_to_its_end(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    session = line.start_call()
    call = line.exchange.answer(session)
    assert (call.to, call.by) == (line.worker.world.phone(DESK), TRUNK)
    assert call.spoken == ["Press 1 for your call. First say only: is this a good time to talk?"]
    assert not call.dialled
    line.exchange.press(session, "1")
    dial = {"phoneNumbers": CALLER, "callerId": TRUNK, "record": "false", "maxDuration": "1800"}
    assert call.dialled == [dial]
    line.exchange.end(session)
    assert not line.worker.world.rows(bridge)
    logged = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "call_ended" in logged
    assert not any(secret in logged for secret in (session, CALLER, CALLER[1:], SECRET))


def test_a_repeated_step_dials_once(line: Line) -> None:
    session = line.start_call()
    line.exchange.answer(session)
    line.exchange.answer(session)
    line.exchange.press(session, "1")
    call = line.exchange.press(session, "1")
    assert (len(call.dialled), call.over) == (1, True)


def test_nobody_is_joined_without_a_key(line: Line) -> None:
    session = line.start_call()
    line.exchange.answer(session)
    line.exchange.end(session, "NO_ANSWER")
    line.worker.world.wait(minutes=2)
    assert line.worker.shown_at() is None


def test_r11_a_call_that_the_gateway_refuses_does_not_use_the_window(line: Line) -> None:
    line.exchange.refuses = "DestinationNotSupported"
    assert line.worker.press_button()
    line.worker.world.run()
    assert line.worker.shown_at() is None
    line.exchange.refuses = ""
    assert line.exchange.answer(line.start_call()).spoken


def test_a_wrong_secret_is_a_404(line: Line) -> None:
    for address in (HOOK.replace("s" * 32, "t" * 32), HOOK.replace("africastalking", "kannel")):
        assert line.web.post(address, data=STEP).status_code == 404


REFUSED = [
    ("GET", HOOK, {}, "192.0.2.9", (400, "method is not POST"), "method"),
    ("PUT", HOOK, STEP, "192.0.2.9", (400, "method is not POST"), "method"),
    ("OPTIONS", HOOK, {}, "192.0.2.9", (400, "method is not POST"), "method"),
    ("POST", HOOK, {"isActive": "1"}, "192.0.2.9", (400, "sessionId is missing"), "form"),
    ("POST", HOOK, {**STEP, "x": "x" * 17_000}, "192.0.2.9", (400, "body is longer than 16384 bytes"), "body"),
    ("POST", HOOK, STEP, "198.51.100.1", (404, "not found"), "network"),
    ("POST", HOOK.replace(SECRET, "t" * 32), STEP, "192.0.2.9", (404, "not found"), "secret"),
    ("GET", HOOK.replace(SECRET, "t" * 32), STEP, "192.0.2.9", (404, "not found"), "secret"),
]


@pytest.mark.parametrize(("method", "path", "form", "sender", "told", "fault"), REFUSED)
def test_a_refused_step_is_answered_counted_and_in_the_log_like_any_request_of_a_gateway(
    line: Line, caplog: pytest.LogCaptureFixture, method: str, path: str, form: dict[str, str], sender: str,
    told: tuple[int, str], fault: str,
) -> None:  # fmt: skip
    """A gateway that is set to GET in place of POST would otherwise connect nobody, and nobody would know why."""
    counted = list[tuple[str, str]]()
    world = line.worker.world
    web = web_of(world, lambda *each: counted.append(each), allow_from=("192.0.2.0/24",))
    caplog.clear()
    answer = web.open(path, method=method, data=form, environ_base={"REMOTE_ADDR": sender})
    assert (answer.status_code, answer.text) == told
    assert counted == [("africastalking", fault)]
    logged = [(record.getMessage(), vars(record)["ids"]["kind"]) for record in caplog.records]
    assert logged == ([] if fault == "secret" else [("request_refused", "voice")])
    assert not any(CALLER in str(vars(record)) or "ATVId" in str(vars(record)) for record in caplog.records)


def test_without_bridged_calls_there_is_no_endpoint(new_sqlite: Databases) -> None:
    assert web_of(World.on(new_sqlite())).post(HOOK, data=STEP).status_code == 404


STEPS = [
    ({}, REJECT, "a session that nobody knows"),
    ({"direction": "Inbound"}, REJECT, "somebody calls us"),
    ({"isActive": "0", "hangupCause": CALLER}, REJECT, "a call is over"),
    ({"dtmfDigits": "1"}, REJECT, "a key in a call that nobody knows"),
    ({"isActive": "yes"}, REJECT, "a value that we do not know"),
]


@pytest.mark.parametrize(("more", "expected", "why"), STEPS, ids=[row[2] for row in STEPS])
def test_steps_of_unknown_calls_are_rejected(line: Line, more: dict[str, str], expected: str, why: str) -> None:
    answer = line.web.post(HOOK, data={**STEP, **more})
    assert (answer.status_code, answer.text) == (200, expected), why
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("lacks", ["isActive", "sessionId"])
def test_malformed_steps_are_named_without_their_values(line: Line, lacks: str) -> None:
    answer = line.web.post(HOOK, data={name: value for name, value in STEP.items() if name != lacks})
    assert (answer.status_code, answer.text) == (400, f"{lacks} is missing")


def test_r35_without_the_database_nobody_is_joined_and_no_value_is_logged(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    class Away:
        def answer(self, channel: str, step: CallStep) -> HangUp:
            raise Unavailable(f"{channel} {step.session} {CALLER}")

    world = line.worker.world
    config = world.config.model_copy(update={"webhook_secret": SecretStr(SECRET)})
    web = create_public(
        world.public, config, list, content="test", emergency=world.public.emergency(), bridged=Away()
    ).test_client()
    assert web.post(HOOK, data=STEP).text == REJECT
    assert [record.getMessage() for record in caplog.records] == ["call_failed"]
    assert not any(CALLER in str(vars(record)) or "ATVId" in str(vars(record)) for record in caplog.records)


READ = [
    (STEP, CallStep("ATVId_1", outbound=True, active=True), "it was answered"),
    ({**STEP, "direction": "outbound"}, CallStep("ATVId_1", outbound=True, active=True), "written small"),
    ({**STEP, "dtmfDigits": "1"}, CallStep("ATVId_1", outbound=True, active=True, keys="1"), "a key"),
    ({**STEP, "direction": "Inbound"}, CallStep("ATVId_1", outbound=False, active=True), "somebody calls us"),
    ({"isActive": "1", "sessionId": "a"}, CallStep("a", outbound=False, active=True), "no direction"),
    (
        {**STEP, "isActive": "0", "hangupCause": "USER_BUSY"},
        CallStep("ATVId_1", outbound=True, active=False, cause="USER_BUSY"),
        "over",
    ),
    (
        {**STEP, "isActive": "0"},
        CallStep("ATVId_1", outbound=True, active=False, cause=NO_CAUSE),
        "over, and no word why",
    ),
    (
        {**STEP, "isActive": "0", "hangupCause": CALLER},
        CallStep("ATVId_1", outbound=True, active=False, cause=NO_CAUSE),
        "a cause that is none: it may be a number",
    ),
]


@pytest.mark.parametrize(("form", "step", "why"), READ, ids=[row[2] for row in READ])
def test_each_step_is_read_from_its_form(form: dict[str, str], step: CallStep, why: str) -> None:
    assert read_call(form) == step, why


def test_an_invalid_session_is_refused() -> None:
    with pytest.raises(BadForm, match="sessionId"):
        read_call({**STEP, "sessionId": "х" * 10})


def test_r35_neither_session_nor_key_nor_number_is_printed() -> None:
    step = read_call({**STEP, "dtmfDigits": "1"})
    assert "ATVId" not in repr(step)
    assert "'1'" not in repr(step)
    assert CALLER not in repr(Join(msisdn(CALLER), TRUNK))


def test_spoken_text_is_escaped() -> None:
    assert "<Say>1 &lt; 2 &amp; 3</Say>" in write_call(Ask("1 < 2 & 3"))
