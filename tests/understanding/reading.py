"""The extractor by itself, with the words of the coffee shop and without a trained model."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cli.examples import lookups
from cli.training import PYTHON
from one_to_one.pack import read_pack
from settings import ROOT

type Entities = list[dict[str, Any]]


def write_tables(path: Path, shop: str = "coffee") -> Path:
    """The lookup tables of a shop, as a trained model keeps them."""
    tables = lookups(read_pack(ROOT / "data" / "shops" / shop), ROOT / "data" / "nlu")
    path.write_text(json.dumps(tables, ensure_ascii=False), encoding="utf-8")
    return path


def read_all(tables: Path, texts: Sequence[str]) -> list[Entities]:
    """The entities of each text, read by one process of the bot's environment."""
    return [json.loads(line) for line in answers("bot.reading", tables, texts, timeout=120)]


def answers(module: str, file: Path, texts: Sequence[str], timeout: float) -> list[str]:
    """The lines that a module of the bot answers to texts, one each; `timeout` in seconds for all."""
    done = subprocess.run(
        [PYTHON, "-m", module, file],
        cwd=ROOT,
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=timeout,
    )
    return done.stdout.splitlines()
