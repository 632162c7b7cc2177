"""What a command returns: what happened, with the data that words need. An answer never holds a number.

A command changes rows and writes the texts to others. It does not say anything to the actor who gave it: `sms_answers`
turns the answer into texts to the telephone that wrote, and gateway/console/cases into a page.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpline.core.call_windows import Span
from helpline.request.offers import Offered
from helpline.request.service_counts import ServiceCounts
from helpline.reveal.may_reveal import Refusal


class Why(StrEnum):
    """Why nothing was done about a request. The value is the id of the text that says so."""

    ANSWER_FIRST = "to_ngo.menu_open"
    """The offer is open: it must be claimed or declined before anything else."""
    SAY_TWICE = "to_ngo.give_back"
    """By SMS: a claim is given back by *no* typed twice only."""
    DONE_TWICE = "to_ngo.done_twice"
    """By SMS: a case is closed by *done* typed twice only. Closing deletes the number, and cannot be undone."""
    ASK_FIRST = "to_ngo.ask_first"
    """The number has not been shown, so nobody can have called."""
    ALREADY_RECORDED = "to_ngo.reported"
    ALREADY_REACHED = "to_ngo.menu_reached"
    REACH_FIRST = "to_ngo.reach_first"
    NOT_CONSENTED = "to_ngo.handed_no"
    """The caller's consent covers no other service, or not that one (R28, R30)."""
    NO_MORE_SERVICES = "to_ngo.no_more"
    """As many services as the caller agreed to have had the number: a coordinator must say why (R29, R30)."""
    NEXT_UNCLEAR = "to_ngo.next_how"
    """By SMS: the day or the time of the next contact is missing, or could be another."""
    NEXT_PAST = "to_ngo.next_past"
    NEXT_TOO_LATE = "to_ngo.next_late"
    """The case closes before the next contact."""
    NEXT_LOCKED = "to_ngo.next_locked"
    NEXT_OUTSIDE = "to_ngo.next_outside"
    """The service would call at a time that is not among the caller's hours (R3)."""
    NAME_MISSING = "to_ngo.handed_whom"
    ANOTHER_ASKED = "to_ngo.handing_waits"
    """Another service is asked to take the case over, and has not answered (R30: one at a time)."""
    FROZEN = "to_ngo.frozen"
    """The call is about a frozen phone line: only LIFT answers it (R8)."""


class Notice(StrEnum):
    """Answers that need no data. The value is the id of the text."""

    NO_CASES = "to_ngo.none"
    CASES = "to_ngo.list"
    REDRAWN = "to_ngo.redrawn"
    PHONE_OFF = "to_ngo.phone_off"
    HELP = "to_ngo.help"
    UNCLEAR = "to_ngo.unclear"
    TWO_CODES = "to_ngo.two_codes"
    ON_DUTY = "to_ngo.duty_on"
    OFF_DUTY = "to_ngo.duty_off"
    NO_OTHER_TELEPHONE = "to_ngo.duty_alone"
    LOCKED = "to_ngo.raid"
    LOCKED_FOR_AN_HOUR = "to_ngo.raid_hour"
    UNLOCKED = "to_ngo.raid_off"
    ONE_MORE_UNLOCKS = "to_ngo.raid_more"


@dataclass(frozen=True, slots=True)
class Claimed:
    """Their desk holds the request now, and they get its card."""

    offer: Offered
    wishes: bool
    """Whether the card has a second part."""


@dataclass(frozen=True, slots=True)
class AlreadyClaimed:
    """Their desk has claimed it before: they get its card again."""

    offer: Offered
    wishes: bool


@dataclass(frozen=True, slots=True)
class NotOpen:
    """There is nothing that this code opens now."""


@dataclass(frozen=True, slots=True)
class Over:
    """The code was of this desk and has ended: another service may have the request, or the caller stopped it."""

    had_number: bool
    """Whether the number left to this desk, so that it must not call any more."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done."""

    offer: Offered
    why: Why | Refusal


@dataclass(frozen=True, slots=True)
class Declined:
    """An open offer was declined, or a claim given back whose number was never shown."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A claim was given back after its number was shown: they must not call any more, and delete the number."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class NumberLeaves:
    """The number may leave in this window. It is opened when the text or the page is made."""

    offer: Offered
    window: Span


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call that reached nobody was recorded. The claim stays."""

    offer: Offered
    was_last: bool = False
    """Whether the number will not be shown again: no call window is left, or it was shown as often as it may be."""
    in_danger: bool = False
    """Whether the caller is in danger. Then a coordinator was told."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The caller was reached; the service helps them from now on."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class ContactAgreed:
    """By SMS: their next call of a caller they reached is saved."""

    offer: Offered
    reminded: bool
    """Whether they are reminded of it: it is not that near, and no practice."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The case is closed: the caller was helped."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class NotForUs:
    """The request ends within minutes, and does not count as help."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class CallsStopped:
    """Nobody may call this caller any more: for their safety, or after too many calls in vain."""


@dataclass(frozen=True, slots=True)
class ChooseService:
    """The name fits several services, or none."""

    offer: Offered
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoesNotFit:
    """The named service could not be offered this request."""

    offer: Offered
    name: str


@dataclass(frozen=True, slots=True)
class HandedOn:
    """The named service is offered the request next."""

    offer: Offered
    name: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The named service goes on with a caller who was reached. This service's case is closed."""

    offer: Offered
    name: str


@dataclass(frozen=True, slots=True)
class HandingAsked:
    """The named service is asked to take the case over. The case stays with this one until it accepts."""

    offer: Offered
    name: str
    to: str
    """The id of the asked service, whose telephone is read when the text is made."""


@dataclass(frozen=True, slots=True)
class HandingWithdrawn:
    """No other service is asked to take the case over any more."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Their desk has taken over a caller who was reached, and helps them from now on."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Their desk does not take the case over. It stays with the service that asked."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class Undone:
    """Their last action was undone."""

    offer: Offered
    asked_again: bool = False
    """Whether the offer has ended, and their service is asked about the request again, with other digits."""


@dataclass(frozen=True, slots=True)
class CannotUndo:
    """What was stopped for the caller's safety, or closed, stays so (R8)."""

    offer: Offered
    frozen: bool = False
    """Whether this desk's own report has frozen the phone line, so that two coordinators can unfreeze it."""


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    """They have done nothing in the last minutes that can be undone."""

    minutes: int


@dataclass(frozen=True, slots=True)
class CallDeclined:
    """A coordinator declined; the next one is called."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class UnfreezeAgreed:
    """One coordinator has agreed to unfreeze a phone line; one more must agree."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class Unfrozen:
    """Two coordinators have agreed: the requests of the phone line wait again."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class Paused:
    """The desk takes no more requests for some days."""

    until: datetime


@dataclass(frozen=True, slots=True)
class PauseEnded:
    """The desk takes requests again. Of those that it had passed on minutes ago, some come back."""

    passed: int
    """How many it had passed on."""
    back: int
    """How many of them it is asked about again: nobody else was asked about them meanwhile."""


@dataclass(frozen=True, slots=True)
class Which:
    """An order without its digits does nothing yet."""

    lines: tuple[str, ...]
    """What to send instead: digits and a key of the menu, or digits and the word that was sent."""
    verb: str = ""
    """The order about the desk itself that the line is for: its text says what the line does."""
    until: datetime | None = None
    """Until when the line pauses the desk."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """They asked for texts about an offer: its menu, or the last text once more."""

    offer: Offered
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrillOffered:
    """They get a practice request."""

    offer: Offered


@dataclass(frozen=True, slots=True)
class Guide:
    """They asked how to write orders."""


@dataclass(frozen=True, slots=True)
class AlreadyTold:
    """The command has texted everybody concerned, them too."""


@dataclass(frozen=True, slots=True)
class CallPlaced:
    """The gateway is about to call a telephone of the service, to connect it to the caller. No text says so."""


@dataclass(frozen=True, slots=True)
class ForColleague:
    """A colleague asked for a call, or for a text to read."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """They asked for the figures of their service."""

    month: str
    counts: ServiceCounts


@dataclass(frozen=True, slots=True)
class StopWaits:
    """At the console: a text that may stop this is not read yet (R32, R48). It is to be tried again in a moment."""


class NextContact(StrEnum):
    """At the console: what became of the next contact. The value is the name of a text in `console.cases.said`."""

    SAVED = "agreed_saved"
    MET = "agreed_met"
    NOT_MET = "agreed_not_met"
    UNCLEAR = "agreed_unclear"
    PAST = "agreed_past"
    TOO_LATE = "agreed_too_late"
    """The case closes before."""
    LOCKED = "agreed_locked"
    """Number access is locked: neither shown nor saved."""
    OUTSIDE = "agreed_outside"
    """The service would call at a time that is not among the caller's hours (R3)."""
    NONE = "agreed_none"
    """Nothing was agreed on that could have taken place."""


class HoursChange(StrEnum):
    """At the console: what became of other call hours. The value is the name of a text in `console.cases.said`."""

    SET = "hours_set"
    WIDER = "hours_wider"
    """They hold times that the caller did not choose, and the service has not reached the caller (R3)."""
    UNCLEAR = "hours_unclear"
    """They are outside the hours in which people are called, or end before they begin (R3)."""
    USED = "hours_used"
    """They would bring the next call forward, although the number was shown for this window already (R11)."""
    NONE_LEFT = "hours_none"
    """No such time comes before the consent ends."""
    NO_CLOCK = "hours_no_clock"
    """Nobody knows what time it is where the caller is."""


AboutOffer = (
    Claimed | AlreadyClaimed | Refused | Declined | GivenBack | NumberLeaves | Recorded | Reached | Finished | NotForUs
    | ChooseService | DoesNotFit | HandedOn | HandedOver | HandingAsked | HandingWithdrawn | TakenOver | NotTaken
    | Repeated | DrillOffered | ContactAgreed
)  # fmt: skip
"""A text with one of these is void as soon as the offer is."""
AboutCode = Undone | CannotUndo | CallDeclined | UnfreezeAgreed | Unfrozen
"""A text with one of these names the digits of the offer, and holds whatever becomes of the request."""
Answer = (
    AboutOffer
    | AboutCode
    | NotOpen
    | Over
    | NothingToUndo
    | CallsStopped
    | Paused
    | PauseEnded
    | Which
    | Guide
    | AlreadyTold
    | ForColleague
    | OwnFigures
    | Notice
)
