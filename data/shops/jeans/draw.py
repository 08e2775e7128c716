"""Draws every pair of catalogue.yml into images/: `python data/shops/jeans/draw.py`.

The outline is the pair's own: how wide it is at the thigh and the ankle, how high the waistband sits. The
colour is that of the wash it comes in unless another is chosen. No text, no scripts, nothing from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent

MIDDLE = 200
CROTCH = 168
FOOT = 366

THIGHS = {"close": 62, "regular": 72, "loose": 86}
"""Half the width at the hip, by fit."""

ANKLES = {"tapered": 0.42, "straight": 0.62, "bootcut": 0.86, "wide": 1.02}
"""The width of a leg at the foot, as a share of the thigh, by shape."""

KNEES = {"tapered": 0.68, "straight": 0.68, "bootcut": 0.58, "wide": 0.94}

WAISTS = {"low": 78, "mid": 62, "high": 44}
"""Where the waistband begins, by rise."""

WASHES = {
    "raw": ("#1f2a44", "#d9dce6"),
    "rinse": ("#2c4672", "#dfe5ef"),
    "stone": ("#5577a6", "#e4ebf4"),
    "faded": ("#93b1cf", "#eef3f8"),
    "black": ("#2b2b2e", "#e2e2e4"),
    "ecru": ("#e6dcc4", "#faf6ec"),
}
"""Cloth and ground of each wash."""

LOOKS = {"selvedge": "raw", "rigid": "stone", "comfort": "rinse", "power": "black", "light": "faded"}
"""The wash a pair is drawn in, by the first cloth it is made of."""

PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">
<rect width="400" height="400" fill="{ground}"/>
<ellipse cx="200" cy="376" rx="{spread}" ry="8" fill="{shade}" opacity=".22"/>
<path d="{left}" fill="{cloth}" stroke="{shade}" stroke-width="2" stroke-linejoin="round"/>
<path d="{right}" fill="{cloth}" stroke="{shade}" stroke-width="2" stroke-linejoin="round"/>
<g fill="none" stroke="{thread}" stroke-width="2" stroke-dasharray="5 3">
<path d="M{pocket_left}"/><path d="M{pocket_right}"/>
<path d="M208 {below}V{fly}Q208 {crotch} 200 {crotch}"/>
<path d="M{hem_left}"/><path d="M{hem_right}"/>
</g>
<path d="M{band_left} {waist}H{band_right}V{below}H{band_left}Z" fill="{shade}"/>
<path d="M{band_left} {below}H{band_right}" stroke="{thread}" stroke-width="2" stroke-dasharray="5 3"/>
<g fill="{cloth}">{loops}</g>
<circle cx="200" cy="{button}" r="5" fill="{metal}"/>
</svg>
"""


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the lines of one pair run, in points of the picture."""

    waist: int  # the upper edge of the band
    band: float  # half its width
    thigh: float  # half the width at the hip
    knee: float  # the width of one leg at the knee
    ankle: float  # the same at the foot

    def leg(self, side: int) -> str:
        """One leg, -1 left and 1 right."""
        outer_knee, outer_foot = self.thigh * 0.96, self.thigh * 0.9 + self.ankle * 0.12
        points = (
            f"M{MIDDLE} {self.waist}",
            f"L{MIDDLE + side * self.band:.0f} {self.waist}",
            f"Q{MIDDLE + side * self.thigh:.0f} {self.waist + 40} {MIDDLE + side * self.thigh:.0f} {CROTCH}",
            f"L{MIDDLE + side * outer_knee:.0f} 262",
            f"L{MIDDLE + side * outer_foot:.0f} {FOOT}",
            f"L{MIDDLE + side * (outer_foot - self.ankle):.0f} {FOOT}",
            f"L{MIDDLE + side * max(outer_knee - self.knee, 3):.0f} 262",
            f"L{MIDDLE} {CROTCH}Z",
        )
        return "".join(points)

    def pocket(self, side: int) -> str:
        """The curve of a front pocket."""
        return (
            f"{MIDDLE + side * self.band * 0.55:.0f} {self.waist + 18}"
            f"Q{MIDDLE + side * self.band * 0.6:.0f} {self.waist + 48} "
            f"{MIDDLE + side * self.thigh * 0.95:.0f} {self.waist + 50}"
        )

    def hem(self, side: int) -> str:
        """The seam at the foot."""
        outer = self.thigh * 0.9 + self.ankle * 0.12
        return f"{MIDDLE + side * outer:.0f} {FOOT - 8}H{MIDDLE + side * (outer - self.ankle):.0f}"


def outline(fit: str, shape: str, rise: str) -> Outline:
    """The lines of a pair of this fit, shape and rise."""
    thigh = THIGHS[fit]
    return Outline(WAISTS[rise], thigh * 0.8, thigh, thigh * KNEES[shape], thigh * ANKLES[shape])


def darker(colour: str, share: float) -> str:
    """A colour with a share (0..1) of black."""
    return "#" + "".join(f"{round(int(colour[i : i + 2], 16) * (1 - share)):02x}" for i in (1, 3, 5))


def pair(fit: str, shape: str, rise: str, wash: str) -> str:
    """The picture of one pair."""
    cloth, ground = WASHES[wash]
    lines = outline(fit, shape, rise)
    top, below = lines.waist - 2, lines.waist + 16
    places = (-0.78, -0.4, 0.4, 0.78)
    loops = "".join(
        f'<rect x="{MIDDLE + place * lines.band - 3:.0f}" y="{top}" width="6" height="20" rx="1"/>'
        for place in places
    )
    return PICTURE.format(
        ground=ground,
        cloth=cloth,
        shade=darker(cloth, 0.28),
        thread="#c98a3b" if wash not in {"black", "ecru"} else darker(cloth, 0.45),
        metal="#b87333" if wash != "black" else "#8a8d91",
        left=lines.leg(-1),
        right=lines.leg(1),
        pocket_left=lines.pocket(-1),
        pocket_right=lines.pocket(1),
        hem_left=lines.hem(-1),
        hem_right=lines.hem(1),
        waist=lines.waist,
        below=below,
        button=lines.waist + 8,
        fly=CROTCH - 32,
        crotch=CROTCH - 12,
        band_left=round(MIDDLE - lines.band),
        band_right=round(MIDDLE + lines.band),
        spread=round(lines.thigh + 40),
        loops=loops,
    )


def wash_of(product: dict[str, dict[str, list[str]]]) -> str:
    """The wash a product is drawn in."""
    cloths = product.get("options", {}).get("fabric", ["comfort"])
    return LOOKS[cloths[0]]


def main() -> None:
    """Draw them all."""
    catalogue = yaml.safe_load((HERE / "catalogue.yml").read_text(encoding="utf-8"))
    (HERE / "images").mkdir(exist_ok=True)
    for name, product in catalogue["products"].items():
        shape = product["attributes"]
        drawn = pair(shape["fit"], shape["shape"], shape["rise"], wash_of(product))
        (HERE / "images" / f"{name}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
