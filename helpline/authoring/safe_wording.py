"""What must not lie on a telephone that others look into (R13).

A minor may ask alone (R24): no text tells anybody to ask, tell or bring a parent or an adult.

Children are often sold by their families. So such words stand nowhere, but where it is said that nobody is needed.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from helpline.content.loading import Content
from helpline.content.sources import texts_of
from helpline.content.yaml_files import read_yaml
from helpline.core.languages import base_of
from menus.faults import Fault, Mark

MOST_TO_CALLER = 12
STEMS = (
    "traffick", "violen", "polic", "clinic", "hiv", "pregnan", "shelter", "rape", "abuse", "slave",
    "торгов", "насили", "полиц", "милиц", "клиник", "вич", "беремен", "приют", "жертв", "раб ",
    "зорлук", "зомбулук", "кош бойлуу", "зорлық", "зомбылық", "жүкті", "зӯровар", "зуровар", "ҳомиладор", "қурбон",
    "зўравон", "зўрлик", "ҳомилад", "полис", "zo'rav", "zo'rlik", "politsiya", "militsiya", "homilad", "qurbon",
    "polisi", "zorluk", "göwreli", "pida",
)  # fmt: skip
"""Beginnings of words of danger, health and authorities, in the languages of the region."""
FORBIDDEN = re.compile(r"[0-9]{4}|https?:|www\.|[a-z0-9-]+\.(?:org|com|kg|tj|kz|uz|tm)\b|@", re.IGNORECASE)


def unsafe_texts(content: Content, names: frozenset[str]) -> Iterator[Fault]:
    """Name each text to a caller that says what a watched phone must not; `names` are those of services."""
    mine = [path for path in content.parsed.tree.notices if path.startswith("to_caller.")]
    if len(mine) > MOST_TO_CALLER:
        what = f"there are {len(mine)} texts to callers; at most {MOST_TO_CALLER} (R13)"
        yield Mark("content/notices.yaml", 1, 1).fault(what)
    for path in mine:
        for language in content.book.languages:
            for what in said_unsafely(content.book.notices[language][path], names):
                yield content.parsed.marks[path].fault(f"[{language}] a text to a caller {what}; take it out (R13)")


def said_unsafely(text: str, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """Say what is wrong with a text that stays on a caller's phone; `names` are those of services."""
    low = text.casefold()
    if found := FORBIDDEN.search(text):
        yield f"holds {found[0]!r}: a code or an address"
    for stem in STEMS:
        if stem in f" {low} ":
            yield f"holds {stem!r}"
    for name in names:
        if name.casefold() in low:
            yield "names a service of the directory"


def directory_names(root: Path) -> frozenset[str]:
    """Give the names of all services of the directory, in every language."""
    listed = read_yaml(root / "directory" / "sample.yaml").values()
    return frozenset(name for country in listed for row in country["services"] for name in row["names"].values())


NOBODY: Mapping[str, tuple[str, ...]] = {
    "en": ("no parent",),
    "ru": ("без взрослых", "без родителей"),
    "kk": ("ата-анаңызды шақырмаймыз",),
    "ky": ("ата-эне менен кел дебейбиз",),
    "tg": ("бе падару модар",),
    "uz": ("ota-ona shart emas",),
    "uz_Cyrl": ("ота-она шарт эмас",),
    "tk": ("ene-ata gerek däl",),
}
"""What says that nobody is needed. Whoever words it anew in a translation adds it here."""

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
"""Beginnings of words for parents, guardians and adults, as regular expressions, in small letters."""


def sends_to_others(text: str, language: str) -> Iterator[str]:
    """Give each word of a text that names a parent, a guardian or an adult whom it does not do without."""
    base, left = base_of(language), text.casefold()
    for phrase in NOBODY.get(base, ()):
        left = left.replace(phrase, " ")
    for stem in ELDER_STEMS.get(base, ()):
        if found := re.search(rf"(?<![\w-]){stem}[\w-]*", left):
            yield found[0]


def unfree_texts(content: Content) -> Iterator[Fault]:
    """Name each text, in any language of a country, that sends a minor to somebody else."""
    for path, english in texts_of(content.parsed).items():
        for language, local in content.book.locals.items():
            said = local.catalog.get((path, english), english)
            for word in sends_to_others(said, language):
                what = f"[{language}] {path} says {word!r}: a minor may ask alone, so say it without (R24)"
                yield content.parsed.marks[path].fault(what)
