"""Training the bot's model, when something it depends on has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy

from cli.examples import write_training_data
from one_to_one.errors import DripwiseError
from one_to_one.pack import read_pack
from settings import ROOT, Settings

PYTHON = ROOT / ".dripwise" / "bot" / "bin" / "python"
SHAPING = (
    "classifier",
    "extractor",
    "featurizer",
    "regression",
    "spelling",
    "tagger",
    "tags",
    "tokenizer",
    "train",
    "words",
)
"""The modules of the bot that shape what is stored in a model; the others may change without a training."""
SECONDS = 600.0  # a training that takes longer hangs
_TAIL = 15  # lines of the log that an error shows

Progress = Callable[[str], None]


class CantTrain(DripwiseError):
    """The bot's model can't be trained: {cause}

    The last lines of its log: {log}
    """


def train_if_needed(settings: Settings, progress: Progress) -> Path:
    """The model that fits the code, the language data and the pack, trained now if there is none yet.

    Raises BadPack, UnknownShop and CantTrain.
    """
    with tempfile.TemporaryDirectory(prefix="dripwise-train-") as folder:
        data = Path(folder)
        model = prepare(settings, data)
        if model.is_file():
            progress("the model is up to date")
            return model
        return _train(data, model, progress)


def train(settings: Settings, progress: Progress) -> Path:
    """Train now, whether or not anything changed. Raises as `train_if_needed`."""
    with tempfile.TemporaryDirectory(prefix="dripwise-train-") as folder:
        data = Path(folder)
        return _train(data, prepare(settings, data), progress)


def taught_folder(settings: Settings) -> Path:
    """Where what colleagues taught this shop's bot is kept, since `train --candidate` took it on."""
    return settings.home / "teaching" / settings.shop_folder.name


def train_candidate(settings: Settings, taught: Path, progress: Progress) -> Path:
    """The model with what is in `taught` instead of what was taught before. Raises as `train_if_needed`."""
    with tempfile.TemporaryDirectory(prefix="dripwise-train-") as folder:
        data = Path(folder)
        model = prepare(settings, data, taught)
        return model if model.is_file() else _train(data, model, progress)


def prepare(settings: Settings, folder: Path, taught: Path | None = None) -> Path:
    """Write everything the training reads into `folder`; the path of the model that it makes.

    `taught` is a folder with what colleagues taught; None: what was taken on before.
    """
    pack = read_pack(settings.shop_folder)
    write_training_data(pack, ROOT / "data" / "nlu", folder, taught or taught_folder(settings))
    copy(ROOT / "data" / "rules" / "rules.yml", folder / "data")
    copy(ROOT / "bot" / "domain.yml", folder / "domain")
    copy(ROOT / "config.yml", folder)
    name = f"{settings.shop_folder.name}-{fingerprint(folder)}.tar.gz"
    return _models(settings) / name


def fingerprint(folder: Path) -> str:
    """Of all that makes a model what it is: the prepared data, the code that shapes it, the libraries."""
    digest = hashlib.sha256()
    for path in _ingredients(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _ingredients(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
    yield from (ROOT / "bot" / f"{name}.py" for name in SHAPING)
    yield ROOT / "one_to_one" / "folding.py"
    yield ROOT / "data" / "nlu" / "folding.tsv"
    yield ROOT / "locks" / "bot.txt"


def _models(settings: Settings) -> Path:
    """The checkout's folder, so that several homes share a model; the home's where that can't be written."""
    shared = ROOT / "models"
    folder = shared if os.access(shared, os.W_OK) else settings.home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _train(data: Path, model: Path, progress: Progress) -> Path:
    """Run the training and put the model in its place at once, complete."""
    progress(f"training {model.name}")
    made = data / "made" / "model.tar.gz"
    made.parent.mkdir()
    _run(data, made)
    waiting = model.with_name(f".{os.getpid()}-{model.name}")
    copy(made, waiting)
    return waiting.replace(model)


def _run(data: Path, made: Path) -> None:
    if not PYTHON.exists():
        raise CantTrain(cause=f"there is no {PYTHON}. `./dripwise up` makes it.", log="none")
    places = {"data": data / "data", "domain": data / "domain", "config": data / "config.yml", "model": made}
    options = [word for name, place in places.items() for word in (f"--{name}", str(place))]
    command = [str(PYTHON), "-m", "bot.train", *options]
    try:
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CantTrain(cause=f"it took longer than {SECONDS:.0f} s.", log=_tail(error.output)) from error
    if done.returncode or not made.is_file():
        raise CantTrain(cause=f"it ended with code {done.returncode}.", log=_tail(done.stdout))


def _tail(output: bytes | None) -> str:
    lines = (output or b"").decode("utf-8", "replace").splitlines()
    return "\n".join(lines[-_TAIL:])
