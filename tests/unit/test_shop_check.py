"""`./dripwise shop check`: what the owner sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.app import run
from tests.unit.example_pack import ExamplePack, example_pack


@pytest.fixture
def example(tmp_path: Path) -> ExamplePack:
    return example_pack(tmp_path)


def test_a_good_pack_is_summed_up(example: ExamplePack, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shop", "check", str(example.folder)]) == 0
    said = capsys.readouterr().out
    assert "no problems" in said
    assert "2 products (1 sold out) at TWD 120-160; modules: cut; 3 topics; in zh-Hant, en." in said
    assert "soft 1, crackling 1" in said


def test_a_bad_pack_is_refused_with_file_and_line(
    example: ExamplePack, capsys: pytest.CaptureFixture[str]
) -> None:
    line = example.change("catalogue.yml", "price: 160", "price: 16")
    assert run(["shop", "check", str(example.folder)]) == 1
    said = capsys.readouterr().err
    assert f"{example.folder}/catalogue.yml:{line}: The price of rye is 16, below its cost of 60." in said
    assert f"can't be used: 1 problem(s). Run `./dripwise shop check {example.folder}`" in said


def test_the_shop_in_use_is_checked_when_none_is_named(
    example: ExamplePack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIPWISE_SHOP", str(example.folder))
    assert run(["shop", "check"]) == 0
    assert str(example.folder) in capsys.readouterr().out


def test_an_unknown_shop_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shop", "check", "cofee"]) == 1
    assert "There is no shop pack at cofee. Known shops: coffee" in capsys.readouterr().err
