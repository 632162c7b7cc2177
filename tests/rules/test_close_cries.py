"""A cry that is plainly about somebody close begins their dialogue (R25). A sender in danger is never taken for that (R1)."""

import pytest

from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml
from helpline.store.schema import message, request
from menus.keywords import Ask, Keywords
from tests.world import CALLER, World

WORDS = Keywords.of(read_yaml(ROOT / "keywords.yaml"))
CLOSE = {
    "en": ["my daughter is locked up", "help me, my daughter is locked up", "my little brother is held by force",
           "they sold my sister", "my son is kept against his will"],
    "ru": ["мою дочь заперли", "мою дочь заперли и не выпускают", "помогите мне, мою дочь заперли", "моя дочь заперта",
           "моего мужа держат в подвале", "дочь держат силой", "увезли дочь", "moyu doch zaperli"],
    "kk": ["қызымды қамап қойды", "қызымды ұстап отыр көмектесіңіз", "әпкемді бір еркек пәтерге қамап қойған"],
    "ky": ["кызымды камап коюшту", "кызымды ала качып кетишти", "эжемди кармап турушат"],
    "tg": ["духтарамро қулф карданд намегузоранд", "хоҳарамро дар хона қулф карданд", "духтарамро рабуданд"],
    "uz": ["qizimni qamab qo'yishdi", "qizimni ushlab turishibdi yordam bering", "opamni kvartiraga qamab qo'yishdi"],
    "uz_Cyrl": ["қизимни қамаб қўйишди", "опамни квартирага қамаб қўйишди"],
    "tk": ["gyzymy gabap goýdular", "uýamy kwartirada gabap goýdular", "gyzymy saklap otyrlar kömek ediň"],
}  # fmt: skip
OWN = {
    "en": ["my husband locked me up", "my daughter locked me up", "my daughter is locked up with me", "they beat me",
           "my daughter and i are locked up", "they locked my daughter and me", "my daughter locked up",
           "my husband is holding my daughter and beats me", "he beats me my daughter is locked up"],
    "ru": ["мой сын меня бьет", "меня заперли", "мою дочь и меня заперли", "дочь заперла меня", "дочь не выпускает",
           "мою дочь заперли а меня бьют", "родственники мужа заперли", "мужа родственники держат взаперти",
           "начальник сына держат", "дочь заперли, бьёт каждый день", "дочь взаперти держит", "муж запер дочь",
           "дочку бьет муж", "маму бьют", "нас с дочкой заперли", "дочь заперли и мне страшно"],
    "kk": ["күйеуім мені қамап қойды", "қызым мені қамап қойды", "қызымды қамап қойды мені ұрады",
           "қызымды қамап қойды шыға алмаймын"],
    "ky": ["күйөөм камап койду", "кызымды камап койду мени урат", "кызым мени камап койду"],
    "tg": ["шавҳарам маро мезанад", "маро ва духтарамро қулф карданд", "шавҳарам қулф кард"],
    "uz": ["erim meni qamab qo'ydi", "erimni onasi qamab qo'ydi", "qizimni qamab qo'yishdi meni urishadi"],
    "uz_Cyrl": ["эрим мени қамаб қўйди", "қизимни қамаб қўйишди мени уришади"],
    "tk": ["gyzym meni gabap goýdy", "adamym gabap goýdy", "gyzymy gabap goýdular meni urýarlar"],
}  # fmt: skip
"""Also all that leaves it open: whose relatives, who is beaten, who cannot leave."""


def heard(text: str) -> Ask:
    """Return what a cry asks for."""
    asked = WORDS.caller(text)
    assert isinstance(asked, Ask)
    assert asked.danger, text
    return asked


@pytest.mark.parametrize("language", CLOSE)
def test_r25_a_cry_plainly_about_somebody_close_is_heard_so(language: str) -> None:
    assert {text: heard(text).flow for text in CLOSE[language]} == dict.fromkeys(CLOSE[language], "family")


@pytest.mark.parametrize("language", OWN)
def test_r01_the_danger_of_the_sender_is_not_taken_for_that_of_somebody_close(language: str) -> None:
    assert {text: heard(text).flow for text in OWN[language]} == dict.fromkeys(OWN[language], "")


@pytest.mark.parametrize("language", CLOSE)
def test_r01_one_word_about_the_sender_makes_a_cry_their_own(language: str) -> None:
    """Wherever it stands: the text is about both of them."""
    me = {
        "en": "me",
        "ru": "меня",
        "kk": "мені",
        "ky": "мени",
        "tg": "маро",
        "uz": "meni",
        "uz_Cyrl": "мени",
        "tk": "meni",
    }
    texts = [f"{text} {me[language]}" for text in CLOSE[language]] + [
        f"{me[language]} {text}" for text in CLOSE[language]
    ]
    taken = [text for text in texts if heard(text).flow]
    assert taken == []


def stored(world: World, *sent: str) -> list[tuple[str, str]]:
    """Send texts of a caller. Return, for each request, which person it is about, and the danger."""
    for text in sent:
        world.text(CALLER, text)
    return [(row.kind, row.risk) for row in world.rows(request)]


@pytest.mark.parametrize("first", ["my daughter is locked up", "мою дочь заперли", "кызымды камап коюшту"])
def test_r25_a_first_text_about_somebody_close_needs_no_word_family(world: World, first: str) -> None:
    world.text(CALLER, first)
    assert world.rows(message)[-1].values["screen"] == "sms.close_danger"
    assert stored(world, "1", "1") == [("about_someone", "now")]
    assert world.state() == "offered"


@pytest.mark.parametrize(
    "sent",
    [
        ("меня бьют", "мою дочь заперли"),
        ("SOS", "my daughter is locked up"),
        ("мою дочь заперли", "меня бьют"),
        ("FAMILY", "муж меня бьет"),
    ],
)
def test_r01_a_cry_about_somebody_close_does_not_end_the_senders_own_danger(
    world: World, sent: tuple[str, str]
) -> None:
    """Whichever came first: the request is the sender's own, at once."""
    assert stored(world, *sent, "1", "1") == [("self", "now")]
