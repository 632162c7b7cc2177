"""The table of providers. One provider is one file, and one line here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from gateway.channels import africastalking, africastalking_voice, emulator, kannel, template
from helpline.core.channels_file import ChannelSettings
from helpline.core.config import ConfigError
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
    secrets: Callable[[ChannelSettings], Sequence[str]] = lambda _: ()
    """The names of the secrets without which it does not send."""
    quiet: frozenset[str] = frozenset()
    """The kinds of requests after which a 404 would become a text to the caller's telephone."""
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
    "kannel": Provider(kannel.requests_of, kannel.sender_of, quiet=frozenset({"ussd"})),
    "template": Provider(
        template.requests_of,
        template.sender_of,
        deduplicates=template.deduplicates,
        poller=template.poller_of,
        purse=template.purse_of,
        secrets=lambda settings: template.of(settings).secrets,
    ),
}
"""Each kind of channel by its name in the channels file."""


def faults(settings: ChannelSettings) -> Iterator[str]:
    """Yield what the public web and a worker would refuse at their start, but for secrets that are missing."""
    kind = PROVIDERS.get(settings.kind)
    if kind is None:
        yield f"{settings.name}: there is no kind {settings.kind}; there are {', '.join(PROVIDERS)}"
        return
    try:
        kind.channel(settings)
        if settings.sends:
            secrets = {**dict.fromkeys(kind.secrets(settings), SecretStr("unknown")), **settings.secrets}
            kind.sender(settings.model_copy(update={"secrets": secrets}))
    except ConfigError as error:
        yield from error.faults
    except ValueError as error:
        yield f"{settings.name}: {error}"
