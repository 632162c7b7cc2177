"""The form of a template: a YAML file that describes a gateway without any code (docs/channels/adding.md).

A template has the steps that its gateway knows. It names where a value is in a request of the gateway, and what a
request of ours holds. A value is written as `{name}`; there are names only, and no expressions.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpline.core.ports import Delivery
from helpline.core.yaml_places import line_of, line_of_error

FOLDER = Path(__file__).parents[2] / "gateway" / "channels" / "templates"
Form = Literal["form", "json", "xml", "query"]
Words = Literal["json", "xml", "text"]
Method = Literal["GET", "POST"]
NAME = re.compile(r"\{([a-z_][a-z0-9_.]*)\}", re.IGNORECASE)
OURS = frozenset({"to", "text", "ref", "sender", "signature", "token", "ids", "nonce"})
"""What a request of ours may name beside the options and secrets."""
IN_SCREENS = frozenset({"text", "more", "last", "state"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # most processes read no template


class Verified(_Part):
    """What is known about a template, and how."""

    by: str = Field(min_length=10)
    on: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    what: list[str]
    not_verified: list[str]


class Request(_Part):
    """A request of ours."""

    url: str
    method: Method = "POST"
    form: Form
    body: Any = Field(default_factory=dict)
    basic: tuple[str, str] | None = None
    """User and password."""
    headers: dict[str, str] = Field(default_factory=dict)
    sign: str = ""
    """What `{signature}` is the SHA-256 of, in hex."""
    answer: Words = "json"


class Login(Request):
    """A request that brings a token, which is used as `{token}` until the gateway answers 401."""

    token: str
    """Its path in the answer."""


class Send(Request):
    """A request of ours that sends one text."""

    plus: bool = False
    """Whether the gateway wants numbers with `+`."""
    longest_ref: int = Field(32, ge=12, le=32)
    """How long `{ref}` may be. An id of ours that is longer is replaced by as many letters and digits."""
    success: dict[str, list[str]] = Field(default_factory=dict)
    """Path → values that a taken text has; none: any. For `text`, the path is empty and the answer holds the value."""
    refusal: str = ""
    """The path of the gateway's code for a refusal."""
    refusals: list[str] = Field(default_factory=list)
    """The words there that mean a refusal, if others do not. Empty: any, as the path has a code of an error."""
    again: list[str] = Field(default_factory=list)
    """Codes after which another attempt may succeed."""
    taken: list[str] = Field(default_factory=list)
    """Codes that say that it has a text with this id of ours: an earlier attempt whose answer was lost."""
    unclear: list[str] = Field(default_factory=list)
    """Codes after which nobody knows whether it has taken the text."""
    id: str = ""
    """The path of the gateway's id. Empty: it uses ours."""


class Poll(Request):
    """A request that asks what became of texts. `{ids}` are the gateway's ids, with commas."""

    most: int = Field(1, ge=1, le=100)
    """How many texts one request may ask about."""
    each: str = ""
    id: str = ""
    """The path of the id. Empty: the answer is about the only text that was asked for."""
    status: str
    """Its path. Of several, separated by `|`, the first counts that is there."""
    statuses: dict[str, Delivery]


class Balance(Request):
    """A request that asks how much money is left."""

    amount: str
    """Its path in the answer."""


class Receipts(_Part):
    """A request that reports delivery."""

    methods: list[Method] = ["POST"]
    form: Form
    each: str = ""
    id: str
    status: str
    statuses: dict[str, Delivery]
    answer: str = ""


class Inbound(_Part):
    """A request that brings texts."""

    methods: list[Method] = ["POST"]
    form: Form
    each: str = ""
    id: str
    sender: str
    to: str = ""
    text: str
    answer: str = ""


class Ussd(_Part):
    """A request for a screen, and our answer."""

    methods: list[Method] = ["POST"]
    form: Form
    path: list[str] = Field(default_factory=list)
    """Names of the parts of the address behind `ussd`, used as `@path.NAME`."""
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
    numbers: list[str] = Field(default_factory=list)
    """The fields of an answer that are written as numbers: in a template, everything is a text."""
    over: Any = None
    """What is answered to a report that the call has ended. Nothing: an empty answer."""


class Template(_Part):
    """A template, as its file says."""

    title: str
    verified: Verified
    options: list[str] = Field(default_factory=list)
    """What the channel's `options` must have."""
    secrets: list[str] = Field(default_factory=list)
    login: Login | None = None
    send: Send | None = None
    poll: Poll | None = None
    balance: Balance | None = None
    receipt: Receipts | None = None
    inbound: Inbound | None = None
    ussd: Ussd | None = None

    @property
    def ours(self) -> Mapping[str, Request]:
        """The steps in which Komek asks the gateway."""
        steps: dict[str, Request | None] = {
            "login": self.login, "send": self.send, "poll": self.poll, "balance": self.balance,
        }  # fmt: skip
        return {name: step for name, step in steps.items() if step is not None}


@lru_cache
def load(name: str) -> Template:
    """Read a template. Raise `ValueError` for a name or a file that cannot be used."""
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or not (FOLDER / f"{name}.yaml").exists():
        raise ValueError(f"there is no template {name!r}; there are {', '.join(names())}")
    return read((FOLDER / f"{name}.yaml").read_text("utf-8"))


def lacks_code(options: Mapping[str, Any]) -> bool:
    """Whether texts come without the code that they were sent to, by the template of a channel's options."""
    try:
        inbound = load(str(options.get("template", ""))).inbound
    except ValueError:  # the fault is reported where the channel is connected
        return False
    return inbound is not None and not inbound.to


def read(text: str) -> Template:
    """Read a template from its text. Raise `ValueError`."""
    return Template.model_validate(yaml.load(text, yaml.BaseLoader))  # noqa: S506  # only texts


def names() -> list[str]:
    """Return the names of all templates."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with the text of a template, each with its line."""
    try:
        template = read(text)
    except yaml.YAMLError as error:
        yield line_of_error(error), "is not YAML"
    except ValidationError as error:
        for each in error.errors():
            yield line_of(text, each["loc"]), f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
    else:
        for path, what in _contradictions(template):
            yield line_of(text, path), f"{'.'.join(path)}: {what}"


def _contradictions(template: Template) -> Iterator[tuple[tuple[str, ...], str]]:
    yield from _unknown_names(template)
    for step, request in template.ours.items():
        if step != "login" and template.login is None and "token" in names_in(request.model_dump()):
            yield (step,), "{token} needs the step `login`"
    for step in ("poll", "balance"):
        if step in template.ours and template.send is None:
            yield (step,), "needs the step `send`"
    if template.poll and template.poll.most > 1 and not template.poll.id:
        yield ("poll", "most"), "needs `id`, to tell the texts apart"


def _unknown_names(template: Template) -> Iterator[tuple[tuple[str, ...], str]]:
    known = OURS | {*template.options, *template.secrets}
    for step, request in template.ours.items():
        for field in ("url", "body", "basic", "headers", "sign"):
            for name in sorted(names_in(getattr(request, field)) - known):
                yield (step, field), f"{{{name}}} is no value of ours, no option and no secret"
    for name in sorted(names_in([template.ussd.body, template.ussd.over]) - IN_SCREENS) if template.ussd else ():
        if not name.startswith("in."):
            yield ("ussd", "body"), f"{{{name}}} is no value of a screen"


def names_in(tree: Any) -> set[str]:
    """Return the names that stand for values in a tree."""
    match tree:
        case str():
            return set(NAME.findall(tree))
        case Mapping():
            return {name for inside in tree.values() for name in names_in(inside)}
        case list() | tuple():
            return {name for inside in tree for name in names_in(inside)}
    return set()
