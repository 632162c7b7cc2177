"""How much room each text has, which translators see beside it."""

from dataclasses import replace

import pytest

from helpline.authoring.room import IN_SMS, Room, rooms
from helpline.content.loading import load, print_content
from helpline.content.sms_fit import sms_misfits
from helpline.content.sources import ROOT, Sources, load_country, read_sources
from helpline.core.config import Config
from menus.book import SLOT, Book


@pytest.fixture(scope="module")
def measured() -> dict[str, int]:
    """The room of each Russian text in Kyrgyzstan."""
    return rooms(read_sources(ROOT), "ru", ["KG"])


def test_every_text_has_room(measured: dict[str, int]) -> None:
    """A translation that fits is never reported as too long."""
    sources = read_sources(ROOT)
    assert measured.keys() == sources.wanted.keys()
    for (path, _), translation in sources.translation("ru").catalog.items():
        assert len(translation) <= measured.get(path, 999), path


@pytest.mark.parametrize(
    "path", ["callback.may_sms", "callback.consent.0", "to_caller.hello", "promise.window", "needs.health"]
)
def test_one_letter_more_than_the_room_does_not_fit(measured: dict[str, int], path: str) -> None:
    """The room is exactly what the screens and texts leave with the longest values."""
    sources = read_sources(ROOT)
    english, _ = sources.wanted[path]
    slots = "".join(f"{{{slot}}}" for slot in SLOT.findall(english))
    before, misfits_before = print_content(Config(country="KG"), sources)
    for over in (0, 1):
        translation = "Ы" * (measured[path] + over - len(slots)) + slots
        content, misfits = print_content(Config(country="KG"), with_translation(sources, path, translation))
        more = len(misfits) > len(misfits_before) or _pages(content.book, "ru") > _pages(before.book, "ru")
        assert more == bool(over), (path, measured[path], over, misfits)


def with_translation(sources: Sources, path: str, translation: str) -> Sources:
    """Return the sources with another Russian translation of one text."""
    file = sources.translation("ru")
    entries = (replace(each, translation=translation) if each.context == path else each for each in file.po.entries)
    other = replace(file, po=replace(file.po, entries=tuple(entries)))
    return replace(sources, translation=lambda tongue: other if tongue == "ru" else sources.translation(tongue))


def _pages(book: Book, language: str) -> int:
    return sum(map(len, book.pages[language].values()))


def test_a_text_in_gsm7_has_more_room(measured: dict[str, int]) -> None:
    """Uzbek has 160 letters in Latin script, and 70 in Cyrillic."""
    assert measured["to_caller.hello"] == 70
    sources = read_sources(ROOT)
    here = Room.of(sources, "uz", load_country(ROOT, "UZ"))
    hello = ("to_caller.hello", sources.wanted["to_caller.hello"][0])
    assert here.room(hello, []) == 160


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_only_texts_that_contain_a_longer_text_get_longer(language: str) -> None:
    """The room of a text is found by weighing only these, so texts inside others must be known."""
    book = load(Config(country="UZ")).book
    texts = book.notices[language]
    for path in texts:
        if path.startswith(IN_SMS):
            longer = replace(book, languages=(language,), notices={language: {**texts, path: f"{texts[path]} " * 20}})
            too_long = {misfit.path for misfit in sms_misfits(longer)}
            assert {misfit.path for misfit in sms_misfits(longer, path)} == too_long, path
