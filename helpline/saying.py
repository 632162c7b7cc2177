"""What a screen says beside its own words: drawn from the session, typed by her, told by clock and database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpline.contact import Span
from helpline.intake import Intake
from helpline.kept import Kept
from helpline.outlook import Outlook
from helpline.ports import Reply
from helpline.store.database import Unavailable
from menus.book import Book, fill
from menus.converse import Turn
from menus.draft import Draft
from menus.gsm7 import fold
from menus.salt import drawn_key, marks
from menus.tree import End


@dataclass(frozen=True, slots=True)
class Saying:
    """Fills the placeholders of a hop. `zone` is the country's, for the hours that are promised."""

    book: Book
    intake: Intake
    zone: ZoneInfo

    @property
    def outlook(self) -> Outlook:
        """Give what may be told before anybody rings."""
        return Outlook(self.intake)

    def kept(self, language: str, salt: bytes, kept: Kept) -> dict[str, str]:
        """Give what the screens after the write-down may hold: code, words, the promise, the other number's fate."""
        mark, local = marks(salt, kept.draws), self.book.locals[language]
        status = "status.number_set" if kept.number_changed else "status.number_not_set"
        return {
            "code": mark.code,
            "word": local.lists["words"][mark.word][1],
            "ours": local.ours[mark.ours % len(local.ours)],
            "promise": self.promise(language, kept.promise, ZoneInfo(kept.zone) if kept.zone else self.zone),
            "status": self.book.notice(language, status),
        }

    def promise(self, language: str, span: Span | None, zone: ZoneInfo) -> str:
        """Say when to expect a call by the clock where she is, or that we cannot say (R39)."""
        if span is None:
            return self.book.notice(language, "promise.unknown")
        return self.book.notice(language, "promise.window", **span.told(zone))

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
            found = self.outlook.clinic(draft.place, draft.language)
        except Unavailable:
            found = None
        if found is None:
            return self.book.notice(draft.language, "clinic.none")
        name, number = found
        return self.book.notice(draft.language, "clinic.one", name=name, number=number)

    def _shows(self, draft: Draft) -> str:
        """Say what her phone will show when somebody rings (R10)."""
        try:
            return self.book.notice(draft.language, f"shows.{self.outlook.shows(draft)}")
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
