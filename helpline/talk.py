"""A USSD hop, from the keys to the screen: the engine decides what is wanted, intake writes it, the screen is filled.

Nothing but the database is needed, and that only where something is to be stored or looked up. If it fails, the
caller sees a screen that is still true, with the emergency number; never an error, never silence (R19).
"""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpline.contact import Span
from helpline.intake import Call, Intake, Kept, NotKept, OutOfDraws
from helpline.limits import Limits
from helpline.numbers import Msisdn, can_be_rung
from helpline.ports import Hop, IncomingSms, Receipt, Reply
from helpline.store.database import Unavailable
from helpline.vault import Words
from menus.converse import Turn, converse
from menus.draft import Act, Draft
from menus.gsm7 import fold
from menus.render import Book, fill
from menus.salt import drawn_key, marks
from menus.tree import End

CANNOT_RING, ENOUGH, DIAL_ANEW = "start.cannot_ring", "start.enough_today", "start.dial_anew"
NOT_STORED, NOT_CHANGED = "start.not_stored", "start.not_changed"


@dataclass(frozen=True, slots=True)
class Talk:
    """Answers hops and takes in texts. `made_up`: the beginning of numbers that the demo treats as this country's."""

    book: Book
    intake: Intake
    words: Words
    limits: Limits
    country: str
    made_up: str
    zone: ZoneInfo
    log: Callable[[str], None]

    def hop(self, channel: str, hop: Hop) -> Reply:
        """Give the screen that follows the keys of this hop. Never raises."""
        salt = self.words.salt(channel, hop.session)
        turn = converse(self.book, hop.keys, salt)
        try:
            if turn.consent_at is not None:
                return self._asking(channel, hop, turn, salt)
            return self._render(turn, salt, self._act(channel, hop, turn))
        except (Unavailable, OutOfDraws) as error:
            self.log(type(error).__name__)
            return self._untouched(turn, salt)

    def _untouched(self, turn: Turn, salt: bytes) -> Reply:
        """Answer without the database: the menus go on, and nothing is said to be stored that is not."""
        if turn.before:
            return self._last(NOT_CHANGED, turn.draft.language)
        wants = turn.draft.asks_for_a_call or self._act_of(turn) is not None
        return self._last(NOT_STORED, turn.draft.language) if wants else self._render(turn, salt, {})

    def _asking(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        """Go on from the first consent screen, which this session must really have been shown (R28)."""
        if not can_be_rung(hop.caller, self.country, self.made_up):
            return self._last(CANNOT_RING, turn.draft.language)
        if not self.limits.may_ask(hop.caller, salt):
            return self._last(ENOUGH, turn.draft.language)
        turn = converse(self.book, hop.keys, salt, self.intake.shown(channel, hop.session, len(hop.keys)))
        if self._act_of(turn) is not None:
            return self._render(turn, salt, self._act(channel, hop, turn))
        if turn.draft.asks_for_a_call:
            return self._keep(channel, hop, turn, salt)
        if turn.held:
            self.intake.take_back(channel, hop.session, len(hop.keys))
        return self._render(turn, salt, {})

    def _keep(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        last = isinstance(self.book.tree.screens[turn.screen], End)
        kept = self.intake.keep(Call(channel, hop.session, hop.caller, len(hop.keys), last), turn.draft)
        match kept:
            case NotKept():
                return self._anew(channel, hop, turn, salt)
            case Kept():
                if kept.new:
                    self.limits.count_request(hop.caller, salt)
                said = self._told(turn.draft.language, salt, kept)
                return self._render(turn, salt, said)

    def _anew(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        """Nothing can be kept in this call any more (erased, other content): home, and on from there.

        Only a new dial makes a new request.
        """
        since = self.intake.restarted(channel, hop.session)
        if since is None or since >= len(hop.keys):
            self.intake.restart(channel, hop.session, len(hop.keys))
            since = len(hop.keys)
        blank = Draft(language=turn.draft.language)
        again = converse(self.book, hop.keys[since:], salt, start=self.book.tree.home, draft=blank)
        if again.consent_at is not None:
            return self._last(DIAL_ANEW, turn.draft.language)
        return self._render(again, salt, self._act(channel, hop, again))

    def _told(self, language: str, salt: bytes, kept: Kept) -> dict[str, str]:
        """Give what the screens after the write-down may hold: code, words, the promise."""
        mark, local = marks(salt, kept.draws), self.book.locals[language]
        return {
            "code": mark.code,
            "word": local.lists["words"][mark.word][1],
            "ours": local.ours[mark.ours % len(local.ours)],
            "promise": self._promise(language, kept.promise),
        }

    def _promise(self, language: str, span: Span | None) -> str:
        if span is None:
            return self.book.notice(language, "promise.unknown")
        start, end = span.start.astimezone(self.zone), span.end.astimezone(self.zone)
        times = {"day": f"{start:%d.%m}", "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
        return self.book.notice(language, "promise.window", **times)

    def _act(self, channel: str, hop: Hop, turn: Turn) -> dict[str, str]:
        """Do what an end screen asks for; give what it says then."""
        match self._act_of(turn):
            case None:
                return {}
            case Act.PAUSE:
                self.intake.pause(self.words.session(channel, hop.session), hop.caller)
                return {}
            case Act.SEE:
                return self._status(hop, turn.draft, self.intake.status)
            case Act.WITHDRAW:
                return self._status(hop, turn.draft, self.intake.withdraw)
            case Act.HOUR | Act.PERMIT | Act.FELT:
                raise NotImplementedError  # not led to by any screen yet

    def _act_of(self, turn: Turn) -> Act | None:
        screen = self.book.tree.screens[turn.screen]
        return screen.act if isinstance(screen, End) else None

    def _status(self, hop: Hop, draft: Draft, look: Callable[[str, int], str]) -> dict[str, str]:
        """Look with code and word; after too many wrong ones say the same without looking (R27, R49)."""
        may = self.limits.may_try_code(hop.caller)
        name = look(draft.code, int(draft.word)) if may else "unknown"
        if may and name == "unknown":
            self.limits.count_wrong_code(hop.caller)
        return {"status": self.book.notice(draft.language, f"status.{name}")}

    def _last(self, screen: str, language: str) -> Reply:
        return Reply(self.book.page(language, screen, 0).text, last=True)

    def _render(self, turn: Turn, salt: bytes, said: dict[str, str]) -> Reply:
        page = self.book.page(turn.draft.language, turn.screen, turn.page)
        text = page.wrong if turn.wrong else page.text
        if page.slots:
            text = fold(fill(text, {"drawn": drawn_key(salt), **said}), turn.draft.language)
        return Reply(text, last=isinstance(self.book.tree.screens[turn.screen], End))

    def emergency(self) -> Reply:
        """Give the screen for when everything else failed: emergency number and direct line (R19)."""
        return self._last("start.emergency", self.book.languages[0])

    def ended(self, channel: str, session: str) -> None:
        """A call ended. Nothing is kept of a call that wrote nothing; the rest is due by itself."""

    def sms(self, channel: str, sms: IncomingSms) -> None:
        """Write a text down, sealed."""
        self.intake.receive(f"{channel}:{sms.id}", sms.sender, sms.text)

    def receipt(self, channel: str, receipt: Receipt) -> None:  # noqa: ARG002  # ids are unique among channels
        """Write a delivery receipt down."""
        if receipt.status is not None:
            self.intake.receipt(receipt.id, receipt.status.value)

    def optout(self, channel: str, number: Msisdn) -> None:  # noqa: ARG002  # STOP ends all channels
        """The gateway says that somebody wants nothing more from us: the same as STOP (R18)."""
        self.intake.pause(f"optout:{self.intake.new_id()}", number)
