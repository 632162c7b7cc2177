"""An encrypted file that only the holder of a private key can read. A file that was changed or cut off is refused.

The file is a libsodium secretstream under a key of its own, which is sealed to a public key as numbers are. Format:

    line `komek-backup 1` · sealed key · secretstream header · chunks, each after its length in four bytes

The last chunk is marked as the last one, so that a truncated file is refused and not read in part.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from helpline.keys.sealing import key_bytes

MAGIC = b"komek-backup 1\n"
CHUNK_BYTES = 1 << 16
GZIP = 31
"""zlib's `wbits` for a window of 32 KiB and a gzip header."""
_SEALED_BYTES = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES + sodium.crypto_box_SEALBYTES
_LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


class CannotRead(Exception):
    """The file is not a backup, was made for another key, or was changed or cut off. The message says which."""


def write(file: BinaryIO, public_key: str, lines: Iterable[bytes]) -> None:
    """Write `lines`, compressed and encrypted to the public key in base64."""
    key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    file.write(MAGIC + SealedBox(PublicKey(key_bytes(public_key))).encrypt(key))
    file.write(sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key))
    previous = b""
    for chunk in _compressed(lines):
        if previous:
            _push(file, state, previous, _MORE)
        previous = chunk
    _push(file, state, previous, _LAST)


def _compressed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield gzip data in chunks of about `CHUNK_BYTES`."""
    compressor, buffer = zlib.compressobj(wbits=GZIP), bytearray()
    for line in lines:
        buffer += compressor.compress(line + b"\n")
        if len(buffer) >= CHUNK_BYTES:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer) + compressor.flush()


def _push(file: BinaryIO, state: sodium.crypto_secretstream_xchacha20poly1305_state, chunk: bytes, tag: int) -> None:
    sealed = sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, tag=tag)
    file.write(len(sealed).to_bytes(4, "big") + sealed)


def read(file: BinaryIO, private_key: str) -> Iterator[bytes]:
    """Yield the lines of the file. Raise `CannotRead`, at the latest at the end, if it was changed or cut off."""
    decompressor, rest = zlib.decompressobj(wbits=GZIP), b""
    for chunk in _chunks(file, private_key):
        *lines, rest = (rest + decompressor.decompress(chunk)).split(b"\n")
        yield from lines


def _chunks(file: BinaryIO, private_key: str) -> Iterator[bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise CannotRead("it is not a backup of Komek")
    try:
        key = SealedBox(PrivateKey(key_bytes(private_key))).decrypt(file.read(_SEALED_BYTES))
        state = sodium.crypto_secretstream_xchacha20poly1305_state()
        header = file.read(sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    except (CryptoError, ValueError):
        raise CannotRead("KOMEK_RESTORE_KEY cannot decrypt it: it was made for another key, or was changed") from None
    tag = _MORE
    while tag != _LAST:
        sealed = file.read(int.from_bytes(file.read(4), "big"))
        try:
            chunk, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed)
        except (CryptoError, ValueError):
            raise CannotRead("it was cut off or changed") from None
        yield chunk
