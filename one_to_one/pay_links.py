"""Where an order is paid: the shop's own address, filled and signed so that nobody can make one up."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

from one_to_one.amounts import plain


def pay_link(template: str, key: str, order: int, amount: Decimal, currency: str, expires: datetime) -> str:
    """The template with its places filled; `expires` becomes seconds since 1970."""
    seconds = int(expires.timestamp())
    fields = {
        "order": str(order),
        "amount": plain(amount),
        "currency": currency,
        "expires": str(seconds),
        "signature": signature(key, order, amount, currency, seconds),
    }
    return template.format(**{name: quote(value, safe="") for name, value in fields.items()})


def signature(key: str, order: int, amount: Decimal, currency: str, expires: int) -> str:
    """HMAC-SHA256 over `order.amount.currency.expires`, hexadecimal."""
    signed = f"{order}.{plain(amount)}.{currency}.{expires}"
    return hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()
