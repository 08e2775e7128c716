"""A model that colleagues have taught, beside the one in use: trained, compared, and taken on or refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cli.corrections import Corrections, write_taught
from cli.customers import read
from cli.switching import point, restart_bot
from cli.training import PYTHON, taught_folder, train_candidate, train_if_needed
from crm_store.books import Books
from crm_store.reviews import Reviewed
from one_to_one.errors import DripwiseError
from one_to_one.pack import read_pack
from one_to_one.teaching.comparing import Case, Comparison, Reading
from one_to_one.teaching.judging import meaning
from settings import ROOT, Settings

SECONDS = 600.0
"""For all reviewed messages together; a bot that takes longer hangs."""

type Progress = Callable[[str], None]
type Reader = Callable[[Path, Sequence[str]], list[Reading]]
"""What a model makes of texts."""


class NothingReviewed(DripwiseError):
    """No message has been reviewed yet, so there is nothing to compare by. Review some in the console."""


class GetsWorse(DripwiseError):
    """The candidate is refused: {messages} message(s) of {conversations} reviewed conversation(s) get worse.

    The table names them. Correct or add reviews, then try again; the model in use stays.
    """


class CantRead(DripwiseError):
    """The model {model} can't be tried out: {cause}"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Both models, and how they read what was reviewed."""

    old: Path
    new: Path
    lines: int  # of training data that the corrections make
    comparison: Comparison
    texts: dict[int, str]  # message -> what was said


def try_candidate(
    settings: Settings, taught: Path, progress: Progress, reader: Reader | None = None
) -> Candidate:
    """Train with everything corrected (written into `taught`), and let both models read what was reviewed.

    Raises NothingReviewed, CantRead, and as `train_if_needed`.
    """
    pack = read_pack(settings.shop_folder)

    async def work(books: Books) -> Corrections:
        return await Corrections.read(books, pack)

    corrections = read(settings, work)
    reviewed = [each for each in corrections.reviewed if not each.verdict.contested]
    if not reviewed:
        raise NothingReviewed()
    lines = corrections.lines()
    write_taught(lines, taught)
    old = train_if_needed(settings, progress)
    new = train_candidate(settings, taught, progress)
    progress(f"reading {len(reviewed)} reviewed messages with both")
    texts = [each.message.text for each in reviewed]
    reading = reader or understand
    both = zip(reviewed, reading(old, texts), reading(new, texts), strict=True)
    cases = [_case(each, before, after) for each, before, after in both]
    said = {each.message.id: each.message.text for each in reviewed}
    return Candidate(old, new, len(lines), Comparison(cases), said)


def _case(each: Reviewed, old: Reading, new: Reading) -> Case:
    message, verdict = each.message, each.verdict
    right = Reading(verdict.intent or "", verdict.meaning)
    conversation = message.contact_id or -message.id
    return Case(conversation, message.id, message.language, right, old, new)


def understand(model: Path, texts: Sequence[str]) -> list[Reading]:
    """Let a model read texts, in a process of the bot's. Raises CantRead."""
    try:
        done = subprocess.run(
            [PYTHON, "-m", "bot.understand", model],
            cwd=ROOT,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
            input="".join(json.dumps(text) + "\n" for text in texts),
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise CantRead(model=model.name, cause=f"it took longer than {SECONDS:.0f} s.") from error
    except subprocess.CalledProcessError as error:
        raise CantRead(model=model.name, cause=error.stderr[-500:]) from error
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [Reading(answer["intent"], meaning(answer["entities"])) for answer in answers]


def decide(settings: Settings, keep: bool, progress: Progress, reader: Reader | None = None) -> str:
    """Try a candidate, print both models' figures, and take it on unless it is worse or `keep` is wished.

    Returns what was done. Raises GetsWorse, and as `try_candidate`.
    """
    with tempfile.TemporaryDirectory(prefix="dripwise-taught-") as folder:
        taught = Path(folder)
        candidate = try_candidate(settings, taught, progress, reader)
        print_comparison(candidate, Console(soft_wrap=True, highlight=False))
        if candidate.comparison.worse:
            raise GetsWorse(
                messages=len(candidate.comparison.worse),
                conversations=len(candidate.comparison.conversations_worse),
            )
        if keep:
            return "Nothing was switched (--keep)."
        return take_on(settings, candidate.new, taught)


def take_on(settings: Settings, model: Path, taught: Path) -> str:
    """Use the candidate from now on; what was done, in words."""
    home = taught_folder(settings)
    home.mkdir(parents=True, exist_ok=True)
    for name in ("zh.yml", "en.yml"):
        fresh = taught / name
        if fresh.is_file():
            waiting = home / f".{name}"
            shutil.copyfile(fresh, waiting)
            waiting.replace(home / name)
        else:
            (home / name).unlink(missing_ok=True)
    point(settings.home, model)
    if restart_bot(settings.home):
        return (
            f"Switched to {model.name}. The bot starts again with it; messages wait in the inbox meanwhile."
        )
    return f"Switched to {model.name}. `./dripwise up` starts with it."


def print_comparison(candidate: Candidate, console: Console) -> None:
    """The figures of both models, and every message that gets better or worse."""
    table = Table("read right", "language", "messages", "in use", "candidate", title_justify="left")
    table.title = f"{candidate.lines} lines taught: {candidate.old.name} → {candidate.new.name}"
    for row in candidate.comparison.rows():
        figures = (str(number) for number in (row.of, row.old, row.new))
        table.add_row(row.what, row.language or "all", *figures)
    console.print(table)
    for sign, cases, which in (
        ("+", candidate.comparison.better, "gained"),
        ("-", candidate.comparison.worse, "lost"),
    ):
        for case in cases:
            what = ", ".join(getattr(case, which))
            told = f"{case.old.intent} {list(case.old.facts)} → {case.new.intent} {list(case.new.facts)}"
            words = " ".join(candidate.texts[case.message].split())[:60]
            console.print(f"{sign} message {case.message} “{words}” ({what}): {told}", markup=False)
