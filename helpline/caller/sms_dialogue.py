"""A text that came in: a caller's, or the order of whoever works here. Read by a worker; the public process cannot.

A caller's text earns exactly one neutral reply (R12); STOP earns none (R18). Her dialogue is the same fold over
the same kind of screens as a USSD call.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from helpline.caller import blocks, conversations, intake
from helpline.caller.blocks import holds
from helpline.caller.caller_context import CallerContext
from helpline.caller.conversations import Dialogue
from helpline.caller.intake import Call, Kept
from helpline.caller.stops import Lines
from helpline.core.jobs import Queue
from helpline.core.languages import spoken
from helpline.core.phone_numbers import Hidden, Msisdn, can_be_called, zones_of
from helpline.keys.sealing import Hashing
from helpline.request import phone_lines
from helpline.store import outbox, texts_out
from helpline.store.engine import Tx
from helpline.store.sql import new_id
from menus.book import Book
from menus.converse import Turn, converse
from menus.draft import NO, YES, Draft
from menus.keywords import Ask, Keywords, Stop
from menus.salt import marks
from menus.tree import End

SMS = "sms"
FIRST, DANGER = "sms.ask", "sms.danger"
"""Where a dialogue begins: the same words, but whoever wrote that she is in danger is offered at once."""
MOST_REPLIES = 8
SILENCE = timedelta(hours=24)
"""A dialogue has at most eight replies, and a day of silence ends it (R12)."""


@dataclass(frozen=True, slots=True)
class SmsDialogue:
    """Answers the texts of callers. Workers only: it needs the hashing key to find a caller's dialogue."""

    book: Book
    keywords: Keywords
    hashing: Hashing
    stops: Lines
    ctx: CallerContext

    def read(self, tx: Tx, number: Msisdn, text: Hidden, at: datetime) -> None:
        """Do what the text of a caller says. `at` is when it came in."""
        caller, said = self.hashing.caller(number), text.reveal()
        asked = self.keywords.caller(said)
        if isinstance(asked, Stop):
            self.stops.settle(tx)
            return self.stops.pause(tx, caller, at)
        talk = conversations.dialogue_of(tx, caller) or Dialogue(new_id(), "", self._script(said), (), 0)
        if talk.replies >= MOST_REPLIES:
            return None
        if isinstance(asked, Ask):
            talk = Dialogue(new_id(), DANGER if asked.danger else FIRST, self._tongue(asked.language), (), talk.replies)
        elif talk.start:
            talk = replace(talk, keys=(*talk.keys, self.keywords.answer(said)))
        country = self.ctx.country
        if not can_be_called(number, country.code, self.ctx.made_up, country.abroad):
            return self._reply(tx, number, caller, replace(talk, start=""), "to_caller.cannot", {})
        if not talk.start:
            return self._reply(tx, number, caller, talk, "to_caller.hello", {})
        self._converse(tx, number, caller, talk)

    def _converse(self, tx: Tx, number: Msisdn, caller: bytes, talk: Dialogue) -> None:
        salt = self.ctx.words.salt(SMS, talk.session)
        zones = zones_of(number, self.ctx.country.abroad, (self.ctx.made_up,))
        blank = Draft(language=talk.language, abroad=YES if zones else NO)
        turn = converse(self.book, talk.keys, salt, start=talk.start, draft=blank)
        last, draws = isinstance(self.book.tree.screens[turn.screen], End), 0
        if turn.draft.asks_for_a_call:
            if self._asked_enough(tx, caller) or holds(number, blocks.marks(tx)):
                return self._reply(tx, number, caller, replace(talk, start=""), "to_caller.later", {})
            call = Call(SMS, talk.session, number, len(talk.keys), last, short_form=True, zones=zones)
            kept = intake.save_in(self.ctx, tx, call, turn.draft)
            draws = kept.draws if isinstance(kept, Kept) else 0
        mark = marks(salt, draws)
        values: dict[str, Any] = {"screen": turn.screen, "wrong": turn.wrong, "word": mark.word, "ours": mark.our_word}
        after = replace(talk, start="", keys=()) if last else talk
        self._reply(tx, number, caller, after, self._notice(turn), values)

    def _asked_enough(self, tx: Tx, caller: bytes) -> bool:
        """Tell whether this telephone has made its share of requests in a day (R49)."""
        self.stops.settle(tx)
        return phone_lines.made_since(tx, caller, tx.now - timedelta(days=1)) >= self.ctx.config.requests_a_day

    def _notice(self, turn: Turn) -> str:
        text = getattr(self.book.tree.screens[turn.screen], "text", None)
        return text.path if text else ""

    def _reply(
        self, tx: Tx, number: Msisdn, caller: bytes, talk: Dialogue, notice: str, values: dict[str, Any],

    ) -> None:  # fmt: skip
        """Write the one reply that a text has earned, and keep where the dialogue stands."""
        conversations.put_dialogue(tx, caller, replace(talk, replies=talk.replies + 1), tx.now + SILENCE)
        id, said = new_id(), values | {"earned": True}
        sealed = self.ctx.sealing.seal(id, number)
        texts_out.add(tx, "caller", talk.session, notice, talk.language, values=said, sealed=sealed, id=id)
        outbox.wake(tx, "send", id, tx.now, Queue.URGENT if talk.start == DANGER else Queue.DEFAULT)

    def _tongue(self, language: str) -> str:
        """Give the offered language that is spoken as the one of her word, whatever its letters; else the first."""
        offered = self.book.languages
        alike = (each for each in offered if spoken(each) == spoken(language))
        return language if language in offered else next(alike, offered[0])

    def _script(self, text: str) -> str:
        """Guess the language of words we do not know by their letters."""
        cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in text)
        wanted = "ru" if cyrillic else "en"
        return wanted if wanted in self.book.languages else self.book.languages[0]
