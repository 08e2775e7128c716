"""Checking `nlu/zh.yml` and `nlu/en.yml`: what else customers of this shop say. Both are optional."""

from __future__ import annotations

from pathlib import Path

from one_to_one.pack.files import open_file
from one_to_one.pack.places import Place, Report
from one_to_one.pack.problems import nearest
from one_to_one.pack.topics_file import TONGUES

FOLDER = "nlu"
_KINDS = ("intent", "lookup")

INTENTS = frozenset(
    {
        *("affirm", "allow", "catalogue", "change", "chitchat", "choose", "complain", "decline", "delivery"),
        *("deny", "export", "forget", "goodbye", "greet", "help", "hours", "human", "inform", "know_me"),
        *("language", "order_status", "order_usual", "pause", "praise", "privacy", "propose", "thanks"),
        "withdraw",
    }
)
"""What typed messages are told apart by; the bot knows no others."""


def check_talk(report: Report, folder: Path) -> None:
    """Report what is wrong with the examples; the bot is trained on them, nothing else reads them."""
    for path in sorted((folder / FOLDER).glob("*.y*ml")):
        name = f"{FOLDER}/{path.name}"
        if path.name not in {f"{tongue}.yml" for tongue in TONGUES}:
            report.add(name, 1, f"{name} would not be read: the files are called zh.yml and en.yml.")
        else:
            _check_file(open_file(report, folder, name))


def _check_file(place: Place) -> None:
    for block in place.fields(("version", "nlu"))["nlu"].items():
        _check_block(block)


def _check_block(block: Place) -> None:
    found = block.fields(("examples",), _KINDS)
    kinds = [kind for kind in _KINDS if not found[kind].missing]
    if len(kinds) != 1 and block.is_mapping:
        block.wrong("A block of examples is for one `intent` or one `lookup`.")
    for kind in kinds:
        name = found[kind].words()
        if kind == "intent" and name not in INTENTS:
            found[kind].wrong(f"`{name}` is not an intent. {nearest(name, INTENTS)}")
    lines = found["examples"].words().splitlines()
    if any(not line.startswith("- ") or not line[2:].strip() for line in lines):
        found["examples"].wrong('Every example stands on a line of its own that begins with "- ".')
