"""Draws every machine of catalogue.yml into images/: `python data/shops/computer/draw.py`.

The box is as large as the machine, its front has as many vents as it is loud, the figure on it says what it
is for first. The colour is its first case's. No text, no scripts, nothing from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent

SIZES = {"small": (150, 150), "normal": (170, 250), "large": (200, 300)}
"""Width and height of the box."""

CASES = {
    "black": ("#33373d", "#e4e7ea"),
    "white": ("#e9ecef", "#d5dde6"),
    "wood": ("#8a5f3c", "#f0e6da"),
    "glass": ("#3d4660", "#e3e6f2"),
}
"""Front and ground of each case."""

VENTS = {"silent": 0, "quiet": 3, "normal": 6}
"""How many slits let the air in."""

LIGHTS = {
    "office": "#4a90d9",
    "study": "#f2a541",
    "gaming": "#e0457b",
    "photo": "#7bc67e",
    "video": "#b06ce0",
    "modelling": "#39b5b2",
    "code": "#9aa7b8",
    "storing": "#d9b44a",
}
"""The colour of the figure, by what the machine is for."""

FIGURES = {
    "office": '<rect x="-20" y="-24" width="40" height="48" rx="3"/>'
    '<path d="M-11-10H11M-11 0H11M-11 10H4" stroke="#fff" stroke-width="3"/>',
    "study": '<path d="M0-20L26-8L0 4L-26-8Z"/><path d="M-14 0V14Q0 24 14 14V0L0 7Z"/>',
    "gaming": '<rect x="-28" y="-15" width="56" height="32" rx="16"/>'
    '<path d="M-20 1H-8M-14-5V7" stroke="#fff" stroke-width="4"/>'
    '<circle cx="12" cy="5" r="4" fill="#fff"/><circle cx="20" cy="-3" r="4" fill="#fff"/>',
    "photo": '<rect x="-28" y="-16" width="56" height="38" rx="5"/>'
    '<rect x="-9" y="-23" width="18" height="9" rx="2"/>'
    '<circle cy="3" r="13" fill="#fff"/><circle cy="3" r="8"/>',
    "video": '<rect x="-28" y="-20" width="56" height="40" rx="5"/>'
    '<path d="M-8-11L14 0L-8 11Z" fill="#fff"/>',
    "modelling": '<path d="M0-26L24-13V13L0 26L-24 13V-13Z"/>'
    '<path d="M-24-13L0 0L24-13M0 0V26" fill="none" stroke="#fff" stroke-width="3"/>',
    "code": '<path d="M-10-18L-28 0L-10 18M10-18L28 0L10 18M5-22L-5 22" fill="none" stroke-width="6"/>',
    "storing": '<ellipse cy="-16" rx="24" ry="8"/>'
    '<path d="M-24-10V16A24 8 0 0 0 24 16V-10A24 8 0 0 1-24-10Z"/>'
    '<path d="M-24 3A24 8 0 0 0 24 3" fill="none" stroke="#fff" stroke-width="3"/>',
}

PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">
<rect width="400" height="400" fill="{ground}"/>
<ellipse cx="200" cy="368" rx="{spread}" ry="10" fill="{shade}" opacity=".25"/>
<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="10" fill="{front}"
 stroke="{shade}" stroke-width="3"/>
{side}<rect x="{foot_left}" y="360" width="22" height="8" rx="2" fill="{shade}"/>
<rect x="{foot_right}" y="360" width="22" height="8" rx="2" fill="{shade}"/>
<g fill="none" stroke="{shade}" stroke-width="4" stroke-linecap="round">{vents}</g>
<circle cx="{button}" cy="{power}" r="6" fill="none" stroke="{light}" stroke-width="3"/>
<g transform="translate(200 {middle})" fill="{light}" stroke="{light}" stroke-width="0">{figure}</g>
</svg>
"""


def darker(colour: str, share: float) -> str:
    """A colour with a share (0..1) of black."""
    return "#" + "".join(f"{round(int(colour[i : i + 2], 16) * (1 - share)):02x}" for i in (1, 3, 5))


def vents(count: int, left: int, width: int) -> str:
    """Slits at the foot of the front."""
    return "".join(f'<path d="M{left + 24} {346 - 12 * n}H{left + width - 24}"/>' for n in range(count))


def machine(size: str, noise: str, use: str, case: str) -> str:
    """The picture of one machine."""
    width, height = SIZES[size]
    front, ground = CASES[case]
    left, top = 200 - width // 2, 360 - height
    shade, light = darker(front, 0.35), LIGHTS[use]
    glass = f'<rect x="{left + 12}" y="{top + 12}" width="{width - 24}" height="{height // 2 - 12}" rx="6" '
    side = f'{glass}fill="{light}" opacity=".16"/>\n' if case == "glass" else ""
    return PICTURE.format(
        ground=ground,
        front=front,
        shade=shade,
        light=light,
        spread=width // 2 + 30,
        left=left,
        top=top,
        width=width,
        height=height,
        side=side,
        foot_left=left + 16,
        foot_right=left + width - 38,
        vents=vents(VENTS[noise], left, width),
        button=left + width - 24,
        power=top + 24,
        middle=top + height * 2 // 5,
        figure=FIGURES[use],
    )


def first(values: str | Sequence[str]) -> str:
    """The first of one or several."""
    return values if isinstance(values, str) else values[0]


def picture(product: dict[str, Any]) -> str:
    """The picture of a product of the catalogue."""
    said = product["attributes"]
    cases = product.get("options", {}).get("chassis", ["black"])
    lit = first(said["use"]) == "gaming" and "glass" in cases
    return machine(said["size"], said["noise"], first(said["use"]), "glass" if lit else first(cases))


def main() -> None:
    """Draw them all."""
    catalogue = yaml.safe_load((HERE / "catalogue.yml").read_text(encoding="utf-8"))
    (HERE / "images").mkdir(exist_ok=True)
    for name, product in catalogue["products"].items():
        (HERE / "images" / f"{name}.svg").write_text(picture(product), encoding="utf-8")


if __name__ == "__main__":
    main()
