"""What a screen says beside its own words: drawn from the session, typed by her, told by clock and database.

What she can be told of those who might ring, before anybody does: what her phone shows, the nearest clinic.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpline.caller import answers
from helpline.caller.caller_context import CallerContext
from helpline.caller.intake import Kept
from helpline.core.call_windows import Span
from helpline.core.ports import Reply
from helpline.matching import candidates
from helpline.matching.criteria import Wanted
from helpline.matching.ranking import nearest_for_health, ranked, shown_by
from helpline.request.model import CallbackRequest
from helpline.store.engine import Unavailable
from menus.book import Book, fill
from menus.converse import Turn
from menus.draft import Draft
from menus.gsm7 import fold
from menus.salt import drawn_key, marks
from menus.tree import End


def what_phone_shows(ctx: CallerContext, about: CallbackRequest | Draft) -> str:
    """Give the name of what her phone will show when one of those rings who may be asked (R10)."""
    now = ctx.now()
    request = answers.preview(about, ctx.country, now) if isinstance(about, Draft) else about
    with ctx.db.read() as tx:
        services = candidates.candidates(tx, ctx.country, request)
    return shown_by(ranked(services, Wanted(request, ctx.country, now, ctx.config.fresh_days)))


def nearest_clinic(ctx: CallerContext, place: str, language: str) -> tuple[str, str] | None:
    """Give name and public telephone of the nearest service for health that is open now, if there is one (R15)."""
    with ctx.db.read() as tx:
        services = candidates.for_health(tx, ctx.country, place)
    country, fresh_days = ctx.country, ctx.config.fresh_days
    found = nearest_for_health(services, place, country, ctx.now(), fresh_days)
    return (found.name(language), found.public_phone) if found else None


@dataclass(frozen=True, slots=True)
class Saying:
    """Fills the placeholders of a hop. `zone` is the country's, for the hours that are promised."""

    book: Book
    ctx: CallerContext
    zone: ZoneInfo

    @property
    def outlook(self) -> CallerContext:
        """Give what may be told before anybody rings."""
        return self.ctx

    def kept(self, language: str, salt: bytes, kept: Kept) -> dict[str, str]:
        """Give what the screens after the write-down may hold: code, words, the promise, the other number's fate."""
        mark, local = marks(salt, kept.draws), self.book.locals[language]
        status = "status.number_set" if kept.number_changed else "status.number_not_set"
        return {
            "code": mark.code,
            "word": local.lists["words"][mark.word][1],
            "ours": local.our_words[mark.our_word % len(local.our_words)],
            "promise": self.promise(language, kept.promise, ZoneInfo(kept.zone) if kept.zone else self.zone),
            "status": self.book.notice(language, status),
        }

    def promise(self, language: str, span: Span | None, zone: ZoneInfo) -> str:
        """Say when to expect a call by the clock where she is, or that we cannot say (R39)."""
        if span is None:
            return self.book.notice(language, "promise.unknown")
        return self.book.notice(language, "promise.window", **span.local_texts(zone))

    def about(self, draft: Draft, slots: Collection[str]) -> dict[str, str]:
        """Give those of `slots` that need no request. Without a database they are said as if nothing were known."""
        said = {"number": draft.number} if "number" in slots else {}
        if "clinic" in slots:
            said["clinic"] = self._clinic(draft)
        if "shows" in slots:
            said["shows"] = self._shows(draft)
        return said

    def _clinic(self, draft: Draft) -> str:
        """Name one nearest open health service, else the emergency number (R15)."""
        try:
            found = nearest_clinic(self.outlook, draft.place, draft.language)
        except Unavailable:
            found = None
        if found is None:
            return self.book.notice(draft.language, "clinic.none")
        name, number = found
        return self.book.notice(draft.language, "clinic.one", name=name, number=number)

    def _shows(self, draft: Draft) -> str:
        """Say what her phone will show when somebody rings (R10)."""
        try:
            return self.book.notice(draft.language, f"shows.{what_phone_shows(self.outlook, draft)}")
        except Unavailable:
            return self.book.notice(draft.language, "shows.either")

    def last(self, screen: str, language: str) -> Reply:
        """Give a screen that ends the call."""
        return Reply(self.book.page(language, screen, 0).text, last=True)

    def render(self, turn: Turn, salt: bytes, said: Mapping[str, str]) -> Reply:
        """Give the screen of a turn. `said`: what its placeholders hold that only the caller of this knows."""
        draft = turn.draft
        page = self.book.page(draft.language, turn.screen, turn.page, draft)
        text = page.wrong if turn.wrong else page.text
        if page.slots:
            values = {"drawn": drawn_key(salt), **self.about(draft, page.slots), **said}
            text = fold(fill(text, values), draft.language)
        return Reply(text, last=isinstance(self.book.tree.screens[turn.screen], End))
