"""Where the web is wired together: parts that are ready made go in, a Flask app comes out."""

import logging
from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from gateway.calls import Calls, calls
from gateway.channels import CHANNELS, VOICES
from gateway.demo import Demo
from gateway.guard import MAX_BODY_BYTES, SAFE_HEADERS, guard
from gateway.phone.reloading import Drafts, Findings, Reloading
from gateway.status import Ready, status
from gateway.webhooks import Talk, webhooks
from helpline.caller.hop import Talk as HopTalk
from helpline.content import loading
from helpline.content.country import in_use
from helpline.content.loading import blockers
from helpline.content.sources import ROOT
from helpline.core import clock, log
from helpline.core.config import Config, ConfigError
from helpline.core.job_queue import RedisJobQueue
from helpline.core.ports import Channel, Clock, Reply
from helpline.core.process_keys import PREFIX, Role
from helpline.keys.sealing import Words
from helpline.operations.demo import Notes
from helpline.reveal.bridged_calls import Joining
from helpline.store.engine import HOP_BUSY_SECONDS, Database, connect
from helpline.store.migrate import not_ready

DEMO_CHANNELS = ("africastalking",)


def create_public(
    talk: Talk,
    config: Config,
    ready: Ready,
    *,
    content: str,
    emergency: Reply,
    joining: Calls | None = None,
    pages: Sequence[Blueprint] = (),
) -> Flask:
    """Make the public web: webhooks, health, and `pages` (the phone and the emulator, in the demo only).

    `loading` is the hash of the texts in use, `emergency` the screen that needs nothing behind it (R19). Without
    `joining` there is no address for calls.
    Raises `ConfigError` where a channel is unknown or a network cannot be read.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(DEBUG=False, TESTING=False, PROPAGATE_EXCEPTIONS=False, MAX_CONTENT_LENGTH=MAX_BODY_BYTES)
    app.url_map.merge_slashes = False  # its redirect would repeat the secret in a header
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Exception, _fail)
    app.after_request(_add_headers)
    for page in (*_doors(talk, config, emergency, joining), status(ready, content), *pages):
        app.register_blueprint(page)
    return app


def _doors(talk: Talk, config: Config, emergency: Reply, joining: Calls | None) -> list[Blueprint]:
    names = config.channels or DEMO_CHANNELS
    known = ", ".join(CHANNELS)
    faults = [f"{PREFIX}CHANNELS: there is no {name}; there are {known}" for name in names if name not in CHANNELS]
    watch = None
    try:
        watch = guard(config.secrets, config.allow_from, trust_proxy=config.trust_proxy)
    except ValueError as error:
        faults.append(f"{PREFIX}ALLOW_FROM: {error}")
    if faults or watch is None:
        raise ConfigError(faults)
    channels: Mapping[str, Channel] = {name: CHANNELS[name] for name in names}
    doors = [webhooks(channels, talk, watch, emergency)]
    voices = {name: voice for name, voice in VOICES.items() if name in names}
    return [*doors, calls(voices, joining, watch)] if joining else doors


def _refuse(error: HTTPException) -> Response:
    """Answer what has no view. A wrong method gives the 404 of any unknown address: it would tell of the route."""
    code = 404 if error.code in {None, 404, 405} else error.code
    return Response("not found" if code == 404 else "refused", code, content_type="text/plain; charset=utf-8")


def _fail(error: Exception) -> Response:
    """Say nothing about a fault of ours, and log its class alone: an exception's text may hold a number (R35)."""
    log.event("request_failed", level=logging.ERROR, error=type(error).__name__)
    return Response("", 500, content_type="text/plain; charset=utf-8")


def _add_headers(response: Response) -> Response:
    """Add what is missing; a webhook's answer comes with all of them, since four look-ups would cost a hop a tenth."""
    if "X-Content-Type-Options" not in response.headers:
        for name, value in SAFE_HEADERS:
            response.headers.setdefault(name, value)
    return response


def public() -> Flask:
    """Make the public web of this process from its settings: what granian starts. Raises `ConfigError`."""
    config = Config.read(role=Role.PUBLIC)
    return _maker(config)(loading.load(config))


def author() -> Reloading:
    """Make the demo's web for whoever writes content: it takes up each valid change. Raises `ConfigError`."""
    config = Config.read(role=Role.PUBLIC)
    if not config.demo:
        raise ConfigError(["content is reloaded in the demo only: a caller in need must not meet half a change"])
    findings = Findings()
    make, told = _maker(config, findings), Notes(config.data).tell_content
    reloading = Reloading(make, Drafts(config).load, ROOT, findings, told)
    reloading.start()
    return reloading


def _maker(config: Config, findings: Findings | None = None) -> Callable[[loading.Content], Flask]:
    """Give what makes the web of some content; what does not hang on content is made once."""
    now = clock.clock_of(config.demo, config.data)
    db = connect(config.sql_url, HOP_BUSY_SECONDS).timed_by(now).waking(RedisJobQueue(config.queue_url, config.workers))
    demo = Demo.of(config, now, findings or Findings()) if isinstance(now, clock.DemoClock) else None

    def make(texts: loading.Content) -> Flask:
        if wrong := blockers(config, texts):
            raise ConfigError(wrong)
        talk = talk_of(config, texts, db, now)
        pages = demo.pages(texts, talk.words) if demo else ()
        return create_public(
            talk, config, lambda: not_ready(db), content=texts.book.digest, emergency=talk.emergency(),
            joining=joining_of(config, texts, db, now), pages=pages,
        )  # fmt: skip

    return make


def talk_of(config: Config, texts: loading.Content, db: Database, now: Clock) -> HopTalk:
    """Return what answers hops."""
    return HopTalk.of(config, texts, db, now, _hop_failed)


def joining_of(config: Config, texts: loading.Content, db: Database, now: Clock) -> Joining | None:
    """Put together what joins a caseworker to a caller; None where a deployment does without."""
    trunk = in_use(texts.matching.trunk, config)
    if trunk is None:
        return None
    return Joining(db, Words.of(config.words_key.get_secret_value()), texts.book, trunk, now, log.note)


def _hop_failed(error: str) -> None:
    log.event("hop_without_database", level=logging.ERROR, error=error)
