"""A minor may ask alone (R24): no text tells anybody to ask, tell or bring a parent or an adult.

Children are often sold by their families. So such words stand nowhere, but where it is said that nobody is needed.
"""

import re
from collections.abc import Iterator, Mapping

from helpline.content import Content
from helpline.languages import base_of
from helpline.sources import texts_of
from menus.faults import Fault

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

STEMS: Mapping[str, tuple[str, ...]] = {
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
    for stem in STEMS.get(base, ()):
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
