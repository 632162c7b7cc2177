"""The words of a text to an NGO or a caller, made at the moment it is sent. The database holds none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from helpline.contact import Span
from helpline.request import CallbackRequest
from menus.gsm7 import fold
from menus.render import Book, fill


@dataclass(frozen=True, slots=True)
class Wording:
    """Words in the reader's language, times on the clock of `zone`."""

    book: Book
    zone: ZoneInfo

    def tongue(self, language: str) -> str:
        """Give a language that the book has: the one asked for, else the first."""
        return language if language in self.book.languages else self.book.languages[0]

    def about(self, request: CallbackRequest, language: str) -> dict[str, str]:
        """Describe a request as an NGO may know it before it claims: no number, no code, no words (R32)."""
        local = self.book.locals[language]
        places = dict(local.lists["regions"])
        return {
            "place": places.get(request.place) or self.book.notice(language, "to_ngo.place_not_said"),
            "speaks": request.language.split("_")[0].upper(),
            "need": self.book.notice(language, f"needs.{request.need or 'talk'}"),
            "window": self.book.notice(language, f"windows.{request.window}"),
        }

    def card(self, request: CallbackRequest, language: str, span: Span) -> dict[str, str]:
        """Describe it as whoever claimed it must know it: the hour, the words, the permissions (R4, R5, R6)."""
        answer = {
            said: self.book.notice(language, f"answers.{'yes' if said == 'yes' else 'no'}")
            for said in ("yes", "no", "not_said")
        }
        hers = self.book.locals[request.language]
        return {
            **self.times(span),
            "word": hers.lists["words"][request.word][1],
            "ours": hers.ours[request.ours % len(hers.ours)],
            "others": answer[request.others_may_answer],
            "message": answer[request.may_leave_message],
            "name": answer[request.may_name_us],
        }

    def times(self, span: Span) -> dict[str, str]:
        """Give a span as day and hours; the same three words wherever a time stands."""
        start, end = span.start.astimezone(self.zone), span.end.astimezone(self.zone)
        return {"day": f"{start:%d.%m}", "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}

    def clock(self, at: datetime) -> str:
        """Give a time of day."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def screen(self, language: str, screen: str, wrong: bool, values: Mapping[str, str]) -> str:
        """Give a screen of an SMS dialogue as a text."""
        page = self.book.page(language, screen, 0)
        return fold(fill(page.wrong if wrong else page.text, values), language)

    def words(self, language: str, word: int, ours: int) -> dict[str, str]:
        """Give her word and ours."""
        local = self.book.locals[language]
        return {"word": local.lists["words"][word][1], "ours": local.ours[ours % len(local.ours)]}
