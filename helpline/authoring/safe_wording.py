"""Checks of wordings that can endanger a caller.

Other people may read the texts on a caller's phone, so these must not reveal what they are about (R13).

A minor may ask for help alone (R24). Families often sell their own children, so no text may tell a caller to ask, tell
or bring a parent or another adult. Such words are allowed only where a text says that no adult is needed.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from helpline.content.loading import Content
from helpline.content.sources import texts_of
from helpline.content.yaml_files import read_yaml
from helpline.core.languages import base_of
from menus.faults import Fault, Mark

MOST_TO_CALLER = 30
STEMS = (
    "traffick", "violen", "polic", "clinic", "hiv", "pregnan", "shelter", "rape", "abuse", "slave",
    "торгов", "насили", "полиц", "милиц", "клиник", "вич", "беремен", "приют", "жертв", "раб ",
    "зорлук", "зомбулук", "кош бойлуу", "зорлық", "зомбылық", "жүкті", "зӯровар", "зуровар", "ҳомиладор", "қурбон",
    "зўравон", "зўрлик", "ҳомилад", "полис", "zo'rav", "zo'rlik", "politsiya", "militsiya", "homilad", "qurbon",
    "polisi", "zorluk", "göwreli", "pida",
)  # fmt: skip
"""The first letters of words about danger, health and authorities, in the languages of the region."""
FORBIDDEN = re.compile(r"[0-9]{4}|https?:|www\.|[a-z0-9-]+\.(?:org|com|kg|tj|kz|uz|tm)\b|@", re.IGNORECASE)


def unsafe_texts(content: Content, names: frozenset[str]) -> Iterator[Fault]:
    """Yield a fault for each text to a caller that is not safe on a watched phone. `names` are those of services."""
    to_caller = [path for path in content.parsed.tree.notices if path.startswith("to_caller.")]
    if len(to_caller) > MOST_TO_CALLER:
        what = f"there are {len(to_caller)} texts to callers; at most {MOST_TO_CALLER} are allowed (R13)"
        yield Mark("content/notices.yaml", 1, 1).fault(what)
    for path in to_caller:
        for language in content.book.languages:
            for what in unsafe_wordings(content.book.notices[language][path], names):
                yield content.parsed.marks[path].fault(f"[{language}] a text to a caller {what}; remove it (R13)")
    yield from _unsafe_replies(content)


def _unsafe_replies(content: Content) -> Iterator[Fault]:
    """Yield a fault for each reply of the SMS dialogue whose options are unsafe. Its text was checked already."""
    screens = {name: screen for name, screen in content.book.tree.screens.items() if name.startswith("sms.")}
    for language, pages in content.book.pages.items():
        for name in screens.keys() & pages.keys():
            text = getattr(screens[name], "text", None)
            notice = content.book.notices[language].get(text.path, "") if text else ""
            known = set(unsafe_wordings(notice))
            said = " ".join(each for page in pages[name] for each in (page.text, page.wrong))
            for what in set(unsafe_wordings(said)) - known:
                yield content.parsed.marks[name].fault(f"[{language}] a reply to a caller {what}; remove it (R13)")


def unsafe_wordings(text: str, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield what is unsafe in a text that stays on a caller's phone. `names` are those of services."""
    low = text.casefold()
    if found := FORBIDDEN.search(text):
        yield f"contains {found[0]!r}: a code or an address"
    for stem in STEMS:
        if stem in f" {low} ":
            yield f"contains {stem!r}"
    for name in names:
        if name.casefold() in low:
            yield "names a service of the directory"


def directory_names(root: Path) -> frozenset[str]:
    """Return the names of all services of the sample directory, in every language."""
    listed = read_yaml(root / "directory" / "sample.yaml").values()
    return frozenset(name for country in listed for row in country["services"] for name in row["names"].values())


NO_ADULT_NEEDED: Mapping[str, tuple[str, ...]] = {
    "en": ("no parent",),
    "ru": ("без взрослых", "без родителей"),
    "kk": ("ата-анаңызды шақырмаймыз",),
    "ky": ("ата-эне менен кел дебейбиз",),
    "tg": ("бе падару модар",),
    "uz": ("ota-ona shart emas",),
    "uz_Cyrl": ("ота-она шарт эмас",),
    "tk": ("ene-ata gerek däl",),
}
"""Phrases that say that no adult is needed. A translation with another phrase must add it here."""

ELDER_STEMS: Mapping[str, tuple[str, ...]] = {
    "en": ("parent", "guardian", "adult", "grown-up", "grownup", "mother", "father", r"mum\b", r"mom\b", r"dad\b",
        "elders"),
    "ru": ("родител", "взросл", "опекун", "попечител", r"мам[аеуы]\b", r"мамой\b", r"мать\b", r"матер(?:и|ью)\b",
        r"пап[аеуы]\b", r"папой\b", r"отец\b", r"отц", "отчим", "мачех", "старших"),
    "kk": ("ата-ан", "ата ан", "әкең", "әкес", "әкеге", "шеше", "анаң", "анас", "ересек", "үлкендер", "үлкенге",
        "үлкен кісі", "қамқоршы", "қорғаншы"),
    "ky": ("ата-эн", "ата эн", "энең", "энес", "атаңа", "атаңд", "атас", "апаң", "апас", "чоңдор", "чоң киши",
        "улуулар", "камкорчу"),
    "tg": ("падар", "модар", "волидайн", "калонсол", "калонон", "парастор", "сарпараст", r"васӣ\b"),
    "uz": ("ota-on", "ota on", "otang", "otas", "onang", "onas", "kattalar", "katta odam", "katta kishi", "vasiy",
        "voyaga yet"),
    "uz_Cyrl": ("ота-он", "ота он", "отанг", "отас", "онанг", "онас", "катталар", "катта одам", "катта киши", "васий",
        "вояга ет"),
    "tk": ("ene-at", "ene at", "ejeň", "ejes", "kakaň", "kakas", "ulular", "uly adam", "howandar", "hossar"),
}  # fmt: skip
"""The first letters of words for parents, guardians and adults, as lower-case regular expressions."""


def words_for_adults(text: str, language: str) -> Iterator[str]:
    """Yield each word for a parent, guardian or adult in a text, outside the phrases of `NO_ADULT_NEEDED`."""
    base, rest = base_of(language), text.casefold()
    for phrase in NO_ADULT_NEEDED.get(base, ()):
        rest = rest.replace(phrase, " ")
    for stem in ELDER_STEMS.get(base, ()):
        if found := re.search(rf"(?<![\w-]){stem}[\w-]*", rest):
            yield found[0]


def texts_that_need_an_adult(content: Content) -> Iterator[Fault]:
    """Yield a fault for each text that sends a minor to an adult, in any language of a country."""
    for path, english in texts_of(content.parsed).items():
        for language, local in content.book.locals.items():
            said = local.catalog.get((path, english), english)
            for word in words_for_adults(said, language):
                what = f"[{language}] {path} says {word!r}: a minor may ask alone, so remove this word (R24)"
                yield content.parsed.marks[path].fault(what)
