"""The bot's own pipeline, trained on any sentences and asked about any, in the bot's environment."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cli.training import PYTHON
from settings import ROOT
from tests.bench.nlu_sets import Labelled, marked

FALLBACK = "nlu_fallback"
TRAINING_SECONDS = 1200.0
_ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Read:
    """What the bot made of one sentence."""

    intent: str  # what the pipeline says: "nlu_fallback" below the threshold
    best: str  # the most likely intent, however unlikely
    confidence: float  # of `best`
    entities: Sequence[Mapping[str, Any]]
    ms: float  # on the clock
    cpu_ms: float  # of processor time


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the bot over many sentences."""

    startup: float  # seconds from its start to its first answer
    read: Sequence[Read]


def train_model(sentences: Sequence[Labelled], folder: Path) -> Path:
    """A model of `config.yml`, unchanged, that has learned these sentences. Raises CalledProcessError."""
    _write_data(sentences, folder)
    model = folder / "model.tar.gz"
    places = {
        "data": folder / "data",
        "domain": folder / "domain",
        "config": ROOT / "config.yml",
        "model": model,
    }
    options = [word for name, place in places.items() for word in (f"--{name}", str(place))]
    subprocess.run(
        [PYTHON, "-m", "bot.train", *options],
        cwd=ROOT,
        env={**os.environ, **_ONE_CORE},
        capture_output=True,
        timeout=TRAINING_SECONDS,
        check=True,
    )
    return model


def read_all(model: Path, texts: Sequence[str]) -> Session:
    """What the bot makes of each text, one after the other, as it would of typed messages.

    The clock of the first answer says how long a start takes. Raises CalledProcessError.
    """
    began = time.monotonic()
    with subprocess.Popen(
        [PYTHON, "-m", "bot.understand", model],
        cwd=ROOT,
        env={**os.environ, **_ONE_CORE},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as bot:
        assert bot.stdin
        assert bot.stdout
        read, startup = [], 0.0
        for text in texts:
            with suppress(BrokenPipeError):
                bot.stdin.write(json.dumps(text) + "\n")
                bot.stdin.flush()
            line = bot.stdout.readline()
            if not line:
                break
            startup = startup or time.monotonic() - began
            read.append(_read(json.loads(line)))
        bot.stdin.close()
    if bot.returncode or len(read) < len(texts):
        raise subprocess.CalledProcessError(bot.returncode, bot.args)
    return Session(startup, read)


def _read(answer: Mapping[str, Any]) -> Read:
    best, confidence = next((each for each in answer["ranking"] if each[0] != FALLBACK), (FALLBACK, 0.0))
    return Read(answer["intent"], best, confidence, answer["entities"], answer["ms"], answer["cpu_ms"])


def _write_data(sentences: Sequence[Labelled], folder: Path) -> None:
    """The sentences, and the least of a domain and of rules that Rasa wants."""
    by_intent: dict[str, list[str]] = {}
    for sentence in sentences:
        by_intent.setdefault(sentence.intent, []).append(marked(sentence))
    examples = [
        {"intent": name, "examples": "".join(f"- {line}\n" for line in lines)}
        for name, lines in by_intent.items()
    ]
    steps = [{"intent": FALLBACK}, {"action": "action_nlu_fallback"}]
    domain = {
        "intents": [*by_intent, FALLBACK],
        "entities": sorted({span.type for sentence in sentences for span in sentence.entities}),
        "actions": ["action_nlu_fallback"],
    }
    _write(folder / "data" / "nlu.yml", {"nlu": examples})
    _write(folder / "data" / "rules.yml", {"rules": [{"rule": "not understood", "steps": steps}]})
    _write(folder / "domain" / "domain.yml", domain)


def _write(path: Path, content: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {"version": "3.1", **content}
    path.write_text(
        yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8"
    )
