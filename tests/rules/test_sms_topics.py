"""The topics that callers may read by SMS: only what an author has marked, and only where the country has them on."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpline.authoring.safe_wording import directory_names
from helpline.authoring.sms_topics import unsafe_topics
from helpline.authoring.unsaid import read_unsaid
from helpline.content.loading import load
from helpline.content.reviews import guarded
from helpline.content.sources import ROOT
from helpline.core.config import Config
from helpline.core.phone_numbers import Hidden
from helpline.messaging.outgoing import may_go_to_caller
from helpline.store import outbox, texts_out
from helpline.store.schema import request
from menus.draft import Act
from menus.tree import Choice, End, Screen, Text
from tests.rules.test_sms_flows import texts
from tests.steps.sms_topics import answer_by, switch_on, switched_on
from tests.world import CALLER, World, contents

TOPICS = ("sms.topics", "sms.pay", "sms.rest", "sms.contract", "sms.papers", "sms.firm")
UNSAID, NAMES = read_unsaid(ROOT), directory_names(ROOT)


def faults(name: str, screen: Screen) -> list[str]:
    """Return what `komek check` says about the content with another screen in it."""
    content = contents(Config())
    tree = replace(content.parsed.tree, screens={**content.parsed.tree.screens, name: screen})
    changed = replace(content, parsed=replace(content.parsed, tree=tree))
    return [fault.what for fault in unsafe_topics(changed, UNSAID, NAMES)]


@pytest.mark.engines
@pytest.mark.parametrize(("word", "language"), [("Information", "en"), ("инфо", "ru"), ("маалымат", "ky")])
def test_r13_a_caller_reads_a_topic_by_number(world: World, word: str, language: str) -> None:
    """The word gets the list, a digit the text. Then the dialogue is over. Nothing was asked, so nothing is stored."""
    book = switch_on(world)
    assert texts(world, word) == book.pages[language]["sms.topics"][0].text
    assert texts(world, "7") == book.pages[language]["sms.topics"][0].wrong
    assert texts(world, "1") == book.pages[language]["sms.pay"][0].text
    assert texts(world, "1") == book.notice(language, "to_caller.hello")
    assert world.rows(request) == []
    assert len(world.inbox(CALLER)) == 4, "one reply for each text"


def test_r13_a_country_that_has_not_switched_them_on_sends_no_topic(world: World) -> None:
    """The word asks for a call there, and no screen of a topic is in the book."""
    book = world.public.ctx.book
    assert texts(world, "инфо") == book.pages["ru"]["sms.ask"][0].text
    assert book.tree.sms_safe == frozenset()
    assert not any(name in pages for pages in book.pages.values() for name in TOPICS)


def test_r13_the_switch_is_in_the_file_of_the_country(tmp_path: Path) -> None:
    """With it the texts are in the book, and each needs the review of its own."""
    root = Path(shutil.copytree(ROOT, tmp_path / "content"))
    file = root / "countries" / "kg.yaml"
    file.write_text(file.read_text("utf-8") + "sms_topics: true\n", "utf-8")
    on, off = load(Config(), root), contents(Config())
    assert sorted(on.book.tree.sms_safe) == sorted(TOPICS)
    assert set(guarded(on.book)) - set(guarded(off.book)) == {*TOPICS}
    assert on.book.pages == switched_on("KG").pages


def test_r13_a_topic_is_sent_only_with_the_mark_of_its_author(world: World) -> None:
    """Whatever is queued: a screen without the mark, a text under the name of another screen, an unearned topic."""
    book = switch_on(world)
    sealing, earned = world.work.inbound.dialogue.ctx.sealing, {"earned": True, "page": 0, "wrong": False}
    queued: dict[str, tuple[str, dict[str, object]]] = {
        "marked": ("sms.pay", {**earned, "screen": "sms.pay"}),
        "without": ("advice.wages", {**earned, "screen": "advice.wages"}),
        "another": ("sms.pay", {**earned, "screen": "advice.wages"}),
        "unearned": ("sms.pay", {"screen": "sms.pay"}),
    }
    for id, (notice, values) in queued.items():
        with world.db.write(world.clock()) as tx:
            sealed = sealing.seal(id, Hidden(CALLER))
            texts_out.add(tx, "caller", "", notice, "en", values=values, sealed=sealed, id=id)
            row = texts_out.get(tx, id)
            assert row is not None
            assert may_go_to_caller(row, book.tree.sms_safe) is (id == "marked")
            assert not may_go_to_caller(row, ()), "where the country has them off"
            outbox.wake(tx, "send", id, tx.now)
    world.run()
    assert world.inbox(CALLER) == [book.pages["en"]["sms.pay"][0].text]


def test_r13_a_dialogue_about_topics_goes_on_when_they_are_switched_off(world: World) -> None:
    """A digit that comes later is answered as on a telephone that nobody has used."""
    before = world.public.ctx.book
    switch_on(world)
    texts(world, "инфо")
    answer_by(world, before)
    assert texts(world, "1") == before.notice("ru", "to_caller.hello")


@pytest.mark.parametrize(("first", "screen"), [("SOS", "sms.danger_again"), ("FAMILY", "sms.close_again")])
def test_r12_topics_end_no_danger_and_no_call_about_somebody_close(world: World, first: str, screen: str) -> None:
    """What was asked is asked again: the word for topics takes nobody out of it (R25)."""
    book = switch_on(world)
    texts(world, first)
    assert texts(world, "information") == book.pages["en"][screen][0].text


@pytest.mark.parametrize("country", ["KG", "KZ", "TJ", "TM", "UZ"])
def test_r13_no_present_topic_betrays_what_it_is_about(country: str) -> None:
    """In all languages, also where they are switched off."""
    assert list(unsafe_topics(contents(Config(country=country)), UNSAID, NAMES)) == []


def say(words: str) -> End:
    """Return a topic with these English words, which stand in every language."""
    return End("sms.pay", Text("sms.tried", words), sms_safe=True)


@pytest.mark.parametrize(
    "words",
    [
        "Nobody may make you have sex.", "They beat you?", "They keep you by force?", "Call us for help.", "In danger?",
        "A debt is no reason.", "Ask the police.", "You have rights.", "Бьют? Заставляют?", "Звоните 1234.", "komek.org",
        "Ask for {word}.", "Sample Bishkek pays.", "You are a victim.", "Your name?",
    ],
)  # fmt: skip
def test_r13_no_topic_with_such_words_can_be_marked(words: str) -> None:
    """Words of danger, force, sex, the state, a debt, help; a number, a link, a placeholder, a service, a label."""
    assert faults("sms.pay", say(words))
    assert faults("sms.pay", say("Note days and hours.")) == []


def test_r13_only_a_text_to_read_can_be_marked() -> None:
    """It is a screen of sms.yaml, asks nothing, does nothing, and leads only to others with the mark."""
    content = contents(Config())
    menu = content.parsed.tree.screens["sms.topics"]
    over, ask = content.parsed.tree.screens["front.over"], content.parsed.tree.screens["sms.ask"]
    assert isinstance(menu, Choice)
    first = menu.options[0]
    assert faults("sms.topics", replace(menu, options=(replace(first, keep=(("consent", "yes"),)),)))
    assert faults("sms.topics", replace(menu, options=(replace(first, goto="sms.agreed"),)))
    assert faults("sms.pay", replace(say("Note the days."), sms_safe=False)), "words of its own, without the mark"
    assert isinstance(over, End)
    assert isinstance(ask, Choice)
    assert faults("front.over", replace(over, sms_safe=True))
    assert faults("sms.pay", replace(say("Note the days."), act=Act.PAUSE))
    assert faults("sms.ask", replace(ask, sms_safe=True))
