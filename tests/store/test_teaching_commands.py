"""From reviews in the store to a patch, and to a model that is taken on or refused; both databases."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from cli import candidate, training
from cli.app import run
from cli.candidate import GetsWorse, NothingReviewed, decide
from cli.switching import link_of, point, restart_bot
from crm_store.models import MessageRow
from crm_store.reviews import JOURNEY
from crm_store.store import Store
from one_to_one.facts import Heard, Polarity, Source
from one_to_one.replies import Reply
from one_to_one.teaching.comparing import Reading
from one_to_one.teaching.judging import meaning
from settings import ROOT, Settings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DARK = {
    "entity": "roast",
    "value": "dark",
    "polarity": "likes",
    "start": 0,
    "end": 4,
    "confidence_entity": 0.9,
}
PLAIN = "kindly forward me to whoever is in charge, says Rosalinde, 0912345678"
TRADE = "dark is what I never touch, Rosalinde says"


async def said(store: Store, text: str, customer: str | None = None, intent: str = "inform") -> MessageRow:
    """Something typed and answered, read as liking dark roasts, by somebody called Rosalinde."""
    async with store.transaction() as books:
        if customer is None:
            customer = (await books.customers.create("en", NOON)).id
            called = Heard("name", "Rosalinde", Polarity.LIKES, 0.9, "Rosalinde")
            await books.facts.learn(customer, called, at=NOON, source=Source(None, "web", NOON))
        contact = await books.contacts.current(customer, "web", NOON, timedelta(minutes=30))
        message, _ = await books.messages.receive(customer, "web", None, NOON, text)
        message.contact_id = contact.id
        await books.messages.answer(
            message, [Reply("Noted.")], NOON, language="en", intent=intent, confidence=0.5, entities=[DARK]
        )
    return message


async def corrected(store: Store, message: MessageRow, intent: str, *facts: dict[str, object]) -> None:
    """Reviewed: another intent, other facts."""
    async with store.transaction() as books:
        review = await books.reviews.mine(message, "Mei", NOON)
        review.intent, review.facts = intent, [dict(fact) for fact in facts]
        await books.reviews.finish(message, "Mei", NOON)


@pytest.fixture
def home(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The commands are about this store."""
    monkeypatch.setenv("DRIPWISE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DRIPWISE_DATABASE_URL", url.replace("+aiosqlite", ""))
    return tmp_path / "home"


def clone(folder: Path) -> Path:
    """The data of the repository in a fresh one of its own."""
    for name in ("data/nlu", "data/shops/coffee/nlu"):
        shutil.copytree(ROOT / name, folder / name)
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def apply(patch: Path, folder: Path) -> None:
    """As a colleague does; fails when git refuses it."""
    for command in (["apply", "--check"], ["apply"]):
        subprocess.run(["git", *command, patch], cwd=folder, check=True)


def examples(path: Path, kind: str, name: str) -> list[str]:
    blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    found = [block["examples"].splitlines() for block in blocks if block.get(kind) == name]
    return [line.removeprefix("- ") for lines in found for line in lines]


async def test_corrections_become_a_patch_that_git_applies(store: Store, home: Path, tmp_path: Path) -> None:
    plain, trade = await said(store, PLAIN), await said(store, TRADE)
    await corrected(store, plain, "human", DARK)
    await corrected(store, trade, "inform", DARK | {"polarity": "never"})
    async with store.transaction() as books:
        await books.reviews.tag(plain, JOURNEY, "Mei", NOON)
    await store.close()
    file = tmp_path / "taught.patch"
    assert await in_thread(["export", "training", "--out", str(file)]) == 0
    patch = file.read_text(encoding="utf-8")
    assert "Rosalinde" not in patch
    assert "0912345678" not in patch
    there = clone(tmp_path / "clone")
    await asyncio.to_thread(apply, file, there)
    [line] = [
        line
        for line in examples(there / "data/nlu/en/talk.yml", "intent", "human")
        if line.startswith("kindly forward me")
    ]
    assert line.startswith("kindly forward me to whoever is in charge, says ")
    own = examples(there / "data/shops/coffee/nlu/en.yml", "intent", "inform")
    assert any(
        each.startswith('[dark]{"entity": "roast", "value": "dark", "role": "never"} is') for each in own
    )
    [kept] = sorted((there / "tests/journey/conversations").glob("*.yml"))
    journey = yaml.safe_load(kept.read_text(encoding="utf-8"))
    assert journey["turns"][0]["intent"] == "human"
    assert journey["turns"][0]["says"] == line
    changed = [row for row in patch.splitlines() if row.startswith("-") and not row.startswith("---")]
    assert changed == []


async def in_thread(arguments: list[str]) -> int:
    """A command has an event loop of its own."""
    return await asyncio.to_thread(run, arguments)


async def test_without_corrections_the_patch_is_empty(
    store: Store, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await store.close()
    assert await in_thread(["export", "training"]) == 0
    assert capsys.readouterr().out == ""


type Reader = Callable[[Path, Sequence[str]], list[Reading]]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Two models instead of two trainings of a minute each."""
    made = {name: tmp_path / f"coffee-{name}.tar.gz" for name in ("old", "new")}
    for path in made.values():
        path.write_bytes(b"a model")
    monkeypatch.setattr(candidate, "train_if_needed", lambda *_: made["old"])
    monkeypatch.setattr(candidate, "train_candidate", lambda *_: made["new"])
    return made


def reader(models: dict[str, Path], old: dict[str, str], new: dict[str, str]) -> Reader:
    """Each model gives these intents to these texts."""

    def read(model: Path, texts: Sequence[str]) -> list[Reading]:
        intents = old if model == models["old"] else new
        return [Reading(intents[text], meaning([DARK])) for text in texts]

    return read


async def decided(home: Path, url: str, keep: bool, read: Reader) -> str:
    settings = Settings(home=home, database_url=url.replace("+aiosqlite", ""))
    return await asyncio.to_thread(decide, settings, keep, lambda _: None, read)


async def test_a_candidate_that_is_no_worse_is_taken_on(
    store: Store, home: Path, url: str, models: dict[str, Path]
) -> None:
    await corrected(store, await said(store, PLAIN), "human", DARK)
    read = reader(models, {PLAIN: "inform"}, {PLAIN: "human"})
    assert "--keep" in await decided(home, url, True, read)
    assert not link_of(home).exists()
    assert "Switched to coffee-new" in await decided(home, url, False, read)
    assert link_of(home).resolve() == models["new"].resolve()
    kept = training.taught_folder(Settings(home=home)) / "en.yml"
    assert "kindly forward me" in kept.read_text(encoding="utf-8")
    assert "Rosalinde" not in kept.read_text(encoding="utf-8")


async def test_a_candidate_by_which_a_reviewed_message_gets_worse_is_refused(
    store: Store, home: Path, url: str, models: dict[str, Path]
) -> None:
    await corrected(store, await said(store, PLAIN), "human", DARK)
    await corrected(store, await said(store, TRADE), "inform", DARK)
    read = reader(models, {PLAIN: "inform", TRADE: "inform"}, {PLAIN: "human", TRADE: "deny"})
    with pytest.raises(GetsWorse, match="1 message"):
        await decided(home, url, False, read)
    assert not link_of(home).exists()
    assert not training.taught_folder(Settings(home=home)).exists()


async def test_what_reviewers_differ_about_is_no_measure(
    store: Store, home: Path, url: str, models: dict[str, Path]
) -> None:
    message = await said(store, PLAIN)
    await corrected(store, message, "human", DARK)
    async with store.transaction() as books:
        await books.reviews.finish(message, "Bo", NOON)
    with pytest.raises(NothingReviewed):
        await decided(home, url, False, reader(models, {}, {}))


def test_the_bot_is_told_by_a_link_that_can_be_turned(tmp_path: Path, models: dict[str, Path]) -> None:
    link = point(tmp_path, models["old"])
    assert link.resolve() == models["old"].resolve()
    assert point(tmp_path, models["new"]) == link
    assert link.resolve() == models["new"].resolve()
    assert not restart_bot(tmp_path)
