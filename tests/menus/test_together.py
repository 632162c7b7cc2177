"""Ideas that mean something only together: in any order, with other words between them, and never hiding a request."""

import pytest

from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml
from menus.keywords import Ask, Keywords, Stop
from menus.sentences import Meaning, understand
from menus.together import IDEAS

DATA = read_yaml(ROOT / "keywords.yaml")
WORDS = Keywords.of(DATA)


def meaning(text: str) -> Meaning:
    """Return what a text means."""
    return understand(WORDS.lexicon, text)[0]


@pytest.mark.parametrize("text", [
    "the door is always locked", "they lock each door", "he put a knife to my neck", "my neck, he has put a blade on it",
    "дверь всегда на замке", "закрыли нас на заводе в подвале", "приставил к моей шее нож", "заберите нас скорее отсюда",
    "есікті күнде құлыптайды", "эшикти күн сайын бекитет", "дарвоза ҳамеша қулф", "eshikni har kuni qulflaydi", "gapyny her gün gulplaýar",
])  # fmt: skip
def test_r18_a_cry_is_heard_in_any_order_and_with_words_between(text: str) -> None:
    """No phrase of the file has these words beside each other."""
    assert meaning(text) is Meaning.DANGER


def test_r18_an_idea_that_is_denied_means_nothing() -> None:
    """A *not* right before or after it: "never locked", "not solved"."""
    assert meaning("we never lock the gate here") is Meaning.OTHER
    assert meaning("мәселе шешілген жоқ") is Meaning.OTHER
    assert meaning("не забудьте обо мне") is Meaning.OTHER


def test_r18_a_refusal_of_several_ideas_hides_no_request_between_them() -> None:
    """Only words that change nothing may be between the words of a refusal, in the same part of the text."""
    assert WORDS.caller("справлюсь сама") == Stop()
    assert WORDS.caller("сама помогите не справлюсь") == Ask("ru")
    assert WORDS.caller("without my passport, please call") == Ask("en")
    assert meaning("I can not wait, there is no need. Call me") is not Meaning.STOP


def test_r18_without_calls_may_mean_something_else_in_a_longer_text() -> None:
    """Then nothing is sent, and a coordinator is alerted."""
    assert meaning("без звонков, пожалуйста") is Meaning.STOP
    assert meaning("я без звонка жду третий день") is Meaning.BOTH


@pytest.mark.parametrize(
    "text",
    [
        "my sister was here",
        "бала ойнап жатыр",
        "my brother wrote to me",
        "балам болды",
        "писарам фиристод пул",
        "все решили за меня",
    ],
)
def test_r18_what_a_child_or_somebody_else_did_is_no_refusal(text: str) -> None:
    """That a child played with the phone is one; that they were here, or wrote, is none."""
    assert meaning(text) is Meaning.OTHER


def test_r18_who_wants_to_be_taken_away_refuses_no_call() -> None:
    """A refusal beside it is about the place. To be taken off a list is STOP."""
    assert meaning("i dont want this any more, get me out") is Meaning.DANGER
    assert meaning("не надо больше ничего, заберите меня отсюда") is Meaning.DANGER
    assert meaning("get me out of your list") is Meaning.STOP


def test_r18_no_slip_makes_a_refusal_or_a_cry_of_a_common_word() -> None:
    """*отдали* is near to *отвали*, *weather* to *beat her*."""
    assert meaning("паспорта отдали") is not Meaning.STOP
    assert meaning("как написать сообщение") is Meaning.OTHER
    assert meaning("the weather is cold") is Meaning.OTHER


@pytest.mark.parametrize("text", ["звандамаңыздаршы", "звандабагылачы", "tel qilmanglarchi", "безобита накунетон"])
def test_r18_a_polite_ending_changes_nothing(text: str) -> None:
    """It need not be listed with each order."""
    assert WORDS.caller(text) == Stop()


@pytest.mark.parametrize("words", ["child play sent my phone ", "not take call want sent ", "child play sent wrote "])
def test_r18_a_text_that_only_repeats_ideas_is_read(words: str) -> None:
    """The public process reads every text: to try all combinations of some hundred words would take it hours."""
    assert meaning(words * 100) is not Meaning.STOP


@pytest.mark.parametrize("text", [
    "я не согласна на звонок", "қоңырауға келіспеймін", "чалууга макул эмесмин", "ба занг розӣ нестам", "jaňa razy däl",
])  # fmt: skip
def test_r18_who_does_not_agree_to_a_call_is_not_called(text: str) -> None:
    assert WORDS.caller(text) == Stop()


def test_each_idea_is_listed_and_used() -> None:
    """An idea without words would never be found, and one that no frame has would be read in vain."""
    assert {*DATA["ideas"]} == IDEAS
