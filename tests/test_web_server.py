"""The web server as a process next to a simulation: its address, its messages, and its end."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
import requests

import reverie
from cli import web_server
from cli.web_server import serving
from saves.simulation import Simulation
from small_world import SmallWorld

pytestmark = pytest.mark.slow


def test_the_pages_are_served_locally_while_the_simulation_runs():
    with serving() as address, serving() as other:
        assert address.startswith("http://127.0.0.1:")
        assert address != other
        assert requests.get(address, timeout=10).status_code == 200
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=10)


def test_the_server_ends_with_the_simulation_however_it_ends():
    process = web_server._start(None, offline=True)
    assert process.stdin and process.stdout
    process.stdout.readline()
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


def test_a_port_in_use_is_refused_in_one_line_that_says_what_to_do(capfd: pytest.CaptureFixture[str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert reverie.main(["--serve", str(port), "--offline"]) == reverie.EXIT_REFUSED
    said = capfd.readouterr()
    assert re.fullmatch(rf"Port {port} is not free \(.+\)\. Choose another one, or leave the number out .+\n", said.err)
    assert said.out == ""


def test_the_export_option_writes_one_file_or_says_why_not(
    town: Simulation, world: SmallWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd
):
    folders = {"fs_storage": world.storage, "fs_temp_storage": world.temp, "maze_assets_loc": world.assets}
    lines = [f"{name} = {str(folder)!r}" for name, folder in folders.items()]
    (tmp_path / "utils.py").write_text("\n".join([*lines, "env_matrix = ''"]), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # what the process started imports first
    monkeypatch.chdir(world.storage)
    assert reverie.main(["--export-html", "town"]) == 0
    assert capfd.readouterr().out.startswith(f"Wrote {Path('town', 'export', 'town.html')} (")
    assert (town.path / "export" / "town.html").is_file()
    assert reverie.main(["--export-html", "none"]) == reverie.EXIT_REFUSED
    assert capfd.readouterr().err.startswith("There is no simulation")
