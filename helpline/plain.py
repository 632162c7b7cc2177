"""What somebody typed, as it is read: what nobody sees is not in it."""

import re
import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Controls, also those that turn the direction of what follows; what has no width; halves of letters; private ones."""


def plain(typed: str) -> str:
    """Give what was typed without letters that nobody sees: what is read is then all there is."""
    lines = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", typed).replace("\t", " ")
    seen = "".join(each for each in lines if each == "\n" or unicodedata.category(each) not in _UNSEEN)
    return unicodedata.normalize("NFC", seen).strip()
