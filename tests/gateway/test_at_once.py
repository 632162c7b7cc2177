"""Hops that are answered before Flask: only those that wait for nothing, and with the answers of Flask's views."""

import gc
import weakref
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pydantic import SecretStr
from werkzeug.test import create_environ

from gateway.app import PublicWeb, create_public
from gateway.at_once import TRIED
from helpline.core.channels_file import ChannelSettings
from helpline.store.connection import connect
from helpline.store.migrate import upgrade
from tests.world import CALL_ME, CALLER, World

SECRET = "a-secret-only-for-a-test"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    db = connect(f"sqlite:///{tmp_path_factory.mktemp('at-once') / 'komek.sqlite3'}")
    upgrade(db)
    made = World.on(db)
    made.public.begun.look(made.public.ctx)
    return made


def web(world: World, add_time: Callable[[float], None] = lambda _: None) -> PublicWeb:
    """Return a public web with a channel of all keys and one of last keys."""
    secrets = {"webhook_secret": SecretStr(SECRET)}
    channels = [ChannelSettings(name=name, kind=name, secrets=secrets) for name in ("africastalking", "emulator")]
    return create_public(
        world.public, world.config, list, content="", emergency=world.public.emergency(), channels=channels,
        add_time=add_time,
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


def test_only_hops_that_have_all_keys_are_tried_before_flask(world: World) -> None:
    """Others ask Valkey for the keys before, and all other requests read, store or log something."""
    app = web(world)
    assert asked(app.at_once, posted("")) is not None
    paths = [rule.rule.replace("<secret>", SECRET) for rule in app.url_map.iter_rules()]
    others = {path for path in paths if path != f"/in/africastalking/{SECRET}/ussd"}
    others |= {"/in/africastalking/wrong/ussd", f"/in/other/{SECRET}/ussd", f"//in/africastalking/{SECRET}/ussd"}
    assert len(others) > 8
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
