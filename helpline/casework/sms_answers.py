"""Turn the answer to an order into texts to the telephone that wrote. The words are made when the texts are sent."""

from zoneinfo import ZoneInfo

from helpline.casework.answer_texts import texts_of
from helpline.casework.answers import (
    AboutCode,
    AboutOffer,
    Answer,
    ChooseService,
    DoesNotFit,
    HandedOn,
    HandedOver,
    HandingAsked,
    NothingToUndo,
    Notice,
    NumberLeaves,
    Paused,
    Which,
)
from helpline.content.sms_fit import MOST_NAME, brief, fitting
from helpline.referral import ending
from helpline.referral.context import Context
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
            there = until.astimezone(ZoneInfo(ctx.country.zone))
            return {"day": f"{there:%d.%m}", "from": f"{there:%H:%M}"}
        case Which(lines):
            return {"need": fitting(lines)}
        case Notice.CASES:
            return {"desk": contact.desk}
        case _:
            return {}


def tell(tx: Tx, contact: Contact, text: str, code: str = "", **values: str) -> None:
    """Write one text to one telephone. It holds whatever becomes of a request."""
    texts_out.add(tx, contact.kind, contact.desk, text, "", values={"offer": code, "phone": contact.id, **values})
