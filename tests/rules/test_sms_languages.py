"""Each dialogue by SMS, from its word to its end, in each language of each country."""

import re
from functools import partial

import pytest

from helpline.caller.sms_language import guessed
from helpline.content.sources import countries
from helpline.core.config import Config
from helpline.core.languages import spoken
from helpline.staff import contacts
from helpline.store.schema import request
from menus.keywords import FLOWS, Ask
from tests.conftest import Databases
from tests.menus.test_keywords import DATA
from tests.rules.test_sms_flows import texts
from tests.steps.by_day import each_once
from tests.steps.sms_topics import switch_on
from tests.world import World, contents

WRITTEN = [
    (country, language)
    for country in countries()
    for language in contents(Config(country=country)).country.languages
    if language in DATA["call"]  # a second way to write Turkmen has no words of its own
]


class Texting:
    """Telephones in a country whose owners write in one language. Each test begins with new ones."""

    def __init__(self, world: World, language: str) -> None:
        self.world, self.language, self.phones = world, language, 0

    def phone(self) -> str:
        self.phones += 1
        return f"{self.world.public.ctx.made_up}{111000 + self.phones:06}"

    def listed(self, words: dict[str, list[str]]) -> list[str]:
        return [word.replace("*", "") for word in words[self.language]]

    def word(self, section: str) -> str:
        """Return a word that begins a dialogue in this language."""
        keywords, flow = self.world.work.inbound.dialogue.keywords, section if section in FLOWS else ""
        asked = ((word, keywords.caller(word)) for word in self.listed(DATA[section]))
        return next(word for word, ask in asked if isinstance(ask, Ask) and self.is_meant(ask, flow))

    def is_meant(self, ask: Ask, flow: str) -> bool:
        """Uzbek is one language in two alphabets: a word of both is answered in the one that is offered."""
        return ask.flow == flow and spoken(ask.language) == spoken(self.language)

    def page(self, screen: str) -> str:
        """Return a screen in this language, up to what is filled in."""
        return self.world.work.inbound.dialogue.ctx.book.pages[self.language][screen][0].text.partition("{")[0]

    def talk(self, *steps: tuple[str, str], who: str = "") -> None:
        """Send texts of one telephone. Each gets the screen beside it."""
        who = who or self.phone()
        for typed, screen in steps:
            assert texts(self.world, typed, sender=who).startswith(self.page(screen)), (typed, screen)


@pytest.fixture(params=[pytest.param(each.values, id=each.id, marks=each.marks) for each in each_once(WRITTEN)])
def texting(request: pytest.FixtureRequest, new_sqlite: Databases) -> Texting:
    country, language = request.param
    return Texting(World.on(new_sqlite(), country=country, requests_a_day=1_000), language)


def test_each_dialogue_is_whole_in_each_language(texting: Texting) -> None:
    """CALL and HELP with place and need as numbered steps, FAMILY, LANGUAGE, INFO where it is off and on, and STOP."""
    steps = (("1", "sms.when"), ("1", "sms.kept"), ("1", "sms.where"), ("1", "sms.need"), ("1", "sms.noted"))
    texting.talk((texting.word("call"), "sms.ask"), *steps)
    texting.talk((texting.word("help"), "sms.ask"), *steps)
    texting.talk((texting.word("family"), "sms.close"), ("1", "sms.when"), ("1", "sms.kept"), ("0", "sms.noted"))
    who = texting.phone()
    texting.talk((texting.word("language"), "sms.language"), who=who)
    at = texting.world.public.ctx.book.languages.index(texting.language)
    while at >= (shown := len(re.findall("^[1-8] ", texting.world.inbox(who)[-1], re.MULTILINE))):
        texting.world.text(who, "9")  # the next page, which counts from 1 again
        at -= shown
    texting.talk((str(at + 1), "sms.ask"), ("0", "sms.unchanged"), who=who)
    texting.talk((texting.word("topics"), "sms.ask"))
    rows = texting.world.rows(request)
    assert [(row.language, row.kind, row.need, bool(row.place)) for row in rows] == [
        *[(texting.language, "self", "wages", True)] * 2, (texting.language, "about_someone", "", False),
    ]  # fmt: skip
    who = texting.phone()
    texting.talk((texting.word("call"), "sms.ask"), ("1", "sms.when"), who=who)
    texting.world.text(who, texting.listed(DATA["stop"]["words"])[0])
    assert len(texting.world.inbox(who)) == 2, "STOP gets no reply"
    switch_on(texting.world)
    texting.talk((texting.word("topics"), "sms.topics"), ("1", "sms.pay"))


def test_r26_a_colleague_writes_pro_in_each_language(texting: Texting) -> None:
    """From a telephone of the directory. They are answered in the language that the directory has for them."""
    world = texting.world
    with world.db.read() as tx:
        contact = next(iter(contacts.of_kind(tx, "service", world.config.country)))
    word, said = texting.listed(DATA["ngo"]["pro"])[0], partial(world.public.ctx.book.notice, contact.language)
    world.text(contact.phone, word)
    assert world.inbox(contact.phone) == [said("to_ngo.pro_asked"), said("to_ngo.pro")]
    for digit, name in enumerate(("teacher", "doctor", "officer", "employer"), start=1):
        world.text(contact.phone, f"{word} {digit}")
        assert world.inbox(contact.phone)[-1] == said(f"to_pro.{name}")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ким бул", "ky"),
        ("тушунбодум", "ky"),
        ("эртен чал", "ky"),
        ("кист ин", "tg"),
        ("нафахмидам", "tg"),
        ("бу ким", "uz_Cyrl"),
        ("качон телефон киласиз", "uz_Cyrl"),
        ("саат бешке чейин иштеймин", "ky"),
        ("бачам дар мактаб", "tg"),
        ("хозир гаплаша олмайман", "uz_Cyrl"),
        ("кто это", "ru"),
        ("Алишер обманул", "ru"),
        ("я в Кыргызстане", "ru"),
        ("карман", "ru"),
        ("муж сказал что придет домой эртен", "ru"),
    ],
)
def test_a_short_text_without_own_letters_is_answered_in_its_language(text: str, language: str) -> None:
    """Words that Russian does not have say it; one of them in a Russian sentence does not."""
    content = contents(Config())
    assert guessed(content.keywords, content.book.languages, text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("нәме этмели билемок", "tk"),
        ("намэ этмели", "tk"),
        ("хачан җаң этжек", "tk"),
        ("мен өйде", "tk"),
        ("чагам хасса", "tk"),
        ("иш гозлейан", "tk"),
        ("нима қилай билмайман", "uz"),
        ("мой ребенок болеет", "ru"),
        ("я в Ашхабаде", "ru"),
        ("адрес скажите", "ru"),
        ("уехали домой", "ru"),
    ],
)
def test_turkmen_in_cyrillic_letters_is_answered_in_turkmen(text: str, language: str) -> None:
    """It was written so until the 1990s. Unknown words are Russian there only if they are no Turkmen or Uzbek ones."""
    content = contents(Config(country="TM"))
    assert guessed(content.keywords, content.book.languages, text) == language


TURKMEN_CRIES = [
    "ховп", "мен ховпда", "мени сатдылар", "мени урярлар", "мени урдулар", "гачып билемок", "гапы гулплы", "халас эдин",
    "мени халас эдиң", "өлдүрйәрлер мени", "олдурерин диййэр", "зорладылар", "паспортымы алдылар гойберенок",
    "гызымы алып гачдылар", "уямы зор билен аре берйэрлер", "бизи габап гойдулар", "пычак билен горкузяр",
    "тез гелиң мени алып гидиң",
]  # fmt: skip


@pytest.mark.parametrize("text", TURKMEN_CRIES)
def test_r18_danger_is_heard_in_turkmen_in_cyrillic_letters(text: str) -> None:
    """With the letters of Turkmen, and with those of a Russian keyboard."""
    asked = contents(Config(country="TM")).keywords.caller(text)
    assert isinstance(asked, Ask)
    assert asked.danger
