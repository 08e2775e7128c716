"""Training: the data is sound, and a failure is told with its cause."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cli import training
from cli.training import CantTrain, prepare, train, train_if_needed
from settings import PREFIX, ROOT, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_rasa_finds_nothing_to_warn_of_in_the_data(settings: Settings, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    places = {"domain": tmp_path / "domain", "data": tmp_path / "data", "config": tmp_path / "config.yml"}
    options = [word for name, place in places.items() for word in (f"--{name}", str(place))]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    done = subprocess.run(
        [training.PYTHON, "-W", "ignore", "-m", "rasa", "data", "validate", "--fail-on-warnings", *options],
        cwd=ROOT,
        env={**inherited, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_model_that_fits_is_not_trained_again(settings: Settings) -> None:
    model = train_if_needed(settings, print)
    made = model.stat().st_mtime_ns
    said: list[str] = []
    assert train_if_needed(settings, said.append) == model
    assert model.stat().st_mtime_ns == made
    assert said == ["the model is up to date"]


def test_a_failed_training_shows_the_end_of_its_log(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled = tmp_path / "python"
    spoiled.write_text("#!/bin/sh\necho one; echo 'no such component' >&2; exit 3\n")
    spoiled.chmod(0o755)
    monkeypatch.setattr(training, "PYTHON", spoiled)
    with pytest.raises(CantTrain, match="code 3") as failure:
        train(settings, print)
    assert "no such component" in str(failure.value)


def test_without_the_environment_the_error_says_how_to_make_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "PYTHON", tmp_path / "missing")
    with pytest.raises(CantTrain, match="dripwise up"):
        train(settings, print)
