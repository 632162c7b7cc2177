"""A gateway that is described by a template: a YAML file of `gateway/channels/templates`, without any code.

`helpline.core.gateway_template` has the form of such a file, and `template_asking` makes our requests. This module
reads the gateway's requests and answers them. Each file says which parts were verified, how, and which were not.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gateway.channels.bodies import Tree, any_text, at, each, parse, word
from gateway.channels.national import international, options_of
from gateway.channels.template_asking import TYPES, Asking, fill, written
from helpline.core.channels_file import ChannelSettings
from helpline.core.gateway_template import Form, Inbound, Receipts, Template, Ussd, load
from helpline.core.phone_numbers import Hidden, Msisdn, msisdn
from helpline.core.ports import (
    Answered,
    Asked,
    BadForm,
    Event,
    HungUp,
    IncomingSms,
    Press,
    Receipt,
    Reply,
    Unreadable,
)

MOST_BYTES = 65_536
LONGEST_NUMBER = 64


def of(settings: ChannelSettings) -> Template:
    """Return the template of a channel."""
    return load(str(settings.options.get("template", "")))


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads a gateway's requests by its template."""

    template: Template
    country: str = ""
    """The calling code (`996`) of numbers that come without one."""
    trunk: str = ""
    """What national numbers begin with (`0`), in place of the calling code."""
    most_bytes: int = MOST_BYTES
    kinds: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        steps = {"ussd": self.template.ussd, "sms": self.template.inbound, "receipt": self.template.receipt}
        kinds = {kind: frozenset(step.methods) for kind, step in steps.items() if step}
        if self.template.ussd and self.template.ussd.path:
            kinds = {"ussd/" if kind == "ussd" else kind: methods for kind, methods in kinds.items()}
        object.__setattr__(self, "kinds", kinds)

    def read(self, kind: str, asked: Asked) -> Sequence[Event]:
        """Read a request. Raise `BadForm`."""
        match kind, self.template:
            case "receipt", Template(receipt=Receipts() as step):
                return _each_read(partial(_receipt, step), _items(step, asked))
            case "sms", Template(inbound=Inbound() as step):
                return _each_read(partial(self._text, step), _items(step, asked))
            case "ussd", Template(ussd=Ussd() as step):
                return [self._hop(step, _ussd_tree(step, asked))]
        raise BadForm("this gateway sends nothing of this kind")

    def _text(self, step: Inbound, tree: Tree) -> IncomingSms:
        sender, text = self._number(_given(tree, step.sender)), any_text(tree, step.text)
        if text is None:
            raise BadForm(f"{step.text} is missing")
        return IncomingSms(_id(tree, step.id), sender, Hidden(text), word(tree, step.to) or "" if step.to else "")

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
        """Return a number as E.164, if it can be told: with `+` or 00, with the calling code alone, or as at home."""
        if len(written_as) > LONGEST_NUMBER:
            raise BadForm("a number is too long")
        return msisdn(international(re.sub(r"[ ()-]", "", written_as), self.country, self.trunk))

    def answer(self, kind: str, asked: Asked, reply: Reply | None) -> Answered:
        """Write a screen, or what ends the gateway's retries."""
        step = self.template.ussd
        if kind == "ussd" and reply is not None and step is not None:
            return self._screen(step, asked, reply)
        if kind == "ussd" and step is not None and step.over is not None:
            tree = _with_numbers(step, fill(step.over, _echoed(_tree(step.form, asked))))
            return Answered(200, written(step.answer, tree), (("Content-Type", TYPES[step.answer]),))
        steps = {"sms": self.template.inbound, "receipt": self.template.receipt}
        known = steps.get(kind)
        return Answered(200, known.answer.encode() if known else b"")

    def _screen(self, step: Ussd, asked: Asked, reply: Reply) -> Answered:
        how = "last" if reply.last else "more"
        values: dict[str, Any] = {"text": reply.text, "last": reply.last, "more": not reply.last}
        values |= {"state": step.words.get(how, ""), **_echoed(_tree(step.form, asked))}
        body = written(step.answer, _with_numbers(step, fill(step.body, values)))
        more = tuple((name, each_of[how]) for name, each_of in step.headers.items())
        return Answered(200, body, (("Content-Type", TYPES[step.answer]), *more))

    def refuse(self, kind: str, asked: Asked, fault: str) -> Answered:  # noqa: ARG002
        """Answer 400."""
        return Answered(400, fault.encode())

    def again(self, kind: str, asked: Asked) -> Answered:  # noqa: ARG002
        """Answer 500, so that the gateway sends it again."""
        return Answered(500, b"")


def _tree(form: Form, asked: Asked) -> Tree:
    in_address = form == "query" or (form == "form" and asked.method == "GET")
    return parse("query" if in_address else form, asked.query.encode() if in_address else asked.body)


def _items(step: Inbound | Receipts, asked: Asked) -> Sequence[Tree]:
    """Return the texts or receipts of a request. Raise `BadForm` if it has another form: a 200 would lose them."""
    tree, top = _tree(step.form, asked), step.each.partition(".")[0]
    if at(tree, top) is None:
        raise BadForm(f"{top or 'body'} is missing")
    return each(tree, step.each)


def _with_numbers(step: Ussd, tree: Any) -> Any:
    return {**tree, **{name: int(tree[name]) for name in step.numbers if name in tree}} if step.numbers else tree


def _ussd_tree(step: Ussd, asked: Asked) -> Tree:
    """Return what a hop brings, with the named parts of its address."""
    tree = _tree(step.form, asked)
    if not step.path:
        return tree
    if len(asked.path) != len(step.path) or not isinstance(tree, Mapping):
        raise BadForm("the address has other parts")
    return {**tree, "@path": dict(zip(step.path, asked.path, strict=True))}


def _echoed(tree: Tree) -> dict[str, Any]:
    """Return what the gateway sent at the top, by `in.NAME`, to be sent back."""
    return {f"in.{name}": value for name, value in tree.items()} if isinstance(tree, Mapping) else {}


def _given(tree: Tree, path: str) -> str:
    found = word(tree, path)
    if found is None:
        raise BadForm(f"{path} is missing")
    return found


def _id(tree: Tree, path: str) -> str:
    """Return the id of a message. Two messages with an empty one would count as one, so it is refused."""
    found = _given(tree, path)
    if not found:
        raise BadForm(f"{path} is empty")
    return found


def _receipt(step: Receipts, tree: Tree) -> Receipt:
    return Receipt(_id(tree, step.id), step.statuses.get(_given(tree, step.status)))


def _each_read(read: Callable[[Tree], Event], items: Sequence[Tree]) -> Sequence[Event]:
    """Read each of several things. One that is odd must not keep back the others: they may be cries.

    Raise `BadForm` if none can be read.
    """
    found: list[Event] = []
    faults: list[BadForm] = []
    for item in items:
        try:
            found.append(read(item))
        except BadForm as fault:
            faults.append(fault)
            found.append(Unreadable(fault.logged))
    if faults and len(faults) == len(found):
        raise faults[0]
    return found


def requests_of(settings: ChannelSettings) -> Requests:
    """Return what reads the requests of a channel. Raise `ValueError` for a wrong template or option."""
    return Requests(of(settings), *options_of(settings.name, settings.options, "country", "trunk"))


def sender_of(settings: ChannelSettings) -> Asking | None:
    """Return what sends by a channel, or None if its gateway cannot. Raise `ValueError` if something is missing."""
    template = of(settings)
    if template.send is None:
        return None
    missing = [each for each in template.options if each not in settings.options]
    missing += [each for each in template.secrets if each not in settings.secrets]
    if missing:
        raise ValueError(f"{settings.name}: {', '.join(missing)} is missing")
    return Asking(template, settings)


def poller_of(settings: ChannelSettings) -> Asking | None:
    """Return what asks for receipts, or None if this gateway cannot be asked, or sends them itself."""
    return sender_of(settings) if of(settings).poll else None


def purse_of(settings: ChannelSettings) -> Asking | None:
    """Return what asks for the balance, or None if this gateway cannot be asked."""
    return sender_of(settings) if of(settings).balance else None


def deduplicates(settings: ChannelSettings) -> bool:
    """Whether the operator has tried that the gateway takes a text with the same id of ours only once."""
    return str(settings.options.get("deduplicates")).lower() == "true"
