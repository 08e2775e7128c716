"""Draws docs/lives.svg from the lives that `bench lives` compares, and prints their figures:
`python -m docs.lives_example`; `BENCH_CUSTOMERS` says how many live.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from one_to_one.pack import read_pack
from settings import ROOT
from tests.bench.lives.measuring import COMPARED, LIMIT, comparison, in_worlds, ways
from tests.bench.lives.running import FIXED, PLANNER, RANDOM, Plan
from tests.bench.lives.scores import Scores

CONTACTS = range(1, 13)
LOWEST, HIGHEST = 0.4, 0.9
LEFT, TOP, WIDTH, HEIGHT = 50, 20, 560, 240  # pixels
COLOURS = {PLANNER: "#1a7f37", FIXED: "#9a6700", RANDOM: "#8250df"}
NAMES = {PLANNER: "planner", FIXED: "fixed order", RANDOM: "random"}


def drawn(lived: Mapping[str, Scores]) -> str:
    """Of the proposals decided on in a customer's first, second, … contact: how many were accepted."""
    parts = [_line(LOWEST + step / 10) for step in range(6)]
    parts += [_text(_across(number), TOP + HEIGHT + 18, str(number), "middle") for number in CONTACTS]
    parts.append(_text(LEFT + WIDTH / 2, TOP + HEIGHT + 38, "contact of this customer", "middle"))
    for place, (asking, scores) in enumerate((one, lived[one]) for one in COLOURS):
        points = " ".join(f"{_across(n):.1f},{_down(_accepted(scores, n)):.1f}" for n in CONTACTS)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[asking]}" stroke-width="2"/>')
        parts.append(_text(LEFT + 380, TOP + 160 + 20 * place, NAMES[asking], "start", COLOURS[asking]))
    size = f'viewBox="0 0 {LEFT + WIDTH + 20} {TOP + HEIGHT + 50}"'
    style = 'font-family="sans-serif" font-size="13"'
    title = "<title>Share of proposals accepted, by the customer's contact</title>"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>'
    return "\n".join([head, title, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>\n"])


def _accepted(scores: Scores, contact: int) -> float:
    return scores.share(f"contact:{contact}:accepted", f"contact:{contact}:judged")


def _across(contact: int) -> float:
    return LEFT + (contact - 0.5) * WIDTH / len(CONTACTS)


def _down(share: float) -> float:
    return TOP + HEIGHT * (HIGHEST - share) / (HIGHEST - LOWEST)


def _line(share: float) -> str:
    y = _down(share)
    line = f'<line x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + WIDTH}" y2="{y:.1f}" stroke="#ddd"/>'
    return line + _text(LEFT - 6, y + 4, f"{share:.0%}", "end")


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def main() -> None:
    """Live, and draw."""
    plan = Plan(read_pack(ROOT / "data" / "shops" / "coffee"), int(os.environ.get(LIMIT, COMPARED)))
    lived = {name: in_worlds(one) for name, one in ways(plan).items()}
    together = {name: Scores().together(worlds) for name, worlds in lived.items()}
    (ROOT / "docs" / "lives.svg").write_text(drawn(together), encoding="utf-8")
    for figure in comparison(lived):
        print(f"{figure.measure}: {figure.value:.3f}")


if __name__ == "__main__":
    main()
