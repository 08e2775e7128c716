"""`python -m bot.train`: train a model from a folder of training data."""

import argparse
import os
import tempfile
from importlib import import_module
from pathlib import Path

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

import bot.lean  # noqa: F401  (before Rasa)

COMPONENTS = ("rasa.core.policies.rule_policy",)
"""Rasa's own components in config.yml; its full list would need TensorFlow."""


def main() -> None:
    """Train `--data` and `--domain` with `--config` into `--model`."""
    options = _read_options()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["RASA_CACHE_DIRECTORY"] = cache
        os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # a model is trained once: nothing would find its parts again
        _train(options.data, options.domain, options.config, options.model)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument("--data", required=True, help="folder of NLU data and rules")
    parser.add_argument("--domain", required=True, help="folder of domain files")
    parser.add_argument("--config", required=True, help="config.yml")
    parser.add_argument("--model", required=True, type=Path, help="where the model goes: NAME.tar.gz")
    return parser.parse_args()


def _train(data: str, domain: str, config: str, model: Path) -> None:
    from rasa.model_training import train

    for module in COMPONENTS:
        import_module(module)
    result = train(
        domain,
        config,
        [data],
        output=str(model.parent),
        fixed_model_name=model.name[: -len(".tar.gz")],
        force_training=True,
    )
    if result.model is None or result.code != 0:
        raise SystemExit(f"Rasa couldn't train the model (code {result.code}).")


if __name__ == "__main__":
    main()
