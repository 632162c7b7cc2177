"""The demo's page with two feature phones: a caller's and an NGO's.

The page plays a gateway in the browser: it posts to the webhooks what Africa's Talking would post, or a gateway that
sends only the last key, and reads the resulting texts from here. All its phone numbers are made up.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import partial

from flask import Blueprint, Response, abort, jsonify, render_template, request
from werkzeug.datastructures import LanguageAccept

from gateway.channels.africastalking import session_of
from gateway.phone import weight
from gateway.phone.guide import Guide
from gateway.phone.inboxes import Inboxes, Message
from gateway.phone.reloading import Findings
from helpline.content.phone_texts import PhoneTexts
from helpline.core.languages import LANGUAGES, SOURCE, base_of
from menus.book import fill

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
MOST_MINUTES = 31 * 24 * 60
"""The greatest step of the clock."""
MOST_LETTERS = 400
"""The longest row of keys in a session, as the gateway allows."""

LANGUAGE_COOKIE = "komek-page-language"
"""The language that the reader chose on the page, for the next visit."""
COOKIE_SECONDS = 365 * 24 * 60 * 60

_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Contact:
    """A service or coordinator of the sample directory, with a phone."""

    id: str
    name: str
    number: str
    names: Mapping[str, str] = field(default_factory=dict)
    """Its name in the languages in which the directory has one."""


@dataclass(frozen=True, slots=True)
class Countries:
    """The countries of the demo."""

    here: str
    """The present country."""
    offered: tuple[str, ...]
    switch: Callable[[str], Sequence[str]]
    """Changes to another country. Returns the faults that prevent it."""


@dataclass(frozen=True, slots=True)
class PhonePage:
    """The page; its methods are the views."""

    hook: str
    """The prefix of Africa's Talking's webhooks: `/in/africastalking/<secret>`."""
    service_code: str
    callers: tuple[str, ...]
    contacts: tuple[Contact, ...]
    inboxes: Inboxes
    now: Callable[[], datetime]
    move_clock: Callable[[timedelta], None]
    reset_clock: Callable[[], None]
    countries: Countries
    guide: Guide
    texts: Callable[[], PhoneTexts]
    """Reads the texts of the page when they are first needed."""
    zone: tzinfo = UTC
    """The time zone of the phones' clocks, and of `HH:MM` in requests."""
    findings: Findings = field(default_factory=Findings)
    """The faults of the content on disk (`up --author`)."""
    console: str = ""
    """The address of the console."""
    last_key_hook: str = ""
    """The prefix of the webhooks of a gateway that sends only the last key. Empty: the page does not offer it."""

    def show(self) -> Response:
        """`GET /phone?lang=<code>`: the page. Without a language it is the one chosen before, or the browser's."""
        texts = self.texts()
        chosen = request.args.get("lang", "")
        language = page_language([chosen, request.cookies.get(LANGUAGE_COOKIE, "")], request.accept_languages, texts)
        said = texts.said[language]
        html = render_template(
            "phone.html", page=self, language=language, lang_of=lang_of, t=partial(_say, said),
            languages=[(code, LANGUAGES[code].name) for code in texts.languages],
            texts=json.dumps(said, ensure_ascii=False),
        )  # fmt: skip
        response = Response(html)
        if chosen == language:
            response.set_cookie(LANGUAGE_COOKIE, language, COOKIE_SECONDS, path="/phone", samesite="Lax", httponly=True)
        return response

    def state(self) -> Response:
        """`GET /phone/state?since=<seq>`: new and changed texts, the time, the content in use."""
        since = request.args.get("since", default=0, type=int)
        kept = self.inboxes.since(0)
        newest = kept[-1].seq if kept else 0
        if since > newest:  # the process has restarted since the page was loaded, so its inboxes are empty
            since = 0
        messages = [self._written(message) for message in kept if message.seq > since]
        if (language := request.args.get("language", "")) in self.guide.book.languages:
            for message in messages:
                message["translated"] = self.guide.translated(str(message["text"]), language)
        content = {"content": self.guide.book.digest, "country": self.countries.here, **asdict(self.findings)}
        return jsonify(seq=newest, messages=messages, now=self._local().isoformat(), demo=True, **content)

    def where(self) -> Response | tuple[Response, int]:
        """`POST /phone/where`: where in the menus a session is, how full its screen is, which values were filled in."""
        match request.get_json():
            case {
                "session": str(id),
                "number": str(number),
                "text": str(text),
                "hops": list(hops),
                "shown": str(shown),
            } if _is_place(text, hops):
                keys = text.split("*") if text else []
                return jsonify(self.guide.where(session_of(id, number), keys, hops, shown))
        return jsonify(
            fault='give "session", "number", "text", "hops" (how many keys each had brought) and "shown"'
        ), 400

    def way(self) -> Response | tuple[Response, int]:
        """`POST /phone/way`: the keys that lead on from where a session is to the screen `to`."""
        match request.get_json():
            case {"session": str(id), "number": str(number), "text": str(text), "hops": list(hops), "to": str(to)} if (
                _is_place(text, hops)
            ):
                keys = text.split("*") if text else []
                return jsonify(keys=self.guide.way(session_of(id, number), keys, hops, to))
        return jsonify(fault='give "session", "number", "text", "hops" and "to"'), 400

    def country(self) -> Response | tuple[Response, int]:
        """`POST /phone/country`: `{"country": "TJ"}`: stop this service and start the one of another country."""
        match request.get_json():
            case {"country": str(country)} if country in self.countries.offered:
                faults = list(self.countries.switch(country))
                return jsonify(faults=faults), 409 if faults else 202
        return jsonify(faults=[f"give a country: {', '.join(self.countries.offered)}"]), 400

    def clock(self) -> Response | tuple[Response, int]:
        """`POST /phone/clock`: `{"minutes": n}`, `{"to": "HH:MM"}` (tomorrow) or `{"reset": true}`."""
        match request.get_json():
            case {"reset": True}:
                self.reset_clock()
            case {"minutes": int(minutes)} if minutes is not True and 0 < minutes <= MOST_MINUTES:
                self.move_clock(timedelta(minutes=minutes))
            case {"to": str(moment)} if _TIME_OF_DAY.fullmatch(moment):
                self.move_clock(self._until_tomorrow(time.fromisoformat(moment)))
            case _:
                fault = f'give "minutes" (1 to {MOST_MINUTES}), "to" (HH:MM) or "reset" (true)'
                return jsonify(fault=fault), 400
        return jsonify(now=self._local().isoformat())

    def _local(self) -> datetime:
        return self.now().astimezone(self.zone)

    def _until_tomorrow(self, moment: time) -> timedelta:
        there = datetime.combine(self._local() + timedelta(days=1), moment, self.zone)
        return there.astimezone(UTC) - self.now().astimezone(UTC)

    def _written(self, message: Message) -> dict[str, object]:
        told = {"pieces": self.guide.pieces(message.text), "weight": weight.sms(message.text)}
        return {**asdict(message), **told, "at": message.at.astimezone(self.zone).isoformat()}


def _say(said: Mapping[str, str], name: str, **values: str) -> str:
    return fill(said[name], values)


def page_language(chosen: Sequence[str], accepted: LanguageAccept, texts: PhoneTexts) -> str:
    """Return the language of the page: the first of the chosen ones that it has, else of the browser's, else English.

    Browsers add English at the end by themselves, so only a browser that prefers it gets it. If the page lacks a
    language of the region, it is in Russian.
    """
    found = [base_of(code) for tag in accepted.values() if (code := _code_of(tag))]
    there = texts.languages
    return next(
        (each for each in chosen if each in there),
        next((code if code in there else "ru" for code in found), SOURCE),
    )


def _code_of(tag: str) -> str:
    """Return the language that a browser names: `uz_Cyrl` for `uz-Cyrl-UZ`, "" for an unknown one."""
    known, parts = {lang_of(code).lower(): code for code in LANGUAGES}, tag.lower().split("-")
    return next((known[tag] for n in (2, 1) if (tag := "-".join(parts[:n])) in known), "")


def lang_of(code: str) -> str:
    """Return a language as HTML and browsers name it: `uz-Cyrl` for `uz_Cyrl`."""
    return code.replace("_", "-")


def phone_page(page: PhonePage) -> Blueprint:
    """Make the page's endpoints. Only the page itself may post to them."""
    blueprint = Blueprint("phone", __name__, "static", "/phone/static", "templates")
    blueprint.before_request(_refuse_others)
    blueprint.after_request(_add_policy)
    blueprint.add_url_rule("/phone", "show", page.show)
    blueprint.add_url_rule("/phone/state", "state", page.state)
    blueprint.add_url_rule("/phone/clock", "clock", page.clock, methods=["POST"])
    blueprint.add_url_rule("/phone/where", "where", page.where, methods=["POST"])
    blueprint.add_url_rule("/phone/way", "way", page.way, methods=["POST"])
    blueprint.add_url_rule("/phone/country", "country", page.country, methods=["POST"])
    return blueprint


def _refuse_others() -> None:
    """Refuse a POST from another site. Browsers too old for `Sec-Fetch-Site` send `Origin`."""
    if request.method != "POST":
        return
    site = request.headers.get("Sec-Fetch-Site")
    own = request.headers.get("Origin") == request.host_url.rstrip("/") if site is None else site == "same-origin"
    if not own:
        abort(403)


def _add_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _is_place(text: str, hops: list[object]) -> bool:
    return len(text) <= MOST_LETTERS and all(type(hop) is int and hop >= 0 for hop in hops)
