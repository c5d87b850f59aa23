"""The pace of a watched run."""

from __future__ import annotations

import pytest

import reverie
import terminal
from cli import options
from doubles import Clock
from saves.storage import Storage
from small_world import BASE, write_base
from terminal import NO_QUESTIONS
from town.pace import PATIENCE, TIME_TO_OPEN, Pace


@pytest.fixture
def clock():
    return Clock()


def pace(clock, watched):
    return Pace(60, watched, now=clock.now, sleep=clock.sleep)


def test_a_watched_run_takes_a_second_for_a_game_minute(clock):
    kept = pace(clock, clock.now)
    for _ in range(12):
        kept.wait(10)
    assert sum(clock.sleeps) == pytest.approx(2)


def test_a_slow_step_is_neither_delayed_nor_caught_up_with(clock):
    kept = pace(clock, clock.now)
    clock.time += 5
    kept.wait(10)
    kept.wait(10)
    assert clock.sleeps == [pytest.approx(1 / 6)]


def test_stopping_a_run_does_not_wait_for_the_end_of_its_step(clock):
    kept = pace(clock, clock.now)
    kept.wait(600, stop=lambda: len(clock.sleeps) >= 2)
    assert sum(clock.sleeps) <= 1


def test_a_step_that_ends_during_the_check_for_a_stop_is_over(clock):
    def stop() -> bool:
        clock.time += 0.01
        return False

    pace(clock, lambda: clock.time).wait(0.5, stop)
    assert all(slept >= 0 for slept in clock.sleeps)


def test_a_page_has_a_minute_and_a_half_to_open(clock):
    kept = pace(clock, lambda: 0.0)
    for _ in range(100):
        clock.time += 1
        kept.wait(120)
    assert sum(clock.sleeps) == pytest.approx(TIME_TO_OPEN / 2, abs=1)


def test_once_the_last_page_is_closed_the_run_does_not_wait(clock):
    closed = clock.time + 10
    kept = pace(clock, lambda: min(clock.time, closed))
    for _ in range(200):
        kept.wait(60)
    assert sum(clock.sleeps) == pytest.approx(10 + PATIENCE, abs=1)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--offline", "--serve"], 60),
        (["--offline"], 0),
        (["--serve"], 0),
        (["--serve", "--pace", "600"], 600),
        (["--offline", "--serve", "--pace", "max"], 0),
    ],
)
def test_a_fast_run_is_slowed_down_for_watching(given, expected):
    assert options.parse(given).pace == expected


@pytest.mark.parametrize(
    ("given", "message"), [(["--serve", "--pace", "fast"], "'fast' is not a pace"), (["--pace", "60"], "needs --serve")]
)
def test_an_impossible_pace_is_refused(given, message, capsys):
    with pytest.raises(SystemExit):
        options.parse(given)
    assert message in capsys.readouterr().err


def test_a_page_that_polls_is_known_to_the_run(world):
    simulation = Storage.of_checkout().fork(BASE, "town")
    assert simulation.front_end.watched() == 0
    simulation.front_end.note_watched()
    assert simulation.front_end.watched() > 0


# The night


def at_midnight(world):
    base = write_base(world.storage, "base_midnight")
    meta = base / "reverie" / "meta.json"
    meta.write_text(meta.read_text(encoding="utf-8").replace("07:00:00", "00:00:00"), encoding="utf-8")


def test_the_night_is_skipped_until_shortly_before_the_first_person_gets_up(world, capsys):
    at_midnight(world)
    arguments = ["--offline", "--fork", "base_midnight", "--name", "new", "--skip-night", "--run", "1"]
    assert reverie.main(arguments) == 0
    assert "The night is skipped: the town starts at 05:55.\n" in capsys.readouterr().out
    assert terminal.read(world.storage / "new" / "movement" / "0.json")["meta"]["curr_time"] == "May 06, 2024, 05:55:00"


def test_the_night_stays_skipped_after_a_crash_before_the_first_checkpoint(world):
    at_midnight(world)
    server = reverie.ReverieServer(Storage.of_checkout().fork("base_midnight", "new"), reverie.Client(), forked=True)
    assert server.skip_night()
    assert terminal.read(world.storage / "new" / "reverie" / "meta.json")["curr_time"] == "May 06, 2024, 05:55:00"


def test_without_sleepers_there_is_no_night_to_skip(world, capsys):
    assert reverie.main([*NO_QUESTIONS, "new", "--skip-night", "--run", "1"]) == 0
    assert "There is no night to skip: the town starts at 07:00.\n" in capsys.readouterr().out
