"""The key of accounts and sessions."""

import pytest

from helpline.keys.sealing import new_key
from helpline.keys.session_tokens import SessionKey


def test_sealed_data_opens_only_with_its_row_and_its_key() -> None:
    key, other = SessionKey.of(new_key()), SessionKey.of(new_key())
    sealed = key.seal("totp a", "secret")
    assert key.open("totp a", sealed) == "secret"
    assert (key.open("totp b", sealed), other.open("totp a", sealed), key.open("totp a", b"")) == (None, None, None)
    assert key.token("x") != other.token("x")
    assert "key" not in repr(key)
    with pytest.raises(ValueError):
        SessionKey.of("c2hvcnQ=")
