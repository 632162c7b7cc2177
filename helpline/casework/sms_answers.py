"""Turn the answer to an order into texts to the telephone that wrote. The words are made when the texts are sent."""

from dataclasses import asdict
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from helpline.casework.answers import (
    AboutCode,
    AboutOffer,
    AlreadyClaimed,
    AlreadyTold,
    Answer,
    CallDeclined,
    CallsStopped,
    CannotUndo,
    ChooseService,
    Claimed,
    ContactAgreed,
    Declined,
    DoesNotFit,
    DrillOffered,
    Finished,
    ForColleague,
    GivenBack,
    Guide,
    HandedOn,
    HandedOver,
    HandingAsked,
    HandingWithdrawn,
    NotForUs,
    NothingToUndo,
    Notice,
    NotOpen,
    NotTaken,
    NumberLeaves,
    Over,
    OwnFigures,
    Paused,
    PauseEnded,
    Reached,
    Recorded,
    Refused,
    Repeated,
    TakenOver,
    Undone,
    UnfreezeAgreed,
    Unfrozen,
    Which,
)
from helpline.content.sms_fit import MOST_NAME, brief, fitting
from helpline.referral import ending
from helpline.referral.context import Context
from helpline.request.offers import OfferState
from helpline.staff.contact import Contact
from helpline.store import texts_out
from helpline.store.engine import Tx


def answer_by_sms(ctx: Context, tx: Tx, contact: Contact, answer: Answer, code: str) -> None:
    """Text an answer. `code`: the digits as they were typed, which a refusal repeats."""
    values = _values(ctx, contact, answer)
    for text in texts_of(answer):
        if isinstance(answer, AboutOffer):
            ending.tell_service(tx, answer.offer, text, contact, **values)
        elif isinstance(answer, AboutCode):
            tell(tx, contact, text, ctx.offer_code(answer.offer.id, answer.offer.draws))
        else:
            tell(tx, contact, text, code, **values)


def _values(ctx: Context, contact: Contact, answer: Answer) -> dict[str, str]:  # noqa: C901  # a table
    match answer:
        case NumberLeaves(window=window):
            return {"shown_in": window.start.isoformat()}
        case ChooseService(names=names):
            return {"need": ", ".join(brief(name, MOST_NAME) for name in names)}
        case DoesNotFit(name=name) | HandedOn(name=name) | HandedOver(name=name):
            return {"name": brief(name, MOST_NAME)}
        case HandingAsked(name=name, to=to):
            return {"name": brief(name, MOST_NAME), "desk": to}
        case NothingToUndo(minutes):
            return {"count": str(minutes)}
        case Paused(until):
            return _day(ctx, until)
        case OwnFigures(month, counts):
            return {"month": month, **{name: str(count) for name, count in asdict(counts).items()}}
        case Which(lines, until=until):
            return {"need": fitting(lines), **(_day(ctx, until) if until else {})}
        case Notice.CASES:
            return {"desk": contact.desk}
        case _:
            return {}


def _day(ctx: Context, at: datetime) -> dict[str, str]:
    there = at.astimezone(ZoneInfo(ctx.country.zone))
    return {"day": f"{there:%d.%m}", "from": f"{there:%H:%M}"}


def tell(tx: Tx, contact: Contact, text: str, code: str = "", **values: str) -> None:
    """Write one text to one telephone. It holds whatever becomes of a request."""
    texts_out.add(tx, contact.kind, contact.desk, text, "", values={"offer": code, "phone": contact.id, **values})


def texts_of(answer: Answer) -> tuple[str, ...]:  # noqa: C901  # a table: each kind of answer, and its texts
    """Return the ids of the texts that say an answer by SMS. mypy finds a kind that is missing here."""
    match answer:
        case Claimed(wishes=wishes) | AlreadyClaimed(wishes=wishes):
            return card(wishes=wishes)
        case Refused(why=why):
            return (why.value,)
        case Declined(offer):
            return ("to_ngo.given_back" if offer.state is OfferState.CLAIMED else "to_ngo.passed",)
        case GivenBack() | CallsStopped() | Over(had_number=True):
            return ("to_ngo.stop",)
        case Over():
            return ("to_ngo.gone",)
        case NumberLeaves():
            return ("to_ngo.number",)
        case Recorded(was_last=was_last, in_danger=in_danger):
            return ("to_ngo.noted" if not was_last else "to_ngo.last_danger" if in_danger else "to_ngo.last",)
        case Reached():
            return ("to_ngo.reached",)
        case ContactAgreed(reminded=reminded):
            return ("to_ngo.next_saved" if reminded else "to_ngo.next_soon",)
        case Finished():
            return ("to_ngo.done",)
        case NotForUs():
            return ("to_ngo.not_for_us",)
        case ChooseService():
            return ("to_ngo.handed_choose",)
        case DoesNotFit():
            return ("to_ngo.handed_unfit",)
        case HandedOn():
            return ("to_ngo.handed",)
        case HandedOver():
            return ("to_ngo.handed_over",)
        case HandingAsked():
            return ("to_ngo.handing",)
        case HandingWithdrawn():
            return ("to_ngo.undone",)
        case TakenOver():
            return ("to_ngo.taken_over",)
        case NotTaken():
            return ("to_ngo.not_taken",)
        case Repeated(texts=texts):
            return texts
        case DrillOffered():
            return ("to_ngo.offer",)
        case Undone():
            return ("to_ngo.undone",)
        case CannotUndo(frozen=frozen):
            return ("to_ngo.stays_frozen" if frozen else "to_ngo.stays",)
        case NothingToUndo():
            return ("to_ngo.not_undone",)
        case CallDeclined():
            return ("to_ngo.next_person",)
        case UnfreezeAgreed():
            return ("to_ngo.lift_more",)
        case Unfrozen():
            return ("to_ngo.lifted",)
        case NotOpen():
            return ("to_ngo.not_open",)
        case Paused():
            return ("to_ngo.full",)
        case PauseEnded(passed=passed, back=back) if passed:
            return ("to_ngo.opened_all" if back == passed else "to_ngo.opened_some" if back else "to_ngo.opened_none",)
        case PauseEnded():
            return ("to_ngo.opened",)
        case Which(lines=lines, verb=verb):
            return (f"to_ngo.which_{verb or 'one'}" if verb or len(lines) > 1 else "to_ngo.which",)
        case Guide():
            return ("to_ngo.help", "to_ngo.help_more")
        case AlreadyTold():
            return ()
        case ForColleague(texts=texts):
            return texts
        case OwnFigures():
            return ("to_ngo.figures",)
        case Notice():
            return (answer.value,)
        case _:
            assert_never(answer)


def card(*, wishes: bool) -> tuple[str, ...]:
    """Return the texts of a card. It has a second part if the caller has asked for something that few ask for."""
    return ("to_ngo.card", "to_ngo.card_more") if wishes else ("to_ngo.card",)
