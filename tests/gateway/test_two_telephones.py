"""Two telephones with the same id of a call, on every channel that sends the last key only: two calls (R27)."""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier
from typing import Any

import pytest
from pydantic import SecretStr
from werkzeug.test import Client

from gateway.app import create_public
from gateway.at_once import TRIED
from helpline.caller.calls_in_progress import CallsInProgress
from helpline.caller.day_store import DayStore
from helpline.core import gateway_template
from helpline.core.channels_file import ChannelSettings
from helpline.store.schema import request, talk
from tests.conftest import Databases
from tests.helpline.caller.conftest import one_server, server
from tests.in_the_loop import InTheLoop, patient
from tests.last_key import codes
from tests.others import PATIENCE_SECONDS
from tests.workers.conftest import Server
from tests.world import CALLER, EN_CALL_ME, OTHER, World

__all__ = ["one_server", "patient", "server"]
SECRET, CALL = "a-secret-only-for-tests-xx", "4242"
AGREE = "agree"
NOON = 20_000 * 86_400 + 43_200.0
DIALLED = "*500#"

Request = dict[str, Any]
"""What the test client posts: query, headers, body."""


def kannel(number: str, key: str | None, hop: int) -> Request:
    op = 1 if key is None else 18
    meta = f"?smpp?ussd_service_op={op}&user_message_reference={CALL}&its_session_info=%07%00&"
    headers = {"X-Kannel-From": number.removeprefix("+"), "X-Kannel-To": "500", "X-Kannel-Meta-Data": meta}
    content = 'text/plain; charset="UTF-8"'
    return {
        "query_string": f"id={number[-3:]}-{hop}",
        "headers": headers,
        "data": key or DIALLED,
        "content_type": content,
    }


def emulator(number: str, key: str | None, hop: int) -> Request:
    return {"data": {"call": CALL, "number": number, "hop": str(hop), **({} if key is None else {"key": key})}}


def hubtel(number: str, key: str | None, hop: int) -> Request:
    kind = "Initiation" if key is None else "Response"
    told = {"Type": kind, "Mobile": number[1:], "SessionId": CALL, "Message": key or DIALLED, "Sequence": hop}
    return {"json": told}


def arkesel(number: str, key: str | None, hop: int) -> Request:  # its hops have no ids
    told = {"sessionID": CALL, "userID": "U1", "msisdn": number[1:], "newSession": key is None}
    return {"json": {**told, "userData": key or DIALLED}}


def nalo(number: str, key: str | None, hop: int) -> Request:
    told = {"USERID": "U1", "MSISDN": number[1:], "MSGTYPE": key is None, "USERDATA": key or DIALLED}
    return {"json": told}


def infobip(number: str, key: str | None, hop: int) -> Request:  # the id of the call is in the address
    told = {"sessionActive": True, "exitCode": 0, "reason": "", "msisdn": number[1:], "text": key or DIALLED}
    return {"json": told, "more": f"/session/{CALL}/{'start' if key is None else 'response'}"}


CHANNELS: Mapping[str, Callable[[str, str | None, int], Request]] = {
    "kannel": kannel,
    "emulator": emulator,
    "hubtel-ussd": hubtel,
    "arkesel-ussd": arkesel,
    "nalo-ussd": nalo,
    "infobip-ussd": infobip,
}
"""Each channel that sends the last key only: the requests of one hop."""


def settings_of(name: str) -> ChannelSettings:
    kind = name if name in ("kannel", "emulator", "africastalking") else "template"
    options = {"calling_code": "996"} if name == "kannel" else {"template": name} if kind == "template" else {}
    secrets = {"webhook_secret": SecretStr(SECRET)}
    return ChannelSettings(name=name, kind=kind, options=options, secrets=secrets)


@dataclass(slots=True)
class Telephone:
    """A telephone that the gateway names by its number and the same id as every other."""

    web: Client
    channel: str
    number: str
    seen: list[str] = field(default_factory=list)
    hops: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def send(self, key: str | None) -> str:
        """Send one hop. Return the text of the screen."""
        asked = CHANNELS[self.channel](self.number, key, next(self.hops))
        address = f"/in/{self.channel}/{SECRET}/ussd{asked.pop('more', '')}"
        answer = self.web.post(address, **asked)
        assert answer.status_code == 200
        self.seen.append(text_of(answer.get_data(as_text=True)))
        return self.seen[-1]

    def agree(self) -> str:
        """Press the key that is printed on the first consent screen."""
        return self.send(self.seen[-1].split("\n")[-1][0])


def text_of(answer: str) -> str:
    """Return the screen in an answer of any channel."""
    try:
        told = json.loads(answer)
    except ValueError:
        return answer.removeprefix("CON ").removeprefix("END ")
    if not isinstance(told, dict):
        return answer
    return str(next(told[name] for name in ("Message", "message", "MSG", "text", "ussdMenu") if name in told))


@dataclass(slots=True)
class Reached:
    """A service with one channel."""

    world: World
    web: Callable[..., Iterable[bytes]]
    channel: str

    def telephones(self) -> tuple[Telephone, Telephone]:
        """Return two telephones, each with its own connection."""
        one, other = (Telephone(Client(self.web), self.channel, number) for number in (CALLER, OTHER))
        return one, other


@pytest.fixture(params=[(name, way) for name in CHANNELS for way in ("views", "loop")], ids="-".join)
def reached(request: pytest.FixtureRequest, new_sqlite: Databases, server: Server) -> Iterator[Reached]:
    """People take three seconds for a key. Hops are answered by Flask's views alone, or in the loop where that goes."""
    world, (name, way) = World.on(new_sqlite()), request.param
    calls = CallsInProgress(world.public.ctx.words, DayStore(server.url), now=itertools.count(NOON, 3.0).__next__)
    public, config = replace(world.public, calls=calls), world.config.model_copy(update={"redis_url": server.url})
    channels = [settings_of(name)]
    app = create_public(public, config, list, content="", emergency=public.emergency(), channels=channels)
    if way == "views":
        yield Reached(world, lambda environ, start: app(environ | {TRIED: True}, start), name)
        return
    public.begun.look(public.ctx)
    loop = InTheLoop(app)
    yield Reached(world, loop, name)
    assert loop.at_once


def test_every_channel_for_calls_is_in_a_table() -> None:
    """A template of USSD needs its row, in the one table or the other."""
    templates = {name: gateway_template.load(name) for name in gateway_template.names()}
    for table, repeats in ((CHANNELS, False), (ALL_KEYS, True)):
        assert {name for name, each in templates.items() if each.ussd and each.ussd.repeats == repeats} <= table.keys()


def test_r27_two_telephones_with_one_id_in_the_same_moment(reached: Reached) -> None:
    """Each pair of hops begins together, in two threads."""
    phones = reached.telephones()
    together = Barrier(len(phones))

    def call(phone: Telephone) -> None:
        for key in (None, *EN_CALL_ME, AGREE, "1"):
            together.wait(PATIENCE_SECONDS)
            phone.agree() if key == AGREE else phone.send(key)

    with ThreadPoolExecutor(len(phones)) as pool:
        list(pool.map(call, phones))
    one, other = (codes(phone.seen) for phone in phones)
    assert len(reached.world.rows(request)) == len(one) + len(other) == 2
    assert one.isdisjoint(other)


def test_r27_two_telephones_with_one_id_in_turn(reached: Reached) -> None:
    """Neither sees the other's code or words, and both requests are stored."""
    one, other = reached.telephones()
    for key in (None, *EN_CALL_ME):
        one.send(key)
        other.send(key)
    one.agree()
    other.agree()
    one.send("1")
    other.send("1")
    assert len(reached.world.rows(request)) == 2
    assert codes(one.seen)
    assert codes(one.seen).isdisjoint(codes(other.seen))


def test_r27_two_telephones_with_one_id_after_each_other(reached: Reached) -> None:
    for phone in reached.telephones():
        for key in (None, *EN_CALL_ME):
            phone.send(key)
        phone.agree()
        phone.send("1")
        assert len(codes(phone.seen)) == 1
    assert len(reached.world.rows(request)) == 2


def test_r19_valkey_goes_away_in_mid_call(reached: Reached, server: Server) -> None:
    """A later key shows the emergency screen, a new dial the first one, and nothing is stored half."""
    phone, _ = reached.telephones()
    first = phone.send(None)
    for key in EN_CALL_ME:
        phone.send(key)
    before = [reached.world.rows(table) for table in (request, talk)]
    server.end()
    emergency = reached.world.public.emergency().text
    assert phone.send("1") == emergency
    assert phone.send(None) == first
    assert phone.send("2") == emergency
    assert [reached.world.rows(table) for table in (request, talk)] == before


def africastalking(number: str, keys: str) -> dict[str, str]:
    return {"sessionId": CALL, "serviceCode": DIALLED, "phoneNumber": number, "text": keys}


def con_end(number: str, keys: str) -> dict[str, str]:
    return {"SESSIONID": CALL, "MSISDN": number[1:], "USSDCODE": DIALLED, "INPUT": keys}


ALL_KEYS: Mapping[str, Callable[[str, str], dict[str, str]]] = {"africastalking": africastalking, "con-end": con_end}
"""Each channel that sends all keys of the call with each hop."""


@pytest.mark.parametrize("name", ALL_KEYS)
def test_r27_two_telephones_with_one_id_where_each_hop_brings_all_keys(
    new_sqlite: Databases, server: Server, name: str
) -> None:
    """Their ids are unique, as far as they say. If not, neither telephone sees what the other one did."""
    world, channel = World.on(new_sqlite()), settings_of(name)
    calls = CallsInProgress(world.public.ctx.words, DayStore(server.url), now=itertools.count(NOON, 3.0).__next__)
    public, config = replace(world.public, calls=calls), world.config.model_copy(update={"redis_url": server.url})
    app = create_public(public, config, list, content="", emergency=public.emergency(), channels=[channel])
    seen: dict[str, list[str]] = {CALLER: [], OTHER: []}
    for number, screens in seen.items():
        keys: list[str] = []
        for step in range(len(EN_CALL_ME) + 3):
            form = ALL_KEYS[name](number, "*".join(keys))
            screens.append(text_of(app.test_client().post(f"/in/{name}/{SECRET}/ussd", data=form).text))
            typed = [*EN_CALL_ME, screens[-1].split("\n")[-1][0], "1"]
            keys.append(typed[min(step, len(typed) - 1)])
    assert len(world.rows(request)) == 2
    assert len(codes(seen[CALLER])) == 1
    assert codes(seen[CALLER]).isdisjoint(codes(seen[OTHER]))
