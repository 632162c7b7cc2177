"""A gateway that is described by a template: a YAML file of `gateway/channels/templates`, without any code.

A template has the steps that its gateway knows: `send`, `receipt`, `inbound`, `ussd`. It names where a value is in a
request, and what a request of ours holds. A value stands as `{name}`; there are names only, and no expressions. The
values are put into the finished tree of a request, so no text can change its form. docs/channels/templates.md explains
every field. Each file says what of it was verified, by what, and what was not.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode
from xml.etree import ElementTree

import yaml
from pydantic import BaseModel, ConfigDict, Field

from gateway.channels.bodies import Tree, each, parse, word
from gateway.channels.http import Response, ask, check_status
from helpline.core.channels_file import ChannelSettings
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import (
    Answered,
    Asked,
    BadForm,
    Delivery,
    Event,
    HungUp,
    IncomingSms,
    Press,
    Receipt,
    Reply,
    SendFailed,
)

FOLDER = Path(__file__).parent / "templates"
MOST_BYTES = 65_536
LONGEST_NUMBER = 64
LONGEST_AT_HOME = 11
Form = Literal["form", "json", "xml", "query"]
_NAME = re.compile(r"\{([a-z_][a-z0-9_.]*)\}", re.IGNORECASE)
TYPES: Mapping[str, str] = {
    "form": "application/x-www-form-urlencoded",
    "query": "text/plain; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Verified(_Part):
    """What is known about a template, and how."""

    by: str = Field(min_length=10)
    on: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    what: list[str]
    not_verified: list[str]


class Send(_Part):
    """A request of ours that sends one text."""

    url: str
    method: Literal["GET", "POST"] = "POST"
    form: Form
    body: Any
    basic: tuple[str, str] | None = None
    """User and password."""
    headers: dict[str, str] = Field(default_factory=dict)
    sign: str = ""
    """What `{signature}` is the SHA-256 of, in hex."""
    plus: bool = False
    """Whether the gateway wants numbers with `+`."""
    answer: Literal["json", "xml", "text"] = "json"
    success: dict[str, list[str]] = Field(default_factory=dict)
    """Path → values, all of which a taken text has. For `text`, the path is empty and the answer holds the value."""
    refusal: str = ""
    """The path of the gateway's code for a refusal."""
    again: list[str] = Field(default_factory=list)
    """Codes after which another attempt may succeed."""
    id: str = ""
    """The path of the gateway's id. Empty: it uses ours."""


class Receipts(_Part):
    """A request that reports delivery."""

    methods: list[Literal["GET", "POST"]] = ["POST"]
    form: Form
    each: str = ""
    id: str
    status: str
    statuses: dict[str, Delivery]
    answer: str = ""


class Inbound(_Part):
    """A request that brings texts."""

    methods: list[Literal["GET", "POST"]] = ["POST"]
    form: Form
    each: str = ""
    id: str
    sender: str
    to: str = ""
    text: str
    answer: str = ""


class Ussd(_Part):
    """A request for a screen, and our answer."""

    methods: list[Literal["GET", "POST"]] = ["POST"]
    form: Form
    call: str
    number: str
    key: str
    hop: str = ""
    state: str = ""
    """The path of the word that tells a dial from a key. Empty: a dial has no key."""
    dials: list[str] = Field(default_factory=list)
    ends: list[str] = Field(default_factory=list)
    repeats: bool = False
    """Whether `key` holds all keys since the dial, joined by `*`."""
    answer: Literal["json", "text"]
    body: Any
    headers: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Name → its value when the call goes on (`more`) and when it ends (`last`)."""
    words: dict[str, Any] = Field(default_factory=dict)
    """What `{state}` is: `more` and `last`."""


class Template(_Part):
    """A template, as its file says."""

    title: str
    verified: Verified
    options: list[str] = Field(default_factory=list)
    """What the channel's `options` must have."""
    secrets: list[str] = Field(default_factory=list)
    send: Send | None = None
    receipt: Receipts | None = None
    inbound: Inbound | None = None
    ussd: Ussd | None = None


@lru_cache
def load(name: str) -> Template:
    """Read a template. Raise `ValueError` for a name or a file that cannot be used."""
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or not (FOLDER / f"{name}.yaml").exists():
        raise ValueError(f"there is no template {name!r}; there are {', '.join(names())}")
    return Template.model_validate(yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), yaml.BaseLoader))  # noqa: S506  # only texts


def names() -> list[str]:
    """Return the names of all templates."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def of(settings: ChannelSettings) -> Template:
    """Return the template of a channel."""
    return load(str(settings.options.get("template", "")))


def fill(tree: Any, values: Mapping[str, Any]) -> Any:
    """Put values into a tree. A leaf that is one name alone gets the value itself, so that `true` stays true."""
    if isinstance(tree, Mapping):
        return {name: fill(inside, values) for name, inside in tree.items()}
    if isinstance(tree, list):
        return [fill(inside, values) for inside in tree]
    if not isinstance(tree, str):
        return tree
    alone = _NAME.fullmatch(tree)
    if alone:
        return values.get(alone[1], "")
    return _NAME.sub(lambda found: str(values.get(found[1], "")), tree)


def written(form: str, tree: Any) -> bytes:
    """Write a tree as a body."""
    match form:
        case "json":
            return json.dumps(tree, ensure_ascii=False).encode()
        case "xml":
            ((name, inside),) = tree.items()
            body = bytes(ElementTree.tostring(_element(name, inside), "utf-8"))
            return b'<?xml version="1.0" encoding="UTF-8"?>' + body
        case "text":
            return str(tree).encode()
    return urlencode(tree).encode()


def _element(name: str, inside: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(inside, Mapping):
        for child, value in inside.items():
            if child.startswith("@"):
                element.set(child[1:], str(value))
            else:
                element.append(_element(child, value))
    else:
        element.text = "".join(letter for letter in str(inside) if letter >= " " or letter in "\n\t")
    return element


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads a gateway's requests by its template."""

    template: Template
    trunk: str = ""
    """What national numbers begin with, and the country's code that takes its place."""
    country: str = ""
    most_bytes: int = MOST_BYTES
    kinds: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        steps = {"ussd": self.template.ussd, "sms": self.template.inbound, "receipt": self.template.receipt}
        kinds = {kind: frozenset(step.methods) for kind, step in steps.items() if step}
        object.__setattr__(self, "kinds", kinds)

    def read(self, kind: str, asked: Asked) -> Sequence[Event]:
        """Read a request. Raise `BadForm`."""
        match kind, self.template:
            case "receipt", Template(receipt=Receipts() as step):
                return [_receipt(step, item) for item in each(_tree(step.form, asked), step.each)]
            case "sms", Template(inbound=Inbound() as step):
                return [self._text(step, item) for item in each(_tree(step.form, asked), step.each)]
            case "ussd", Template(ussd=Ussd() as step):
                return [self._hop(step, _tree(step.form, asked))]
        raise BadForm("this gateway sends nothing of this kind")

    def _text(self, step: Inbound, tree: Tree) -> IncomingSms:
        sender, text = self._number(_given(tree, step.sender)), _given(tree, step.text)
        return IncomingSms(_given(tree, step.id), sender, Hidden(text), word(tree, step.to) or "" if step.to else "")

    def _hop(self, step: Ussd, tree: Tree) -> Press | HungUp:
        call, caller = _given(tree, step.call), self._number(_given(tree, step.number))
        typed, state = word(tree, step.key), word(tree, step.state) if step.state else None
        if state in step.ends:
            return HungUp(call, caller)
        hop = word(tree, step.hop) or "" if step.hop else ""
        is_dial = state in step.dials if step.state else not typed
        if is_dial or typed is None:
            return Press(call, caller, None, hop=hop)
        so_far = tuple(typed.split("*")) if step.repeats else None
        return Press(call, caller, so_far[-1] if so_far else typed.strip(), hop=hop, so_far=so_far)

    def _number(self, written_as: str) -> Msisdn:
        """Return a number as E.164, whether it came with `+`, with 00, without either, or as at home."""
        if len(written_as) > LONGEST_NUMBER:
            raise BadForm("a number is too long")
        digits = re.sub(r"[ ()-]", "", written_as)
        if not re.fullmatch(r"[0-9]{7,16}", digits):
            return msisdn(digits)
        if digits.startswith("00") and not (self.country and self.trunk and len(digits) < LONGEST_AT_HOME):
            return msisdn(f"+{digits.removeprefix('00')}")
        if self.country and self.trunk and digits.startswith(self.trunk) and not digits.startswith(self.country):
            return msisdn(f"+{self.country}{digits.removeprefix(self.trunk)}")
        return msisdn(f"+{digits}")

    def answer(self, kind: str, asked: Asked, reply: Reply | None) -> Answered:
        """Write a screen, or what ends the gateway's retries."""
        step = self.template.ussd
        if kind == "ussd" and reply is not None and step is not None:
            return self._screen(step, asked, reply)
        steps = {"sms": self.template.inbound, "receipt": self.template.receipt}
        known = steps.get(kind)
        return Answered(200, known.answer.encode() if known else b"")

    def _screen(self, step: Ussd, asked: Asked, reply: Reply) -> Answered:
        how = "last" if reply.last else "more"
        values: dict[str, Any] = {"text": reply.text, "last": reply.last, "more": not reply.last}
        values |= {"state": step.words.get(how, ""), **_echoed(_tree(step.form, asked))}
        body = written(step.answer, fill(step.body, values))
        more = tuple((name, each_of[how]) for name, each_of in step.headers.items())
        return Answered(200, body, (("Content-Type", TYPES[step.answer]), *more))

    def refuse(self, kind: str, asked: Asked, fault: str) -> Answered:  # noqa: ARG002
        """Answer 400."""
        return Answered(400, fault.encode())

    def again(self, kind: str, asked: Asked) -> Answered:  # noqa: ARG002
        """Answer 500, so that the gateway sends it again."""
        return Answered(500, b"")


def _tree(form: Form, asked: Asked) -> Tree:
    return parse(form, asked.query.encode() if form == "query" else asked.body)


def _echoed(tree: Tree) -> dict[str, Any]:
    """Return what the gateway sent at the top, by `in.NAME`, to be sent back."""
    return {f"in.{name}": value for name, value in tree.items()} if isinstance(tree, Mapping) else {}


def _given(tree: Tree, path: str) -> str:
    found = word(tree, path)
    if found is None:
        raise BadForm(f"{path} is missing")
    return found


def _receipt(step: Receipts, tree: Tree) -> Receipt:
    return Receipt(_given(tree, step.id), step.statuses.get(_given(tree, step.status)))


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends texts by a template."""

    step: Send
    settings: ChannelSettings

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        """Send one text and return its id. Raise `SendFailed`, which holds no number, text or key."""
        step, number = self.step, to.reveal()
        values: dict[str, Any] = {**{name: str(value) for name, value in self.settings.options.items()}}
        values |= {name: secret.get_secret_value() for name, secret in self.settings.secrets.items()}
        values |= {"to": number if step.plus else number.removeprefix("+"), "text": text, "ref": ref}
        values["sender"] = sender or self.settings.sender
        values["signature"] = hashlib.sha256(fill(step.sign, values).encode()).hexdigest() if step.sign else ""
        return self._id(self._asked(values), ref)

    def _asked(self, values: Mapping[str, Any]) -> Response:
        step, tree = self.step, fill(self.step.body, values)
        login = (str(fill(step.basic[0], values)), str(fill(step.basic[1], values))) if step.basic else None
        headers = {name: str(fill(value, values)) for name, value in step.headers.items()}
        url = str(fill(step.url, values))
        if step.form == "query":
            return ask(step.method, url, query=tree, headers=headers, login=login)
        headers["Content-Type"] = TYPES[step.form]
        return ask(step.method, url, body=written(step.form, tree), headers=headers, login=login)

    def _id(self, answer: Response, ref: str) -> str:
        """Return the id of a text that was taken. A refusal may come as 200, and an error page as HTML."""
        step = self.step
        tree = self._read(answer)
        code = word(tree, step.refusal) if step.refusal and tree is not None else None
        if tree is not None and not self._is_success(tree) and code is not None:
            raise SendFailed(_harmless(code), retry=code in step.again)
        check_status(answer)
        if tree is None or not self._is_success(tree):
            raise SendFailed("UnclearAnswer", retry=False, unknown=True)
        return (word(tree, step.id) or "") if step.id else ref

    def _read(self, answer: Response) -> Tree:
        if self.step.answer == "text":
            return answer.text
        try:
            return parse(self.step.answer, answer.text.encode(errors="replace"))
        except BadForm:
            return None

    def _is_success(self, tree: Tree) -> bool:
        if isinstance(tree, str):
            return any(good in tree for good in self.step.success.get("", []))
        return all(word(tree, path) in good for path, good in self.step.success.items())


def _harmless(code: str) -> str:
    """Return a gateway's code for the log, unless it may hold a number or a text."""
    return f"Refused {code}" if re.fullmatch(r"[A-Za-z_-]{1,30}|-?[0-9]{1,4}", code) else "Refused"


def requests_of(settings: ChannelSettings) -> Requests:
    """Return what reads the requests of a channel. Raise `ValueError` for a wrong template."""
    options = settings.options
    return Requests(of(settings), str(options.get("trunk", "")), str(options.get("country", "")))


def sender_of(settings: ChannelSettings) -> Sending | None:
    """Return what sends by a channel, or None if its gateway cannot. Raise `ValueError` if something is missing."""
    template = of(settings)
    if template.send is None:
        return None
    missing = [each for each in template.options if each not in settings.options]
    missing += [each for each in template.secrets if each not in settings.secrets]
    if missing:
        raise ValueError(f"{settings.name}: {', '.join(missing)} is missing")
    return Sending(template.send, settings)


def deduplicates(settings: ChannelSettings) -> bool:
    """Whether the operator has tried that the gateway takes a text with the same id of ours only once."""
    return str(settings.options.get("deduplicates")).lower() == "true"
