"""Reading `drawing.yml`: how a product looks as it was chosen. A pack may do without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from one_to_one.pack.files import open_file
from one_to_one.pack.places import Place, Report
from one_to_one.pack.problems import nearest
from one_to_one.shapes import Colour, Drawing, Growth, Measure, Point, Repeat, Shape
from one_to_one.shop import Module, Product, Topic

FILE = "drawing.yml"
KINDS = ("rect", "circle", "path", "words", "group")
NUMBERS = {"rect": (4, 5), "circle": (3, 3)}
"""How many numbers describe a shape: at least, at most."""

DEEPEST = 8
"""Groups in groups, no further."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}|none")
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9 ,.\-]+")
_FARTHEST = Decimal(-100_000)


class _Reader:
    """Reads shapes, knowing what can be chosen."""

    def __init__(
        self, topics: Mapping[str, Topic], modules: Mapping[str, Module], products: Mapping[str, Product]
    ) -> None:
        self._known: dict[str, set[str]] = {name: set(topic.values) for name, topic in topics.items()}
        for name, module in modules.items():
            self._known.setdefault(name, set()).update(module.options)
        self._known["product"] = set(products)

    def drawing(self, place: Place) -> Drawing:
        """The whole of the file."""
        found = place.fields(("size", "shapes"), ("background",))
        width, height = _numbers(found["size"], 2, 2) or (400.0, 300.0)
        shapes = tuple(self._shape(item, 0) for item in found["shapes"].items())
        return Drawing((width, height), self._colour(found["background"], "#ffffff"), shapes)

    def _shape(self, place: Place, depth: int) -> Shape:
        allowed = ("fill", "stroke", "width", "opacity", "when", "grow", "repeat")
        found = place.fields((), (*KINDS, *allowed, "at", "size", "anchor", "most"))
        kinds = [kind for kind in KINDS if not found[kind].missing]
        if len(kinds) != 1:
            place.wrong(f"A shape is exactly one of {', '.join(KINDS)}.")
            return Shape("group")
        kind = kinds[0]
        inner: tuple[Shape, ...] = ()
        if kind == "group" and depth < DEEPEST:
            inner = tuple(self._shape(item, depth + 1) for item in found[kind].items())
        elif kind == "group":
            place.wrong(f"Groups are nested more than {DEEPEST} deep.")
        return Shape(
            kind=kind,
            numbers=_point(found["at"]) if kind == "words" else _geometry(found[kind], kind),
            path=_path(found["path"]),
            words=self._name(found["words"]),
            size=_number(found["size"], 14.0),
            anchor=found["anchor"].one_of(("start", "middle", "end"), "start, middle or end") or "middle",
            most=int(_number(found["most"], 24.0)),
            fill=self._colour(found["fill"], "#333333" if kind == "words" else "none"),
            stroke=self._colour(found["stroke"], "none"),
            width=_number(found["width"], 2.0),
            opacity=1.0 if found["opacity"].missing else found["opacity"].share(),
            when=self._condition(found["when"]),
            growth=self._growth(found["grow"]),
            repeat=self._repeat(found["repeat"]),
            shapes=inner,
        )

    def _name(self, place: Place) -> str:
        """A module, a topic, or the product."""
        return "" if place.missing else place.one_of(self._known, "a module, a topic or `product`")

    def _code(self, name: str, place: Place, code: str) -> str:
        known = self._known.get(name)
        if known and code != "none" and code not in known:
            place.wrong(f"`{code}` is not an option of {name}. {nearest(code, known)}")
        return code

    def _colour(self, place: Place, plain: str) -> Colour:
        if place.missing:
            return Colour(plain)
        if not place.is_mapping:
            return Colour(_colour(place))
        found = place.fields(("by", "of"), ("else",))
        by = self._name(found["by"])
        of = {self._code(by, inner, code): _colour(inner) for code, inner in found["of"].entries()}
        return Colour(plain if found["else"].missing else _colour(found["else"]), by, of)

    def _condition(self, place: Place) -> dict[str, frozenset[str]]:
        found = {}
        for name, inner in place.entries():
            if name not in self._known:
                inner.wrong(f"`{name}` is not a module, a topic or `product`. {nearest(name, self._known)}")
            codes = [(item, item.code()) for item in inner.items()]
            found[name] = frozenset(self._code(name, item, code) for item, code in codes)
        return found

    def _measure(self, found: Mapping[str, Place], plain: float) -> Measure:
        by = self._name(found["by"])
        of = {self._code(by, inner, code): _number(inner, plain) for code, inner in found["of"].entries()}
        return Measure(by, of, _number(found["else"], plain))

    def _growth(self, place: Place) -> Growth | None:
        if place.missing:
            return None
        found = place.fields(("by", "of", "about"), ("else", "axis"))
        axis = found["axis"].one_of(("x", "y"), "x or y")
        return Growth(self._measure(found, 1.0), _point(found["about"]), axis != "y", axis != "x")

    def _repeat(self, place: Place) -> Repeat | None:
        if place.missing:
            return None
        found = place.fields(("by", "of", "step"), ("else",))
        return Repeat(self._measure(found, 0.0), _point(found["step"]))


def read_drawing(
    report: Report,
    folder: Path,
    topics: Mapping[str, Topic],
    modules: Mapping[str, Module],
    products: Mapping[str, Product],
) -> Drawing | None:
    """The drawing of a pack; None when it has none."""
    if not (folder / FILE).exists():
        return None
    return _Reader(topics, modules, products).drawing(open_file(report, folder, FILE))


def _colour(place: Place) -> str:
    written = place.words()
    if written and not _COLOUR.fullmatch(written):
        place.wrong(f'`{written}` is not a colour: write "#" and six hexadecimal digits, in quotes.')
        return "none"
    return written or "none"


def _path(place: Place) -> str:
    written = "" if place.missing else " ".join(place.words().split())
    if written and not _PATH.fullmatch(written):
        place.wrong("A path holds letters of SVG path commands, numbers, blanks and commas only.")
        return ""
    return written


def _geometry(place: Place, kind: str) -> tuple[float, ...]:
    return _numbers(place, *NUMBERS[kind]) if kind in NUMBERS else ()


def _point(place: Place) -> Point:
    x, y = _numbers(place, 2, 2) or (0.0, 0.0)
    return x, y


def _numbers(place: Place, least: int, most: int) -> tuple[float, ...]:
    """A list of so many numbers; empty, and reported, when it isn't."""
    found = tuple(float(item.amount(_FARTHEST)) for item in place.items())
    if place.missing or least <= len(found) <= most:
        return found
    place.wrong(f"There should be {least if least == most else f'{least} to {most}'} numbers here.")
    return ()


def _number(place: Place, plain: float) -> float:
    return plain if place.missing else float(place.amount(_FARTHEST))
