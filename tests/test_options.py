"""The command line: each option takes effect or is refused by name, before anything is read or spent."""

from __future__ import annotations

import pytest

from cli import options

NEW = "--name --seed --language --events --skip-night --without"
TYPED = {
    "--fork": "base_town",
    "--resume": "town",
    "--study": "feast.toml",
    "--list": None,
    "--export-html": "town",
    "--report": "town",
    "--survey": "plums.txt",
    "--about": "plums",
    "--name": "new",
    "--seed": "5",
    "--language": "Polish",
    "--events": "feast.toml",
    "--skip-night": None,
    "--run": "5",
    "--offline": None,
    "--checkpoint-every": "7",
    "--budget": "5",
    "--workers": "3",
    "--lockstep": None,
    "--no-explain": None,
    "--serve": None,
    "--pace": "60",
    "--people": "Mina",
    "--at": "5",
    "--without": "planning",
    "--ray": None,
}
"""Every option, with something to type behind it that is not its default."""


def typed(*names: str) -> list[str]:
    return [word for name in names for word in (name, TYPED[name]) if word is not None]


def test_the_table_has_every_option():
    assert {action.option_strings[0] for action in options._parser()._actions} == {"-h", *TYPED}


@pytest.mark.parametrize(
    ("task", "heeded"),
    [
        ("--study", "--offline --checkpoint-every --budget --workers --lockstep --no-explain --serve --ray"),
        ("--fork --survey", f"--offline --budget --workers --serve --people --at {NEW}"),
        ("--resume --survey", "--offline --budget --workers --serve --people --at --without"),
        ("--report", "--offline --about"),
        ("--export-html", "--offline"),
        ("--list", "--offline"),
        ("--fork", f"--offline --checkpoint-every --budget --workers --lockstep --no-explain --serve --run {NEW}"),
        ("--resume", "--offline --checkpoint-every --budget --workers --lockstep --no-explain --serve --run"),
    ],
)
def test_a_meaningless_option_is_refused_by_name(task: str, heeded: str, capsys):
    tasks = task.split()
    found = set()
    for name in TYPED.keys() - {*tasks} - ({"--survey"} if task in ("--fork", "--resume") else set()):
        try:
            options.parse(typed(*tasks, name))
            found.add(name)
        except SystemExit as left:
            said = capsys.readouterr().err.splitlines()[-1]
            assert left.code == 2
            assert name in said
    assert found == set(heeded.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--study --seed", "--seed is set in the study file"),
        ("--study --skip-night", "--skip-night has no effect with --study"),
        ("--list --workers", "--workers has no effect with --list"),
        ("--fork --ray", "--ray needs --study"),
        ("--resume --pace", "--pace needs --serve"),
    ],
)
def test_a_refusal_says_why(arguments: str, said: str, capsys):
    with pytest.raises(SystemExit):
        options.parse(typed(*arguments.split()))
    assert capsys.readouterr().err.endswith(f"{said}\n")


def test_a_trace_cannot_be_written_on_the_nodes_of_a_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys):
    monkeypatch.setenv("LLM_TRACE", str(tmp_path / "trace.jsonl"))
    assert options.parse(typed("--study")).trace.path == tmp_path / "trace.jsonl"
    with pytest.raises(SystemExit):
        options.parse(typed("--study", "--ray"))
    assert "LLM_TRACE has no effect with --ray" in capsys.readouterr().err
