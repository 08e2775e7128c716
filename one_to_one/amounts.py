"""Amounts as they go out to other programs."""

from __future__ import annotations

from decimal import Decimal


def plain(value: Decimal) -> str:
    """A number without needless zeros, never in powers of ten: "380", "19.5"."""
    short = value.normalize()
    return f"{short.quantize(Decimal(1)) if short == short.to_integral_value() else short:f}"
