"""The benchmark's analysis: what it reads from a trace, and how its figures are compared with their limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench import plot, published, traced
from bench.eager import LINES_A_TALK, eager
from bench.table import Figure, missed, number, purposes, table
from bench.traced import Request
from mock_llm.api import Reply
from mock_llm.api import Request as ApiRequest


def request(
    step: int | None,
    chain: int,
    start: float,
    end: float,
    *,
    persona: str = "Ada",
    purpose: str = "utterance",
    tokens: tuple[int, int] = (100, 10),
    answered: bool = True,
) -> Request:
    return Request(step, chain, persona, purpose, *tokens, start, end, answered)


# Step 1: Ada and Ben weigh what they see at the same time, Ben takes longer, both then talk, a line each.
# Step 4: Ada alone; her first try failed. Then embeddings for a save, outside of any step.
DAY = [
    request(1, 0, 0.0, 0.5, purpose="poignancy"),
    request(1, 0, 0.0, 0.9, persona="Ben", purpose="poignancy"),
    request(1, 0, 0.1, 0.4, persona="Ben", purpose="embedding", tokens=(30, 0)),
    request(1, 1, 0.9, 1.4),
    request(1, 2, 1.4, 1.9, persona="Ben", tokens=(140, 20)),
    request(4, 0, 2.0, 2.1, purpose="action", answered=False),
    request(4, 0, 2.5, 3.0, purpose="action"),
    request(None, 0, 4.0, 4.5, purpose="embedding"),
]


def test_unknown_tokens_in_a_trace_count_as_zero(tmp_path: Path) -> None:
    line: dict[str, Any] = {
        "step": 3,
        "chain": 1,
        "persona": "Ada",
        "purpose": "action",
        "model": "m",
        "tokens_in": 12,
        "tokens_out": None,
        "cost": None,
        "start": 1.0,
        "end": 2.0,
    }
    failed = {**line, "tokens_in": None, "error": "busy"}
    file = tmp_path / "trace.jsonl"
    file.write_text(f"{json.dumps(line)}\n{json.dumps(failed)}\n", encoding="utf-8")
    assert traced.read_trace(file) == [
        request(3, 1, 1.0, 2.0, purpose="action", tokens=(12, 0)),
        request(3, 1, 1.0, 2.0, purpose="action", tokens=(0, 0), answered=False),
    ]


def test_the_critical_path_is_the_longest_chain_of_each_step_one_after_the_other() -> None:
    assert traced.critical_path(DAY) == 3 + 1
    assert traced.on_critical_path(DAY) == {"utterance": 2, "poignancy": 1, "action": 1}
    only_bens = [request(9, 0, 5.0, 5.5, persona="Ben")]
    assert traced.longest_of_one_person([*DAY, *only_bens]) == 3 + 1  # Ben's; Ada's is 2 + 1
    refused = request(7, 0, 3.0, 3.1, answered=False)
    assert traced.steps_with_a_request([*DAY, refused]) == 2


def test_purposes_are_counted_with_their_tokens_the_most_frequent_first() -> None:
    found = traced.by_purpose(DAY)
    assert list(found) == ["action", "embedding", "poignancy", "utterance"]
    assert found["utterance"] == (2, 240, 30)
    assert found["embedding"] == (2, 130, 10)


def test_concurrency_is_the_average_over_the_time_with_requests() -> None:
    assert traced.most_under_way(DAY) == 3
    assert traced.most_under_way(DAY[3:5]) == 1
    two_then_one = [request(1, 0, 0.0, 1.0), request(1, 0, 0.0, 2.0), request(2, 0, 9.0, 10.0)]
    assert traced.mean_under_way(two_then_one) == pytest.approx(4 / 3)


def test_without_requests_every_figure_is_zero() -> None:
    assert traced.critical_path([]) == traced.longest_of_one_person([]) == traced.most_under_way([]) == 0
    assert traced.mean_under_way([]) == 0


def test_a_figure_is_compared_with_its_limit_in_the_right_direction_and_named_when_missed() -> None:
    assert missed([Figure("calls", 200, 3, at_most=150), Figure("steps", 9, 3)]) == [
        "calls, 3 people: 200, at most 150"
    ]
    assert Figure("calls", 150, at_most=150).is_met
    assert Figure("calls", 151, at_most=150).is_met is False
    assert Figure("times faster", 25, at_least=25).is_met
    assert Figure("times faster", 24.9, at_least=25).is_met is False
    assert Figure("steps", 7).is_met is None


def test_the_table_shows_bar_original_and_ratio() -> None:
    heads, _, row = table([Figure("calls", 100, 3, at_most=150, original=1_250)]).splitlines()
    assert [cell.strip() for cell in heads.strip("|").split("|")][:3] == ["figure", "people", "here"]
    cells = ["calls", "3", "100", "at most 150", "met", "1,250", "12.5 x"]
    assert [cell.strip() for cell in row.strip("|").split("|")] == cells


def test_the_table_of_purposes_counts_each_persons_calls() -> None:
    line = next(line for line in purposes({2: DAY}).splitlines() if line.startswith("| utterance"))
    assert [cell.strip() for cell in line.strip("|").split("|")] == ["utterance", "1", "120 / 15", "2"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234.5, "1,234"), (99.94, "99.9"), (1.255, "1.25"), (3.0, "3"), (150, "150"), (0.0124, "0.012")],
)
def test_numbers_are_rounded_to_significant_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_the_originals_wall_time_is_that_of_its_calls_in_series_in_a_whole_day() -> None:
    run = published.Original(2, 4_320, chat_calls=90, prompt_tokens=0, embedding_requests=10, cpu_seconds=0)
    assert run.wall_seconds == pytest.approx(2 * (100 * 0.5 + 0.1 * 4_320))
    assert run.each_day(run.chat_calls) == pytest.approx(90)


def test_the_plot_counts_by_ten_game_minutes_and_knows_every_purpose() -> None:
    day = [request(59, 0, 0, 1), request(60, 0, 0, 1), request(60, 0, 0, 1, purpose="a new one")]
    assert plot.counts(day) == {"talking": [1, 1], "other": [0, 1]}


def eager_answer(answer: dict[str, Any], lines: list[str]) -> dict[str, Any]:
    prompt = "The conversation so far:\n" + ("\n".join(lines) or "(nothing yet)") + "\n\nTask: speak."
    body = json.dumps({"messages": [{"role": "user", "content": prompt}]}).encode()
    reply = Reply(200, {"choices": [{"message": {"content": json.dumps(answer)}}]})
    answered = eager(lambda _: reply)(ApiRequest("POST", "/v1/chat/completions", body))
    return json.loads(answered.body["choices"][0]["message"]["content"])


def test_an_eager_model_always_wants_to_talk_and_keeps_all_other_answers() -> None:
    assert eager_answer({"ratings": [3], "talk": False}, []) == {"ratings": [3], "talk": True}
    assert eager_answer({"about": "plums"}, []) == {"about": "plums"}


@pytest.mark.parametrize(("said_before", "ends"), [(0, False), (LINES_A_TALK - 2, False), (LINES_A_TALK - 1, True)])
def test_a_talk_of_an_eager_model_has_eight_lines(said_before: int, ends: bool) -> None:
    answer = eager_answer({"utterance": "", "end": not ends}, [f"Ada: line {k}" for k in range(said_before)])
    assert answer["end"] is ends
    assert answer["utterance"]
