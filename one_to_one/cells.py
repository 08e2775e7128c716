"""Cells of tables for spreadsheets: what somebody typed is text there, whatever it begins with."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell may not begin with: spreadsheets would reckon it."""


def harmless(cell: str) -> str:
    """A cell that is text to every spreadsheet; plain numbers stay numbers."""
    if (cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)) and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdecimal() and cell.isascii()
