"""The accounts of the demo: one per role, and a second coordinator for actions that need two.

Password and second factor are derived from the demo's session key, so they stay the same and are not stored anywhere.
Production has no such accounts: nobody knows another's password.
"""

import base64
from collections.abc import Mapping

from helpline.accounts.sign_in import SignIn
from helpline.staff.roles import Role

ACCOUNTS: Mapping[str, Role] = {role.value: role for role in Role} | {"coordinator2": Role.COORDINATOR}
"""Login → role."""
NAMES: Mapping[str, str] = dict(zip(ACCOUNTS, ("Aida", "Bek", "Malika", "Daniyar", "Timur", "Ogulnur"), strict=True))
"""Login → a made-up name, which needs no translation."""


def of(sign_in: SignIn, login: str) -> tuple[str, str]:
    """Return password and TOTP secret of a demo account."""
    drawn = bytes.fromhex(sign_in.key.token(f"demo {login}"))
    word = base64.b32encode(drawn[:10]).decode().lower()
    return "-".join(word[at : at + 4] for at in range(0, 16, 4)), base64.b32encode(drawn[12:32]).decode()
