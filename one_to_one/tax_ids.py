"""Whether a company's tax id can be right, by the rules of its country."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from stdnum import get_cc_module

SEPARATORS = re.compile(r"[\s.\-/]+")

TAIWAN_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)
TAIWAN_DIVISOR = 5
"""10 until March 2023; since then numbers that only 5 divides are given out too."""


def compact(number: str) -> str:
    """The number as it is written down: without separators, full-width digits and letters made plain."""
    plain = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in number)
    return SEPARATORS.sub("", plain).upper()


def is_valid(country: str, number: str) -> bool:
    """Whether a tax id is well formed and its check digit right. A country without known rules takes any."""
    check = OWN.get(country) or _known(country)
    return bool(compact(number)) if check is None else check(compact(number))


def _known(country: str) -> Callable[[str], bool] | None:
    """The rule of python-stdnum for the tax id of companies in a country; None: it has none."""
    module = get_cc_module(country.lower(), "vat") if country else None
    return None if module is None else module.is_valid


def _taiwan(number: str) -> bool:
    """The unified business number, by the rule of the Ministry of Finance in force since April 2023.

    The seventh digit 7 makes 28, which is summed up to 10 and then to 1 or to 0: either may fit.
    """
    if not re.fullmatch(r"[0-9]{8}", number):
        return False
    products = (int(digit) * weight for digit, weight in zip(number, TAIWAN_WEIGHTS, strict=True))
    total = sum(product // 10 + product % 10 for product in products)
    either = (total, total + 1) if number[6] == "7" else (total,)
    return any(each % TAIWAN_DIVISOR == 0 for each in either)


OWN: Mapping[str, Callable[[str], bool]] = {"TW": _taiwan}
"""Countries whose rule in python-stdnum 2.2 is out of date."""
