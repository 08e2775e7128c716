"""Fitting what we say into Telegram's limits: long texts in parts, buttons in rows that can be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

TEXT_LIMIT = 4096  # of a message, counted like Telegram: in UTF-16 units
CAPTION_LIMIT = 1024  # of a picture
ROW_CELLS = 26  # what a row of buttons shows on a narrow phone; a Chinese character takes two
BUTTON_CELLS = 4  # the margins of one button
ROW_BUTTONS = 4
CHOSEN = "chosen"
"""Callback data of the mark that takes the place of a pressed keyboard. Not a payload: nothing runs."""

type Offered = Sequence[Mapping[str, str]]
"""Buttons as the store keeps them: `[{"title", "payload"}]`."""


def length(text: str) -> int:
    """How long Telegram finds a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """The text in pieces that fit, cut at a line's end or a space where there is one."""
    pieces = []
    while length(text) > limit:
        end = _cut(text, limit)
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def keyboard(buttons: Offered) -> InlineKeyboardMarkup | None:
    """The buttons under a message; None: there are none."""
    if not buttons:
        return None
    return InlineKeyboardMarkup(list(_rows(buttons)))


def chosen(title: str) -> InlineKeyboardMarkup:
    """What a keyboard becomes once one of its buttons was pressed."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"✓ {title}", callback_data=CHOSEN)]])


def _cut(text: str, limit: int) -> int:
    fits = _fitting(text, limit)
    for gap in ("\n", " "):
        at = text.rfind(gap, fits // 2, fits + 1)
        if at > 0:
            return at
    return fits


def _fitting(text: str, limit: int) -> int:
    units = 0
    for number, character in enumerate(text):
        units += length(character)
        if units > limit:
            return number
    return len(text)


def _rows(buttons: Offered) -> Iterator[list[InlineKeyboardButton]]:
    row: list[InlineKeyboardButton] = []
    cells = 0
    for button in buttons:
        width = _cells(button["title"]) + BUTTON_CELLS
        if row and (cells + width > ROW_CELLS or len(row) == ROW_BUTTONS):
            yield row
            row, cells = [], 0
        row.append(InlineKeyboardButton(button["title"], callback_data=button["payload"]))
        cells += width
    yield row


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
