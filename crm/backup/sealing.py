"""Sealed files: a stream cut into pieces, each encrypted and bound to its place, so that nothing can be cut off or swapped.

AES-256-GCM; the nonce of a piece is the file's random prefix and the piece's number, the last piece is marked as last.
"""

import hashlib
import hmac
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm.refusal import Refusal

MAGIC = b"JNBACKUP1\n"
PIECE = 1024 * 1024
TAG = 16
PREFIX = 8
CHECK = 8


class NotABackup(Refusal):
    """The file does not begin like a backup."""


class WrongBackupKey(Refusal):
    """The file was sealed with another key."""


class BackupIsDamaged(Refusal):
    """The file was changed or cut off after it was sealed."""


def key_of(secret: str) -> bytes:
    """This function will derive the key from a secret of any length."""
    return hmac.digest(secret.encode(), b"jiannuo:backup:1", hashlib.sha256)


def _check(key: bytes, prefix: bytes) -> bytes:
    return hmac.digest(key, b"check" + prefix, hashlib.sha256)[:CHECK]


def _bound(number: int, last: bool) -> bytes:
    return MAGIC + number.to_bytes(8, "big") + (b"\1" if last else b"\0")


class Sealer:
    """A file to write to; `finish` seals the last piece. Nothing of what was written can be read without the key."""

    def __init__(self, file: BinaryIO, secret: str) -> None:
        """This function will write the head."""
        self.file, self.key, self.prefix = file, key_of(secret), os.urandom(PREFIX)
        self.cipher, self.number, self.buffer = AESGCM(self.key), 0, bytearray()
        file.write(MAGIC + self.prefix + _check(self.key, self.prefix))

    def write(self, data: bytes) -> int:
        """This function will seal every whole piece but the one that may be the last."""
        self.buffer += data
        while len(self.buffer) > PIECE:
            self._seal(bytes(self.buffer[:PIECE]), last=False)
            del self.buffer[:PIECE]
        return len(data)

    def flush(self) -> None:
        """This function will do nothing: a piece is sealed when it is whole."""

    def finish(self) -> None:
        """This function will seal what is left as the last piece."""
        self._seal(bytes(self.buffer), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = self.prefix + self.number.to_bytes(4, "big")
        self.file.write(self.cipher.encrypt(nonce, piece, _bound(self.number, last)))
        self.number += 1


class Opener:
    """A file to read from; raises NotABackup, WrongBackupKey at once, BackupIsDamaged where it comes to the damage."""

    def __init__(self, file: BinaryIO, secret: str) -> None:
        """This function will read the head."""
        head = file.read(len(MAGIC) + PREFIX + CHECK)
        if len(head) < len(MAGIC) + PREFIX + CHECK or not head.startswith(MAGIC):
            raise NotABackup("这不是践诺的备份文件，或文件头已损坏；请换一份备份。")
        key, self.prefix = key_of(secret), head[len(MAGIC) : len(MAGIC) + PREFIX]
        if not hmac.compare_digest(_check(key, self.prefix), head[-CHECK:]):
            raise WrongBackupKey("备份是用另一把密钥封存的，请用当时的 BACKUP_KEY 再试；文件头损坏也会这样。")
        self.file, self.cipher, self.number = file, AESGCM(key), 0
        self.ahead, self.buffer = file.read(PIECE + TAG), bytearray()
        self.ended = False

    def read(self, size: int = -1) -> bytes:
        """This function will return the next `size` bytes, all that is left for -1, fewer at the end."""
        while not self.ended and (size < 0 or len(self.buffer) < size):
            self._open()
        taken = bytes(self.buffer if size < 0 else self.buffer[:size])
        del self.buffer[: len(taken)]
        return taken

    def _open(self) -> None:
        sealed, self.ahead = self.ahead, self.file.read(PIECE + TAG)
        last = not self.ahead
        nonce = self.prefix + self.number.to_bytes(4, "big")
        try:
            self.buffer += self.cipher.decrypt(nonce, sealed, _bound(self.number, last))
        except InvalidTag:
            raise BackupIsDamaged(
                f"备份文件在第 {self.number + 1} 段处损坏或不完整，不能使用；请换一份备份。"
            ) from None
        self.number += 1
        self.ended = last
