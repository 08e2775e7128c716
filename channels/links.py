"""Links that let a customer continue on another channel: signed, used once, good for half an hour.

A token is 44 characters of `A-Za-z0-9_-` (Telegram takes up to 64): twelve random bytes and the time it runs
out, then half of an HMAC-SHA256 over them. The signature turns away what we never made without asking the
store; that it is used only once is the store's business (`Customers.use_link`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from one_to_one.errors import BadLink

LINK_LIFE = timedelta(minutes=30)
NONCE_BYTES = 12
TIME_BYTES = 4  # seconds since 1970, good until 2106
SIGNATURE_BYTES = 16
PURPOSE = b"continue on another channel:"


def make_token(key: str, at: datetime) -> tuple[str, datetime]:
    """A new link token and when it runs out (aware, UTC, whole seconds). `key` is keys/signing."""
    seconds = int((at + LINK_LIFE).timestamp())
    body = secrets.token_bytes(NONCE_BYTES) + seconds.to_bytes(TIME_BYTES)
    token = base64.urlsafe_b64encode(body + _signature(key, body)).rstrip(b"=").decode()
    return token, datetime.fromtimestamp(seconds, UTC)


def check_token(key: str, token: str, at: datetime) -> None:
    """Raises BadLink for a token that isn't ours or has run out."""
    signed = _decoded(token)
    body, signature = signed[:-SIGNATURE_BYTES], signed[-SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(key, body)):
        raise BadLink()
    if at.timestamp() >= int.from_bytes(body[NONCE_BYTES:]):
        raise BadLink()


def telegram_link(username: str, token: str) -> str:
    """The address that opens a private chat with our Telegram bot and hands it the token."""
    return f"https://t.me/{username}?start={token}"


def _decoded(token: str) -> bytes:
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadLink() from None
    if len(signed) != NONCE_BYTES + TIME_BYTES + SIGNATURE_BYTES:
        raise BadLink()
    return signed


def _signature(key: str, body: bytes) -> bytes:
    return hmac.new(key.encode(), PURPOSE + body, hashlib.sha256).digest()[:SIGNATURE_BYTES]
