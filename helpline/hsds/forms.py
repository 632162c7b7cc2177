"""What a form about one topic of a service is: what stands in it, what was typed, and whether somebody was faster."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from helpline.hsds.draft import Draft
from helpline.hsds.tables import Flaw

Typed = Mapping[str, Sequence[str]]
"""What stands in a form: the values of each field."""
SHORT_NAME = re.compile(r"short_name:(\w+)")


class Topic(Protocol):
    """What one form is about."""

    @property
    def name(self) -> str:
        """Its name in addresses, in texts and in the audit log."""

    def shown(self, draft: Draft) -> Typed:
        """Give what stands in the form at first, in every field that it has."""

    def edit(self, draft: Draft, typed: Typed) -> None:
        """Take up what was typed, in the fields that differ from what was shown."""

    @property
    def beside(self) -> str:
        """The field beside which a flaw is said that is in no row of the form."""


def first(typed: Typed, name: str) -> str:
    """Give the first value of a field, empty where there is none."""
    return next(iter(typed.get(name, ())), "")


def beside(topic: Topic, flaw: Flaw) -> str:
    """Give the field beside which a flaw is said that is in no row of the form."""
    language = SHORT_NAME.search(flaw.what)
    return f"name_{language[1]}" if language and topic.name == "names" else topic.beside


def version(shown: Typed) -> str:
    """Name what a form showed, so that whoever sends it can be told when somebody has changed it meanwhile."""
    said = json.dumps({name: list(values) for name, values in shown.items()}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def changed(was: Typed, now: Typed) -> list[str]:
    """Name the fields that differ; the fields of days and of languages are one each."""
    return sorted(
        {name.partition("_")[0] for name in {**was, **now} if list(was.get(name, ())) != list(now.get(name, ()))}
    )
