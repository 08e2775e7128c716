"""Starting and stopping for real: what `./dripwise up` refuses, restarts and leaves behind."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
from pathlib import Path

import psutil
import pytest

from crm_store.migrating import migrate
from settings import PREFIX, ROOT
from tests.journey.conftest import OpenShop
from tests.journey.shop_running import RunningShop, until
from tests.ports import own_port
from tests.processes import alive

NAMES = ("bot", "actions", "web")
SECONDS = 240.0
"""The most that anything here may take; a quiet machine needs a tenth of a minute."""


def dripwise(home: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run a command that must end by itself: its exit code and what it said to the owner."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    found = subprocess.run(
        [str(ROOT / "dripwise"), *arguments],
        env={**inherited, f"{PREFIX}HOME": str(home), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert "Traceback" not in found.stderr, found.stderr
    return found.returncode, found.stderr


def test_an_unknown_shop_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    code, said = dripwise(tmp_path, "up", "--shop", "nowhere", "--port", str(own_port()))
    assert code == 1
    assert "nowhere" in said
    assert "coffee" in said


def test_a_broken_pack_is_refused_with_file_and_line(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(ROOT / "data" / "shops" / "coffee", pack)
    with (pack / "shop.yml").open("a", encoding="utf-8") as file:
        file.write("colour: brown\n")
    line = len((pack / "shop.yml").read_text(encoding="utf-8").splitlines())
    code, said = dripwise(tmp_path, "up", "--shop", str(pack), "--port", str(own_port()))
    assert code == 1
    assert f"shop.yml:{line}: " in said
    assert "colour" in said


def test_an_occupied_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code, said = dripwise(tmp_path, "up", "--port", str(port))
    assert code == 1
    assert f"Port {port}" in said
    assert "--port" in said


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_that_cant_be_reached_is_named(tmp_path: Path, url: str) -> None:
    code, said = dripwise(tmp_path, "up", DRIPWISE_DATABASE_URL=url, DRIPWISE_PORT=str(own_port()))
    assert code == 1
    assert "can't be opened" in said
    assert "DRIPWISE_DATABASE_URL" in said


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "dripwise.db").write_text("a letter to a friend " * 1000)
    code, said = dripwise(tmp_path, "up", DRIPWISE_PORT=str(own_port()))
    assert code == 1
    assert "dripwise.db can't be opened" in said
    assert (tmp_path / "dripwise.db").read_text() == "a letter to a friend " * 1000


def test_a_database_of_a_later_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    database = tmp_path / "dripwise.db"
    migrate(f"sqlite+aiosqlite:///{database}")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    connection.close()
    code, said = dripwise(tmp_path, "up", DRIPWISE_PORT=str(own_port()))
    assert code == 1
    assert "of_tomorrow" in said
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("of_tomorrow",)]
    connection.close()


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    code, said = dripwise(tmp_path, "up", DRIPWISE_PROT="8000")
    assert code == 1
    assert "DRIPWISE_PROT is not a setting" in said


def test_a_second_up_with_the_same_home_is_refused_and_the_first_goes_on(shop: RunningShop) -> None:
    code, said = dripwise(shop.home, "up", "--port", str(own_port()))
    assert code == 1
    assert f"process {shop.pid('up')}" in said
    shop.wait_ready()


def test_the_owner_is_told_the_steps_and_the_address(shop: RunningShop) -> None:
    until(  # `up` looks by itself whether a message would be answered
        lambda: f"Dripwise is open at {shop.url}/" in shop.log.read_text(), SECONDS, "the address isn't told"
    )
    assert "Opening the customer store" in shop.log.read_text()


def test_only_the_web_process_listens_beyond_loopback_and_nobody_by_default(shop: RunningShop) -> None:
    hosts = [host for name in NAMES for process in family(shop.pid(name)) for host in listens(process)]
    assert set(hosts) == {"127.0.0.1"}


def test_what_dies_is_restarted_and_a_request_to_stop_leaves_nothing_behind(open_shop: OpenShop) -> None:
    shop = open_shop()
    for name in NAMES:
        shop.kill(name)
        shop.pid(name)  # fails unless another one is started
    shop.wait_ready()
    assert [name for name in NAMES if f"{name} ended (killed by SIGKILL)" in shop.log.read_text()] == list(
        NAMES
    )
    processes = [process for name in NAMES for process in family(shop.pid(name))]
    assert shop.stop() == 0
    nothing_is_left_of(processes)
    assert "Stopped." in shop.log.read_text()


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_is_clean(open_shop: OpenShop) -> None:
    shop = open_shop()
    processes = [process for name in NAMES for process in family(shop.pid(name))]
    shop.kill("up")
    nothing_is_left_of(processes)
    shop.start()
    shop.wait_ready()


def listens(process: psutil.Process) -> list[str]:
    """The addresses on which it listens; none when it has ended, as what learns at times does."""
    try:
        connections = process.net_connections(kind="tcp")
    except psutil.NoSuchProcess:
        return []
    return [one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN]


def nothing_is_left_of(processes: list[psutil.Process]) -> None:
    """Wait till all of them are dead: the system takes a moment to end what was killed."""
    until(lambda: not any(alive(one.pid) for one in processes), SECONDS, "something outlived its supervisor")


def family(pid: int) -> list[psutil.Process]:
    """A process and all its descendants."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]
