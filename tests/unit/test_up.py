"""What `up` checks before it starts anything, and what it hands to the processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.app import run
from cli.ports import free_port, require_free
from cli.up import only_one, process_environment, services
from one_to_one.errors import AlreadyUp, HomeUnusable, PortTaken
from settings import ROOT, Settings
from tests.ports import own_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A loopback port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_an_occupied_port_is_named_with_the_way_out(taken: int) -> None:
    with pytest.raises(PortTaken) as caught:
        require_free("127.0.0.1", taken)
    assert str(taken) in str(caught.value)
    assert "--port" in str(caught.value)


def test_up_on_an_occupied_port_fails_before_it_touches_anything(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DRIPWISE_HOME", str(tmp_path))
    assert run(["up", "--port", str(taken)]) == 1
    assert f"Port {taken} of 127.0.0.1 can't be used: it is in use." in capsys.readouterr().err
    assert not (tmp_path / "dripwise.db").exists()


def test_an_occupied_inner_port_gives_way_to_a_free_one(taken: int) -> None:
    assert free_port(taken) not in (0, taken)


def test_a_free_inner_port_is_kept() -> None:
    free = own_port()
    assert free_port(free) == free


def test_a_second_up_is_told_which_process_is_first(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyUp) as caught, only_one(tmp_path):
        pass
    assert f"process {os.getpid()}" in str(caught.value)


def test_the_home_is_free_again_afterwards(tmp_path: Path) -> None:
    with only_one(tmp_path):
        pass
    with only_one(tmp_path):
        assert (tmp_path / "run" / "up.pid").read_text() == f"{os.getpid()}\n"


def test_the_home_of_a_killed_up_is_free(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from cli.up import only_one\n"
        "with only_one(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=False)
    with only_one(tmp_path):
        pass


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnusable), only_one(tmp_path / "file"):
        pass


def test_processes_get_every_setting_by_name(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, port=8123, telegram_token="1:a")
    found = process_environment(settings, {"PATH": "/bin", "PYTHONPATH": "/elsewhere"})
    assert found["DRIPWISE_HOME"] == str(tmp_path)
    assert found["DRIPWISE_PORT"] == "8123"
    assert found["DRIPWISE_TELEGRAM_TOKEN"] == "1:a"
    assert found["PATH"] == "/bin"
    assert "DRIPWISE_DATABASE_URL" not in found
    assert "PYTHONPATH" not in found


def test_processes_are_quiet_and_on_loopback(tmp_path: Path) -> None:
    found = process_environment(Settings(home=tmp_path), {"RASA_TELEMETRY_ENABLED": "true"})
    assert found["RASA_TELEMETRY_ENABLED"] == "false"
    assert found["SANIC_HOST"] == "127.0.0.1"


def test_a_shop_given_by_a_path_is_found_from_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    assert process_environment(Settings(shop="mine"), {})["DRIPWISE_SHOP"] == str(tmp_path / "mine")
    assert process_environment(Settings(shop="coffee"), {})["DRIPWISE_SHOP"] == "coffee"


def test_the_settings_read_back_are_the_settings_handed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = Settings(home=tmp_path, turn_seconds=2.5, public_url="https://shop.example")
    for name, value in process_environment(handed, {}).items():
        monkeypatch.setenv(name, value)
    assert Settings() == handed


def test_only_the_bot_is_told_its_model(tmp_path: Path) -> None:
    told = {service.name: dict(service.environment) for service in services(tmp_path / "model.tar.gz")}
    assert told == {"bot": {"DRIPWISE_MODEL": str(tmp_path / "model.tar.gz")}, "actions": {}, "web": {}}
