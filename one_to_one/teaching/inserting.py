"""Putting a line into a file of training data where it belongs, and leaving the rest as people wrote it."""

from __future__ import annotations

import re

HEAD = 'version: "3.1"\n\nnlu:\n'
_BLOCK = re.compile(
    r"""^(?P<space> *)- (?P<kind>intent|lookup): *(?P<quote>["']?)(?P<name>.*?)(?P=quote) *(?:#.*)?$"""
)
_LINE = re.compile(r"^(?P<space> +)- ")


def with_line(content: str, kind: str, name: str, line: str) -> str:
    """The file's content with `line` as the last example of a block; the same where it has it already.

    A block that isn't there is written at the end; an empty content becomes a whole file.
    """
    rows = (content or HEAD).splitlines()
    for first in range(len(rows)):
        if _is_block(rows[first], kind, name):
            last = _end(rows, first)
            if any(row.strip() == f"- {line}" for row in rows[first:last]):
                return content
            space = next(
                (found["space"] for row in rows[first + 1 : last] if (found := _LINE.match(row))), " " * 6
            )
            rows.insert(last, f"{space}- {line}")
            return "\n".join(rows) + "\n"
    while rows and not rows[-1].strip():
        rows.pop()
    shown = f'"{name}"' if not name.isidentifier() else name
    return "\n".join([*rows, f"  - {kind}: {shown}", "    examples: |", f"      - {line}"]) + "\n"


def without_line(content: str, line: str, but_in: str) -> str:
    """The file's content without `line` among the examples of intents other than `but_in`."""
    kept, intent = [], but_in
    for row in content.splitlines():
        found = _BLOCK.match(row)
        if found is not None:
            intent = found["name"] if found["kind"] == "intent" else but_in
        if intent == but_in or row.strip() != f"- {line}":
            kept.append(row)
    return "\n".join(kept) + "\n" if kept else content


def _is_block(row: str, kind: str, name: str) -> bool:
    found = _BLOCK.match(row)
    return found is not None and (found["kind"], found["name"]) == (kind, name)


def _end(rows: list[str], first: int) -> int:
    """Behind the last example of the block."""
    last = first + 1
    for place in range(first + 1, len(rows)):
        if rows[place].strip() and not rows[place].startswith("    "):
            break
        if _LINE.match(rows[place]):
            last = place + 1
    return max(last, first + 2)
