"""A USSD hop, from the keys to the screen: the engine decides what is wanted, intake writes it, the screen is filled.

Nothing but the database is needed, and that only where something is to be stored or looked up. If it fails, the
caller sees a screen that is still true, with the emergency number; never an error, never silence (R19).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from helpline.caller import conversations, receive
from helpline.caller import intake as intake_steps
from helpline.caller.caller_context import CallerContext
from helpline.caller.conversations import TO_THE_END
from helpline.caller.end_screens import Acting
from helpline.caller.intake import Call, Kept, NotKept, OutOfDraws
from helpline.caller.limits import Limits
from helpline.caller.screens import Saying
from helpline.content.loading import Content
from helpline.core.config import Config
from helpline.core.phone_numbers import Msisdn, can_be_called, home_prefix, zones_of
from helpline.core.ports import Clock, Ended, Hop, IncomingSms, Receipt, Reply
from helpline.keys.sealing import Sealing, Words
from helpline.store.engine import Database, Unavailable
from helpline.store.sql import new_id
from menus.book import Book
from menus.converse import Turn, converse
from menus.draft import NO, YES, Draft
from menus.keywords import Keywords
from menus.tree import End

CANNOT_RING, ENOUGH, DIAL_ANEW = "start.cannot_ring", "start.enough_today", "start.dial_anew"
NOT_STORED, NOT_CHANGED = "start.not_stored", "start.not_changed"


@dataclass(frozen=True, slots=True)
class Talk:
    """Answers hops and takes in texts.

    `made_up`: the beginning of numbers that the demo treats as this country's. `abroad`: the countries of work whose
    numbers can be rung too, with their zones (R3). `duty`: a legal duty is to be told first (R22).
    """

    book: Book
    ctx: CallerContext
    words: Words
    limits: Limits
    saying: Saying
    country: str
    made_up: str
    log: Callable[[str], None]
    keywords: Keywords
    abroad: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duty: bool = False
    home: str = ""
    """How numbers of the country begin, where no other country's do: a hop from one is not looked at any closer."""

    @classmethod
    def of(cls, config: Config, texts: Content, db: Database, now: Clock, log: Callable[[str], None]) -> "Talk":
        """Put together what answers hops. It is given no key that opens or hashes a number."""
        sealing = Sealing.of(config.sealing_key.get_secret_value())
        words, country = Words.of(config.words_key.get_secret_value()), texts.matching
        made_up = texts.country.made_up if config.demo else ""
        intake = CallerContext(db, sealing, words, country, texts.book.digest, config, now, new_id, made_up)
        saying = Saying(texts.book, intake, ZoneInfo(country.zone))
        return cls(
            texts.book, intake, words, Limits(config, now), saying, country.code, made_up, log, texts.keywords,
            abroad=country.abroad, duty=texts.country.legal_duty is not None,
            home=home_prefix(country.code, country.abroad),
        )  # fmt: skip

    @property
    def underway(self) -> CallerContext:
        """Give what is noted of a call that is under way."""
        return self.ctx

    @property
    def arriving(self) -> CallerContext:
        """Give what writes down what comes in."""
        return self.ctx

    @property
    def acting(self) -> Acting:
        """Give what does what an end screen asks for."""
        return Acting(self.book, self.ctx, self.limits)

    def hop(self, channel: str, hop: Hop) -> Reply:
        """Give the screen that follows the keys of this hop. Never raises."""
        salt = self.words.salt(channel, hop.session)
        turn = converse(self.book, hop.keys, salt, draft=self._blank(hop, self.book.languages[0]))
        try:
            if turn.consent_at is not None:
                return self._asking(channel, hop, turn, salt)
            return self.saying.render(turn, salt, self.acting.act(channel, hop, turn))
        except (Unavailable, OutOfDraws) as error:
            self.log(type(error).__name__)
            return self._untouched(turn, salt)

    def _blank(self, hop: Hop, language: str) -> Draft:
        """Give a draft with what is known before the first key."""
        away = YES if self._zones(hop.caller) else NO
        return Draft(language=language, abroad=away, duty=YES if self.duty else NO)

    def _zones(self, caller: Msisdn) -> tuple[str, ...]:
        """Give the zones of the country of work that the call comes from; none at home."""
        return zones_of(caller, self.abroad, (self.home, self.made_up))

    def _untouched(self, turn: Turn, salt: bytes) -> Reply:
        """Answer without the database: the menus go on, and nothing is said to be stored that is not."""
        if turn.consented_before:
            return self.saying.last(NOT_CHANGED, turn.draft.language)
        wants = turn.draft.asks_for_a_call or self.acting.wanted(turn) is not None
        return self.saying.last(NOT_STORED, turn.draft.language) if wants else self.saying.render(turn, salt, {})

    def _asking(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        """Go on from the first consent screen, which this session must really have been shown (R28)."""
        if not can_be_called(hop.caller, self.country, self.made_up, self.abroad):
            return self.saying.last(CANNOT_RING, turn.draft.language)
        if not self.limits.may_ask(hop.caller, salt):
            return self.saying.last(ENOUGH, turn.draft.language)
        shown = conversations.consent_shown(self.underway, channel, hop.session, len(hop.keys))
        turn = converse(self.book, hop.keys, salt, shown, draft=self._blank(hop, self.book.languages[0]))
        if self.acting.wanted(turn) is not None:
            return self.saying.render(turn, salt, self.acting.act(channel, hop, turn))
        if self._is_blocked(hop, turn, salt):
            return self.saying.last(ENOUGH, turn.draft.language)
        if turn.draft.asks_for_a_call:
            return self._keep(channel, hop, turn, salt)
        if turn.consented:
            intake_steps.take_back(self.ctx, channel, hop.session, len(hop.keys))
        return self.saying.render(turn, salt, {})

    def _is_blocked(self, hop: Hop, turn: Turn, salt: bytes) -> bool:
        """Tell whether a coordinator has blocked *call me* for this telephone; nothing else is ever blocked (R49)."""
        asks = turn.screen == self.book.tree.consent or turn.draft.asks_for_a_call
        if not asks or self.limits.has_asked(hop.caller, salt):
            return False
        return self.limits.is_blocked(hop.caller, conversations.active_blocks(self.underway))

    def _keep(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        last = isinstance(self.book.tree.screens[turn.screen], End)
        draft = turn.draft
        if draft.number_ok == YES and not self.limits.may_name_another(hop.caller, salt):
            draft = replace(draft, number_ok=NO)
        call = Call(channel, hop.session, hop.caller, len(hop.keys), last, zones=self._zones(hop.caller))
        match intake_steps.save(self.ctx, call, draft):
            case NotKept():
                return self._anew(channel, hop, turn, salt)
            case Kept() as kept:
                if kept.new:
                    self.limits.count_request(hop.caller, salt)
                if kept.number_changed:
                    self.limits.count_another(hop.caller, salt)
                return self.saying.render(turn, salt, self.saying.kept(draft.language, salt, kept))

    def _anew(self, channel: str, hop: Hop, turn: Turn, salt: bytes) -> Reply:
        """Nothing can be kept in this call any more (erased, other content): home, and on from there.

        Only a new dial makes a new request.
        """
        since = conversations.keys_at_restart(self.underway, channel, hop.session)
        if since is None or since >= len(hop.keys):
            conversations.note_restart(self.underway, channel, hop.session, len(hop.keys))
            since = len(hop.keys)
        blank = self._blank(hop, turn.draft.language)
        again = converse(self.book, hop.keys[since:], salt, start=self.book.tree.home, draft=blank)
        if again.consent_at is not None:
            return self.saying.last(DIAL_ANEW, turn.draft.language)
        return self.saying.render(again, salt, self.acting.act(channel, hop, again))

    def emergency(self) -> Reply:
        """Give the screen for when everything else failed: emergency number and direct line (R19)."""
        return self.saying.last("start.emergency", self.book.languages[0])

    def ended(self, channel: str, ended: Ended) -> None:
        """A call ended. Where it was left is counted, and nothing else kept; what asked for something is due by itself.

        A call that asked to be called is not counted: requests are, and of two counts of the same people one could
        reckon what either hides (R36). All screens that end a call are one, since some tell what became of a request.
        """
        salt = self.words.salt(channel, ended.session)
        blank = Draft(language=self.book.languages[0], abroad=NO, duty=YES if self.duty else NO)
        turn = converse(self.book, ended.keys, salt, draft=blank)
        if turn.consented or turn.draft.asks_for_a_call:
            return
        screen = TO_THE_END if isinstance(self.book.tree.screens[turn.screen], End) else turn.screen
        try:
            conversations.note_left_call(self.underway, channel, ended.session, screen)
        except Unavailable as error:  # not worth being sent again
            self.log(type(error).__name__)

    def sms(self, channel: str, sms: IncomingSms) -> None:
        """Write a text down, sealed."""
        category = self.keywords.category(sms.text.reveal())
        receive.receive(self.arriving, f"{channel}:{sms.id}", sms.sender, sms.text, category)

    def receipt(self, channel: str, receipt: Receipt) -> None:  # noqa: ARG002  # ids are unique among channels
        """Write a delivery receipt down."""
        if receipt.status is not None:
            receive.receipt(self.arriving, receipt.id, receipt.status.value)

    def optout(self, channel: str, number: Msisdn) -> None:  # noqa: ARG002  # STOP ends all channels
        """The gateway says that somebody wants nothing more from us: the same as STOP (R18)."""
        receive.pause(self.arriving, f"optout:{self.ctx.new_id()}", number)
