"""Which channel a text goes by.

A caller is answered only by the channel and the code that they wrote to: another sender's name in their list of texts
could betray them. If the gateway did not say which code that was, the channel's only code for texts is it.

Texts to services and coordinators go by the first channel that sends to their number, and by the next one if it refuses
them or fails.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from helpline.core.channels_file import ChannelSettings
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import Poller, Purse, Sender

BY = "by"
"""The name under which a reply stores the channel and the code that it answers."""


@dataclass(frozen=True, slots=True)
class Route:
    """A channel that texts can go by."""

    channel: ChannelSettings
    sender: Sender
    deduplicates: bool = False
    """Whether the gateway takes a text with the same id of ours only once. Then an unclear answer is asked again."""
    poller: Poller | None = None
    """Asks what became of texts, if the gateway does not report that itself."""
    purse: Purse | None = None
    """Asks how much money is left, if the gateway says so."""

    @property
    def name(self) -> str:
        """The name of the channel."""
        return self.channel.name


@dataclass(frozen=True, slots=True)
class Way:
    """How one text goes: its channel, and the code that it is sent from (empty: the usual one)."""

    route: Route
    code: str = ""


def reply_by(routes: Sequence[Route], values: Mapping[str, object]) -> Way | None:
    """Return the only way of a reply to a caller, or None if the channel they wrote to is gone.

    A reply of before channels had names goes by the first one: there was one only, and it must stay the first.
    Return None, too, if the code is unknown, and the channel's usual sender may be a name.
    """
    match values.get(BY):
        case [str(name), str(code)] if name:
            route = next((each for each in routes if each.name == name), None)
        case _:
            route, code = (routes[0] if routes else None), ""
    sent_from = code or (route.channel.reply_code if route else None)
    return None if route is None or sent_from is None else Way(route, sent_from)


def way_to(
    routes: Sequence[Route], number: Msisdn, resting: Callable[[], Collection[str]], refused_by: Collection[str] = ()
) -> Way | None:
    """Return the way of a text to a service or coordinator, or None if no channel is left.

    A channel that names the beginning of the number goes before one that takes all numbers. One that rests after faults
    goes last: `resting` is asked which do, if there is a choice. One that has refused the text does not get it again.
    """
    left = [each for each in routes if each.channel.reaches(number) and each.channel.name not in refused_by]
    if len(left) > 1:
        rest = resting()
        left.sort(key=lambda each: (each.channel.name in rest, not each.channel.prefixes, not each.channel.countries))
    return Way(left[0]) if left else None
