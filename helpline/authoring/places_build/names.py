"""Choose the name of a place on a screen, in each language, from all names that the sources have for it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from anyascii import anyascii
from rapidfuzz import fuzz

from helpline.authoring.places_build.letters import (
    kk_cyrillic,
    plain_apostrophes,
    russian,
    tajik,
    tk_english,
    tk_russian,
    uz_cyrillic,
    uz_from_cyrillic,
)
from menus.spelling import key

LOCAL = {"KG": "ky", "KZ": "kk", "TJ": "tg", "TM": "tk", "UZ": "uz"}
"""The language of a country's own names."""

KIND = re.compile(
    r"\b(район[аы]?|р-н|ауданы|ауылдық округі|қаласы|қалалық әкімшілігі|шаары|району|облусу|облысы|область|вилояти|"
    r"велаяты|тумани|шаҳри|ноҳияи|hoҳияи|город|district|city|rayony?|raion|tumani|shahri|nohiyai|etraby|etrap|region|province|"
    r"viloyati|velayat[yi]?|oblast[’']?|oblysy|aūdany|qalasy|shaary)(?!\w)",
    re.IGNORECASE,
)
_CYRILLIC, _LATIN = re.compile(r"[\u0400-\u04ff '’()-]+"), re.compile(r"[A-Za-z\u00c0-\u024f\u02bb\u02bc '’‘`-]+")
_ADJECTIVE = re.compile(r"(skiy|skii|sky|skogo)$", re.IGNORECASE)
_DISTRICT = {
    "ru": re.compile(r"(?<=[сц]кий) район$|^район |[сц]кий$", re.IGNORECASE),
    "kk": re.compile(" ауданы$", re.IGNORECASE),
    "ky": re.compile(" району$", re.IGNORECASE),
    "tg": re.compile("^(н|h)oҳияи |^ноҳияи ", re.IGNORECASE),
}
_RUSSIAN = re.compile(r"[А-Яа-яЁё '-]+")
_OWN = {"ky": "ңөү", "kk": "әғқңөұүһі", "tg": "ғӣқӯҳҷ", "uz_Cyrl": "ўқғҳ"}
"""Letters that occur only in this language or in a close one."""
_NOT_OURS = re.compile(r"[їєґќњљђћџўҙҡҫӑӗҕӳԥӏ]|ськ$|івка$|ийськ| ош$", re.IGNORECASE)


def stem(name: str) -> str:
    """Remove words for the kind of a place (*district*, *tumani*, *ауданы*), and normalise spaces and apostrophes."""
    plain = re.sub(r"[‘’ʻʼ`]", "'", name)
    return " ".join(KIND.sub(" ", plain).replace("()", " ").split()).strip(" -,)") or plain


def spellings(names: Iterable[str]) -> list[str]:
    """Return the names that a caller could type: Latin or Cyrillic, no airport codes, no foreign transliterations."""
    kept = [stem(name) for name in names if name[:1].isupper() and not _NOT_OURS.search(name)]
    return [
        name
        for name in kept
        if _CYRILLIC.fullmatch(name) or (_LATIN.fullmatch(name) and len(name) > 3 and not name.islower())
    ]


def without_echoes(names: Iterable[str], shown: Iterable[str]) -> list[str]:
    """Return the spellings without those that have the same search key as another, because they find nothing new."""
    seen = {key(name) for name in shown}
    kept = []
    for name in sorted(set(names), key=lambda name: (not _CYRILLIC.fullmatch(name), name)):
        if key(name) not in seen:
            kept.append(name)
            seen.add(key(name))
    return sorted(kept)


def chosen(country: str, name: str, others: Iterable[str]) -> dict[str, str]:
    """Return the name of a place in each language that can be chosen from its main name and its other names."""
    cyrillic = [spelling for spelling in spellings(others) if _CYRILLIC.fullmatch(spelling)]
    latin = [each for each in spellings([name, *others]) if _LATIN.fullmatch(each)]
    return _BY_COUNTRY[country](stem(name), cyrillic, latin)


def chosen_of_district(country: str, name: str, others: Iterable[str]) -> dict[str, str]:
    """Return the names of a district, preferably those that a source uses together with the word *district*."""
    names = [name, *others]
    found = chosen(country, name, others)
    latin = [
        spelling for spelling in spellings(names) if _LATIN.fullmatch(spelling) and not _ADJECTIVE.search(spelling)
    ]
    if "en" in found:
        found["en"] = _english(_best(latin, [name]))
    marked = {language: [each for each in names if pattern.search(each)] for language, pattern in _DISTRICT.items()}
    for language in {"ru", LOCAL[country]} & marked.keys():
        if fit := [each for each in spellings(marked[language]) if _CYRILLIC.fullmatch(each)]:
            found[language] = _best(fit, [name])
    return found


def completed(country: str, names: Mapping[str, str]) -> dict[str, str]:
    """Add the languages that can be converted from another one."""
    full = dict(names)
    if country == "UZ":
        full.setdefault("uz_Cyrl", uz_cyrillic(full["uz"]))
        full.setdefault("ru", russian(full["uz_Cyrl"]))
        full.setdefault("tg", tajik(full["uz_Cyrl"]))
        full.setdefault("en", full["uz"])
    elif country == "TM":
        full.setdefault("ru", tk_russian(full["tk"]))
        full.setdefault("en", tk_english(full["tk"]))
    else:
        local = LOCAL[country]
        full.setdefault(local, full.get("ru", ""))
        full.setdefault("ru", russian(full[local]))
        full["en"] = full.get("en") or anyascii(full[local])
        full.setdefault("uz_Cyrl", uz_from_cyrillic(full[local]))
    return dict(sorted(full.items()))


def _best(names: Iterable[str], like: Iterable[str], fit: Callable[[str], object] = bool) -> str:
    """Return the name for which `fit` is true that is most similar to one of `like`."""
    keys = [key(model) for model in like]
    ranked = [(-max((fuzz.ratio(key(name), model) for model in keys), default=0), name) for name in names if fit(name)]
    return min(ranked)[1] if ranked else ""


def _own(language: str) -> Callable[[str], bool]:
    return lambda name: any(letter in name.lower() for letter in _OWN[language])


def _cyrillic_country(local: str) -> Callable[[str, list[str], list[str]], dict[str, str]]:
    def choose(name: str, cyrillic: list[str], latin: list[str]) -> dict[str, str]:
        own = _best(cyrillic, latin, _own(local)) or _best(cyrillic, [name], _RUSSIAN.fullmatch)
        russians = _best(cyrillic, [name], _RUSSIAN.fullmatch)
        from_map = kk_cyrillic(name) if local == "kk" else ""
        found = {local: own or from_map, "ru": russians, "en": _english(name)}
        return {language: each for language, each in found.items() if each}

    return choose


def _turkmen(name: str, cyrillic: list[str], _: list[str]) -> dict[str, str]:
    russians = _best(cyrillic, [name], _RUSSIAN.fullmatch)
    return {"tk": name} | ({"ru": russians} if russians else {})


def _uzbek(name: str, cyrillic: list[str], latin: list[str]) -> dict[str, str]:
    russians = _best(cyrillic, [name, *latin], _RUSSIAN.fullmatch)
    return {"uz": _english(name.replace("ŭ", "o'").replace("Ŭ", "O'"))} | ({"ru": russians} if russians else {})


def _english(name: str) -> str:
    """Return a Latin name without diacritics, which old phones lack."""
    bare = unicodedata.normalize("NFD", plain_apostrophes(name))
    return anyascii("".join(letter for letter in bare if not unicodedata.combining(letter)))


_BY_COUNTRY = {
    **{country: _cyrillic_country(LOCAL[country]) for country in ("KG", "KZ", "TJ")},
    "TM": _turkmen,
    "UZ": _uzbek,
}
