"""Numbers that leave the house sealed: whoever shows one again was given it by us."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

NUMBER_BYTES = 8
SEAL_BYTES = 12
TOKEN_CHARACTERS = 27  # of the alphabet A-Za-z0-9_-


def seal(key: str, purpose: str, number: int) -> str:
    """A token of 27 characters that stands for this number, for this purpose. `key` is keys/signing."""
    body = number.to_bytes(NUMBER_BYTES)
    return base64.urlsafe_b64encode(body + _mark(key, purpose, body)).rstrip(b"=").decode()


def opened(key: str, purpose: str, token: str) -> int | None:
    """The number a token stands for; None: it isn't ours, or was made for something else."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, mark = sealed[:NUMBER_BYTES], sealed[NUMBER_BYTES:]
    ours = len(token) == TOKEN_CHARACTERS and hmac.compare_digest(mark, _mark(key, purpose, body))
    return int.from_bytes(body) if ours else None


def _mark(key: str, purpose: str, body: bytes) -> bytes:
    return hmac.new(key.encode(), purpose.encode() + b":" + body, hashlib.sha256).digest()[:SEAL_BYTES]
