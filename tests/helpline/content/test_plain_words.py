"""English texts are in everyday words: readers are no native speakers, and translators begin from them."""

import re
from collections.abc import Iterator

import pytest

from helpline.content.sources import ROOT
from helpline.content.yaml_files import read_yaml

STIFF = {
    r"ring|rings|rung|rang": "call",
    r"whom|whoever|whomsoever": "who, or a sentence without it",
    r"anew|hereby|thereby|aside|heed|reckon": "an everyday word",
    r"written down": "saved",
    r"let it pass": "decline",
    r"nobody has looked": "not yet reviewed",
    r"he|she|him|her|hers|his|himself|herself": "they, their",
    r"erase[ds]?|erasing": "delete",
}
"""Words that no text may use, and what to say instead (R45: nothing presumes a woman or a man)."""
FILES = [path for folder in ("console", "menus") for path in sorted((ROOT / folder).glob("*.yaml"))]


def said(node: object) -> Iterator[str]:
    """Yield every text in a file."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for each in node.values():
            yield from said(each)
    elif isinstance(node, list):
        for each in node:
            yield from said(each)


@pytest.mark.parametrize("words", STIFF, ids=STIFF.values())
def test_no_english_text_uses_a_stiff_word(words: str) -> None:
    stiff = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    found = [
        f"{path.name}: {text[:80]}"
        for path in (*FILES, ROOT / "notices.yaml", ROOT / "phone.yaml")
        for text in said(read_yaml(path)) if " " in text and stiff.search(text)
    ]  # fmt: skip
    assert found == [], f"say {STIFF[words]!r}"
