"""The gateways that Komek can be reached through: one provider a file, and the one dict of them."""

from collections.abc import Mapping

from gateway.channels import africastalking, africastalking_voice
from helpline.core.ports import Channel, Voice

CHANNELS: Mapping[str, Channel] = {
    "africastalking": africastalking,
}
"""By the name that stands in `KOMEK_CHANNELS` and in the address of its webhooks."""

VOICES: Mapping[str, Voice] = {
    "africastalking": africastalking_voice,
}
"""Those that can join two telephones, by the same names."""
