"""What a shop's picture of its products is made of. See docs/pictures.md for how a pack writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

type Point = tuple[float, float]

type Condition = Mapping[str, frozenset[str]]
"""Module, topic or "product" → the codes of which one has to be there."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour, perhaps another one by what was chosen."""

    plain: str  # "#rrggbb", or "none"
    by: str = ""  # a module or a topic; "": always the plain one
    of: Mapping[str, str] = field(default_factory=dict)  # code → colour


@dataclass(frozen=True, slots=True)
class Measure:
    """A number by what was chosen; between two codes that are numbers it goes in a straight line."""

    by: str
    of: Mapping[str, float]
    plain: float = 1.0  # where nothing is said of what was chosen


@dataclass(frozen=True, slots=True)
class Growth:
    """How large something is drawn, seen from a point that stays where it is."""

    measure: Measure
    about: Point
    wide: bool = True  # whether the width changes
    tall: bool = True


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something drawn as often as the choice says, each a step further."""

    measure: Measure
    step: Point


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing that is drawn, or a group of things."""

    kind: str  # "rect", "circle", "path", "words" or "group"
    numbers: tuple[float, ...] = ()  # rect: x, y, width, height, radius; circle: x, y, radius; words: x, y
    path: str = ""  # of a path, as SVG writes it
    words: str = ""  # a module, a topic, or "product": its label is written
    size: float = 14.0  # of the words
    anchor: str = "middle"  # where the words stand: start, middle, end
    most: int = 24  # widest characters before words are cut; a narrow one counts half
    fill: Colour = Colour("none")
    stroke: Colour = Colour("none")
    width: float = 2.0
    opacity: float = 1.0
    when: Condition = field(default_factory=dict)  # drawn only if all of these hold
    growth: Growth | None = None
    repeat: Repeat | None = None
    shapes: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture of everything a shop makes."""

    size: Point  # width and height in units of the shapes
    background: Colour
    shapes: tuple[Shape, ...]
