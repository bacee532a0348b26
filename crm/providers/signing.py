"""Signatures of what we send to a gateway and what it sends to us, in the way of Standard Webhooks. Pure.

Signed is `id.timestamp.body` with HMAC-SHA256; the header carries one signature per secret, so that a secret can be
replaced without losing a message: both sides hold the old and the new one for a while.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
VERSION = "v1"
ENCODED = "whsec_"
# A message older or newer than this is refused, so that a recorded one cannot be played again later.
TOLERANCE_SECONDS = 300


def headers(serial: str, *, timestamp: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """This function will give the three headers of a signed message."""
    signed = " ".join(f"{VERSION},{_digest(secret, serial, timestamp, body)}" for secret in secrets)
    return {ID: serial, TIMESTAMP: str(timestamp), SIGNATURE: signed}


def is_genuine(given: Mapping[str, str], *, body: bytes, secrets: Sequence[str], at: float) -> bool:
    """This function will say whether one of the secrets signed these very bytes, and not long ago or ahead."""
    serial, written = given.get(ID, ""), given.get(TIMESTAMP, "")
    if not serial or not written.isascii() or not written.isdigit() or len(written) > 12:
        return False
    timestamp = int(written)
    if abs(at - timestamp) > TOLERANCE_SECONDS:
        return False
    offered = [one.partition(",") for one in given.get(SIGNATURE, "").split(" ")[:10]]
    expected = [_digest(secret, serial, timestamp, body).encode() for secret in secrets]
    # every pair is compared, so that the time taken tells nothing
    same = [
        hmac.compare_digest(signature.encode(), wanted)
        for version, _comma, signature in offered
        for wanted in expected
        if version == VERSION
    ]
    return any(same)


def _digest(secret: str, serial: str, timestamp: int, body: bytes) -> str:
    signed = f"{serial}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()


def key_of(secret: str) -> bytes:
    """This function will give the key that a secret stands for: decoded after `whsec_`, else its own bytes."""
    if not secret.startswith(ENCODED):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(ENCODED), validate=True)
    except binascii.Error:
        return secret.encode()
