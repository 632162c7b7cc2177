"""A read-only HTTP API of the directory's public part, with the paths of HSDS 3.0. Off unless there is a token.

It belongs to the console's process: the public web has no right to read the directory's rows. It needs no account and
knows no person, so it answers nothing that is not public (`helpline.directory.hsds.public_form`).
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, request

from gateway.console import hsds_openapi
from gateway.console.access import Endpoints, Open
from gateway.console.context import Console, Visit
from gateway.console.hsds_openapi import FILTERS, LISTS, MOST_PER_PAGE
from helpline.core.config import Config
from helpline.directory.hsds.public_fields import VERSIONS
from helpline.directory.hsds.public_form import PublicForm
from helpline.directory.hsds.tables import Body
from helpline.oversight.public_directory import ShelterAddressFound, public_directory
from helpline.staff.raid_lock import Locked

HERE = "/hsds"
A_PAGE = 50
LONGEST_NUMBER = 6
PROFILE = "https://docs.openreferral.org/en/3.0/"


class Wrong(Exception):
    """A parameter of the request cannot be used."""


@dataclass(frozen=True, slots=True)
class HsdsApi:
    """The API of one console."""

    console: Console
    config: Config

    def add_endpoints(self, endpoints: Endpoints) -> None:
        """Register the API. It needs no account: `_answer` checks the token."""
        add = partial(endpoints.add, asks=Open.EVERYBODY)
        add(f"{HERE}/", lambda visit: self._answer(visit, self._about))
        add(f"{HERE}/openapi.json", lambda visit: self._answer(visit, lambda: hsds_openapi.document(self._address)))
        for name in LISTS:
            add(f"{HERE}/{name}", partial(self._list, name))
            add(f"{HERE}/{name}/<id>", partial(self._one, name))

    def _list(self, name: str, visit: Visit) -> Response:
        return self._answer(visit, lambda: page_of(_narrowed(name, getattr(self._form(), name))))

    def _one(self, name: str, visit: Visit, id: str) -> Response:
        return self._answer(
            visit, lambda: next((each for each in getattr(self._form(), name) if each["id"] == id), None)
        )

    def _form(self) -> PublicForm:
        with self.console.db.read(self.console.now()) as tx:
            return public_directory(tx, self.console.country, self.config.console)

    def _about(self) -> Body:
        return {"version": VERSIONS[0], "profile": PROFILE, "openapi_url": f"{self._address}/openapi.json"}

    @property
    def _address(self) -> str:
        return f"{self.config.console}{HERE}"

    def _answer(self, visit: Visit, make: Any) -> Response:
        """Answer with what `make` returns. Without the token every address is unknown, as if there were no API."""
        del visit
        if not self._may():
            return _said({"error": "not found"}, 404)
        try:
            made = make()
        except Wrong as error:
            return _said({"error": str(error)}, 400)
        except (Locked, ShelterAddressFound):
            return _said({"error": "not available now"}, 503)
        return _said({"error": "not found"}, 404) if made is None else _said(made, 200)

    def _may(self) -> bool:
        token = self.config.directory_token.get_secret_value()
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def page_of(rows: Sequence[Body]) -> Body:
    """Return the requested page of a list. Lists inside its objects are left out, unless `full` asks for them."""
    number, size = _number("page", 1, 10**LONGEST_NUMBER), _number("per_page", A_PAGE, MOST_PER_PAGE)
    pages = max(-(-len(rows) // size), 1)
    shown = [each if _is_full() else _short(each) for each in rows[(number - 1) * size : number * size]]
    return {
        "total_items": len(rows), "total_pages": pages, "page_number": number, "size": len(shown),
        "first_page": number == 1, "last_page": number >= pages, "empty": not shown, "contents": shown,
    }  # fmt: skip


def _short(body: Body) -> Body:
    return {name: value for name, value in body.items() if not isinstance(value, list)}


def _narrowed(name: str, rows: Sequence[Body]) -> Sequence[Body]:
    for field in FILTERS.get(name, ()):
        wanted = request.args.get(field, "")
        if wanted and field == "organization_id":
            rows = [each for each in rows if each.get(field) == wanted]
        elif wanted:
            rows = [each for each in rows if wanted in {term[field] for term in each.get("attributes", ())}]
    return rows


def _is_full() -> bool:
    given = request.args.get("full", "false")
    if given not in {"true", "false"}:
        raise Wrong("full is true or false")
    return given == "true"


def _number(name: str, usual: int, most: int) -> int:
    given = request.args.get(name, str(usual))
    if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER and 1 <= int(given) <= most):
        raise Wrong(f"{name} is a number from 1 to {most}")
    return int(given)


def _said(body: Body, status: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json; charset=utf-8")
