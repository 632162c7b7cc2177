"""Our requests to a gateway that a template describes: log in, send, ask for receipts and for the balance.

The values are put into the finished tree of a request, so no text can change its form.
"""

import hashlib
import json
import re
import secrets
import string
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from mmap import mmap
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from gateway.channels.bodies import Tree, at, each, parse, word
from gateway.channels.http import MOST_SECONDS, Response, ask, check_status
from helpline.core.channels_file import ChannelSettings
from helpline.core.gateway_template import NAME, Login, Poll, Request, Send, Template
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import BadForm, Receipt, SendFailed

TYPES: Mapping[str, str] = {
    "form": "application/x-www-form-urlencoded",
    "query": "text/plain; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
POLL_SECONDS = 20.0
"""One round of questions ends after so long. What is left is asked in the next round."""
WITH_LOGIN_SECONDS = 12.0
"""For one question with all that it needs: a token, and another one if that is over. The texts that follow to the same
recipient wait no longer than `outbox.IN_HAND`, and another worker takes a text after its lease."""
LEAST_SECONDS = 5.0
"""With less time left, nothing is asked any more: a text whose answer is cut off may arrive twice."""
LONGEST_TOKEN = 8_192
"""Bytes of the longest token of a gateway. A JSON Web Token with what gateways write into it has a few hundred."""
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,9})?")
_SIGNS = string.digits + string.ascii_lowercase


def fill(tree: Any, values: Mapping[str, Any]) -> Any:
    """Put values into a tree. A leaf that is one name alone gets the value itself, so that `true` stays true."""
    if isinstance(tree, Mapping):
        return {name: fill(inside, values) for name, inside in tree.items()}
    if isinstance(tree, list):
        return [fill(inside, values) for inside in tree]
    if not isinstance(tree, str):
        return tree
    alone = NAME.fullmatch(tree)
    if alone:
        return values.get(alone[1], "")
    return NAME.sub(lambda found: str(values.get(found[1], "")), tree)


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


def shorter(ref: str, longest: int) -> str:
    """Return an id of ours that is no longer than a gateway takes.

    The same id always becomes the same one, so that a gateway still recognises a text that it gets twice.
    """
    if len(ref) <= longest:
        return ref
    number, short = int.from_bytes(hashlib.sha256(ref.encode()).digest()), ""
    for _ in range(longest):
        number, at = divmod(number, len(_SIGNS))
        short += _SIGNS[at]
    return short


@dataclass(frozen=True, slots=True)
class _Token:
    """The token of a channel, in memory that a worker shares with the children it forks for its jobs.

    So a worker logs in once, and not again for every job. The token is in no file and no database. Two bytes hold how
    long it is. They are written last, so a child that is killed in between leaves no token, and never half of one.
    """

    memory: mmap = field(default_factory=lambda: mmap(-1, 2 + LONGEST_TOKEN), repr=False)
    lock: Lock = field(default_factory=Lock, repr=False)

    def read(self) -> str:
        """Return the token, or an empty string."""
        length = int.from_bytes(self.memory[:2])
        return self.memory[2 : 2 + length].decode("ascii")

    def keep(self, token: str) -> str:
        """Keep a token of ASCII, and return it."""
        self.memory[:2] = bytes(2)
        self.memory[2 : 2 + len(token)] = token.encode("ascii")
        self.memory[:2] = len(token).to_bytes(2)
        return token


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks a gateway by its template. No error holds a number, a text or a key."""

    template: Template
    settings: ChannelSettings
    token: _Token = field(default_factory=_Token)
    seconds: Callable[[], float] = time.monotonic

    def send(self, to: Msisdn, text: str, ref: str, sender: str) -> str:
        """Send one text and return its id. Raise `SendFailed`."""
        step, number = self.template.send, to.reveal()
        if step is None:
            raise SendFailed("CannotSend", retry=False)
        ref = shorter(ref, step.longest_ref)
        values = {"to": number if step.plus else number.removeprefix("+"), "text": text, "ref": ref}
        values["sender"] = sender or self.settings.sender
        answer = self._asked(step, values)
        try:
            return _id(step, answer, ref)
        except BadForm:
            raise SendFailed("UnclearAnswer", retry=False, unknown=True) from None

    def poll(self, ids: Sequence[str]) -> Sequence[Receipt]:
        """Return what became of some texts. Raise `SendFailed` if the gateway does not answer the first question."""
        step, ends = self.template.poll, time.monotonic() + POLL_SECONDS
        found: list[Receipt] = []
        if step is None:
            return found
        for start in range(0, len(ids), step.most):
            some = ids[start : start + step.most]
            if start and time.monotonic() > ends:
                break
            try:
                found += _receipts(step, self._asked(step, {"ids": ",".join(some)}), some)
            except SendFailed:
                if not start:
                    raise
                break
        return found

    def balance(self) -> float:
        """Return how much money is left. Raise `SendFailed`."""
        step = self.template.balance
        if step is None:
            raise SendFailed("CannotAsk", retry=False)
        amount = _word(step, self._asked(step, {}), step.amount)
        if amount is None or not _AMOUNT.fullmatch(amount):
            raise SendFailed("UnclearAnswer", retry=True)
        return float(amount)

    def _asked(self, step: Request, values: Mapping[str, str]) -> Response:
        """Ask, and log in again if the token is not valid any more: such a text was certainly not taken."""
        login = self.template.login
        if login is None:
            return self._ask(step, values)
        ends = self.seconds() + WITH_LOGIN_SECONDS
        token = self._fresh_token(login, "", ends)
        answer = self._ask(step, {**values, "token": token}, self._left(ends))
        if answer.status >= 500:
            self._forget(token, ends)
        if answer.status != 401:
            return answer
        token = self._fresh_token(login, token, ends)
        return self._ask(step, {**values, "token": token}, self._left(ends))

    def _left(self, ends: float) -> float:
        """Return how long the next request may take. Raise `SendFailed` if that is too short: nothing has gone."""
        left = ends - self.seconds()
        if left < LEAST_SECONDS:
            raise SendFailed("Login TooSlow", retry=True)
        return min(left, MOST_SECONDS)

    def _fresh_token(self, login: Login, stale: str, ends: float) -> str:
        """Return a token that is not `stale`. One thread logs in, and the others use what it got."""
        if not self.token.lock.acquire(timeout=self._left(ends)):
            raise SendFailed("Login TooSlow", retry=True)
        try:
            kept = self.token.read()
            return self.token.keep(self._log_in(login, self._left(ends))) if kept in ("", stale) else kept
        finally:
            self.token.lock.release()

    def _forget(self, token: str, ends: float) -> None:
        """Forget a token, so that the next attempt logs in. Eskiz was seen to answer 500 to a token that is over."""
        if not self.token.lock.acquire(timeout=max(0.0, ends - self.seconds())):
            return  # another thread is getting a new one
        try:
            if self.token.read() == token:
                self.token.keep("")
        finally:
            self.token.lock.release()

    def _log_in(self, login: Login, seconds: float) -> str:
        """Raise `SendFailed` that may be tried again: whatever happens here, no text has gone."""
        try:
            answer = self._ask(login, {}, seconds)
            check_status(answer)
        except SendFailed as failure:
            reason = failure.reason
        else:
            token = _word(login, answer, login.token)
            if token and token.isascii() and token.isprintable() and len(token) <= LONGEST_TOKEN:
                return token
            reason = "UnclearAnswer"
        raise SendFailed(f"Login {reason}", retry=True)

    def _ask(self, step: Request, ours: Mapping[str, str], seconds: float = MOST_SECONDS) -> Response:
        settings = self.settings
        values: dict[str, Any] = {name: str(value) for name, value in settings.options.items()}
        values |= {name: secret.get_secret_value() for name, secret in settings.secrets.items()}
        values |= {"sender": settings.sender, "nonce": secrets.token_hex(12), **ours}
        values["signature"] = hashlib.sha256(fill(step.sign, values).encode()).hexdigest() if step.sign else ""
        tree = fill(step.body if values["sender"] else _without_sender(step.body), values)
        login = (str(fill(step.basic[0], values)), str(fill(step.basic[1], values))) if step.basic else None
        headers = {name: str(fill(value, values)) for name, value in step.headers.items()}
        in_address = {name: quote(str(values.get(name, "")), safe="") for name in ("ids", *settings.secrets)}
        url = str(fill(step.url, values | in_address))
        if step.form == "query":
            return ask(step.method, url, query=tree, headers=headers, login=login, seconds=seconds)
        headers["Content-Type"] = TYPES[step.form]
        return ask(step.method, url, body=written(step.form, tree), headers=headers, login=login, seconds=seconds)


def _without_sender(tree: Any) -> Any:
    """Leave out the field of the sender: SMSC takes an empty one for an order to hide the account's own."""
    if isinstance(tree, Mapping):
        return {name: _without_sender(inside) for name, inside in tree.items() if inside != "{sender}"}
    return [_without_sender(inside) for inside in tree] if isinstance(tree, list) else tree


def _id(step: Send, answer: Response, ref: str) -> str:
    """Return the id of a text that was taken. A refusal may come as 200, and an error page as HTML."""
    tree = _read(step, answer)
    code = word(tree, step.refusal) if step.refusal and tree is not None else None
    if tree is not None and not _is_success(step, tree) and code is not None:
        if code in step.taken:
            return ref
        if code in step.unclear:
            raise SendFailed(_harmless("Unclear", code), retry=False, unknown=True)
        if not step.refusals or code in step.refusals:
            raise SendFailed(_harmless("Refused", code), retry=code in step.again)
    check_status(answer)
    if tree is None or not _is_success(step, tree):
        raise SendFailed("UnclearAnswer", retry=False, unknown=True)
    return (word(tree, step.id) or "") if step.id else ref


def _receipts(step: Poll, answer: Response, asked: Sequence[str]) -> Sequence[Receipt]:
    """Return the receipts of an answer about the texts that were asked for, and about no others."""
    check_status(answer)
    found: list[Receipt] = []
    try:
        for item in each(_read(step, answer), step.each):
            id = word(item, step.id) if step.id else asked[0]
            states = (word(item, path) for path in step.status.split("|"))
            status = next((each for each in states if each is not None), None)
            if id is not None and id in asked and status is not None:
                found.append(Receipt(id, step.statuses.get(status)))
    except BadForm:
        raise SendFailed("UnclearAnswer", retry=True) from None
    return found


def _word(step: Request, answer: Response, path: str) -> str | None:
    check_status(answer)
    try:
        tree = _read(step, answer)
        found = at(tree, path)
        return f"{found:.4f}" if isinstance(found, float) else word(tree, path)
    except BadForm:
        return None


def _read(step: Request, answer: Response) -> Tree:
    if step.answer == "text":
        return answer.text
    try:
        return parse(step.answer, answer.text.encode(errors="replace"))
    except BadForm:
        return None


def _is_success(step: Send, tree: Tree) -> bool:
    if isinstance(tree, str):
        return any(good in tree for good in step.success.get("", []))
    found = {path: word(tree, path) for path in step.success}
    return all(found[path] in good if good else found[path] is not None for path, good in step.success.items())


def _harmless(what: str, code: str) -> str:
    """Return a gateway's code for the log, unless it may hold a number or a text."""
    return f"{what} {code}" if re.fullmatch(r"[A-Za-z_-]{1,30}|-?[0-9]{1,4}", code) else what
