"""The ids that gateways give to messages, as Komek stores them: unique for each channel, and without a number in them.

Some gateways make ids of the receiver's number. Such an id would outlive the number in the table of messages (R34).
"""

import re

from helpline.keys.sealing import Words

LONGEST = 80
_MAY_BE_NUMBER = re.compile(r"\d(?:[ ()./_-]{0,2}\d){6,}")
"""Seven or more digits, also with separators between them."""


def key(words: Words, channel: str, id: str) -> str:
    """Return how a gateway's message id is stored: as it is, or its hash if it is long or may hold a number."""
    plain = f"{channel}:{id}"
    if len(plain) <= LONGEST and not _MAY_BE_NUMBER.search(id):
        return plain
    return f"{channel}:#{words.message(channel, id)}"
