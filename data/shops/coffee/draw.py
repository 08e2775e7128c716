"""Draws the bag of every coffee from catalogue.yml into images/: `python data/shops/coffee/draw.py`.

The colour of the bag is its origin's, the strip at the foot its process, the seal its first two flavours, the
beans below the label its roast. No text, no scripts, nothing from elsewhere.
"""

from __future__ import annotations

import math
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent

BAGS = {
    "ethiopia": ("#c8553d", "#f6e3d5"),
    "kenya": ("#8f2d56", "#f3dfe6"),
    "colombia": ("#d99a1c", "#fbf0d4"),
    "brazil": ("#3f7d58", "#e1efe4"),
    "guatemala": ("#2a6f97", "#dfecf3"),
    "costa_rica": ("#3a9d9d", "#def1ef"),
    "panama": ("#7b5ea7", "#ebe3f4"),
    "indonesia": ("#5b4a3f", "#ebe4dd"),
    "yunnan": ("#b5485d", "#f6e1e3"),
    "taiwan": ("#4a6fa5", "#e2e9f3"),
    "": ("#4c5154", "#e6e8e8"),
}
FLAVOURS = {
    "fruity": "#c2334d",
    "floral": "#d98cb3",
    "citrus": "#f2a541",
    "nutty": "#b98b5e",
    "chocolate": "#5a3825",
    "caramel": "#c67c2f",
    "spicy": "#a63d2f",
    "earthy": "#6b7345",
}
BEANS = {"light": "#b07d4f", "medium": "#7a4e2d", "dark": "#3b2417"}


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share (0..1) of another."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def petals(colour: str, x: float, y: float) -> str:
    """Five petals round a middle."""
    turned = "".join(f'<use href="#p" transform="rotate({72 * n})"/>' for n in range(5))
    return f'<g transform="translate({x} {y})" fill="{colour}">{turned}<circle r="5" fill="#fff"/></g>'


def segment(number: int) -> str:
    """One of the six segments of an orange."""
    ends = (number * math.pi / 3 + 0.1 + width for width in (0.0, 0.8))
    (a, b), (c, d) = ((13 * math.cos(angle), 13 * math.sin(angle)) for angle in ends)
    return f'<path d="M0 0L{a:.1f} {b:.1f}A13 13 0 0 1 {c:.1f} {d:.1f}Z"/>'


def motif(flavour: str, x: float, y: float) -> str:
    """One flavour as a small figure about 40 wide."""
    colour = FLAVOURS[flavour]
    figures = {
        "fruity": '<circle cx="-8" cy="6" r="11"/><circle cx="9" cy="8" r="11"/>'
        '<path d="M-8-4Q-4-18 8-20Q4-10 9-3" fill="none" stroke="#5d7a3a" stroke-width="3"/>',
        "citrus": '<circle r="19"/><circle r="15" fill="#fff" opacity=".85"/>'
        + "".join(map(segment, range(6))),
        "nutty": '<path d="M0-20C18-14 18 10 0 20C-18 10-18-14 0-20Z"/>'
        '<path d="M0-12V12M-6-6V8M6-6V8" stroke="#fff" stroke-width="2" opacity=".6"/>',
        "chocolate": "".join(
            f'<rect x="{x}" y="{y}" width="16" height="16" rx="2"/>' for x in (-18, 2) for y in (-18, 2)
        ),
        "caramel": '<path d="M0-20C12-4 17 2 17 9A17 13 0 0 1-17 9C-17 2-12-4 0-20Z"/>'
        '<path d="M-8 8A9 7 0 0 0 0 15" fill="none" stroke="#fff" stroke-width="3" opacity=".7"/>',
        "spicy": "".join(f'<use href="#s" transform="rotate({45 * n})"/>' for n in range(8))
        + '<circle r="4"/>',
        "earthy": '<path d="M-18 16C-18-10 4-18 18-18C18 4 8 18-18 16Z"/>'
        '<path d="M-18 17L8-8" stroke="#fff" stroke-width="2" opacity=".7"/>',
    }
    if flavour == "floral":
        return petals(colour, x, y)
    return f'<g transform="translate({x} {y})" fill="{colour}">{figures[flavour]}</g>'


def strip(process: str) -> str:
    """The foot of the bag: waves for washed, suns for natural, combs for honey, plain otherwise."""
    if process == "washed":
        wave = "M96 334" + "q13-12 26 0t26 0" * 4
        return f'<path d="{wave}" /><path d="{wave}" transform="translate(0 12)"/>'
    if process == "natural":
        suns = "".join(f'<circle cx="{112 + 44 * n}" cy="340" r="9"/>' for n in range(5))
        return f'<g stroke-dasharray="2.4 3.2" stroke-width="9">{suns}</g>'
    if process == "honey":
        comb = "l8.7-5 8.7 5v10l-8.7 5-8.7-5z"
        return "".join(f'<path d="M{102 + 36 * n} {335 + 6 * (n % 2)}{comb}"/>' for n in range(6))
    return '<path d="M104 340H296"/>'


def bean(x: int, turn: int, colour: str) -> str:
    """One bean, `turn` degrees from upright."""
    return (
        f'<g transform="translate({x} 285) rotate({turn})"><ellipse rx="11" ry="15" fill="{colour}"/>'
        f'<path d="M0-13C6-5-6 5 0 13" fill="none" stroke="#fff" stroke-width="2" opacity=".75"/></g>'
    )


MARKS = {
    "full": "",
    "half": '<circle cx="256" cy="98" r="13" fill="none" stroke="#fff" stroke-width="3"/>'
    '<path d="M256 85a13 13 0 0 1 0 26Z" fill="#fff"/>',
    "decaf": '<path d="M256 82a17 17 0 1 0 13 28a14 14 0 1 1-13-28Z" fill="#fff" opacity=".9"/>',
}
"""What the bag says about caffeine: nothing, a half moon, a moon."""

SHAPES = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">
<defs>
<path id="p" d="M0-4C10-10 9-22 0-22C-9-22-10-10 0-4Z"/><path id="s" d="M0-6L3-13L0-20L-3-13Z"/>
</defs>
<rect width="400" height="400" fill="{ground}"/>
<ellipse cx="200" cy="374" rx="118" ry="10" fill="{shade}" opacity=".25"/>
<path d="M92 62H308L316 356Q316 372 300 372H100Q84 372 84 356Z" fill="{colour}"/>
<path d="M92 62H120L110 372H100Q84 372 84 356Z" fill="{light}"/>
<path d="M280 62H308L316 356Q316 372 300 372H290Z" fill="{shade}" opacity=".55"/>
<path d="M90 36H310V70H90Z" fill="{shade}"/>
<path d="M90 44H310M90 62H310" stroke="{light}" stroke-width="2" stroke-dasharray="6 4" opacity=".8"/>
<circle cx="200" cy="98" r="7" fill="#fff" opacity=".25"/>
<rect x="120" y="128" width="160" height="182" rx="10" fill="#fffdf8"/>
<path d="M120 138a10 10 0 0 1 10-10H270a10 10 0 0 1 10 10Z" fill="{colour}" opacity=".35"/>
<circle cx="200" cy="200" r="57" fill="none" stroke="{colour}" stroke-width="2.5"/>
{seal}
{beans}
<g fill="none" stroke="#fff" stroke-width="3" opacity=".85">{strip}</g>
{mark}</svg>
"""


def seal(flavours: list[str]) -> str:
    """The first two flavours, or the only one in the middle."""
    across = (200,) if len(flavours) == 1 else (173, 227)
    return "".join(motif(name, x, 200) for name, x in zip(flavours, across, strict=False))


def bag(attributes: dict[str, str | list[str]]) -> str:
    """The picture of one coffee."""
    colour, ground = BAGS[str(attributes.get("origin", ""))]
    flavours, roast = attributes["flavour"], BEANS[str(attributes["roast"])]
    return SHAPES.format(
        ground=ground,
        colour=colour,
        shade=mixed(colour, "#000000", 0.22),
        light=mixed(colour, "#ffffff", 0.16),
        seal=seal([flavours] if isinstance(flavours, str) else flavours),
        beans="".join(bean(170 + 30 * n, turn, roast) for n, turn in enumerate((-20, 15, -8))),
        strip=strip(str(attributes.get("process", ""))),
        mark=MARKS[str(attributes["caffeine"])],
    )


def main() -> None:
    """Draw them all."""
    catalogue = yaml.safe_load((HERE / "catalogue.yml").read_text(encoding="utf-8"))
    (HERE / "images").mkdir(exist_ok=True)
    for name, product in catalogue["products"].items():
        (HERE / "images" / f"{name}.svg").write_text(bag(product["attributes"]), encoding="utf-8")


if __name__ == "__main__":
    main()
