"""A picture of what is made for a customer: the pack's shapes, coloured, sized and shown by the choices.

Nothing of a customer goes into a picture: only codes of the pack, and labels of the shop's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import pairwise

from one_to_one.language import Language
from one_to_one.shapes import Colour, Condition, Measure, Shape
from one_to_one.shop import Product, ShopPack

FONTS = {
    Language.TRADITIONAL: "PingFang TC, Microsoft JhengHei, Noto Sans CJK TC, Noto Sans TC, sans-serif",
    Language.SIMPLIFIED: "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif",
    Language.ENGLISH: "system-ui, Segoe UI, Roboto, sans-serif",
}

PRODUCT = "product"
"""What conditions and words call the product itself."""

MOST_REPEATS = 24
"""Nothing is drawn more often than this."""


def picture(
    pack: ShopPack, product: Product, options: Mapping[str, str], language: Language, *, words: bool = True
) -> str | None:
    """The configured product as SVG; None when the pack has no drawing.

    Without `words` only shapes are drawn: for where the picture is rendered without fonts.
    """
    drawing = pack.drawing
    if drawing is None:
        return None
    scene = _Scene(pack, product, options, language, words)
    width, height = drawing.size
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}"'
            f' width="{_n(width)}" height="{_n(height)}" lang="{language}"'
            f' font-family="{FONTS[language]}" role="img">',
            f"<title>{escape(product.name[language])}</title>",
            f'<rect width="{_n(width)}" height="{_n(height)}" fill="{scene.colour(drawing.background)}"/>',
            *scene.drawn(drawing.shapes),
            "</svg>",
        )
    )


class _Scene:
    """One product as it was chosen."""

    def __init__(
        self,
        pack: ShopPack,
        product: Product,
        options: Mapping[str, str],
        language: Language,
        words: bool,
    ) -> None:
        self._pack, self._product, self._options = pack, product, options
        self._language, self._words = language, words

    def drawn(self, shapes: tuple[Shape, ...]) -> Iterator[str]:
        """Each shape that is to be seen, the later ones over the earlier."""
        for shape in shapes:
            if self._holds(shape.when):
                yield from self._repeated(shape)

    def colour(self, colour: Colour) -> str:
        """The colour by what was chosen."""
        return next((colour.of[code] for code in self._codes(colour.by) if code in colour.of), colour.plain)

    def _codes(self, name: str) -> tuple[str, ...]:
        """What was chosen of a module, or what the product has of a topic."""
        if name == PRODUCT:
            return (self._product.id,)
        if name in self._options:
            return tuple(self._options[name].split("+"))
        return self._product.attributes.get(name, ())

    def _holds(self, condition: Condition) -> bool:
        return all(codes & set(self._codes(name)) for name, codes in condition.items())

    def _measured(self, measure: Measure) -> float:
        for code in self._codes(measure.by):
            if code in measure.of:
                return measure.of[code]
            found = _between(code, measure.of)
            if found is not None:
                return found
        return measure.plain

    def _repeated(self, shape: Shape) -> Iterator[str]:
        if shape.repeat is None:
            yield from self._grown(shape)
            return
        wide, tall = shape.repeat.step
        for number in range(min(MOST_REPEATS, round(self._measured(shape.repeat.measure)))):
            yield f'<g transform="translate({_n(number * wide)} {_n(number * tall)})">'
            yield from self._grown(shape)
            yield "</g>"

    def _grown(self, shape: Shape) -> Iterator[str]:
        if shape.growth is None:
            yield from self._one(shape)
            return
        x, y = shape.growth.about
        factor = self._measured(shape.growth.measure)
        wide, tall = factor if shape.growth.wide else 1.0, factor if shape.growth.tall else 1.0
        yield f'<g transform="translate({_n(x)} {_n(y)}) scale({_n(wide)} {_n(tall)})'
        yield f' translate({_n(-x)} {_n(-y)})">'
        yield from self._one(shape)
        yield "</g>"

    def _one(self, shape: Shape) -> Iterator[str]:
        if shape.kind == "group":
            yield f"<g{_opacity(shape)}>"
            yield from self.drawn(shape.shapes)
            yield "</g>"
        elif shape.kind == "words":
            yield from self._written(shape)
        else:
            yield f"<{shape.kind}{_geometry(shape)}{self._paint(shape)}/>"

    def _paint(self, shape: Shape) -> str:
        stroke = self.colour(shape.stroke)
        line = "" if stroke == "none" else f' stroke="{stroke}" stroke-width="{_n(shape.width)}"'
        round_ends = ' stroke-linecap="round" stroke-linejoin="round"' if line else ""
        return f' fill="{self.colour(shape.fill)}"{line}{round_ends}{_opacity(shape)}'

    def _written(self, shape: Shape) -> Iterator[str]:
        text = self._label(shape.words) if self._words else ""
        if text:
            x, y = shape.numbers
            yield f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(shape.size)}" text-anchor="{shape.anchor}"'
            yield f"{self._paint(shape)}>{escape(_cut(text, shape.most))}</text>"

    def _label(self, name: str) -> str:
        """What was chosen, in words; nothing where nothing was."""
        if name == PRODUCT:
            return self._product.name[self._language]
        module = self._pack.modules.get(name)
        labels = {} if module is None else {code: one.label for code, one in module.options.items()}
        topic = self._pack.topics.get(name)
        if topic is not None:
            labels = {code: value.label for code, value in topic.values.items()} | labels
        numbers = [code for code in self._codes(name) if _number(code) is not None]
        told = [labels[code][self._language] if code in labels else code for code in self._codes(name)
                if code in labels or code in numbers]  # fmt: skip
        return " · ".join(told)


def _geometry(shape: Shape) -> str:
    if shape.kind == "path":
        return f' d="{shape.path}"'
    names = ("x", "y", "width", "height", "rx") if shape.kind == "rect" else ("cx", "cy", "r")
    return "".join(f' {name}="{_n(value)}"' for name, value in zip(names, shape.numbers, strict=False))


def _opacity(shape: Shape) -> str:
    return "" if shape.opacity == 1.0 else f' opacity="{_n(shape.opacity)}"'


def _between(code: str, of: Mapping[str, float]) -> float | None:
    """The value at a number between those that are named; beyond them that of the nearest."""
    at = _number(code)
    known = sorted((number, value) for key, value in of.items() if (number := _number(key)) is not None)
    if at is None or not known:
        return None
    if at <= known[0][0]:
        return known[0][1]
    for (low, before), (high, after) in pairwise(known):
        if at <= high:
            return before + (after - before) * (at - low) / (high - low)
    return known[-1][1]


def _number(code: str) -> float | None:
    return float(code) if code.replace(".", "", 1).isdecimal() and code.isascii() else None


def _cut(text: str, most: int) -> str:
    """The words, as far as there is room: a narrow character counts half a wide one."""
    room = most * 2
    for place, character in enumerate(text):
        room -= 1 if character.isascii() else 2
        if room < 0:
            return text[:place].rstrip() + "…"
    return text


def _n(number: float) -> str:
    """A number as short as it can be written."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
