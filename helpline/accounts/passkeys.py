"""Passkeys (WebAuthn): a key in a telephone, a computer or a security key, which answers only to our own address.

The browser's half is gateway/console/static/passkey.js. This module makes the challenges and verifies the answers. A
challenge is stored in the session and is valid once.

`webauthn` is imported when the first passkey is made or used: it is a tenth of the console's start.
"""

import json
from dataclasses import dataclass

from helpline.accounts import factors, sessions
from helpline.accounts.factors import Passkey
from helpline.accounts.sign_in import Proof, SignIn
from helpline.staff.roles import Person, Session, name_of
from helpline.store import audit_log
from helpline.store.engine import Tx

MOST = 10
"""Passkeys of one person."""


def _bad() -> tuple[type[Exception], ...]:
    """Return what an answer that no browser sends can raise: the library's own errors, and those of its parsers."""
    from webauthn.helpers.exceptions import WebAuthnException

    return WebAuthnException, ValueError, KeyError, TypeError


@dataclass(frozen=True, slots=True)
class Passkeys:
    """Registers passkeys and verifies them."""

    sign_in: SignIn
    host: str
    """The name that passkeys are bound to."""
    origin: str
    """The console's address."""
    name: str = "Komek"

    def registration_options(self, person: Person, session: Session) -> str:
        """Return what a browser needs to make a passkey, as JSON."""
        import webauthn
        from webauthn.helpers import structs

        with self.sign_in.db.write() as tx:
            known = [structs.PublicKeyCredentialDescriptor(key.credential) for key in factors.passkeys(tx, person.id)]
            options = webauthn.generate_registration_options(
                rp_id=self.host, rp_name=self.name, user_id=person.id.encode(), user_name=person.login,
                exclude_credentials=known,
                authenticator_selection=structs.AuthenticatorSelectionCriteria(
                    resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
                    user_verification=structs.UserVerificationRequirement.PREFERRED,
                ),
            )  # fmt: skip
            sessions.challenge(tx, session.id, options.challenge.hex())
        return webauthn.options_to_json(options)

    def add(self, person: Person, session: Session, answer: str, name: str) -> bool:
        """Save the passkey that a browser made. Return False if its answer is not to our challenge."""
        import webauthn

        now = self.sign_in.now()
        with self.sign_in.db.write() as tx:
            asked = bytes.fromhex(sessions.take_challenge(tx, session.id))
            if not asked or len(factors.passkeys(tx, person.id)) >= MOST:
                return False
            try:
                made = webauthn.verify_registration_response(
                    credential=answer, expected_challenge=asked, expected_rp_id=self.host, expected_origin=self.origin
                )
            except _bad():
                return False
            id = self._id(person.id, made.credential_id, made.credential_public_key)
            key = Passkey(
                id, person.id, made.credential_id, made.credential_public_key, made.sign_count,
                name_of(name) or "passkey", now, None,
            )  # fmt: skip
            audit_log.append(tx, self.sign_in.audit_key, now, person.id, "added_passkey", key.id)
            return factors.add_passkey(tx, key)

    def authentication_options(self, person: Person, session: Session) -> str:
        """Return what a browser needs to use one of the person's passkeys, as JSON."""
        import webauthn
        from webauthn.helpers import structs

        with self.sign_in.db.write() as tx:
            known = [structs.PublicKeyCredentialDescriptor(key.credential) for key in factors.passkeys(tx, person.id)]
            options = webauthn.generate_authentication_options(rp_id=self.host, allow_credentials=known)
            sessions.challenge(tx, session.id, options.challenge.hex())
        return webauthn.options_to_json(options)

    def proof(self, session: Session, answer: str) -> Proof:
        """Return the proof that a browser sent."""
        import webauthn

        def look(tx: Tx, person: Person) -> str:
            asked = bytes.fromhex(sessions.take_challenge(tx, session.id))
            key = next((key for key in factors.passkeys(tx, person.id) if key.credential == _id_in(answer)), None)
            if not asked or key is None or key.id != self._id(person.id, key.credential, key.public_key):
                return ""
            try:
                done = webauthn.verify_authentication_response(
                    credential=answer, expected_challenge=asked, expected_rp_id=self.host, expected_origin=self.origin,
                    credential_public_key=key.public_key, credential_current_sign_count=key.sign_count,
                )  # fmt: skip
            except _bad():
                return ""
            factors.use_passkey(tx, key.id, done.new_sign_count, tx.now)
            return "passkey"

        return look

    def _id(self, person: str, credential: bytes, public_key: bytes) -> str:
        """Return the id of a passkey: a code of the session key over its owner and its key.

        Otherwise somebody who can write the database, but has no session key, could add their own passkey to an
        account.
        """
        return self.sign_in.key.token(f"passkey {person} {credential.hex()} {public_key.hex()}")[:32]


def _id_in(answer: str) -> bytes:
    """Return the id of the passkey that an answer is for; empty if it is no answer."""
    import webauthn

    try:
        return webauthn.base64url_to_bytes(json.loads(answer)["id"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return b""
