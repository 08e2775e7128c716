"""Demand as a picture: one bar per option, module under module."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from one_to_one.demand import PRODUCT, Demand
from one_to_one.language import Language
from one_to_one.shop import ShopPack

WIDTH, LABEL, BAR, ROW, TOP = 760, 250, 400, 22, 20
MOST_PRODUCTS = 15
INK, QUIET, FILL = "#3b2f2a", "#8a7f78", "#b5793f"


def picture(pack: ShopPack, found: Sequence[Demand], language: Language) -> str:
    """An SVG with a bar for each option: its length is how often it was taken, the figure its share."""
    products = [one for one in found if one.module == PRODUCT][:MOST_PRODUCTS]
    shown = [*products, *(one for one in found if one.module != PRODUCT)]
    most = max((one.lines for one in shown), default=0) or 1
    rows: list[str] = []
    y, last = TOP, None
    for one in shown:
        if one.module != last:
            y += ROW
            rows.append(_text(12, y, _module(pack, one.module, language), f'font-weight="600" fill="{INK}"'))
            y += ROW
            last = one.module
        rows += _row(y, _option(pack, one, language), one, most)
        y += ROW
    height = y + TOP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img" font-family="Noto Sans, Noto Sans CJK TC, sans-serif" '
        f'font-size="13"><rect width="{WIDTH}" height="{height}" fill="#fffdf9"/>{"".join(rows)}</svg>\n'
    )


def _row(y: int, label: str, one: Demand, most: int) -> list[str]:
    length = round(BAR * one.lines / most)
    return [
        _text(24, y, label, f'fill="{INK}"'),
        f'<rect x="{LABEL}" y="{y - 12}" width="{length}" height="14" rx="2" fill="{FILL}"/>',
        _text(LABEL + length + 8, y, f"{one.lines} · {one.share:.0%}", f'fill="{QUIET}"'),
    ]


def _text(x: int, y: int, words: str, style: str) -> str:
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'


def _module(pack: ShopPack, module: str, language: Language) -> str:
    return pack.modules[module].label[language] if module in pack.modules else module


def _option(pack: ShopPack, one: Demand, language: Language) -> str:
    if one.module == PRODUCT and one.option in pack.products:
        name = pack.products[one.option].name[language]
    else:
        module = pack.modules.get(one.module)
        known = module.options.get(one.option) if module else None
        name = known.label[language] if known else one.option
    return name if len(name) <= 32 else f"{name[:31]}…"
