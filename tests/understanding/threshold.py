"""`python -m tests.understanding.threshold`: the fallback threshold of config.yml, from held-out sentences.

It prints the highest step that costs hardly any sentence that the bot has understood, and what each step
costs and gains, so that the choice can be looked at.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from cli.training import train_if_needed
from settings import ROOT, Settings

STEPS = tuple(step / 20 for step in range(2, 17))  # 0.10 to 0.80
LOST = 0.01
"""The share of rightly understood sentences that a threshold may cost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sure the bot was of its likeliest intent, and whether it was right."""

    confidence: float
    right: bool


def derive(outcomes: Sequence[Outcome]) -> float:
    """The highest step at which at most `LOST` of the right ones are turned away."""
    right = [each.confidence for each in outcomes if each.right]
    fitting = [step for step in STEPS if sum(sure < step for sure in right) <= LOST * len(right)]
    return max(fitting, default=STEPS[0])


def configured() -> float:
    """The threshold in config.yml."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return float(next(part["threshold"] for part in pipeline if "threshold" in part))


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """What each step turns away of what was right, and of what was wrong."""
    right = [each.confidence for each in outcomes if each.right]
    wrong = [each.confidence for each in outcomes if not each.right]
    return [
        f"{step:.2f}  right turned away {sum(sure < step for sure in right):3} of {len(right)}"
        f"  wrong turned away {sum(sure < step for sure in wrong):3} of {len(wrong)}"
        for step in STEPS
    ]


def main() -> None:
    """Train the coffee shop's bot if needed, let it read, and print."""
    from tests.bench.nlu_bot import read_all
    from tests.understanding.sentences import held_out

    with tempfile.TemporaryDirectory() as home:
        model = train_if_needed(Settings(home=Path(home)), print)
        sentences = [each for each in held_out() if each.intents]
        read = read_all(model, [each.text for each in sentences]).read
    outcomes = [
        Outcome(got.confidence, got.best in each.intents) for each, got in zip(sentences, read, strict=True)
    ]
    for line in table(outcomes):
        print(line)
    print(f"derived {derive(outcomes):.2f}, in config.yml {configured():.2f}")


if __name__ == "__main__":
    main()
