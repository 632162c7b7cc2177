"""The table of providers."""

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
