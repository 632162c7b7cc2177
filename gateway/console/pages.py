"""Renders pages: in the reader's language, with error messages and security headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Response, g, redirect, render_template, request
from markupsafe import Markup, escape

from gateway.console import forms
from gateway.console.context import Console, Visit
from gateway.console.menu import folded, is_guided, menu_of
from gateway.console.second_yes import SecondYes, by_menu, waiting
from helpline.core.languages import LANGUAGES
from helpline.oversight import most_urgent_first
from helpline.staff import raid_lock
from helpline.staff.roles import Permission

OK, REFUSED, LOCKED = 200, 422, 423
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FEATURES = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", FEATURES),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
Line = TypeVar("Line")
A_PAGE = 50
"""Lines on a page of a list."""
FAR = timedelta(hours=24)
"""A time that is farther away is shown with its date, and without how long it is until then."""
NO_YEAR = timedelta(days=90)
"""A date is without its year if it is nearer than this."""
IN_MINUTES = timedelta(hours=2)
SECURE = ("Strict-Transport-Security", "max-age=31536000")
"""Sent where browsers reach the console by TLS."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in a form."""

    text: str
    """The name of a text in `console.faults`."""
    field: str = ""
    """The id of the field with the error."""
    label: str = ""
    """What the page calls the field, where several fields have the same text."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a template uses as `page`: texts, dates, forms."""

    visit: Visit
    section: str
    """The section of `console` with this page's texts."""
    faults: Sequence[Fault]
    sent: bool
    """Whether the page answers a form that was refused."""
    locked_since: datetime | None = None
    """When number access was locked. Every page shows it to people who have signed in."""
    second_yes: Sequence[SecondYes] = ()
    """What waits for a second person's yes that the reader could give."""
    guided: bool = False
    """Whether the page says what people in this role do first."""

    def t(self, name: str, /, **values: object) -> str:
        """Return a text: `title` of this page's section, or `frame.leave` of another section."""
        full = name if "." in name else f"{self.section}.{name}"
        return self.visit.console.texts.say(self.visit.language, full, {key: str(each) for key, each in values.items()})

    def spoken_to(self, language: str, name: str) -> tuple[str, str]:
        """Return a text of this section in the language of somebody else, if it is there, and that language's code.

        So a caseworker who reads Tajik greets a caller in Russian.
        """
        texts = self.visit.console.texts
        shown = language if texts.language_of(language, self.section) == language else self.visit.language
        return shown.replace("_", "-"), texts.say(shown, f"{self.section}.{name}")

    def spoken(self, section: str) -> str:
        """Return the code of the language in which a section is shown, for the attribute `lang`."""
        language = self.visit.console.texts.language_of(self.visit.language, section)
        return language.replace("_", "-")

    def when(self, instant: datetime) -> Markup:
        """Return a `<time>` element with date and time in the viewer's zone, the same in every language."""
        here = instant.astimezone(self.visit.zone)
        return Markup('<time datetime="{}">{}</time>').format(instant.isoformat("T", "seconds"), self.said(here))

    def said(self, instant: datetime) -> str:
        """Return date and time in the viewer's zone as plain text."""
        return f"{instant.astimezone(self.visit.zone):%d.%m.%Y %H:%M}"

    def near(self, instant: datetime) -> str:
        """Return date and time as plain text, without the year if it is near."""
        near = abs(instant - self.visit.console.now()) < NO_YEAR
        return f"{instant.astimezone(self.visit.zone):%d.%m %H:%M}" if near else self.said(instant)

    def soon(self, instant: datetime) -> Markup:
        """Return a time of day, and how long it is until then: "18:00 (in 40 min)". One of the next days has no year.

        A script counts on while the page is open, from the seconds that are left: the browser's clock may be wrong.
        """
        now, here = self.visit.console.now(), instant.astimezone(self.visit.zone)
        left = instant - now
        if not timedelta() <= left < FAR:
            return Markup('<time datetime="{}">{}</time>').format(instant.isoformat("T", "seconds"), self.near(instant))
        today = here.date() == now.astimezone(self.visit.zone).date()
        minutes, clock = max(1, int(left.total_seconds() // 60)), f"{here:%H:%M}" if today else f"{here:%d.%m %H:%M}"
        said = (
            self.t("frame.in_minutes", count=minutes)
            if left < IN_MINUTES
            else self.t("frame.in_hours", count=minutes // 60)
        )
        seconds, iso = int(left.total_seconds()), instant.isoformat("T", "seconds")
        return Markup('<time datetime="{}">{}</time> <span class="left" data-left="{}" lang="{}">({})</span>').format(
            iso, clock, seconds, self.spoken("frame"), said
        )

    def timed(self, name: str, instant: datetime, /, **values: object) -> Markup:
        """Return a text with `{when}`, in which the time is shown as by `soon`."""
        return escape(self.t(name, when="\0", **values)).replace("\0", self.soon(instant))

    def day(self, instant: datetime) -> str:
        """Return the date in the viewer's zone, where the time must not be shown."""
        return f"{instant.astimezone(self.visit.zone):%d.%m.%Y}"

    def between(self, start: datetime, end: datetime) -> str:
        """Return a time window in the viewer's zone. The date comes once if both ends are on the same day."""
        here, there = start.astimezone(self.visit.zone), end.astimezone(self.visit.zone)
        return (
            f"{self.said(here)}–{there:%H:%M}"
            if here.date() == there.date()
            else f"{self.said(here)} – {self.said(there)}"
        )

    def span(self, start: datetime, end: datetime) -> str:
        """Return a time window of the next days for a list: no year, and no date if all of it is today."""
        here, there, today = (each.astimezone(self.visit.zone) for each in (start, end, self.visit.console.now()))
        if here.date() != there.date():
            return f"{here:%d.%m %H:%M} – {there:%d.%m %H:%M}"
        return f"{here:%H:%M}–{there:%H:%M}" if here.date() == today.date() else f"{here:%d.%m %H:%M}–{there:%H:%M}"

    def hour(self, instant: datetime) -> str:
        """Return date and hour in the viewer's zone, where the minute must not be shown."""
        here = instant.astimezone(self.visit.zone)
        return f"{here:%d.%m.%Y %H}:00–{here:%H}:59"

    @property
    def zone(self) -> str:
        """How far the times on this page are from UTC today, as `UTC+5`."""
        ahead = self.visit.console.now().astimezone(self.visit.zone).utcoffset() or timedelta()
        minutes = int(ahead.total_seconds() // 60)
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"

    def form(self, place: str = "") -> Markup:
        """Return the hidden fields of a form on the page `place`, or on this page."""
        row = Markup('<input type="hidden" name="{}" value="{}">')
        stands = place or request.path
        return row.format(forms.FORM, forms.proof_of(self.visit)) + row.format(forms.FROM, stands)

    def typed(self, place: str) -> forms.Typed:
        """Return the values of the form that is sent to `place`: as refused just now, or as saved earlier."""
        if self.sent and request.path == place:
            return forms.Typed(request.form)
        return forms.typed(self.visit, place, self.address)

    def fault(self, fault: Fault) -> str:
        """Return the error message of the summary, with the name of its field."""
        return f"{fault.label}: {text}" if (text := self.t(f"faults.{fault.text}")) and fault.label else text

    def wrong(self, field: str) -> str:
        """Return the error message of a field, or an empty string."""
        return next((self.t(f"faults.{each.text}") for each in self.faults if each.field == field), "")

    @property
    def menu(self) -> Sequence[tuple[str, str]]:
        """Address and text of each page that this person may open."""
        return menu_of(self.visit.known[1]) if self.visit.known else ()

    @property
    def waiting(self) -> Mapping[str, int]:
        """How much waits for a second person's yes behind each address of the menu."""
        return by_menu(self.second_yes)

    @property
    def seldom(self) -> frozenset[str]:
        """The addresses of the menu that are behind *More*."""
        return folded(self.menu)

    @property
    def idle_seconds(self) -> int:
        """How long a session may stay unused."""
        return int(self.visit.console.sign_in.idle.total_seconds())

    @property
    def watches(self) -> str:
        """The address of the list with the danger that this person must learn of on every page, or empty."""
        return next((place for place, _ in self.menu if place in ("/cases", "/requests")), "")

    @property
    def in_danger(self) -> int:
        """How many requests in danger are in that list: of this person's service, or of the country."""
        with self.visit.console.db.read(self.visit.console.now()) as tx:
            if self.watches == "/requests":
                return sum(not each.calm for each in most_urgent_first.stranded_or_urgent(tx))
            return len(self.visit.console.case_context.danger(tx, self.visit.person.service))

    @property
    def may_lock(self) -> bool:
        """Whether this person may lock number access."""
        return self.visit.known is not None and self.visit.person.may(Permission.LOCK)

    @property
    def path(self) -> str:
        """The address of this page, without its query."""
        return request.path

    @property
    def address(self) -> str:
        """The address of this page, with its query."""
        return request.full_path.rstrip("?")


def languages_of(console: Console) -> Sequence[tuple[str, str]]:
    """Return code and own name of each language that a person may choose."""
    return [(each, LANGUAGES[each].name) for each in console.texts.languages]


def draw(visit: Visit, template: str, faults: Sequence[Fault] = (), status: int = OK, **values: object) -> Response:
    """Render a template. Its texts come from the section with the template's name."""
    section, sent = template.partition("/")[0].partition(".")[0], request.method == "POST" and bool(faults)
    page = Page(visit, section, faults, sent, *_of_everybody(visit))
    made = Response(render_template(template, page=page, t=page.t, **values), REFUSED if faults else status)
    return visit.console.set_token(made, visit.fresh) if visit.fresh else made


def _of_everybody(visit: Visit) -> tuple[datetime | None, Sequence[SecondYes], bool]:
    """Return what a page shows to people who have signed in: when the lock began, what waits for a yes, first steps."""
    if visit.known is None:
        return None, (), False
    with visit.console.db.read(visit.console.now()) as tx:
        on = raid_lock.since(tx)
        return on[0] if on else None, waiting(tx, visit), is_guided(tx, *visit.known, request.path)


def explain(visit: Visit, error: str, status: int, onward: str = "/") -> Response:
    """Render an error page: a text of `console.errors`, and a link to `onward`."""
    return draw(visit, "errors.html", status=status, error=error, onward=onward)


def locked(visit: Visit) -> Response:
    """Render the page that says that number access and exports are locked."""
    return draw(visit, "lock/shut.html", status=LOCKED)


def go(place: str) -> Response:
    """Redirect to another page of the console: after each form, so that a reload sends nothing twice."""
    return Response(redirect(place, 303).data, 303, {"Location": place})


def refuse(place: str) -> Response:
    """Redirect to the page that says why a form was refused. That page shows again what was chosen."""
    g.refused = place
    return go(place)


def add_headers(response: Response, *, https: bool) -> Response:
    """Add the security headers: no caching, no code but our own files, no referrer."""
    for name, value in (*HEADERS, *((SECURE,) if https else ())):
        response.headers.setdefault(name, value)
    return response


def first_of(values: Mapping[str, str], name: str, most: int = 1000) -> str:
    """Return a field of a form, cut to at most `most` letters, without NUL: PostgreSQL refuses a text with one."""
    return values.get(name, "").replace("\0", "")[:most]


def page_of(lines: Sequence[Line], number: int) -> Sequence[Line]:
    """Return one page of a list. The first page is 1."""
    return lines[(number - 1) * A_PAGE : number * A_PAGE]


def pages(count: int) -> int:
    """Return the number of pages for `count` lines."""
    return -(-count // A_PAGE)


def page_number(values: Mapping[str, str] | None = None) -> int:
    """Return the number of the requested page of a list, or of the one that a form names. The first page is 1."""
    typed = first_of(request.args if values is None else values, "page", 6)
    return max(int(typed), 1) if typed.isascii() and typed.isdigit() else 1
