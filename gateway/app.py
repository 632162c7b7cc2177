"""Builds the public web as a Flask app: webhooks, health checks, and the demo's phones."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from gateway.at_once import HopsAtOnce
from gateway.calls import Calls, calls
from gateway.channels.providers import PROVIDERS
from gateway.demo import Demo
from gateway.guard import SAFE_HEADERS, Guard, guard
from gateway.phone.reloading import Drafts, Findings, Reloading
from gateway.status import Ready, status
from gateway.webhooks import CallerService, Counting, Endpoint, Webhooks, add_webhooks, timed, uncounted, with_headers
from helpline.caller.hop import PublicService
from helpline.content import content_cache, loading
from helpline.content.country import in_use
from helpline.content.loading import blockers
from helpline.content.sources import ROOT
from helpline.core import channels_file, clock, job_queue, log
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import Config, ConfigError
from helpline.core.job_queue import RedisJobQueue
from helpline.core.ports import Reply, Voice
from helpline.core.process_keys import PREFIX, Role
from helpline.core.waiting import has_asked, settle
from helpline.core.wake_ups import WakeUps
from helpline.keys.sealing import Words
from helpline.operations.demo import Notes
from helpline.operations.hop_times import HopTimes
from helpline.operations.refused_requests import RefusedRequests
from helpline.reveal.bridged_calls import BridgedCalls
from helpline.store.connection import connect_for_hops
from helpline.store.engine import Database
from helpline.store.faults import no_room
from helpline.store.migrate import not_ready

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

MOST_BYTES = 1_000_000
"""No channel reads a longer body. Each has a limit of its own."""


class PublicWeb(Flask):
    """Flask, which answers hops before it makes a request of them (`gateway.at_once`)."""

    hops: HopsAtOnce | None = None

    def at_once(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes] | None:
        """Answer a request without waiting, or return None: for the loop of `gateway.serving`.

        If a question was put meanwhile, ask again after `waiting.settle`.
        """
        return self.hops.answer(environ, start_response) if self.hops else None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, by one of the views if it is no hop."""
        answer = self.at_once(environ, start_response)
        while answer is None and has_asked():
            settle()
            answer = self.at_once(environ, start_response)
        if answer is None and self.hops:
            answer = self.hops.finish(environ, start_response)
        return super().__call__(environ, start_response) if answer is None else answer

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what finds the view of a request, by the path alone: Komek has no subdomains.

        Werkzeug would read, check and encode the host's name first.
        """
        if request is None:
            return super().create_url_adapter(None)
        query = request.environ.get("QUERY_STRING", "")
        return MapAdapter(self.url_map, "", request.root_path, "", request.scheme, request.path, request.method, query)


def create_public(
    service: CallerService,
    config: Config,
    ready: Ready,
    *,
    content: str,
    emergency: Reply,
    bridged: Calls | None = None,
    pages: Sequence[Blueprint] = (),
    channels: Sequence[ChannelSettings] = (),
    count: Counting = uncounted,
    add_time: Callable[[float], None] = lambda _: None,
) -> PublicWeb:
    """Make the public web. `pages` are the phone and the emulator, in the demo only.

    Without `channels` there are those of `config`. `count` counts the requests that a channel refuses,
    `add_time` the seconds that each hop took.
    `content` is the hash of the texts in use. `emergency` is the screen that depends on nothing else (R19). Without
    `bridged` there is no endpoint for calls.
    Raise `ConfigError` if a channel is unknown or a network cannot be read.
    """
    app = PublicWeb(__name__, static_folder=None)
    app.config.update(DEBUG=False, TESTING=False, PROPAGATE_EXCEPTIONS=False, MAX_CONTENT_LENGTH=MOST_BYTES)
    app.url_map.merge_slashes = False  # its redirect would repeat the secret in a header
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Exception, _fail)
    layers = timed(with_headers(app.wsgi_app, SAFE_HEADERS), add_time)
    app.wsgi_app = layers  # type: ignore[assignment, method-assign]  # Flask's own way
    channels = channels or channels_file.of_config(config)
    webhooks = Webhooks(_endpoints(channels, config), service, emergency, count)
    add_webhooks(app, webhooks)
    app.hops = HopsAtOnce(webhooks, add_time)
    if bridged:
        app.register_blueprint(calls(_voices(channels, webhooks), bridged, count))
    for page in (status(ready, content), *pages):
        app.register_blueprint(page)
    return app


def _endpoints(channels: Sequence[ChannelSettings], config: Config) -> Mapping[str, Endpoint]:
    """Return the endpoint of each channel by its name. Raise `ConfigError`."""
    before = f"{PREFIX}CHANNELS" if config.channels_file is None else config.channels_file.name
    known = ", ".join(PROVIDERS)
    faults = [f"{before}: there is no {each.kind}; there are {known}"
              for each in channels if each.kind not in PROVIDERS]  # fmt: skip
    guards: dict[str, Guard] = {}
    for each in channels:
        try:
            guards[each.name] = guard(each.webhook_secrets, each.allow_from, trust_proxy=config.trust_proxy)
        except ValueError as error:
            faults.append(f"{PREFIX}ALLOW_FROM: {error}")
    if faults:
        raise ConfigError(list(dict.fromkeys(faults)))
    endpoints: dict[str, Endpoint] = {}
    for each in channels:
        try:
            kind = PROVIDERS[each.kind]
            endpoints[each.name] = Endpoint(kind.channel(each), guards[each.name], kind.quiet)
        except ValueError as error:
            faults.append(f"{each.name}: {error}")
    if faults:
        raise ConfigError(faults)
    return endpoints


def _voices(channels: Sequence[ChannelSettings], webhooks: Webhooks) -> Mapping[str, tuple[Voice, Guard]]:
    """Return what reads the calls of each channel that has calls, and who may report them."""
    return {each.name: (voice, webhooks.endpoints[each.name].guard) for each in channels
            if each.calls and (voice := PROVIDERS[each.kind].voice)}  # fmt: skip


def _refuse(error: HTTPException) -> Response:
    """Answer a request without view. A wrong method gets the 404 of an unknown address, to hide the route."""
    code = 404 if error.code in {None, 404, 405} else error.code
    return Response("not found" if code == 404 else "refused", code, content_type="text/plain; charset=utf-8")


def _fail(error: Exception) -> Response:
    """Answer an internal error with an empty 500. Log only its class: an exception's text may hold a number (R35)."""
    log.event("request_failed", level=logging.ERROR, error=type(error).__name__)
    return Response("", 500, content_type="text/plain; charset=utf-8")


def public() -> Flask:
    """Make the public web of this process from its settings, for `gateway/__main__.py`. Raise `ConfigError`."""
    config = Config.read(role=Role.PUBLIC)
    return _maker(config)(content_cache.load(config))


def author() -> Reloading:
    """Make the demo's web for authors: it reloads content after each valid change. Raise `ConfigError`."""
    config = Config.read(role=Role.PUBLIC)
    if not config.demo:
        raise ConfigError(["--author works in the demo only: a caller must not see an unfinished change"])
    findings = Findings()
    make, told = _maker(config, findings), Notes(config.data).tell_content
    reloading = Reloading(make, Drafts(config).load, ROOT, findings, told)
    reloading.start()
    return reloading


def _maker(config: Config, findings: Findings | None = None) -> Callable[[loading.Content], Flask]:
    """Return a function that makes the web for given content. Parts that do not depend on content are made once."""
    now = clock.clock_of(config.demo, config.data)
    wake_ups = WakeUps(RedisJobQueue(config.queue_url, config.workers))
    wake_ups.start()
    db = connect_for_hops(config.sql_url).watched_by(now).waking(wake_ups).reporting(bool(config.events_url))
    channels = channels_file.read(config, role=Role.PUBLIC)
    times = HopTimes(lambda: job_queue.connect(config.queue_url))
    times.start()
    refused = RefusedRequests(lambda: job_queue.connect(config.queue_url), now)
    refused.start()
    demo = Demo.of(config, now, findings or Findings()) if isinstance(now, clock.DemoClock) else None

    def make(texts: loading.Content) -> Flask:
        if wrong := blockers(config, texts):
            raise ConfigError(wrong)
        service = public_service(config, texts, db)
        if service.gate.is_closed():  # asked before the first caller is
            log.event("line_closed", level=logging.WARNING)
        service.begun.look(service.ctx)
        pages = demo.pages(texts, service.ctx.words) if demo else ()
        return create_public(
            service, config, lambda: [*not_ready(db), *no_room(db.engine.url), *service.gate.reasons()],
            content=texts.book.digest, emergency=service.emergency(),
            bridged=bridged_calls_of(config, texts, db), pages=pages, channels=channels, count=refused.add,
            add_time=times.add,
        )  # fmt: skip

    return make


def public_service(config: Config, texts: loading.Content, db: Database) -> PublicService:
    """Return what answers hops and stores the other reports of gateways."""
    return PublicService.of(config, texts, db, _hop_failed)


def bridged_calls_of(config: Config, texts: loading.Content, db: Database) -> BridgedCalls | None:
    """Build what connects a caseworker's call to a caller, or return None if bridged calls are off."""
    trunk = in_use(texts.matching.trunk, config)
    if trunk is None:
        return None
    return BridgedCalls(db, Words.of(config.words_key.get_secret_value()), texts.book, trunk, log.note)


def _hop_failed(error: str) -> None:
    log.event("hop_without_database", level=logging.ERROR, error=error)
