"""Why a service is asked about a request, or why not, by names of texts: what `komek explain` says in English. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from helpline import fit, matching, turns
from helpline.contact import Span
from helpline.directory import Service
from helpline.nearest import km
from helpline.wanted import Wanted

FINER: Mapping[str, str] = {
    "it helps only people of an official status, and nobody asks for that": "official",
    "what follows a call to it was not confirmed": "confirmed",
    "it may talk to whoever harms her": "offender",
}
"""Reasons that answer one question of `fit`, and are told apart."""
HOURS, ONE_SERVICE = "hours", "one_service"
LATER = ("later_handed", "later_child", "later_group", "later_papers", "later_place")
"""The reasons of `turns.LATER`, in its order."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be said of one service. `why`: every reason why it is not asked; empty, it is, in its turn.

    `later`: why after others. `hours`: when it could first ring. `far`: kilometres from her place.
    """

    id: str
    why: tuple[str, ...]
    later: tuple[str, ...]
    hours: Span | None
    far: int


def candidates(services: Collection[Service], wanted: Wanted, only: frozenset[str] = frozenset()) -> list[Candidate]:
    """Give each service with its reasons: first those that fit, in the order of asking.

    `only`: the services that have her number already, where she agreed to one service and no other (R28).
    """
    found = [_candidate(each, wanted, only) for each in matching.explain(services, wanted)]
    return sorted(found, key=lambda each: bool(each.why))


def _candidate(verdict: matching.Verdict, wanted: Wanted, only: frozenset[str]) -> Candidate:
    service = verdict.service
    why = tuple(FINER.get(words, name) for name, words in fit.named(service, wanted)) if verdict.against else ()
    if verdict.against and not why:
        why = (HOURS,)
    if only and service.id not in only:
        why = (*why, ONE_SERVICE)
    later = tuple(LATER[turns.LATER.index(words)] for words in verdict.later)
    return Candidate(service.id, why, later, verdict.hours, round(km(wanted.here, service.at)))
