"""What a request needs next: decided purely, so that every case can be asked in a test."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helpline.directory import Service
from helpline.request import CallbackRequest, State


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask this service now."""

    service: Service


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing to do now."""


@dataclass(frozen=True, slots=True)
class Expire:
    """Her consent has ended: nobody may be asked any more, and a person is told."""


@dataclass(frozen=True, slots=True)
class CallAPerson:
    """Nobody is left to ask: a coordinator must find somebody. Never closed by a timer."""


Action = Offer | Leave | Expire | CallAPerson


def decide(
    request: CallbackRequest, able: Iterable[Service], asked: frozenset[str], line_is_busy: bool, now: datetime
) -> Action:
    """Choose the next step for a request.

    `able`: the services that fit, best first; no more of them are taken than it needs. `asked`: ids of those that
    were asked before. `line_is_busy`: another request of the same telephone is offered or claimed, or newer
    and waiting (R27: one at a time a line).
    """
    if request.state is not State.WAITING or now < request.due:
        return Leave()
    if now >= request.expires:
        return Expire()
    if line_is_busy:
        return Leave()
    untried = next((service for service in able if service.id not in asked), None)
    return Offer(untried) if untried else CallAPerson()
