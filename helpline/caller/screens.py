"""Screens with their placeholders filled: from the session, the caller's answers, the clock and the database."""

from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from helpline.caller import request_columns
from helpline.caller.caller_context import CallerContext
from helpline.caller.intake import Saved
from helpline.caller.services_to_call import SLOTS, services_on
from helpline.core.call_windows import Span
from helpline.core.ports import Reply
from helpline.matching import candidates
from helpline.matching.criteria import Criteria
from helpline.matching.ranking import nearest_for_health, ranked, shown_by
from helpline.request.model import CallbackRequest
from helpline.store.engine import Unavailable
from menus.book import fill
from menus.converse import Turn
from menus.draft import YES, Draft
from menus.gsm7 import fold
from menus.salt import drawn_key, marks
from menus.tree import End


def render(
    ctx: CallerContext, turn: Turn, salt: bytes, values: Mapping[str, str], saved: Saved | None = None
) -> Reply:  # fmt: skip
    """Return the screen of a turn.

    `values` are those of placeholders that only the calling function knows. `saved` is the request that this call has
    stored, if it has.
    """
    draft, book = turn.draft, ctx.book
    page = book.page(draft.language, turn.screen, turn.page, draft)
    text = page.wrong if turn.wrong else page.text
    if page.slots:
        own = saved_values(ctx, draft.language, salt, saved, page.slots) if saved else {}
        filled = {"drawn": drawn_key(salt), **draft_values(ctx, draft, page.slots), **own, **values}
        text = fold(fill(text, filled), draft.language)
    return Reply(text, last=isinstance(book.tree.screens[turn.screen], End))


def last(ctx: CallerContext, screen: str, language: str) -> Reply:
    """Return a screen that ends the call and has no placeholders."""
    return Reply(ctx.book.page(language, screen, 0).text, last=True)


def saved_values(
    ctx: CallerContext, language: str, salt: bytes, saved: Saved, slots: Collection[str]
) -> dict[str, str]:  # fmt: skip
    """Return those of `slots` that come from a stored request: code, words, promise, and the other number's status."""
    mark, local = marks(salt, saved.draws), ctx.book.locals[language]
    found = {
        "code": mark.code,
        "word": local.lists["words"][mark.word][1],
        "ours": local.our_words[mark.our_word % len(local.our_words)],
    }
    if "promise" in slots:
        found["promise"] = promise_text(
            ctx, language, saved.promise, saved.zone, lacks_hour=saved.lacks_hour, one_day=saved.one_day
        )
    if "status" in slots:
        found["status"] = ctx.book.notice(language, f"status.{_number_status(saved)}")
    return found


def _number_status(saved: Saved) -> str:
    """Return the notice about the other number that the caller named. One abroad may lack the hour there (R3)."""
    if not saved.number_changed:
        return "number_not_set"
    return "no_hour" if saved.lacks_hour else "number_set"


def promise_text(
    ctx: CallerContext, language: str, span: Span | None, zone: str, *, lacks_hour: bool = False, one_day: bool = False
) -> str:  # fmt: skip
    """Return when to expect a call, by the clock where the caller is, or that we cannot say when (R39).

    Abroad the caller's clock may not be known. Only the window *now* is then open, and its promise names no hour. In
    every other window nobody may call (`lacks_hour`), and the text says so (R3). On their only day (`one_day`) maybe
    nobody calls at all.
    """
    if lacks_hour:
        return ctx.book.notice(language, "promise.no_hour")
    if span is None:
        return ctx.book.notice(language, "promise.one_day" if one_day else "promise.unknown")
    if not zone:
        return ctx.book.notice(language, "promise.now")
    return ctx.book.notice(language, "promise.window", **span.local_texts(ZoneInfo(zone)))


def draft_values(ctx: CallerContext, draft: Draft, slots: Collection[str]) -> dict[str, str]:
    """Return those of `slots` that need no request. Without the database, nothing is said to be known."""
    found = {"number": draft.number} if "number" in slots else {}
    if "clinic" in slots:
        found["clinic"] = _clinic(ctx, draft)
    if "shows" in slots:
        found["shows"] = _shows(ctx, draft)
    found |= {slot: services_on(ctx, draft, slot) for slot in SLOTS if slot in slots}
    if "today" in slots:
        found["today"] = _today(ctx, draft)
    return found


def _today(ctx: CallerContext, draft: Draft) -> str:
    """Return which day of the week it is: somebody who is locked up may not know.

    Return "" for callers abroad, where it may be another day. The place of somebody close is not the caller's.
    """
    is_abroad = draft.abroad == YES or (draft.kind == "self" and draft.place in ctx.country.abroad)
    if is_abroad:
        return ""
    weekday = ctx.db.clock().astimezone(ZoneInfo(ctx.country.zone)).isoweekday()
    return ctx.book.notice(draft.language, "today.is", weekday=str(weekday))


def _clinic(ctx: CallerContext, draft: Draft) -> str:
    """Name the nearest open health service, else the emergency number (R15)."""
    try:
        found = nearest_clinic(ctx, draft.place, draft.language)
    except Unavailable:
        found = None
    if found is None:
        return ctx.book.notice(draft.language, "clinic.none")
    name, number = found
    return ctx.book.notice(draft.language, "clinic.one", name=name, number=number)


def _shows(ctx: CallerContext, draft: Draft) -> str:
    """Return what the caller's phone will show when a service calls (R10)."""
    try:
        return ctx.book.notice(draft.language, f"shows.{what_phone_shows(ctx, draft)}")
    except Unavailable:
        return ctx.book.notice(draft.language, "shows.either")


def what_phone_shows(ctx: CallerContext, about: CallbackRequest | Draft) -> str:
    """Return what the caller's phone will show if one of the services calls that may be asked (R10)."""
    with ctx.db.read() as tx:
        request = request_columns.preview(about, ctx.country, tx.now) if isinstance(about, Draft) else about
        services, now = candidates.candidates(tx, ctx.country, request), tx.now
    return shown_by(ranked(services, Criteria(request, ctx.country, now, ctx.config.fresh_days)))


def nearest_clinic(ctx: CallerContext, place: str, language: str) -> tuple[str, str] | None:
    """Return name and public telephone of the nearest health service that is open now, if there is one (R15)."""
    with ctx.db.read() as tx:
        services, now = candidates.for_health(tx, ctx.country, place), tx.now
    found = nearest_for_health(services, place, ctx.country, now, ctx.config.fresh_days)
    return (found.name(language), found.public_phone) if found else None
