"""`komek translate keywords`: the SMS words and sample sentences of a language as a sheet, each with its verdict."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from helpline.content import sentences
from helpline.content.sources import ROOT, read_sources
from helpline.core.spreadsheets import written
from menus.folding import normalise
from menus.keywords import Keywords
from menus.sentences import understand

HEAD = ("where", "text", "meaning", "understood as", "right")
SERVICES = "ngo"
"""The section of the words of services. They are compared as they are, not understood as sentences."""
MEANINGS: Mapping[str, str] = {
    "stop": "stop", "danger": "danger", "risk": "danger", "call": "request", "help": "request", "work": "request",
    "rights": "request", "papers": "request", "over": "over",
}  # fmt: skip
"""What a word of each section means if somebody writes nothing else. The other words mean something beside others."""


def sheet(language: str, root: Path = ROOT) -> str:
    """Return the sheet of one language as CSV: first its words by section, then its sample sentences by meaning."""
    data = read_sources(root).keywords
    keywords = Keywords.of(data)
    rows = [
        *_words(keywords, data, language),
        *_sentences(keywords, root / "sentences" / f"{language}.yaml"),
    ]
    return written([HEAD, *rows])


def _words(keywords: Keywords, data: Mapping[str, object], language: str) -> Iterator[tuple[str, ...]]:
    for section, word in _listed("", data, language):
        top, _, below = section.partition(".")
        plain = word.replace("*", "")
        if top == SERVICES:
            meaning, heard = below, keywords.verbs.get(normalise(plain), "")
        else:
            meaning, heard = MEANINGS.get(top, ""), str(understand(keywords.lexicon, plain)[0])
        yield section, word, meaning, heard, _verdict(meaning, heard)


def _listed(above: str, node: object, language: str) -> Iterator[tuple[str, str]]:
    """Yield (section, word) for each word of the language, in the order of the file."""
    for name, below in node.items() if isinstance(node, Mapping) else ():
        if name == language and isinstance(below, list):
            yield from ((above, str(word)) for word in below)
        else:
            yield from _listed(f"{above}.{name}" if above else str(name), below, language)


def _sentences(keywords: Keywords, path: Path) -> Iterator[tuple[str, ...]]:
    for text, meaning in sentences.read(path):
        heard = str(understand(keywords.lexicon, text)[0])
        yield f"sentences/{path.name}", text, str(meaning), heard, _verdict(str(meaning), heard)


def _verdict(meaning: str, heard: str) -> str:
    """Return whether a text is understood as it is meant; nothing if it has no meaning by itself."""
    return ("yes" if meaning == heard else "NO") if meaning else ""
