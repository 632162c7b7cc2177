"""Where the web is wired together: parts that are ready made go in, a Flask app comes out."""

import logging
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from gateway.channels import CHANNELS
from gateway.guard import MAX_BODY_BYTES, SAFE_HEADERS, guard
from gateway.phone.emulator import Emulator, emulator
from gateway.phone.inboxes import Inboxes
from gateway.phone.page import PhonePage, phone_page
from gateway.phone.receipts import Receipts, post_to
from gateway.status import Ready, status
from gateway.webhooks import Talk, webhooks
from helpline import clocks, content, log
from helpline.config import PREFIX, Config, ConfigError, Role
from helpline.content import unfit
from helpline.intake import Intake
from helpline.limits import Limits
from helpline.ports import Channel, Clock, Reply
from helpline.queue import RedisBell
from helpline.sample import sample
from helpline.store.database import HOP_BUSY_SECONDS, Database, Unavailable, connect
from helpline.store.migrate import behind
from helpline.store.rows import new_id
from helpline.talk import Talk as HopTalk
from helpline.vault import Sealing, Words

DEMO_CHANNELS = ("africastalking",)
DEMO_CODE = "*500#"
DEMO_GATEWAY = "/gateway"
"""Where the emulator of the demo stands in for Africa's Talking: workers send there."""


def create_public(
    talk: Talk, config: Config, ready: Ready, *, content: str, emergency: Reply, pages: Sequence[Blueprint] = ()
) -> Flask:
    """Make the public web: webhooks, health, and `pages` (the phone and the emulator, in the demo only).

    `content` is the hash of the texts in use, `emergency` the screen that needs nothing behind it (R19).
    Raises `ConfigError` where a channel is unknown or a network cannot be read.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(DEBUG=False, TESTING=False, PROPAGATE_EXCEPTIONS=False, MAX_CONTENT_LENGTH=MAX_BODY_BYTES)
    app.url_map.merge_slashes = False  # its redirect would repeat the secret in a header
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Exception, _fail)
    app.after_request(_add_headers)
    for page in (_doors(talk, config, emergency), status(ready, content), *pages):
        app.register_blueprint(page)
    return app


def _doors(talk: Talk, config: Config, emergency: Reply) -> Blueprint:
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
    return webhooks(channels, talk, watch, emergency)


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
    texts, db = content.load(config), connect(config.sql_url, HOP_BUSY_SECONDS)
    now = clocks.clock_of(config.demo, config.data)
    faults = unfit(config, texts)
    if faults:
        raise ConfigError(faults)
    talk = talk_of(config, texts, db, now)
    pages = _demo(config, texts, now) if isinstance(now, clocks.DemoClock) else ()
    return create_public(
        talk, config, lambda: not_ready(db), content=texts.book.digest, emergency=talk.emergency(), pages=pages
    )


def talk_of(config: Config, texts: content.Content, db: Database, now: Clock) -> HopTalk:
    """Put together what answers hops. It is given no key that opens or hashes a number."""
    sealing, words = Sealing.of(config.sealing_key.get_secret_value()), Words.of(config.words_key.get_secret_value())
    country, bell = texts.country.for_matching, RedisBell(config.bell_url, config.workers)
    intake = Intake(db, sealing, words, country, texts.book.digest, config, bell, now, new_id)
    made_up = texts.country.made_up if config.demo else ""
    limits, zone = Limits(config, now), ZoneInfo(country.zone)
    return HopTalk(texts.book, intake, words, limits, country.code, made_up, zone, _hop_failed)


def not_ready(db: Database) -> list[str]:
    """Say why no request can be taken now."""
    try:
        return ["the database is behind its migrations: run `komek migrate`"] if behind(db) else []
    except Unavailable:
        return ["the database cannot be reached"]


def _hop_failed(error: str) -> None:
    log.event("hop_without_database", level=logging.ERROR, error=error)


def _demo(config: Config, texts: content.Content, now: clocks.DemoClock) -> Sequence[Blueprint]:
    """Make the demo's own pages: the phones, and the gateway behind them, whose inboxes live in this memory only."""
    zone = ZoneInfo(texts.country.zone)
    hook = f"/in/africastalking/{config.secrets[0]}"
    inboxes = Inboxes(now)
    receipts = Receipts(inboxes, post_to(f"http://127.0.0.1:{config.port}{hook}/receipt"))
    receipts.start()
    services, people = sample(texts.country.code, texts.country.zone, now().date())
    contacts = [(s.names[s.language], s.phone) for s in services] + [(p.names[p.language], p.phone) for p in people]
    callers = tuple(f"{texts.country.made_up}{n:06}" for n in (111001, 111002, 111003))
    page = PhonePage(
        hook, DEMO_CODE, callers, tuple(contacts), inboxes, now, now.move, now.reset, texts.country.code, zone
    )
    return phone_page(page), emulator(Emulator(inboxes, receipts), DEMO_GATEWAY)
