"""What is noted of a call that is under way, whatever it asks for: was the consent screen shown, where was it left."""

from dataclasses import dataclass
from datetime import timedelta

from helpline.intake import Intake
from helpline.store import blocks, departures, erasure, requests, talks
from helpline.store.blocks import Mark

TALK_TIME = timedelta(minutes=45)
"""USSD state is kept at most an hour (R34): this, and the time until the next sweep."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Its field is all it needs."""

    intake: Intake

    def shown(self, channel: str, session: str, keys: int) -> int:
        """Note that the first consent screen is being shown; give how many keys had come when it first was (R28)."""
        hashed, now = self.intake.words.session(channel, session), self.intake.now()
        with self.intake.db.read() as tx:
            known = talks.shown(tx, hashed)
        if known is not None:
            return known
        with self.intake.db.write() as tx:
            talks.show(tx, hashed, keys, now + TALK_TIME)
            return talks.shown(tx, hashed) or keys

    def blocks(self) -> list[Mark]:
        """Give what numbers are compared with that may be blocked; mostly there is nothing (R49)."""
        with self.intake.db.read() as tx:
            return blocks.marks(tx, self.intake.now())

    def left(self, channel: str, session: str, screen: str) -> None:
        """Count a call that was left on a screen: this month one more, and nothing else of it (R34).

        Not one that wrote a request, whatever its keys say without the number that they came from (R36).
        """
        hashed = self.intake.words.session(channel, session)
        with self.intake.db.read() as tx:
            if requests.of_session(tx, hashed) or erasure.was_erased(tx, hashed):
                return
        with self.intake.db.write() as tx:
            departures.count(tx, f"{self.intake.now():%Y-%m}", screen)

    def restart(self, channel: str, session: str, keys: int) -> None:
        """Note that home is being shown because nothing could be kept: later keys of this call begin there."""
        with self.intake.db.write() as tx:
            talks.restart(tx, self.intake.words.session(channel, session), keys)

    def restarted(self, channel: str, session: str) -> int | None:
        """Give how many keys had come when home was shown because nothing could be kept."""
        with self.intake.db.read() as tx:
            return talks.restarted(tx, self.intake.words.session(channel, session))
