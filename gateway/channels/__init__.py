"""The SMS, USSD and voice gateways that Komek works with: one provider per file, and a table of them.

Entry points: `CHANNELS` and `VOICES`. A provider's file imports `helpline.core` only, and decides nothing.
"""

from collections.abc import Mapping

from gateway.channels import africastalking, africastalking_voice
from helpline.core.ports import Channel, Voice

CHANNELS: Mapping[str, Channel] = {
    "africastalking": africastalking,
}
"""Each channel by its name in `KOMEK_CHANNELS` and in the address of its webhooks."""

VOICES: Mapping[str, Voice] = {
    "africastalking": africastalking_voice,
}
"""The channels that can connect two telephones, by the same names."""
