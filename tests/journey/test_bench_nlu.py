"""`bench nlu` on small sets that are made up here: folds of any name and size, and a set that is missing."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from cli.benching import BenchOptions, Figure, NoData
from tests.bench.nlu import HWU64, SMP2019, measure

ENGLISH = {
    "alarm": ("wake me at [{}](time) please", "set an alarm for [{}](time)"),
    "music": ("play some [{}](genre) music", "i want to hear [{}](genre)"),
    "weather": ("will it rain in [{}](place)", "weather for [{}](place) now"),
}
CHINESE = {
    "PLAY": ("播放[{}](song)", "我想听[{}](song)这首歌"),
    "DIAL": ("打电话给[{}](name)", "给[{}](name)拨个电话"),
    "ROUTE": ("去[{}](place)怎么走", "导航到[{}](place)"),
}
WORDS = {
    "alarm": ("nine", "six thirty", "noon", "midnight"),
    "music": ("jazz", "rock", "folk", "soul"),
    "weather": ("london", "new york", "rome", "paris"),
    "PLAY": ("青花瓷", "稻香", "童话", "后来"),
    "DIAL": ("张三", "李四", "妈妈", "王经理"),
    "ROUTE": ("机场", "北京站", "长城", "公司"),
}


def write(folder: Path, shapes: Mapping[str, Sequence[str]], seed: int) -> None:
    folder.mkdir(parents=True)
    chance = random.Random(seed)
    for name, each in (("train.md", 16), ("test.md", 4)):
        lines = [
            f"## intent:{intent}\n"
            + "".join(f"- {chance.choice(some).format(chance.choice(WORDS[intent]))}\n" for _ in range(each))
            for intent, some in shapes.items()
        ]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figure]:
    data = tmp_path_factory.mktemp("data")
    write(data / HWU64 / "fold_9", ENGLISH, 1)
    write(data / SMP2019 / "elsewhere" / "cut", CHINESE, 2)
    return {figure.measure: figure for figure in measure(BenchOptions(data, print))}


def test_every_measure_of_the_contract_is_there(figures: dict[str, Figure]) -> None:
    assert {
        *("hwu64.intent_accuracy", "hwu64.intent_accuracy.fold_9", "hwu64.entity_f1", "scope.foreign_recall"),
        *("smp2019.intent_accuracy", "smp2019.intent_accuracy_traditional"),
        *("facts.precision", "facts.recall", "facts.same_in_all_scripts"),
        *("message.median_ms", "message.p95_ms"),
    } <= set(figures)


def test_what_is_easy_is_learned(figures: dict[str, Figure]) -> None:
    assert figures["hwu64.intent_accuracy"].value >= 0.9
    assert figures["hwu64.entity_f1"].value >= 0.8
    assert figures["smp2019.intent_accuracy"].value >= 0.9


def test_both_scripts_are_read_alike(figures: dict[str, Figure]) -> None:
    assert figures["smp2019.intent_accuracy_traditional"].value == figures["smp2019.intent_accuracy"].value


def test_hostile_messages_take_no_longer_than_others(figures: dict[str, Figure]) -> None:
    """Twice to six times was seen on a busy machine; without the caps it is a hundred times as long."""
    assert figures["message.hostile_cpu_ms"].value < 40 * figures["message.cpu_median_ms"].value


def test_a_missing_set_is_named_after_all_else_is_measured(tmp_path: Path) -> None:
    write(tmp_path / HWU64 / "fold_3", ENGLISH, 3)
    figures, measured = measure(BenchOptions(tmp_path, print)), list[str]()
    with pytest.raises(NoData, match=SMP2019):
        measured += (figure.measure for figure in figures)
    assert "hwu64.intent_accuracy" in measured
    assert "scope.foreign_recall" not in measured
