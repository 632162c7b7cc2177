"""The words of a text to a service or a caller, made when it is sent. The database holds none of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from helpline.content.country import ABROAD
from helpline.content.sms_fit import MOST_NEED, MOST_PLACE, brief
from helpline.core.call_windows import EVERY_DAY, FROM_TO, LATER, NOW, Span, windows
from helpline.request.model import ABOUT_SOMEONE, HELD_ON, SEXES, CallbackRequest
from menus.book import Book
from menus.draft import NOT_SAID

ANY = "any"
"""The window of a caller who chose no part of the day."""
WHOLE, SHORT, SHORTEST = "{:%H:%M}–{:%H:%M}", "{:%H:%M}-{:%H}", "{:%H}-{:%H}"
"""How hours look: on a page, in an SMS, and in one that has room for less."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Makes words in the reader's language, and times in the country's time zone."""

    book: Book
    zone: ZoneInfo
    named: Callable[[str, str], str] = lambda code, language: code  # noqa: ARG005
    """Returns the name of a place that is in no list of the menus, in a language."""

    def tongue(self, language: str) -> str:
        """Return a language that the book has: the one asked for, else the first."""
        return language if language in self.book.languages else self.book.languages[0]

    def about(self, request: CallbackRequest, language: str, now: datetime) -> dict[str, str]:
        """Describe a request as somebody may know it before a claim: no number, no code, no words (R32).

        The danger, and a call *now*, are over once somebody has talked to the caller.
        """
        return {
            "place": brief(self.place(request.place, language), MOST_PLACE),
            "speaks": request.speaks.upper(),
            "need": brief(self.need(request.need, language), MOST_NEED),
            "window": self.window(request, language, now),
        }

    def window(self, request: CallbackRequest, language: str, now: datetime, *, whole: bool = False) -> str:
        """Return when the caller may be called, before a date is known. `whole`: for a page, which has more room.

        In an SMS typed hours look like hours (`18:00-21`), because an offer also names an age (`18?`). Beside the word
        for *urgent* there is room for `18-21` only.
        """
        chosen = _chosen(request, now)
        urgent = request.in_danger and chosen != NOW
        window = self._window(request, language, chosen, WHOLE if whole else SHORTEST if urgent else SHORT)
        return self.book.notice(language, "to_ngo.urgent", window=window) if urgent else window

    def _window(self, request: CallbackRequest, language: str, chosen: str, form: str) -> str:
        """Return the words for a time window, or typed hours by the clock of the country.

        *Any time* abroad is hours, too: some languages call it `8-21`, which is by the clock of the caller.
        """
        is_elsewhere = chosen == ANY and request.zone not in ("", self.zone.key)
        if FROM_TO.fullmatch(chosen) is None and not is_elsewhere:
            return self.book.notice(language, f"windows.{chosen}")
        span = next(windows(replace(request.hours, window=chosen), request.hours.since), None)
        if span is None:
            return self.book.notice(language, "windows.unknown")
        return form.format(span.start.astimezone(self.zone), span.end.astimezone(self.zone))

    def offer(self, request: CallbackRequest, language: str, now: datetime) -> dict[str, str]:
        """Describe a request as a service must know it to answer: who should call, the age, who it is about."""
        about = self.about(request, language, now)
        needs = [self._loud(request, language, about["need"])]
        return about | {
            "speaks": " ".join([about["speaks"], *self._sex(request, language)]),
            "need": ", ".join([*needs, *self._age(request, language), *self._kind(request, language)]),
        }

    def take_over(self, request: CallbackRequest, language: str, now: datetime) -> dict[str, str]:
        """Describe a request to a service that is asked to take it over. The service that asks calls and says more."""
        about = self.about(request, language, now)
        return about | {"need": self._loud(request, language, about["need"])}

    def _loud(self, request: CallbackRequest, language: str, need: str) -> str:
        """Return the need with the word for danger, which may need one SMS part more. *Now* alone does not say it."""
        if not request.in_danger:
            return need
        return ", ".join([self.book.notice(language, "to_ngo.in_danger"), *([need] if request.need else [])])

    def card(self, request: CallbackRequest, language: str, span: Span | None) -> dict[str, str]:
        """Describe a request as its holder must know it: the call window, the words, the permissions (R4, R5, R6)."""
        notices = self.book.notices[language]
        answer = {typed: notices[f"answers.{'yes' if typed == 'yes' else 'no'}"] for typed in ("yes", "no", "not_said")}
        danger = [notices["to_ngo.in_danger"]] if request.in_danger else []  # may need one more SMS part
        return {
            "window": ", ".join([*danger, self.hour(language, span)]),
            **self.words(request.language, request.word, request.ours),
            "others": answer[request.others_may_answer],
            "message": answer[request.may_leave_message],
            "sms": answer[request.may_sms],
            "name": answer[request.may_name_us],
        }

    def wishes(self, request: CallbackRequest, language: str) -> dict[str, str]:
        """Describe what else its holder must know: days, who should call, which telephone, the cover (R5, R44)."""
        parts = (self._days, self._caseworker, self._phone, self._cover, self._kind)
        return {"need": ", ".join(words for part in parts for words in part(request, language))}

    def hour(self, language: str, span: Span | None) -> str:
        """Return a call window as day and hours."""
        if span is None:
            return self.book.notice(language, "windows.unknown")
        return "{day} {from}-{to}".format(**span.local_texts(self.zone))

    def rare(self, request: CallbackRequest, language: str) -> str:
        """Describe the same without the cover, for a page that says elsewhere who to say one is."""
        parts = (self._days, self._caseworker, self._phone, self._kind)
        return ", ".join(words for part in parts for words in part(request, language))

    def hours(self, request: CallbackRequest, language: str, span: Span | None) -> str:
        """Return a call window, and the days that the caller has chosen, if any."""
        return ", ".join([self.hour(language, span), *self._days(request, language)])

    def place(self, code: str, language: str) -> str:
        """Return the name of a place: a region, a district, a town, a country abroad."""
        if code in ("", ABROAD):
            return self.book.notice(language, "places.abroad" if code else "to_ngo.place_not_said")
        lists = self.book.locals[language].lists
        places = (name for name in lists if name in ("regions", "abroad") or name.startswith("districts."))
        return next((dict(lists[name])[code] for name in places if code in dict(lists[name])), "") or self.named(
            code, language
        )

    def need(self, need: str, language: str) -> str:
        """Return the words for a need, or that the caller did not say one."""
        return self.book.notice(language, f"needs.{need}" if need else "to_ngo.need_not_said")

    def cover(self, request: CallbackRequest, language: str) -> str:
        """Return who the caseworker must say they are, if the caller chose that (R5)."""
        return self.book.notice(language, f"covers.{request.cover}") if request.is_covered else ""

    def _caseworker(self, request: CallbackRequest, language: str) -> Iterator[str]:
        if request.operator_language or request.operator_sex in SEXES:
            yield " ".join([request.speaks.upper(), *self._sex(request, language)])

    def _phone(self, request: CallbackRequest, language: str) -> Iterator[str]:
        if request.other:
            yield self.book.notice(language, "to_ngo.other_phone")

    def _cover(self, request: CallbackRequest, language: str) -> Iterator[str]:
        if cover := self.cover(request, language):
            yield self.book.notice(language, "to_ngo.cover", name=cover)

    def _sex(self, request: CallbackRequest, language: str) -> Iterator[str]:
        if request.operator_sex in SEXES:
            yield self.book.notice(language, f"to_ngo.{request.operator_sex}")

    def _age(self, request: CallbackRequest, language: str) -> Iterator[str]:
        if request.age_band in ("under_18", NOT_SAID):
            yield self.book.notice(language, f"to_ngo.age_{request.age_band}")

    def _kind(self, request: CallbackRequest, language: str) -> Iterator[str]:
        if request.kind == ABOUT_SOMEONE:
            yield self.book.notice(language, "to_ngo.about_someone")

    def _days(self, request: CallbackRequest, language: str) -> Iterator[str]:
        if request.hours.chooses_days:
            names = {day: self.book.notice(language, f"weekdays.{day}") for day in EVERY_DAY}
            yield " ".join("-".join(names[day] for day in run) for run in runs(request.hours.weekdays))

    def day_and_clock(self, language: str, at: datetime) -> dict[str, str]:
        """Return a day, with its weekday, and a time of it."""
        there = at.astimezone(self.zone)
        weekday = self.book.notice(language, f"weekdays.{there.isoweekday()}")
        return {"day": f"{weekday} {there:%d.%m}", "from": f"{there:%H:%M}"}

    def clock(self, at: datetime) -> str:
        """Return a time of day."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def reply(self, language: str, notice: str, screen: str, number: int, wrong: bool) -> str:
        """Return the words of a reply to a caller, with their placeholders: a page of the dialogue, or a notice."""
        if not screen:
            return self.book.notices[language][notice]
        page = self.book.page(language, screen, number)
        return page.wrong if wrong else page.text

    def words(self, language: str, word: int, ours: int) -> dict[str, str]:
        """Return the caller's word and ours."""
        local = self.book.locals[language]
        return {"word": local.lists["words"][word][1], "ours": local.our_words[ours % len(local.our_words)]}


def _chosen(request: CallbackRequest, now: datetime) -> str:
    """Return the name of the window that counts now. A call *now* is over once somebody has talked to the caller."""
    if request.state not in HELD_ON:
        return request.hours.name_at(now)
    return {**LATER, NOW: "unknown"}.get(request.window, request.window)


def runs(days: frozenset[int]) -> list[tuple[int, ...]]:
    """Return days as runs of their first and last day. A run of one day has only that day."""
    grouped = (list(run) for _, run in groupby(enumerate(sorted(days)), lambda pair: pair[1] - pair[0]))
    return [(run[0][1],) if len(run) == 1 else (run[0][1], run[-1][1]) for run in grouped]
