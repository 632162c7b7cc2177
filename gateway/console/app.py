"""Builds the console. It and the public web are two processes that import none of each other's pages."""

import base64
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from gateway.console import audit, components, exports, figures, help, people, reviews
from gateway.console.access import Endpoints, Open
from gateway.console.cases import caller_hours, case_list, hand_over, on_duty, one_case, shift
from gateway.console.cases.case_context import case_context
from gateway.console.cases.said import REFUSALS
from gateway.console.context import Console, Visit, language_of, visit_of
from gateway.console.coordination import blocks, find_request, harm, one_request, open_requests, raid_lock, tonight
from gateway.console.coordination.drills import DrillPages
from gateway.console.directory import adding, editing, lost, services, telephones
from gateway.console.files import Files
from gateway.console.hsds_api import HsdsApi
from gateway.console.metrics import Metrics
from gateway.console.pages import add_headers, explain, languages_of
from gateway.console.sign_in import account, idle, invitation, sign_in
from gateway.console.status import StatusPages
from gateway.status import Ready, live, readiness
from helpline.accounts.account import Account
from helpline.accounts.credentials import Passwords
from helpline.accounts.inviting import Invitations
from helpline.accounts.passkeys import Passkeys
from helpline.accounts.sign_in import SignIn
from helpline.content import content_cache
from helpline.content.console_texts import ConsoleTexts
from helpline.content.country_file import CountryData
from helpline.content.sources import ROOT, digest_of, load_country, matching_of, version_of
from helpline.core import clock, log
from helpline.core.config import Config
from helpline.core.ports import Clock
from helpline.core.process_keys import Role
from helpline.keys.session_tokens import SessionKey
from helpline.staff import on_call
from helpline.store.connection import connect
from helpline.store.engine import Database
from helpline.store.faults import no_room
from helpline.store.migrate import not_ready

HERE = Path(__file__).parent
MAX_FORM_BYTES = 200_000
"""Enough for a long note in letters of three bytes, URL-encoded."""


def create_console(console: Console, ready: Ready, metrics: Metrics, *, content: str) -> Endpoints:
    """Build the console's app and return its endpoints (`.app` is the Flask app).

    `content` is the hash of the texts in use.
    """
    app = Flask("gateway.console", static_folder=None, root_path=str(HERE), template_folder="templates")
    app.config.update(DEBUG=False, TESTING=False, PROPAGATE_EXCEPTIONS=False, MAX_CONTENT_LENGTH=MAX_FORM_BYTES)
    app.config.update(MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES)
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    files, endpoints = Files.read(), Endpoints(app, console)
    app.jinja_env.globals["file"] = files.address
    app.jinja_env.globals["languages_of"] = languages_of
    app.jinja_env.globals["refusals"] = REFUSALS
    for add_endpoints in (
        sign_in.add_endpoints, invitation.add_endpoints, account.add_endpoints, idle.add_endpoints,
        case_list.add_endpoints, shift.add_endpoints, one_case.add_endpoints, hand_over.add_endpoints,
        caller_hours.add_endpoints,
        on_duty.add_endpoints, one_request.add_endpoints,
        open_requests.add_endpoints, find_request.add_endpoints,
        services.add_endpoints, telephones.add_endpoints, editing.add_endpoints,
        adding.add_endpoints, tonight.add_endpoints, figures.add_endpoints, files.add_endpoints, people.add_endpoints,
        raid_lock.add_endpoints, harm.add_endpoints, audit.add_endpoints, exports.add_endpoints, reviews.add_endpoints,
        help.add_endpoints, blocks.add_endpoints, lost.add_endpoints, components.add_endpoints,
    ):  # fmt: skip
        add_endpoints(endpoints)
    metrics.add_endpoints(endpoints)
    HsdsApi(console, metrics.config).add_endpoints(endpoints)
    StatusPages(metrics, ready, content).add_endpoints(endpoints)
    DrillPages(metrics.config.drill_hour).add_endpoints(endpoints)
    endpoints.add("/health/live", lambda _: live(), Open.EVERYBODY)
    endpoints.add("/health/ready", lambda _: readiness(ready, content), Open.EVERYBODY)
    app.register_error_handler(HTTPException, lambda error: _explain(console, error))
    app.register_error_handler(Exception, lambda error: _fail(console, error))
    app.after_request(lambda response: add_headers(response, https=console.https))
    return endpoints


def _explain(console: Console, error: HTTPException) -> Response:
    """Render the error page of an HTTP error. A wrong method gets the 404 of an unknown address."""
    code = 404 if error.code in {None, 404, 405} else error.code or 404
    name = {404: "missing", 413: "large"}.get(code, "stale")
    return explain(_anonymous(console) if code == 413 else visit_of(console, request), name, code)


def _anonymous(console: Console) -> Visit:
    """Return an anonymous visit, without reading the form or the database."""
    return Visit(console, console.visitor(request), language_of(console, request, None), "")


def console() -> Flask:
    """Build the console of this process from its settings, for `gateway/__main__.py`. Raise `ConfigError`."""
    config = Config.read(role=Role.CONSOLE)
    now = clock.clock_of(config.demo, config.data)
    db = connect(config.sql_url).with_contact_key(config.contact_key.get_secret_value()).watched_by(now)
    db = db.reporting(bool(config.events_url))
    country = load_country(ROOT, config.country, config.languages)
    console = console_of(config, country, content_cache.load_console_texts(config, country.languages), db, now)
    digest = version_of(digest_of(ROOT), config.languages)
    return create_console(
        console,
        lambda: [*not_ready(db), *no_room(db.engine.url), *_no_coordinator(db, config.country)],
        Metrics(console, config),
        content=digest,
    ).app


def _no_coordinator(db: Database, country: str) -> Sequence[str]:
    """Return a reason if no coordinator is left who can be called about a request that no service takes."""
    with db.read() as tx:
        return ["no coordinator can be called: all are disabled"] if on_call.is_empty(tx, country) else []


def console_of(
    config: Config, country: CountryData, texts: ConsoleTexts, db: Database, now: Clock,
    signs_in_at: Clock = clock.real, passwords: Passwords | None = None,
) -> Console:  # fmt: skip
    """Build what the console's pages use.

    `now` is the service's clock, which the demo can move. Signing in uses the real clock: an authenticator app goes by
    real time, and a session must not end because somebody moved the demo's clock.
    """
    key = SessionKey.of(config.session_key.get_secret_value())
    audit_key = base64.urlsafe_b64decode(config.audit_key.get_secret_value())
    idle = timedelta(minutes=config.idle_minutes)
    sign_in = SignIn(db.timed_by(signs_in_at), key, passwords or Passwords(), audit_key, signs_in_at, idle)
    zones = sorted({*country.zones, "UTC", *(zone for each in country.abroad for zone in each.zones)})
    own = Account(sign_in, frozenset(texts.languages), zones)
    passkeys = Passkeys(sign_in, urlsplit(config.console).hostname or "localhost", config.console)
    return Console(
        db, now, sign_in, Invitations(sign_in, country.code), own, passkeys, texts, country.code, country.zone,
        https=config.console.startswith("https://"), demo=config.demo, country_data=country,
        matching=matching_of(ROOT, country), case_context=case_context(config, audit_key),
        trust_proxy=config.trust_proxy,
    )  # fmt: skip


def _fail(console: Console, error: Exception) -> Response:
    """Render the page for an internal error. Log only the exception's class (R35)."""
    log.event("request_failed", level=logging.ERROR, error=type(error).__name__)
    try:
        return explain(_anonymous(console), "broken", 500)
    except Exception:  # noqa: BLE001  # rendering itself may be broken
        return Response(SORRY, 500, content_type="text/html; charset=utf-8")


SORRY = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Komek</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<main><h1>Something went wrong here</h1><p>It is our fault. Try again in a minute.</p>
<p><a href="/">To the first page</a></p></main></html>"""
