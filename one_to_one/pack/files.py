"""Opening the files of a pack: bytes, characters and YAML, each with the line where it goes wrong."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from one_to_one.pack.places import Place, Report

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BROKEN = re.compile("[\ufffd\ue000-\uf8ff]|\u951f\u65a4\u62f7")
_BEYOND_ASCII = re.compile("[\u0080-\u024f\u0300-\u036f\u2010-\u2122]{2,}")
_MOST_BYTES = 8_000_000
_DEEPEST = 400
_BRACKET = re.compile(r"[\[{\]}]")
_INDENTED = re.compile(r"(?m)^ +")


def open_file(report: Report, folder: Path, name: str) -> Place:
    """The whole of a file as one place; missing, and reported, when it can't be read."""
    text = _text(report, folder, name)
    place = Place(report, name, None, name) if text is None else read_text(report, name, text)
    if place.missing:
        report.unread.add(name)
    return place


def read_text(report: Report, name: str, text: str) -> Place:
    """The same of the text of a file that was kept."""
    return Place(report, name, _node(report, name, text), name)


def _text(report: Report, folder: Path, name: str) -> str | None:
    path = folder / name
    if not path.is_file():
        report.add(name, 1, f"{name} is missing; every pack has one.")
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        report.add(name, 1, f"{name} can't be read: {error.strerror}.")
        return None
    if len(content) > _MOST_BYTES:
        report.add(name, 1, f"{name} is larger than {_MOST_BYTES} bytes.")
        return None
    return _decoded(report, name, content)


def _decoded(report: Report, name: str, content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        report.add(name, line, f"{name} isn't UTF-8 here; save it with the encoding UTF-8.")
        return None
    strange = _CONTROL.search(text)
    if strange is not None:
        line = text.count("\n", 0, strange.start()) + 1
        code = f"U+{ord(strange[0]):04X}"
        report.add(name, line, f"There is an invisible control character ({code}) here; delete it.")
        return None
    _look_for_mojibake(report, name, text)
    return text


def _look_for_mojibake(report: Report, name: str, text: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        garbled = None if line.isascii() else _garbled(line)
        if garbled:
            report.add(name, number, f"`{garbled}` looks garbled: saved with a wrong encoding at some time?")


def _garbled(line: str) -> str | None:
    """Characters of this line that only come from reading text with a wrong encoding."""
    broken = _BROKEN.search(line)
    if broken:
        return broken[0]
    for run in _BEYOND_ASCII.findall(line):
        for charset in ("cp1252", "latin-1"):
            try:
                run.encode(charset).decode("utf-8")
            except UnicodeError:
                continue
            return str(run)
    return None


def _node(report: Report, name: str, text: str) -> yaml.Node | None:
    if _depth(text) > _DEEPEST:
        report.add(name, 1, f"{name} is nested more than {_DEEPEST} levels deep.")
        return None
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else min(mark.line, text.count("\n")) + 1
        said = error.problem or error.context or ""
        report.add(name, line, f"The YAML can't be read here or in the line before: {said}. {_remedy(said)}")
        return None
    except yaml.YAMLError as error:
        report.add(name, 1, f"The YAML can't be read: {error}.")
        return None
    if node is None:
        report.add(name, 1, f"{name} is empty.")
    return node


_REMEDIES = {
    "expected ',' or": "Close the bracket, and put a text that holds `: ` or `, ` in quotes.",
    "expected key": "Indent it like the keys beside it, with spaces.",
    "block end": "Indent it like the keys beside it, with spaces.",
    "expected ':'": "Write `key: value`, with a plain colon and a space behind it.",
    "cannot start any token": "Indent with spaces, not tabs; put a text that begins with @ or % in quotes.",
    "mapping values are not allowed": "Put a text that holds `: ` in quotes.",
    "undefined alias": "Put a text that begins with * in quotes.",
    "end of stream": "A quote or a bracket isn't closed.",
}
"""What to do about what the parser of YAML says."""


def _remedy(said: str) -> str:
    return next((remedy for told, remedy in _REMEDIES.items() if told in said), "")


def _depth(text: str) -> int:
    """How deep the text could be nested at most: by indentation, by dashes in one line, by open brackets."""
    open_brackets = deepest = 0
    for opened in _BRACKET.findall(text):
        open_brackets += 1 if opened in "[{" else -1
        deepest = max(deepest, open_brackets)
    indented = max(map(len, _INDENTED.findall(text)), default=0)
    return deepest + indented + max(len(line.split("- ")) for line in text.split("\n"))
