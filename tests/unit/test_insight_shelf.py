"""What was learned from many customers comes back from its file, and only while it can be read."""

from __future__ import annotations

from pathlib import Path

from one_to_one.alike import Alike
from one_to_one.exploring import Appeal
from one_to_one.insight import NOTHING
from one_to_one.insight_shelf import FILE, InsightShelf, save

TOGETHER = Alike(60, 300, {"tea": (("rusk", 0.5),)})
APPEAL = Appeal({"rusk": (3.0, 4.0)}, {("crumb", "airy"): (1.0, 2.0)})


def test_nothing_is_known_before_anything_was_learned(tmp_path: Path) -> None:
    assert InsightShelf(tmp_path)() is NOTHING


def test_what_was_learned_is_read_once_it_is_there_and_again_when_it_changed(tmp_path: Path) -> None:
    shelf = InsightShelf(tmp_path)
    assert shelf() is NOTHING
    save(TOGETHER, APPEAL, tmp_path / FILE)
    assert (shelf().alike, shelf().appeal) == (TOGETHER, APPEAL)
    assert shelf() is shelf()
    save(Alike(), Appeal(), tmp_path / FILE)
    assert shelf().alike == Alike()


def test_a_file_that_cannot_be_read_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir()
    for broken in ("{", "[]", '{"alike": 3}'):
        (tmp_path / FILE).write_text(broken, encoding="utf-8")
        assert InsightShelf(tmp_path)() is NOTHING
