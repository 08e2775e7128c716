"""The rules of a shop: what of what can be chosen fits together. Each is told in the pack's own words.

A module's choice meets a condition when any of the condition's codes is picked. A module that a product
doesn't have counts as one of which `none` is picked. `product` can stand for a module: its codes are the
products.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from one_to_one.language import Text

PRODUCT = "product"
"""What the choice of the product is called among the modules."""

NONE = "none"
"""The code of nothing picked."""

type Picked = Mapping[str, tuple[str, ...]]
"""module → the codes of which any is meant"""


@dataclass(frozen=True, slots=True)
class Needs:
    """Who picks all of `when` needs all of `then`. ("Requires", and "only with".)"""

    id: str
    why: Text
    when: Picked
    then: Picked


@dataclass(frozen=True, slots=True)
class Excludes:
    """These don't go all together."""

    id: str
    why: Text
    of: Picked


@dataclass(frozen=True, slots=True)
class AtMost:
    """Of these, `most` can be picked together."""

    id: str
    why: Text
    most: int
    of: Picked


@dataclass(frozen=True, slots=True)
class Sum:
    """What is picked has this much of `of` together, and no more than `most`.

    `most` is an amount, or the name of what supplies it: then all that is picked must have enough of that.
    """

    id: str
    why: Text
    of: str
    most: Decimal | str


@dataclass(frozen=True, slots=True)
class Same:
    """What is picked of these modules agrees in `of`; what has no `of` agrees with everything."""

    id: str
    why: Text
    of: str
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The combinations of these modules that there are; nothing about a product that lacks one of them."""

    id: str
    why: Text
    modules: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


type Rule = Needs | Excludes | AtMost | Sum | Same | Rows


def modules_in(rule: Rule) -> tuple[str, ...]:
    """The modules that a rule names; none where it is about whatever takes or supplies something."""
    match rule:
        case Needs(when=when, then=then):
            return tuple(dict.fromkeys((*when, *then)))
        case Excludes(of=of) | AtMost(of=of):
            return tuple(of)
        case Rows(modules=modules) | Same(modules=modules):
            return modules
        case Sum():
            return ()
