"""Passkeys (WebAuthn): a key in a telephone, a computer or a stick, which only answers to our own address.

The browser does the talking (gateway/console/static/passkey.js); here is what it is asked, and whether its answer is
true. The question is kept in the session and is good once.
"""

import json
from dataclasses import dataclass
from datetime import datetime

import webauthn
from sqlalchemy.engine import Connection
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from helpline.accounts import factors, sessions
from helpline.accounts.factors import Passkey
from helpline.accounts.sign_in import Entrance, Proof
from helpline.staff.roles import Person, Session, name_of
from helpline.store import audit_log

MOST = 10
"""Passkeys of one person."""
Bad = (WebAuthnException, ValueError, KeyError, TypeError)
"""What an answer that no browser gives can raise: py_webauthn's own, and what its parsers let through."""


@dataclass(frozen=True, slots=True)
class Passkeys:
    """Asks for passkeys and looks at them. `host`: the name they are bound to; `origin`: the console's address."""

    entrance: Entrance
    host: str
    origin: str
    name: str = "Komek"

    def ask_new(self, person: Person, session: Session) -> str:
        """Give what a browser needs to make a passkey, as JSON."""
        with self.entrance.db.write() as tx:
            known = [PublicKeyCredentialDescriptor(key.credential) for key in factors.passkeys(tx, person.id)]
            options = webauthn.generate_registration_options(
                rp_id=self.host, rp_name=self.name, user_id=person.id.encode(), user_name=person.login,
                exclude_credentials=known,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.DISCOURAGED,
                    user_verification=UserVerificationRequirement.PREFERRED,
                ),
            )  # fmt: skip
            sessions.challenge(tx, session.id, options.challenge.hex())
        return webauthn.options_to_json(options)

    def add(self, person: Person, session: Session, answer: str, name: str) -> bool:
        """Write down the passkey that a browser made; false where its answer is not to our question."""
        now = self.entrance.now()
        with self.entrance.db.write() as tx:
            asked = bytes.fromhex(sessions.take_challenge(tx, session.id))
            if not asked or len(factors.passkeys(tx, person.id)) >= MOST:
                return False
            try:
                made = webauthn.verify_registration_response(
                    credential=answer, expected_challenge=asked, expected_rp_id=self.host, expected_origin=self.origin
                )
            except Bad:
                return False
            id = self._id(person.id, made.credential_id, made.credential_public_key)
            key = Passkey(
                id, person.id, made.credential_id, made.credential_public_key, made.sign_count,
                name_of(name) or "passkey", now, None,
            )  # fmt: skip
            audit_log.append(tx, self.entrance.audit_key, now, person.id, "added_passkey", key.id)
            return factors.add_passkey(tx, key)

    def ask(self, person: Person, session: Session) -> str:
        """Give what a browser needs to use one of somebody's passkeys, as JSON."""
        with self.entrance.db.write() as tx:
            known = [PublicKeyCredentialDescriptor(key.credential) for key in factors.passkeys(tx, person.id)]
            options = webauthn.generate_authentication_options(rp_id=self.host, allow_credentials=known)
            sessions.challenge(tx, session.id, options.challenge.hex())
        return webauthn.options_to_json(options)

    def shown(self, session: Session, answer: str) -> Proof:
        """Give the proof that a browser brought."""

        def look(tx: Connection, person: Person, now: datetime) -> str:
            asked = bytes.fromhex(sessions.take_challenge(tx, session.id))
            key = next((key for key in factors.passkeys(tx, person.id) if key.credential == _id_in(answer)), None)
            if not asked or key is None or key.id != self._id(person.id, key.credential, key.public_key):
                return ""
            try:
                done = webauthn.verify_authentication_response(
                    credential=answer, expected_challenge=asked, expected_rp_id=self.host, expected_origin=self.origin,
                    credential_public_key=key.public_key, credential_current_sign_count=key.sign_count,
                )  # fmt: skip
            except Bad:
                return ""
            factors.use_passkey(tx, key.id, done.new_sign_count, now)
            return "passkey"

        return look

    def _id(self, person: str, credential: bytes, public_key: bytes) -> str:
        """Give the id of a passkey: a code of the session key over whose it is.

        Whoever can write the database, and has no key, could else lay a key of his own beside somebody's account.
        """
        return self.entrance.key.token(f"passkey {person} {credential.hex()} {public_key.hex()}")[:32]


def _id_in(answer: str) -> bytes:
    """Give which passkey an answer is of; nothing where it is no answer."""
    try:
        return webauthn.base64url_to_bytes(json.loads(answer)["id"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return b""
