"""Hops that are answered before Flask: only those that wait for nothing, and with the answers of Flask's views.

Or for one answer of Valkey, if a gateway sends the last key only.
"""

import gc
import json
import signal
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pydantic import SecretStr
from werkzeug.test import Client, create_environ

from gateway.app import PublicWeb, create_public
from gateway.at_once import TRIED
from gateway.webhooks import Counting, uncounted
from helpline.caller.calls_in_progress import CallsInProgress
from helpline.caller.day_store import DAY_SECONDS, DayStore
from helpline.caller.hop import PublicService
from helpline.core.channels_file import ChannelSettings
from helpline.core.waiting import has_asked, settle
from helpline.operations.refused_requests import Fault
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from tests.helpline.caller.conftest import one_server, server
from tests.in_the_loop import InTheLoop, patient
from tests.workers.conftest import Server
from tests.world import CALL_ME, CALLER, SEE, World

__all__ = ["one_server", "patient", "server"]
SECRET = "a-secret-only-for-a-test"
NOON = 20_000.5 * DAY_SECONDS
"""In the first minutes of a day a view answers, because a call may have begun the day before."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    db = connect(f"sqlite:///{tmp_path_factory.mktemp('at-once') / 'komek.sqlite3'}")
    upgrade(db)
    made = World.on(db)
    made.public.begun.look(made.public.ctx)
    return made


def web(
    world: World, add_time: Callable[[float], None] = lambda _: None, *,
    public: PublicService | None = None, count: Counting = uncounted,
) -> PublicWeb:  # fmt: skip
    """Return a public web with a channel of all keys and one of last keys."""
    secrets = {"webhook_secret": SecretStr(SECRET)}
    channels = [ChannelSettings(name=name, kind=name, secrets=secrets) for name in ("africastalking", "emulator")]
    return create_public(
        public or world.public, world.config, list, content="", emergency=world.public.emergency(), channels=channels,
        count=count, add_time=add_time,
    )  # fmt: skip


def posted(keys: str, path: str = f"/in/africastalking/{SECRET}/ussd") -> dict[str, Any]:
    """Return the WSGI environment of a hop."""
    form = {"sessionId": f"ATUid_{keys}", "phoneNumber": CALLER, "serviceCode": "*384#", "text": keys}
    return create_environ(path, method="POST", data=form)


def nothing(*_: Any) -> Any:
    """Fail: there is no answer to start."""
    raise AssertionError


def asked(app: Callable[..., Iterable[bytes] | None], environ: dict[str, Any]) -> tuple[str, object, bytes] | None:
    """Return the status, the headers and the body of an answer."""
    head: list[Any] = []
    answer = app(environ, lambda status, headers: head.extend((status, dict(headers))))
    return None if answer is None else (head[0], head[1], b"".join(answer))


@pytest.mark.parametrize("keys", ["", "1", "2", "2*3", "3*9*9", "2*8*0", "1*1*1*1*1*99", "nonsense"])
def test_a_hop_is_answered_before_flask_as_by_its_view(world: World, keys: str) -> None:
    """With the same status, headers and body: the view answers the same hop if it would have to wait."""
    app = web(world)
    before, view = asked(app.at_once, posted(keys)), asked(app, posted(keys) | {TRIED: True})
    assert before is not None
    assert before == view == asked(app, posted(keys))


def test_only_hops_are_tried_before_flask(world: World) -> None:
    """All other requests read, store or log something. Without a loop nobody can ask Valkey for the keys before."""
    app = web(world)
    assert asked(app.at_once, posted("")) is not None
    paths = [rule.rule.replace("<secret>", SECRET) for rule in app.url_map.iter_rules()]
    others = {path for path in paths if path != f"/in/africastalking/{SECRET}/ussd"}
    others |= {"/in/africastalking/wrong/ussd", f"/in/other/{SECRET}/ussd", f"//in/africastalking/{SECRET}/ussd"}
    others |= {f"/in/africastalking/{SECRET}/ussd/", f"/in/africastalking/{SECRET}/ussd/more"}
    assert len(others) > 10
    for path in others:
        assert app.at_once(posted("", path), nothing) is None, path


def test_what_would_wait_is_answered_from_the_beginning_and_timed_once(world: World) -> None:
    """Its body can be read again, and it is not tried again by the thread that may wait."""
    times: list[float] = []
    app, environ = web(world, times.append), posted("*".join(CALL_ME))
    assert app.at_once(environ, nothing) is None
    assert (environ[TRIED], times) == (True, [])
    stored = asked(app, environ)
    assert stored is not None
    assert b"CON" in stored[2]
    assert len(times) == 1
    assert asked(app.at_once, posted("")) is not None
    assert len(times) == 2


@pytest.mark.parametrize("keys", ["*".join(CALL_ME), "*".join((*CALL_ME, "1")), "*".join((*SEE, "000000", "1"))])
def test_what_would_wait_is_answered_without_flask_as_by_its_view(world: World, keys: str) -> None:
    """What it stores is there already at the second time, as for a copy of the hop."""
    app, flask = web(world), web(world)
    app.wsgi_app = nothing  # type: ignore[assignment, method-assign]
    environ = posted(keys)
    assert app.at_once(environ, nothing) is None
    answered = asked(app, environ)
    assert answered is not None
    assert answered == asked(flask, posted(keys) | {TRIED: True})


def test_what_would_wait_is_read_and_folded_once(world: World) -> None:
    """The second try uses what the first has read and folded, whatever the request says then."""
    app, environ = web(world), posted("*".join(CALL_ME))
    assert app.at_once(environ, nothing) is None
    environ["wsgi.input"] = posted("")["wsgi.input"]
    environ["CONTENT_LENGTH"] = posted("")["CONTENT_LENGTH"]
    assert asked(app, environ) == asked(app, posted("*".join(CALL_ME)))


def test_a_wrong_secret_is_counted_once(world: World) -> None:
    """To count it would wait, so it is tried in the loop, and refused by Flask."""
    counted: list[object] = []
    app = web(world, count=lambda *fault: counted.append(fault))
    environ = posted("", "/in/africastalking/wrong/ussd")
    assert app.at_once(environ, nothing) is None
    refused = asked(app, environ)
    assert refused is not None
    assert refused[0] == "404 NOT FOUND"
    assert counted == [("africastalking", Fault.SECRET)]


class Secret:
    """Something in a request that must not stay in memory."""


def test_threat_a_hop_that_would_wait_leaves_nothing_of_its_first_try_in_memory(world: World) -> None:
    """Not even until the collector of cycles comes by."""
    app, secret = web(world), Secret()
    environ, kept = {**posted("*".join(CALL_ME)), "secret": secret}, weakref.ref(secret)
    gc.collect()
    gc.disable()
    try:
        assert app.at_once(environ, nothing) is None
        del environ, secret
        assert not kept()
    finally:
        gc.enable()


@dataclass(slots=True)
class Telephone:
    """A telephone on a gateway that sends the last key only, and the same keys on one that sends all."""

    all_keys: PublicWeb
    keys: list[str] = field(default_factory=list)

    def press(self, web: InTheLoop, key: str | None) -> tuple[str, str]:
        """Press a key. Return the screens that both gateways show."""
        self.keys += [] if key is None else [key]
        form = {"call": "7", "number": CALLER, "hop": str(len(self.keys)), **({} if key is None else {"key": key})}
        shown = Client(web).post(f"/in/emulator/{SECRET}/ussd", data=form).get_json()
        wanted = asked(self.all_keys, posted("*".join(self.keys)))
        assert wanted is not None
        return f"{'END' if shown['last'] else 'CON'} {shown['text']}", wanted[2].decode()


def in_processes(world: World, server: Server, count: int = 1) -> list[InTheLoop]:
    """Return webs that share a Valkey."""
    webs = []
    for _ in range(count):
        calls = CallsInProgress(world.public.ctx.words, DayStore(server.url), lambda: NOON)
        webs.append(InTheLoop(web(world, public=replace(world.public, calls=calls))))
    return webs


MENUS = ("2", "9", "0", "3", "9", "9", "0")


@pytest.mark.usefixtures("patient")
def test_a_last_key_is_answered_in_the_loop_after_one_question_to_valkey(world: World, server: Server) -> None:
    """The first hop of a day needs the key of the day first, so a view answers it."""
    (one,) = in_processes(world, server)
    telephone = Telephone(web(world))
    for key in (None, *MENUS):
        shown, wanted = telephone.press(one, key)
        assert shown == wanted, telephone.keys
    assert one.at_once == len(MENUS)


@pytest.mark.usefixtures("patient")
def test_r27_webs_that_answer_one_call_in_turn_add_each_key_once(world: World, server: Server) -> None:
    """Each expects the call as it saw it last. The other has added a key since, so Valkey is asked twice."""
    webs = in_processes(world, server, 2)
    telephone = Telephone(web(world))
    for step, key in enumerate((None, *MENUS)):
        shown, wanted = telephone.press(webs[step % 2], key)
        assert shown == wanted, telephone.keys
    assert sum(each.at_once for each in webs) == len(MENUS) - 1


@pytest.mark.usefixtures("patient")
def test_r27_the_keys_of_two_calls_that_are_asked_together_stay_apart(world: World, server: Server) -> None:
    """The loop tries both, asks Valkey about both, and then shows each caller the screen of their own key."""
    (one,) = in_processes(world, server)
    hops = []
    for call, key in (("7", "1"), ("8", "2")):
        form = {"call": call, "number": CALLER, "hop": "0"}
        Client(one).post(f"/in/emulator/{SECRET}/ussd", data=form)
        form |= {"hop": "1", "key": key}
        hops.append(create_environ(f"/in/emulator/{SECRET}/ussd", method="POST", data=form))
    for environ in hops:
        assert one.app.at_once(environ, nothing) is None
        assert has_asked()
    settle()
    shown = [asked(one.app.at_once, environ) for environ in hops]
    wanted = [asked(one.app, posted(key)) for key in "12"]
    for screen, (_, _, text) in zip(shown, filter(None, wanted), strict=True):
        assert screen is not None
        assert json.loads(screen[2])["text"] == text.decode().removeprefix("CON ")


def test_r19_a_last_key_while_valkey_hangs_shows_the_emergency_screen(world: World, server: Server) -> None:
    (one,) = in_processes(world, server)
    telephone = Telephone(web(world))
    for key in (None, "1", "2"):
        telephone.press(one, key)
    server.freeze()
    emergency = world.public.emergency().text
    assert telephone.press(one, "3")[0] == f"END {emergency}"
    server.tell(signal.SIGCONT)


@pytest.mark.usefixtures("patient")
def test_threat_a_last_key_leaves_nothing_in_memory(world: World, server: Server) -> None:
    (one,) = in_processes(world, server)
    Telephone(web(world)).press(one, None)
    secret = Secret()
    kept = weakref.ref(secret)
    form = {"call": "7", "number": CALLER, "hop": "1", "key": "1"}
    environ = {**create_environ(f"/in/emulator/{SECRET}/ussd", method="POST", data=form), "secret": secret}
    gc.collect()
    gc.disable()
    try:
        assert list(one(environ, lambda *_: None))
        assert one.at_once == 1
        del environ, secret
        assert not kept()
    finally:
        gc.enable()
