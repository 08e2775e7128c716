"""Charts as Vega-Lite draws them: what is drawn and how. Colours and widths are the page's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from staff.figures import Chart, Column, Mark, Row
from staff.telling_figures import Unit

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
TICKS = 7
"""Steps that are named on the axis."""

MOST_ROWS = 16
"""Bars from left to right; the table has all."""

DOTTED = 32
"""Up to so many steps each has a dot on its line."""

DASHES = ([1, 0], [6, 3], [2, 3], [8, 3, 2, 3])
"""Lines are told apart without their colours too."""

PALE = {"condition": {"test": "datum.part", "value": 0.5}, "value": 1}
"""How a day or week is drawn that isn't over."""

FORMATS = {Unit.SHARE: ".0%", Unit.COUNT: ",d", Unit.EACH: ",.1f", Unit.SECONDS: ",~r", Unit.MINUTES: ",~r"}


def drawing(chart: Chart, titles: Mapping[str, str], told: Any) -> dict[str, Any]:
    """A chart for Vega-Lite. `titles` are those of the columns, `told(value, unit)` says a figure."""
    rows = chart.rows[:MOST_ROWS] if chart.mark is Mark.ACROSS else chart.rows
    points = [
        {
            "at": row.key,
            "of": titles[column.code],
            "order": place,
            "part": row.so_far,
            "value": None if _would_fall(chart, row, column) else column.values.get(row.key),
            "told": f"{row.label} · {titles[column.code]} · {told(column.values.get(row.key), column.unit)}",
        }
        for place, column in enumerate(chart.drawn)
        for row in rows
    ]
    return {
        "$schema": SCHEMA,
        "data": {"values": points},
        "autosize": {"type": "fit-x", "contains": "padding"},
        **_marks(chart, rows, [titles[column.code] for column in chart.drawn], chart.drawn),
    }


def _would_fall(chart: Chart, row: Row, column: Column) -> bool:
    """Whether a line would only fall because its last day or week isn't over; the table has the figure."""
    return chart.mark is Mark.LINES and row.so_far and column.unit is Unit.COUNT and len(chart.rows) > 1


def _marks(chart: Chart, rows: Sequence[Row], names: list[str], columns: Sequence[Column]) -> dict[str, Any]:
    symbol = "circle" if chart.mark is Mark.LINES else "square"
    color = {
        "field": "of",
        "type": "nominal",
        "scale": {"domain": names},
        "legend": {"title": None, "orient": "top", "symbolType": symbol} if len(names) > 1 else None,
    }
    shared = {"color": color, "tooltip": {"field": "told", "type": "nominal"}}
    if chart.mark is Mark.ACROSS:
        named = {"domain": False, "ticks": False, "labelLimit": 150, "labelExpr": _names(rows)}
        at = {"field": "at", "type": "nominal", "sort": None, "title": None, "axis": named}
        return {
            "height": {"step": 24},
            "mark": {"type": "bar", "height": {"band": 0.68}},
            "encoding": {"y": at, "x": _scale(columns), "order": {"field": "order"}, **shared},
        }
    named = {
        "values": [row.key for row in _ticks(rows)],
        "labelExpr": _names(rows),
        "labelAngle": 0,
        "labelOverlap": True,
        "grid": False,
    }
    at = {"field": "at", "type": "ordinal", "sort": None, "title": None, "axis": named}
    encoding = {"x": at, "y": _scale(columns), **shared}
    if chart.mark is Mark.BARS:
        order = {"field": "order"}
        return {
            "height": 200,
            "mark": {"type": "bar"},
            "encoding": encoding | {"order": order, "opacity": PALE},
        }
    dash = {
        "field": "of",
        "type": "nominal",
        "scale": {"domain": names, "range": list(DASHES)},
        "legend": None,
    }
    dots = {"type": "point", "filled": True, "size": 34, "opacity": 1 if len(rows) <= DOTTED else 0}
    return {
        "height": 200,
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"strokeDash": dash}},
            {"mark": dots},
        ],
    }


def _scale(columns: Sequence[Column]) -> dict[str, Any]:
    """The axis of the figures: from 0 on, whole numbers only where things are counted."""
    unit = columns[0].unit
    most = max((value or 0 for column in columns for value in column.values.values()), default=0)
    axis = {"format": FORMATS[unit], "tickCount": 4, "domain": False, "ticks": False}
    if unit is Unit.COUNT:
        axis["tickMinStep"] = 1
    scale = {"domainMax": 1} if unit is Unit.SHARE and most > 0.8 else {"nice": True}
    return {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "axis": axis,
        "scale": scale | {"zero": True},
    }


def _ticks(rows: Sequence[Row]) -> list[Row]:
    """Some rows, evenly apart."""
    every = -(-len(rows) // TICKS) or 1
    return list(rows[::every])


def _names(rows: Sequence[Row]) -> str:
    """An expression that gives what stands on the axis for a row."""
    keys, names = [row.key for row in rows], [row.short for row in rows]
    return f"{_listed(names)}[indexof({_listed(keys)}, datum.value)]"


def _listed(words: Sequence[str]) -> str:
    quoted = (word.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ") for word in words)
    return "[" + ", ".join(f"'{word}'" for word in quoted) + "]"
