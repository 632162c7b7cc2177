"""What must be in place before the line is opened to callers: one list for `komek open`, `doctor` and the console.

It is passed once. What lapses later raises an alarm and never closes the line.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from helpline.content.country_file import CountryData
from helpline.content.reviews import Reviews, reading_command
from helpline.core import channels_file
from helpline.core.config import Config
from helpline.core.languages import spoken
from helpline.directory import services
from helpline.directory.service import ACTIVE
from helpline.directory.unreached import unreached
from helpline.operations import health_figures, heartbeats
from helpline.staff import on_call
from helpline.store.engine import Tx

BACKUP_AGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people have decided to do without."""

    no_short_code: bool = False
    """Callers reach the line by SMS only."""
    no_legal_duty: bool = False
    """A lawyer says that there is no duty to report (R22)."""

    @property
    def noted(self) -> str:
        """The decisions as the audit log keeps them."""
        made = (("no_short_code", self.no_short_code), ("no_legal_duty", self.no_legal_duty))
        return ",".join(name for name, yes in made if yes) or "line"


NOTHING_DECIDED = Decisions()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list."""

    group: str
    fine: bool
    what: str
    fix: str
    """The command or the change that resolves it."""

    @property
    def told(self) -> str:
        """The line, with what to do if it is not in place."""
        return self.what if self.fine else f"{self.what}; {self.fix}"


def items(tx: Tx, config: Config, country: CountryData, reviews: Reviews, decided: Decisions) -> Iterator[Item]:
    """Yield the whole list."""
    file = f"content/countries/{country.code.lower()}.yaml"
    yield from _people(tx, config, country)
    bad = country.unverified
    told = f"not verified: {', '.join(bad)}" if bad else "all verified"
    yield Item("texts", not bad, f"emergency numbers {told}", f"call each, then add `verified` in {file}")
    yield from _reviews(reviews, country.code)
    yield from _law(country, file, decided)
    yield from _safety(tx)


def _people(tx: Tx, config: Config, country: CountryData) -> Iterator[Item]:
    offered = {spoken(language) for language in country.languages}
    answering = [
        each
        for each in services.services(tx, country.code)
        if each.status == ACTIVE
        and each.reached
        and each.callback
        and each.is_fresh(tx.now, config.fresh_days)
        and offered & {spoken(language) for language in each.languages}
    ]
    yield Item(
        "people", bool(answering), f"{len(answering)} checked services call back in a language that is offered",
        "`komek directory import`, then `komek directory verify`",
    )  # fmt: skip
    called = on_call.in_turn(tx, country.code)
    yield Item("people", bool(called), f"{len(called)} coordinators can be reached", "`komek directory import`")
    lost = unreached(tx, country.code, channels_file.senders_of(config))
    told = f"no channel sends texts to {', '.join(lost)}" if lost else "a channel sends texts to each telephone"
    yield Item("people", not lost, told, "`countries` and `prefixes` in the channels file")


def _reviews(reviews: Reviews, country: str) -> Iterator[Item]:
    """Yield for each language whether readers reviewed the guarded texts (R13) and the professionals signed theirs."""
    count = Counter(language for _, language in reviews.missing())
    if not count:
        yield Item("texts", True, "every guarded text is reviewed", "")
    for language, unread in count.items():
        by = f"in the checkout `{reading_command(language, country)} --write`"
        yield Item("texts", False, f"{unread} texts in {language} not reviewed", by)
    unsigned = {language: _signatures(reviews, language) for language in reviews.book.languages}
    if not any(unsigned.values()):
        yield Item("texts", True, "doctor, lawyer and psychologist have signed their texts", "")
    for language, left in unsigned.items():
        if left:
            by = f"in the checkout `{reading_command(language, country, 'ROLE')} --write` (docs/topics.md)"
            yield Item("texts", False, f"signatures in {language} are missing: {left}", by)


def _signatures(reviews: Reviews, language: str) -> str:
    """Return how many texts each professional must still sign in a language. Empty if none."""
    count = Counter(role for roles in reviews.unsigned(language).values() for role in roles)
    return ", ".join(f"{role} {number}" for role, number in sorted(count.items()))


def _law(country: CountryData, file: str, decided: Decisions) -> Iterator[Item]:
    assigned = country.short_code.assigned is not None
    told = "assigned" if assigned else "decided: SMS only" if decided.no_short_code else "a placeholder"
    fix = f"add `assigned` in {file}, or `komek open --no-short-code`"
    yield Item("operators", assigned or decided.no_short_code, f"short code {told}", fix)
    known = country.legal_duty is not None
    told = "in the texts" if known else "decided: there is none" if decided.no_legal_duty else "not decided"
    fix = f"ask a lawyer; then `legal_duty` in {file}, or `komek open --no-legal-duty`"
    yield Item("law", known or decided.no_legal_duty, f"duty to report {told}", fix)


def _safety(tx: Tx) -> Iterator[Item]:
    at = heartbeats.last_heartbeat(tx, health_figures.BACKUP)
    fresh = at is not None and tx.now - at <= BACKUP_AGE
    told = f"made {at:%Y-%m-%d %H:%M} UTC" if at else "never made"
    yield Item("safety", fresh, f"backup {told}", "`komek backup DIR`, every hour from now on")
