"""How a page is drawn: in whose language, with which errors, and with what a browser may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, redirect, render_template, request
from markupsafe import Markup

from gateway.console import forms
from gateway.console.context import Console, Visit
from gateway.console.menu import menu_of
from helpline.core.languages import LANGUAGES
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
SECURE = ("Strict-Transport-Security", "max-age=31536000")
"""Where the console is reached by TLS."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form: a text of `console.faults`, and the field (its id) that it is about."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a template has at hand, as `page`: texts, dates, forms. `section`: the texts of this page."""

    visit: Visit
    section: str
    faults: Sequence[Fault]
    sent: bool

    def t(self, name: str, /, **values: object) -> str:
        """Say a text: `title` of this page, or `frame.leave` of another section."""
        full = name if "." in name else f"{self.section}.{name}"
        return self.visit.console.texts.say(self.visit.language, full, {key: str(each) for key, each in values.items()})

    def spoken(self, section: str) -> str:
        """Give the code of the language in which a section is shown, for `lang`."""
        language = self.visit.console.texts.spoken(self.visit.language, section)
        return language.replace("_", "-")

    def when(self, instant: datetime) -> Markup:
        """Write an instant in the viewer's zone: day, month, year, and the hour; the same in every language."""
        here = instant.astimezone(self.visit.zone)
        return Markup('<time datetime="{}">{}</time>').format(instant.isoformat("T", "seconds"), self.said(here))

    def said(self, instant: datetime) -> str:
        """Write an instant in the viewer's zone as plain words, for where no mark-up can stand."""
        return f"{instant.astimezone(self.visit.zone):%d.%m.%Y %H:%M}"

    def day(self, instant: datetime) -> str:
        """Write the day of an instant in the viewer's zone, where the hour is not to be told."""
        return f"{instant.astimezone(self.visit.zone):%d.%m.%Y}"

    def between(self, start: datetime, end: datetime) -> str:
        """Write a stretch of time in the viewer's zone; the day once, where it ends on the day it begins."""
        here, there = start.astimezone(self.visit.zone), end.astimezone(self.visit.zone)
        return (
            f"{self.said(here)}–{there:%H:%M}"
            if here.date() == there.date()
            else f"{self.said(here)} – {self.said(there)}"
        )

    def hour(self, instant: datetime) -> str:
        """Write the hour in which an instant lies, where the minute is not to be told."""
        here = instant.astimezone(self.visit.zone)
        return f"{here:%d.%m.%Y %H}:00–{here:%H}:59"

    def form(self, place: str = "") -> Markup:
        """Give the unseen fields of a form. It stands on `place`, or on this page."""
        row = Markup('<input type="hidden" name="{}" value="{}">')
        stands = place or request.path
        return row.format(forms.FORM, forms.proof_of(self.visit)) + row.format(forms.FROM, stands)

    def typed(self, place: str) -> forms.Typed:
        """Give what stands in the form that goes to `place`: as it was sent and refused, or as it was kept."""
        if self.sent and request.path == place:
            return forms.Typed(request.form)
        return forms.typed(self.visit, place)

    def wrong(self, field: str) -> str:
        """Give what is wrong with a field, in words; nothing where it is right."""
        return next((self.t(f"faults.{each.text}") for each in self.faults if each.field == field), "")

    @property
    def menu(self) -> Sequence[tuple[str, str]]:
        """Where this person may go: address and text."""
        return menu_of(self.visit.known[1]) if self.visit.known else ()

    @property
    def locked_since(self) -> datetime | None:
        """Since when the raid lock is on, for whoever has signed in: it stands on every page."""
        if self.visit.known is None:
            return None
        with self.visit.console.db.read() as tx:
            on = raid_lock.since(tx)
        return on[0] if on else None

    @property
    def may_lock(self) -> bool:
        """Tell whether this person may lock."""
        return self.visit.known is not None and self.visit.person.may(Permission.LOCK)

    @property
    def path(self) -> str:
        """The address of this page."""
        return request.path


def languages_of(console: Console) -> Sequence[tuple[str, str]]:
    """Give the languages to choose from: code, and what those who speak it call it."""
    return [(each, LANGUAGES[each].name) for each in console.texts.languages]


def draw(visit: Visit, template: str, faults: Sequence[Fault] = (), status: int = OK, **values: object) -> Response:
    """Draw a page. Its texts are those of the section with the template's name."""
    page = Page(
        visit, template.partition("/")[0].partition(".")[0], faults, sent=request.method == "POST" and bool(faults)
    )
    made = Response(render_template(template, page=page, t=page.t, **values), REFUSED if faults else status)
    return visit.console.hold(made, visit.fresh) if visit.fresh else made


def explain(visit: Visit, error: str, status: int, onward: str = "/") -> Response:
    """Say why something could not be done: a text of `console.errors`, and the way on."""
    return draw(visit, "errors.html", status=status, error=error, onward=onward)


def locked(visit: Visit) -> Response:
    """Say that nothing is shown and nothing exported while the raid lock is on."""
    return draw(visit, "lock/shut.html", status=LOCKED)


def go(place: str) -> Response:
    """Send the browser to another page of ours: after each form, so that a reload sends nothing twice."""
    return Response(redirect(place, 303).data, 303, {"Location": place})


def add_headers(response: Response, *, https: bool) -> Response:
    """Tell browsers what they may do: keep nothing, run nothing but our own files, tell nobody."""
    for name, value in (*HEADERS, *((SECURE,) if https else ())):
        response.headers.setdefault(name, value)
    return response


def first_of(values: Mapping[str, str], name: str, most: int = 1000) -> str:
    """Take a field of a form, cut to a length that nobody types."""
    return values.get(name, "")[:most]


def page_number() -> int:
    """Give which page of a list is asked for; they count from 1."""
    typed = first_of(request.args, "page", 6)
    return max(int(typed), 1) if typed.isascii() and typed.isdigit() else 1
