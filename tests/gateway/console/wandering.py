"""A person who follows anything on a page of the console: its links, and its forms with sensible or random values."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

from tests.gateway.console.office import Browser

LEAVES = ("/sign-out", "/leave", "/away", "/account/sessions", "/language")
"""Addresses that end a session. They are skipped, so that the walk continues."""
VOID = {"hidden", "submit", "button"}


@dataclass
class Form:
    """A form of a page: its address, its method, and the choices of each field. A field without choices is typed."""

    action: str
    method: str
    hidden: dict[str, str] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)


class Seen(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a link, a form or a field."""
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href", "").startswith("/"):
            self.links.append(has["href"])
        elif tag == "form":
            self.forms.append(Form(has.get("action", ""), has.get("method", "get").lower()))
        elif self.forms and tag in ("input", "select", "textarea", "button") and has.get("name"):
            self._field(tag, has)
        elif self.forms and tag == "option" and self._select:
            self.forms[-1].fields[self._select].append(has.get("value", ""))

    def _field(self, tag: str, has: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], has["name"], has.get("type", "text")
        if tag == "input" and kind == "hidden":
            form.hidden[name] = has.get("value", "")
            return
        choices = form.fields.setdefault(name, [])
        if tag == "button" or kind in ("radio", "checkbox"):
            choices.append(has.get("value", "on"))
        self._select = name if tag == "select" else ""

    def handle_endtag(self, tag: str) -> None:
        """Record that a list has ended."""
        if tag == "select":
            self._select = ""


@dataclass
class Wanderer:
    """A browser that moves at random. `typed` are the values for fields without choices."""

    browser: Browser
    chance: random.Random
    typed: Sequence[str]
    place: str = "/"

    def step(self) -> TestResponse:
        """Take one step from the present page."""
        seen = Seen(self.browser.page)
        forms = [form for form in seen.forms if form.action and not form.action.startswith(LEAVES)]
        links = [link for link in seen.links if not link.startswith(LEAVES)]
        if forms and (not links or self.chance.random() < 0.5):
            response = self._send(self.chance.choice(forms))
        else:
            response = self._went(self.chance.choice(links or ["/"]))
        return response

    def _send(self, form: Form) -> TestResponse:
        filled = {name: self._fill(choices) for name, choices in form.fields.items()}
        self.place = f"{form.method} {form.action} {filled}"
        if form.method == "get":
            return self._took(self.browser.client.get(form.action, query_string=filled))
        return self._took(self.browser.post(form.action, {**filled, **form.hidden}))

    def _fill(self, choices: list[str]) -> str:
        word = self.chance.choice(choices) if choices and self.chance.random() < 0.9 else self.chance.choice(self.typed)
        return word.encode("utf-8", "replace").decode()

    def _went(self, link: str) -> TestResponse:
        self.place = link
        return self._took(self.browser.get(link))

    def _took(self, response: TestResponse) -> TestResponse:
        self.browser.page = response.get_data(as_text=False).decode(errors="replace")
        for _ in range(3):
            if response.status_code != 303 or not response.location:
                break
            onward = self.browser.get(response.location)
            if onward.status_code >= 500:
                return onward
            if onward.status_code != 303:
                break
            response = onward
        return response
