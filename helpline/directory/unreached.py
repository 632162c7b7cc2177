"""Who is in the directory, and gets no text because no channel sends to their telephone."""

from collections.abc import Iterable, Sequence

from helpline.core.channels_file import ChannelSettings
from helpline.core.phone_numbers import msisdn
from helpline.directory import services
from helpline.directory.service import ACTIVE
from helpline.staff import contacts, on_call
from helpline.staff.contact import Contact
from helpline.store.engine import Tx


def unreached(tx: Tx, country: str, channels: Sequence[ChannelSettings]) -> list[str]:
    """Return the ids of active services and of coordinators whose telephone no channel sends to.

    All telephones of a service count: whichever is on duty gets its texts.
    """
    active = {each.id for each in services.services(tx, country) if each.status == ACTIVE}
    listed = [each for each in contacts.of_kind(tx, "service", country) if each.service in active]
    return without_channel([*listed, *on_call.in_turn(tx, country)], channels)


def without_channel(listed: Iterable[Contact], channels: Sequence[ChannelSettings]) -> list[str]:
    """Return the ids of the contacts whose telephone no channel sends to."""
    return [each.id for each in listed if not any(channel.reaches(msisdn(each.phone)) for channel in channels)]
