"""Who must sign which text: the file, its faults, and what is left to sign."""

from pathlib import Path

import pytest

from helpline.content.loading import load, reviews_of
from helpline.content.reviews import Mark, Reviews
from helpline.content.signers import FILE, read_signers
from helpline.core.config import Config
from menus.faults import ContentFaults
from menus.tree import Statement


def test_a_signature_for_other_words_leaves_the_text_unsigned() -> None:
    """One text needs two people. Each is left until they have signed the words as they are."""
    content = load(Config(country="KG"))
    needed = {"health.before": ["doctor", "lawyer"]}
    reviews = Reviews(content.book, (), all_allowed=False, signers=needed)
    assert reviews.unsigned("ru") == needed
    now = reviews.hash("health.before", "ru")
    marks = (
        Mark("health.before", "ru", "A. Doctor", "2026-12-01", now, "doctor"),
        Mark("health.before", "ru", "A. Lawyer", "2026-12-01", "0" * 16, "lawyer"),
        Mark("health.before", "ky", "A. Lawyer", "2026-12-01", now, "lawyer"),
    )
    assert Reviews(content.book, marks, all_allowed=False, signers=needed).unsigned("ru") == {
        "health.before": ["lawyer"]
    }


def test_a_text_that_a_country_does_not_show_needs_no_signature_there() -> None:
    """Topics by SMS go out in some countries only, and a line of the state calls back in some only."""
    left = {code: {*reviews_of(load(Config(country=code))).unsigned("en")} for code in ("KG", "KZ", "TJ", "TM", "UZ")}
    assert all("health.first" in texts for texts in left.values())
    for code, texts in left.items():
        book = load(Config(country=code)).book
        assert texts <= {*book.pages["en"]}, code
        assert ("sms.pay" in texts) == bool(book.tree.sms_safe), code


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("health: {frist: [doctor]}", "there is no screen health.frist"),
        ("health: {first: [dentist]}", "health.first is to be signed by: dentist"),
        ("health: {first: []}", "health.first is to be signed by: nobody"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ContentFaults, match=fault):
        read_signers(tmp_path, ["health.first"])


ASKED_FOR = [
    ("You could not move or shout? That is how the body reacts, not consent.", "health.force", "psychologist"),
    ("You could not move, speak or run?", "advice.froze", "psychologist"),
    ("the sooner the better", "health.first", "doctor"),
    ("Another pill, or a coil from a doctor: until 120 hours.", "health.medicine", "doctor"),
    ("Cannot be woken, has fits, cannot breathe", "health.signs", "doctor"),
    ("Swallowed poison", "health.signs", "doctor"),
    ("Pregnant, with bleeding", "health.signs", "doctor"),
    ("Too hot and confused?", "health.signs", "doctor"),
    ("Gas or smoke", "health.signs", "doctor"),
    ("hepatitis B, tetanus and other infections", "health.force", "doctor"),
    ("in paper, not plastic", "health.force", "lawyer"),
    ("neck squeezed", "health.injury", "doctor"),
    ("This is true for everybody, women and men.", "advice.sex", "lawyer"),
    ("Told to sign for an army", "advice.army", "lawyer"),
    ("Taken away or pushed to marry?", "advice.marry", "lawyer"),
    ("Made to beg, pick cotton or herd animals? To clean or look after children", "advice.unpaid", "lawyer"),
    ("No country says that you belong to it?", "advice.no_country", "lawyer"),
    ("A job by Telegram or Instagram?", "advice.online", "lawyer"),
    ("a return certificate", "advice.home", "lawyer"),
    ("a return certificate", "advice.passport", "lawyer"),
    ("the sponsor", "advice.gulf", "lawyer"),
    ("you can change your workplace", "advice.korea", "lawyer"),
    ("an entry ban", "advice.russia", "lawyer"),
    ("Sold, given away or sent to others as a child?", "advice.given", "psychologist"),
    ("Taken over a border without papers? You have rights.", "advice.border", "lawyer"),
]
"""What callers must be able to read, where it stands, and one who must sign it."""
OTHERS_LOOK_AT = {
    "advice.phone", "close.held_there", "close.missing", "close.no_answer", "close.numbers", "close.secret", "close.there",
    "professionals.pass_on",
}  # fmt: skip
"""Texts to read that no doctor, lawyer or psychologist signs: docs/topics.md names who looks at them."""


@pytest.mark.parametrize("country", ["KG", "KZ", "TJ", "TM", "UZ"])
def test_what_callers_must_be_able_to_read_is_there_in_each_language_and_waits_for_its_signature(country: str) -> None:
    content = load(Config(country=country))
    reviews, screens = reviews_of(content), content.book.tree.screens
    for words, name, role in ASKED_FOR:
        screen = screens[name]
        assert isinstance(screen, Statement)
        assert words in screen.text.english.replace(" | ", " "), name
        for language in content.book.languages:
            assert role in reviews.unsigned(language)[name], (name, language)
            if language != "en":
                shown = " ".join(page.text for page in content.book.pages[language][name])
                assert words not in shown, (name, language)


def test_every_text_to_read_about_health_rights_or_a_family_names_who_must_sign_it() -> None:
    """A new one cannot be forgotten: somebody must sign it, or it is in the list of those that others look at."""
    content = load(Config(country="KG"))
    texts = {name for name, screen in content.book.tree.screens.items() if isinstance(screen, Statement)}
    topics = {name for name in texts if name.partition(".")[0] in {"health", "advice", "close", "professionals"}}
    assert topics - {*content.signers} == OTHERS_LOOK_AT
