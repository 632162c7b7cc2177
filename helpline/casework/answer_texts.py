"""The texts that say an answer by SMS, by their ids. The console says the same answers in words of its own."""

from typing import assert_never

from helpline.casework.answers import (
    AlreadyClaimed,
    AlreadyTold,
    Answer,
    CallDeclined,
    CallsStopped,
    CannotUndo,
    ChooseService,
    Claimed,
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
    Paused,
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


def texts_of(answer: Answer) -> tuple[str, ...]:  # noqa: C901  # a table: each kind of answer, and its texts
    """Return the ids of the texts that say an answer by SMS. mypy finds a kind that is missing here."""
    match answer:
        case Claimed(wishes=wishes) | AlreadyClaimed(wishes=wishes):
            return card(wishes=wishes)
        case Refused(why=why):
            return (why.value,)
        case Declined():
            return ("to_ngo.passed",)
        case GivenBack() | CallsStopped():
            return ("to_ngo.stop",)
        case NumberLeaves():
            return ("to_ngo.number",)
        case Recorded(no_more=why):
            return (why.value if why else "to_ngo.noted",)
        case Reached():
            return ("to_ngo.reached",)
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
        case CannotUndo():
            return ("to_ngo.stays",)
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
        case Which():
            return ("to_ngo.which",)
        case Guide():
            return ("to_ngo.help", "to_ngo.help_more")
        case AlreadyTold():
            return ()
        case ForColleague(texts=texts):
            return texts
        case Notice():
            return (answer.value,)
        case _:
            assert_never(answer)


def card(*, wishes: bool) -> tuple[str, ...]:
    """Return the texts of a card. It has a second part if the caller has asked for something that few ask for."""
    return ("to_ngo.card", "to_ngo.card_more") if wishes else ("to_ngo.card",)
