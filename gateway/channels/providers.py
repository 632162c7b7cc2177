"""The table of providers. One provider is one file, and one line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.channels import africastalking, africastalking_voice, emulator, kannel, template
from helpline.core.channels_file import ChannelSettings
from helpline.core.ports import CallMaker, Channel, Poller, Purse, Sender, Voice


@dataclass(frozen=True, slots=True)
class Provider:
    """How channels of one kind are made from their settings."""

    channel: Callable[[ChannelSettings], Channel]
    """Makes what reads and answers the gateway's requests, for the public process."""
    sender: Callable[[ChannelSettings], Sender | None]
    """Makes what sends, for workers. It is None if the gateway cannot send. It may raise `ValueError`."""
    deduplicates: Callable[[ChannelSettings], bool] = lambda _: False
    """Whether the gateway takes a text with the same id of ours only once."""
    poller: Callable[[ChannelSettings], Poller | None] = lambda _: None
    """Makes what asks for receipts, if the gateway does not send them."""
    purse: Callable[[ChannelSettings], Purse | None] = lambda _: None
    """Makes what asks for the balance."""
    voice: Voice | None = None
    """Reads and answers requests about calls. Then `caller` makes calls."""
    caller: Callable[[ChannelSettings], CallMaker] | None = None


PROVIDERS: Mapping[str, Provider] = {
    "africastalking": Provider(
        africastalking.requests_of,
        africastalking.sender_of,
        voice=africastalking_voice,
        caller=africastalking.sender_of,
    ),
    "emulator": Provider(emulator.requests_of, emulator.sender_of, deduplicates=lambda _: True),
    "kannel": Provider(kannel.requests_of, kannel.sender_of),
    "template": Provider(
        template.requests_of,
        template.sender_of,
        deduplicates=template.deduplicates,
        poller=template.poller_of,
        purse=template.purse_of,
    ),
}
"""Each kind of channel by its name in the channels file."""
