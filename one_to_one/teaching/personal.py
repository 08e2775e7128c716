"""What tells of somebody in a sentence, and what is put in its place: `data/nlu/personal.yml`."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from one_to_one.written import read_yaml

FILE = Path(__file__).resolve().parents[2] / "data" / "nlu" / "personal.yml"
HAN = re.compile(r"[\u3400-\u9fff]")
_PART = re.compile(r"<([A-Z_]{2,})>")

type Made = Callable[[str, random.Random], str]
"""Makes something up of the kind of what was there, the same from the same chance."""

_READ: Mapping[str, Any] = read_yaml(FILE)
MADE_UP: Mapping[str, Any] = _READ["made_up"]
SURNAMES: str = _READ["parts"]["SURNAMES"]


def _whole(pattern: str) -> str:
    """The pattern with its parts in their places."""
    while _PART.search(pattern):
        pattern = _PART.sub(lambda found: _READ["parts"][found[1]], pattern)
    return pattern


def name(old: str, chance: random.Random) -> str:
    """A name of the same kind: Western, a given name, or one with its surname."""
    if not HAN.search(old):
        return " ".join(chance.sample(MADE_UP["western"], k=min(len(old.split()) or 1, 3)))
    family, given = chance.choice(MADE_UP["family"]), chance.choice(MADE_UP["given"])
    if old[0] in SURNAMES and len(old) > 1:
        return f"{family}{given[: len(old) - 1]}"
    return str(family if len(old) == 1 else given)


def _digits(old: str, chance: random.Random) -> str:
    """Other digits of the same shape; of long numbers the first two stay, they tell the kind."""
    kept = 2 if sum(sign.isdigit() for sign in old) > 5 else 0
    seen = 0
    made = []
    for sign in old:
        seen += sign.isdigit()
        made.append(str(chance.randrange(10)) if sign.isdigit() and seen > kept else sign)
    return "".join(made) if "".join(made) != old else _digits(old, chance)


def _mail(_old: str, chance: random.Random) -> str:
    return f"{chance.choice(MADE_UP['western']).lower()}{chance.randrange(10, 99)}@example.com"


def _link(_old: str, _chance: random.Random) -> str:
    return "https://example.com/"


def _handle(_old: str, chance: random.Random) -> str:
    return f"@{chance.choice(MADE_UP['western']).lower()}_{chance.randrange(10, 99)}"


def _street(_old: str, chance: random.Random) -> str:
    street, number = chance.choice(MADE_UP["streets"]), chance.randrange(1, 200)
    return str(MADE_UP["place"].format(street=street, number=number))


def _road(_old: str, chance: random.Random) -> str:
    return f"{chance.randrange(1, 200)} {chance.choice(MADE_UP['roads'])}"


_MAKERS: Mapping[str, Made] = {
    "mail": _mail,
    "link": _link,
    "handle": _handle,
    "street": _street,
    "road": _road,
    "digits": _digits,
}
PATTERNS: tuple[tuple[re.Pattern[str], Made], ...] = tuple(
    (re.compile(_whole(each["pattern"]), re.IGNORECASE), _MAKERS[each["kind"]]) for each in _READ["patterns"]
)
"""What is replaced by what, in this order. Where a pattern has a group "it", that alone goes."""

NAMES: tuple[re.Pattern[str], ...] = tuple(re.compile(_whole(each)) for each in _READ["names"])
"""Where somebody is named."""
