"""The journal: answers survive the death of the process, and are recalled once each, in their step."""

import pytest

from saves.journal import Journal
from saves.json_files import CannotWrite


@pytest.fixture
def file(tmp_path):
    return tmp_path / "reverie" / "journal.jsonl"


def kept(file, *entries):
    """A journal of another process that has ended, with (step, request, answer) entries."""
    journal = Journal(file)
    for step, request, answer in entries:
        journal.keep(step, request, answer)
    return journal


def recalled(file, step, *requests):
    journal = Journal(file)
    return [journal.recall(step, request) for request in requests]


def test_answers_are_found_by_another_process(file):
    kept(file, (3, "a", "yes"), (3, "b", [[0.25, 0.5]]))
    assert recalled(file, 3, "b", "a") == [[[0.25, 0.5]], "yes"]


def test_equal_requests_of_a_step_get_their_answers_in_order_each_once(file):
    kept(file, (3, "a", "first"), (3, "a", "second"))
    assert recalled(file, 3, "a", "a", "a") == ["first", "second", None]


def test_answers_belong_to_their_step(file):
    kept(file, (3, "a", "yes"))
    assert recalled(file, 4, "a") == [None]


def test_a_repeated_step_in_the_same_process_uses_the_journal_too(file):
    journal = kept(file, (3, "a", "yes"))
    assert journal.recall(3, "a") is None
    journal.rewind()
    assert journal.recall(3, "a") == "yes"


def test_unwanted_answers_are_dropped_from_a_step_on(file):
    journal = kept(file, (3, "a", "bad"), (4, "a", "bad"), (5, "a", "bad"), (5, "b", "good"))
    journal.forget_answers(4, lambda answer: answer == "bad")
    assert [*recalled(file, 3, "a"), *recalled(file, 4, "a"), *recalled(file, 5, "a", "b")] == [
        "bad",
        None,
        None,
        "good",
    ]


def test_a_checkpoint_drops_the_answers_of_earlier_steps(file):
    journal = kept(file, (3, "a", "old"), (4, "a", "new"))
    journal.forget_before(4)
    assert recalled(file, 3, "a") == [None]
    assert recalled(file, 4, "a") == ["new"]


def test_without_answers_there_is_no_file(file):
    journal = kept(file, (3, "a", "old"))
    journal.forget_before(4)
    assert not file.exists()


@pytest.mark.parametrize(
    "torn",
    [
        b'{"step": 4, "request": "b", "ans',
        b"\x00\x00\x00",
        b'{"step": 4}\n',
        b"[]\n",
        b'{"step": 3, "request": "c", "answer": "whole but for its end"}',
    ],
)
def test_a_truncated_line_is_ignored_and_overwritten(file, torn):
    kept(file, (3, "a", "yes"))
    with file.open("ab") as stream:
        stream.write(torn)
    kept(file, (4, "b", "again"))
    assert recalled(file, 3, "a") == ["yes"]
    assert recalled(file, 4, "b") == ["again"]


def test_a_full_disk_is_named(file, monkeypatch):
    journal = Journal(file)
    file.parent.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(CannotWrite, match="journal"):
        journal.keep(0, "a", "yes")
