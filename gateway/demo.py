"""The demo's additions to the public web: the phones, and an emulator of the gateway."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from zoneinfo import ZoneInfo

from flask import Blueprint

from gateway.phone.emulator import Emulator, emulator
from gateway.phone.guide import Guide
from gateway.phone.inboxes import Inboxes
from gateway.phone.page import Contact, Countries, PhonePage, phone_page
from gateway.phone.receipts import Receipts, post_to
from gateway.phone.reloading import Findings
from helpline.content import content_cache, loading
from helpline.content.sources import countries
from helpline.core import channels_file, clock
from helpline.core.config import Config
from helpline.directory.sample import sample
from helpline.keys.sealing import Words
from helpline.operations.demo import Notes
from menus.faults import ContentFaults

DEMO_CODE = "*500#"
DEMO_GATEWAY = "/gateway"
"""The address of the emulator, which replaces Africa's Talking: workers send there."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The phones of the demo and the emulator. Their inboxes are in the memory of this process only."""

    config: Config
    now: clock.DemoClock
    findings: Findings
    inboxes: Inboxes
    receipts: Receipts

    @classmethod
    def of(cls, config: Config, now: clock.DemoClock, findings: Findings) -> "Demo":
        """Start with empty inboxes, and begin to send receipts."""
        inboxes = Inboxes(now)
        receipts = Receipts(inboxes, post_to(f"http://127.0.0.1:{config.port}{_hook(config)}/receipt"))
        receipts.start()
        return cls(config, now, findings, inboxes, receipts)

    def pages(self, texts: loading.Content, words: Words) -> Sequence[Blueprint]:
        """Make the pages for given content."""
        country, now = texts.country, self.now
        services, people = sample(country.code, country.zone, now().date())
        contacts = [Contact(each.id, each.names[each.language], each.phone, each.names) for each in services]
        contacts += [Contact(each.id, each.names[each.language], each.phone, each.names) for each in people]
        callers = tuple(f"{country.made_up}{n:06}" for n in (111001, 111002, 111003))
        guide = Guide(texts.book, words.salt, texts.parsed.marks)
        page = PhonePage(
            _hook(self.config), DEMO_CODE, callers, tuple(contacts), self.inboxes, now, now.move, now.reset,
            self._countries(country.code), guide, cache(partial(content_cache.load_phone_texts, self.config)),
            ZoneInfo(country.zone), self.findings, self.config.console,
            _hook(self.config, channels_file.LAST_KEY),
        )  # fmt: skip
        return phone_page(page), emulator(Emulator(self.inboxes, self.receipts), DEMO_GATEWAY)

    def _countries(self, here: str) -> Countries:
        """Offer the other countries, each with its own database. With one database URL for all, offer none."""
        there = (here,) if self.config.database_url else tuple(countries())
        return Countries(here, there, self._switch)

    def _switch(self, country: str) -> Sequence[str]:
        try:
            loading.load(self.config.model_copy(update={"country": country, "languages": ()}))
        except ContentFaults as error:
            return [str(fault) for fault in error.faults]
        Notes(self.config.data).ask_for(country)
        return ()


def _hook(config: Config, channel: str = channels_file.DEMO) -> str:
    return f"/in/{channel}/{config.secrets[0]}"
