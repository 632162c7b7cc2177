"""A file that only the holder of a private key can read, and that shows where it was cut off or changed.

libsodium's secretstream under a key made for this file alone; that key is sealed to a public key, as numbers are.

    line `komek-backup 1` · the sealed key · secretstream's header · pieces, each after its length in four bytes

The last piece says that it is the last one, so that a file which ends early is refused and not half read.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from helpline.keys.sealing import key_bytes

MAGIC = b"komek-backup 1\n"
PIECE_BYTES = 1 << 16
GZIP = 31
"""zlib's name for a window of 32 KiB with gzip's header."""
_SEALED_BYTES = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES + sodium.crypto_box_SEALBYTES
_LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


class CannotRead(Exception):
    """It is no backup, another key's, changed or cut off: what exactly stands in the message."""


def write(file: BinaryIO, public_key: str, lines: Iterable[bytes]) -> None:
    """Write `lines`, compressed and sealed to the public key in base64."""
    key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    file.write(MAGIC + SealedBox(PublicKey(key_bytes(public_key))).encrypt(key))
    file.write(sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key))
    before = b""
    for piece in _packed(lines):
        if before:
            _push(file, state, before, _MORE)
        before = piece
    _push(file, state, before, _LAST)


def _packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give gzip's bytes in pieces of no more than `PIECE_BYTES` each, or little more."""
    squeeze, held = zlib.compressobj(wbits=GZIP), bytearray()
    for line in lines:
        held += squeeze.compress(line + b"\n")
        if len(held) >= PIECE_BYTES:
            yield bytes(held)
            held.clear()
    yield bytes(held) + squeeze.flush()


def _push(file: BinaryIO, state: sodium.crypto_secretstream_xchacha20poly1305_state, piece: bytes, tag: int) -> None:
    sealed = sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, tag=tag)
    file.write(len(sealed).to_bytes(4, "big") + sealed)


def read(file: BinaryIO, private_key: str) -> Iterator[bytes]:
    """Give the lines that were written. Raises `CannotRead`, at the latest where the file ends."""
    expand, rest = zlib.decompressobj(wbits=GZIP), b""
    for piece in _pieces(file, private_key):
        *lines, rest = (rest + expand.decompress(piece)).split(b"\n")
        yield from lines


def _pieces(file: BinaryIO, private_key: str) -> Iterator[bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise CannotRead("it is no backup of Komek")
    try:
        key = SealedBox(PrivateKey(key_bytes(private_key))).decrypt(file.read(_SEALED_BYTES))
        state = sodium.crypto_secretstream_xchacha20poly1305_state()
        header = file.read(sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    except (CryptoError, ValueError):
        raise CannotRead("KOMEK_RESTORE_KEY does not open it: it was made for another key, or changed") from None
    tag = _MORE
    while tag != _LAST:
        sealed = file.read(int.from_bytes(file.read(4), "big"))
        try:
            piece, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed)
        except (CryptoError, ValueError):
            raise CannotRead("it was cut off or changed") from None
        yield piece
