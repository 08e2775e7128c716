"""Settings from the environment: defaults, URLs, and sentences for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.app import run
from cli.checking import checked_settings
from one_to_one.errors import BadSettings
from settings import ROOT, Settings


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = Settings()
    assert (settings.shop, settings.port, settings.home) == ("coffee", 8000, Path.cwd() / "var")
    assert settings.store_url == f"sqlite+aiosqlite:///{Path.cwd()}/var/dripwise.db"
    assert settings.origin == "http://127.0.0.1:8000"
    assert settings.telegram_token is None


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/a.db", "sqlite+aiosqlite:////tmp/a.db"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_plain_database_urls_get_our_driver(given: str, used: str) -> None:
    assert Settings(database_url=given).store_url == used


def test_an_unknown_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIPWISE_TELEGRAM_TOKN", "1:a")
    with pytest.raises(BadSettings, match="DRIPWISE_TELEGRAM_TOKN is not a setting"):
        checked_settings()


def test_a_senseless_value_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIPWISE_PORT", "eight")
    with pytest.raises(BadSettings, match="DRIPWISE_PORT is 'eight': "):
        checked_settings()


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIPWISE_PORT", "0")
    monkeypatch.setenv("DRIPWISE_CONTACT_MINUTES", "-1")
    with pytest.raises(BadSettings) as caught:
        checked_settings()
    assert "DRIPWISE_PORT" in str(caught.value)
    assert "DRIPWISE_CONTACT_MINUTES" in str(caught.value)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIPWISE_TELEGRAM_TOKEN", "")
    assert checked_settings().telegram_token is None


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIPWISE_PORT", "8001")
    assert checked_settings(port=8002).port == 8002
    assert checked_settings(port=None).port == 8001


def test_wrong_settings_end_with_a_message_and_not_with_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DRIPWISE_COLOUR", "blue")
    assert run(["up"]) == 1
    assert capsys.readouterr().err.startswith(
        "dripwise: The settings can't be used. DRIPWISE_COLOUR is not a"
    )


def test_using_a_command_wrongly_gives_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--port", "70000"]) == 2
    assert run(["dance"]) == 2
    assert "dance" in capsys.readouterr().err


def test_every_setting_is_in_the_readme_with_its_name() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`DRIPWISE_{name.upper()}`" not in readme]
    assert missing == []
