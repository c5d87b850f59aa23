"""Usage: the figures of each answer, the ledgers, the summary and the report."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import doubles
from persona.prompt_template import llm_config, trace, usage_records

RULE = "=" * 50


def stats(**counted):
    return {"input_tokens": 0, "output_tokens": 0, "embedding_tokens": 0, "requests": 0, **counted}


@pytest.fixture
def ledger():
    return usage_records.Ledger()


def track(ledger, answer, **labels):
    return llm_config.track_usage(answer, ledgers=[ledger], **labels)


@pytest.mark.parametrize("shape", [doubles.as_openai, dict, lambda body: SimpleNamespace(**body)])
def test_answers_of_any_shape_are_counted(shape):
    llm_config.track_usage(shape(doubles.chat_answer(usage=(12, 3))))
    llm_config.track_usage(shape(doubles.embedding_answer([[0.5, 0.5]], tokens=9)))
    assert llm_config.get_usage_stats() == stats(input_tokens=12, output_tokens=3, embedding_tokens=9, requests=2)


class OnlyGet:
    def get(self, name, otherwise=None):
        return {"prompt_tokens": 7, "completion_tokens": 2}.get(name, otherwise)


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        pytest.param(SimpleNamespace(prompt_tokens=4, completion_tokens=2), {"input_tokens": 4, "output_tokens": 2}),
        pytest.param({}, {}, id="no parts"),
        pytest.param({"prompt_tokens": None}, {}, id="null"),
        pytest.param({"completion_tokens": "many"}, {}, id="text"),
        pytest.param({"prompt_tokens": 10, "cost": 10**5000}, {"input_tokens": 10}, id="a cost of 5,000 digits"),
        pytest.param({"total_tokens": 9}, {"output_tokens": 9}, id="a total alone"),
        pytest.param({"prompt_tokens": 4, "total_tokens": 9}, {"input_tokens": 4, "output_tokens": 5}, id="the rest"),
        pytest.param(OnlyGet(), {"input_tokens": 7, "output_tokens": 2}, id="an object that only has a get"),
    ],
)
def test_tokens_are_counted_in_any_format(usage, counted):
    llm_config.track_usage({"usage": usage})
    assert llm_config.get_usage_stats() == stats(requests=1, **counted)


@pytest.mark.parametrize("answer", [{"choices": []}, doubles.chat_answer(usage=None), object()])
def test_an_answer_without_usage_is_unmetered_and_not_counted(answer, capsys):
    llm_config.track_usage(answer, model="acme/any")
    assert llm_config.get_usage_stats() == stats()
    llm_config.print_usage_summary()
    assert "  1 answer of " in capsys.readouterr().out


@pytest.mark.parametrize("answer", [None, "Bad gateway", {"error": {"message": "busy"}}])
def test_an_error_is_not_counted(answer, ledger):
    track(ledger, answer)
    assert llm_config.get_usage_stats() == stats()
    assert ledger.entries == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["usage", "model", "data", "embedding", "prompt_tokens", "cost", "is_byok", "cost_details"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_tracking_never_raises_and_always_prints(answer):
    ledger = usage_records.Ledger()
    track(ledger, answer)
    assert usage_records.report(ledger, ledger).encode("utf-8")
    assert json.dumps(ledger.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    ("answer", "cost"),
    [
        pytest.param(doubles.chat_answer(usage={"prompt_tokens": 1, "cost": 0.5}), "0.5", id="reported"),
        pytest.param(doubles.chat_answer(usage=(1_000_000, 0)), "0.15", id="from the price list"),
        pytest.param(doubles.chat_answer(model="offline"), "0", id="free"),
        pytest.param(doubles.chat_answer(model="acme/any"), None, id="without a price"),
        pytest.param(doubles.chat_answer(usage={}), None, id="without figures"),
        pytest.param(doubles.chat_answer(usage=None), None, id="without usage"),
        pytest.param({"error": {"message": "busy"}}, None, id="an error"),
    ],
)
def test_tracking_returns_what_the_answer_cost(answer, cost):
    assert llm_config.track_usage(answer) == (None if cost is None else Decimal(cost))


def test_control_characters_in_a_models_name_are_not_printed(ledger):
    track(ledger, {"usage": {}, "model": "odd\n\ud800" + "x" * 500})
    (name,) = ledger.by_model
    assert name == "odd ?" + "x" * 95


def test_get_usage_stats_gives_a_copy():
    llm_config.get_usage_stats()["requests"] = 7
    assert llm_config.get_usage_stats() == stats()


def test_reset_zeroes_the_run_and_nothing_else(ledger):
    track(ledger, doubles.chat_answer(usage=(12, 3)))
    llm_config.reset_usage_stats()
    assert llm_config.get_usage_stats() == stats()
    assert llm_config.run_cost() == 0
    assert ledger.total.counters["input_tokens"] == 12
    assert "  Input tokens:  12\n" in usage_records.report(ledger, ledger)


@pytest.mark.slow
def test_no_count_is_lost_between_threads(ledger):
    answer = doubles.chat_answer(usage=(3, 2))

    def work():
        for _ in range(10_000):
            track(ledger, answer, purpose="poignancy", persona="Nora Quill")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert llm_config.get_usage_stats() == stats(input_tokens=240_000, output_tokens=160_000, requests=80_000)
    assert ledger.to_json()["by_persona"]["Nora Quill"]["cost_usd"] == "0.132"


def test_usage_tracking_prints_exactly_this_block(monkeypatch, capsys):
    monkeypatch.setenv("OPENROUTER_API_KEY", "or-key-for-tests")
    llm_config.init_llm_api()
    capsys.readouterr()
    for _ in range(46):
        llm_config.track_usage(doubles.chat_answer(usage=(262, 75)))
    llm_config.track_usage(doubles.chat_answer(usage=(12_345 - 46 * 262, 3_456 - 46 * 75)))
    llm_config.print_usage_summary()
    assert capsys.readouterr().out == (
        f"\n{RULE}\n"
        "LLM Usage Summary\n"
        f"{RULE}\n"
        "  Requests:      47\n"
        "  Input tokens:  12,345\n"
        "  Output tokens: 3,456\n"
        "  Est. cost:     $0.0039\n"
        f"{RULE}\n\n"
    )


def test_the_summary_has_additional_lines_if_needed(capsys):
    llm_config.track_usage(doubles.chat_answer(model="openai/gpt-4o", usage=(1_000, 1_000)))
    llm_config.track_usage(doubles.chat_answer(model="acme/any", usage=(1, 1)))
    llm_config.track_usage(doubles.chat_answer(model="acme/mute", usage=None))
    llm_config.track_usage(doubles.embedding_answer([[0.1]], tokens=1_234))
    for purpose, asked, fallen in (("poignancy", 4, 1), ("task decomposition", 5, 2), ("emoji", 1, 0)):
        for number in range(asked):
            llm_config.count_question(purpose)
            if number < fallen:
                llm_config.count_fallback(purpose, "cut off" if number else "nothing said")
    llm_config.print_usage_summary()
    assert capsys.readouterr().out.splitlines()[7:] == [
        "  Est. cost:     $0.0125",
        "  Embeddings:    1,234 tokens",
        "  + 1 request of acme/any without a known price",
        "  1 answer of acme/mute came without usage figures",
        "  acme/any: 1 request, $0.0000",
        "  openai/gpt-4o: 1 request, $0.0125",
        "  Answers that fell back: 3 of 10 "
        "(task decomposition 2: 1 cut off, 1 nothing said; poignancy 1: nothing said)",
        RULE,
        "",
    ]


def test_the_summary_of_an_offline_run_shows_what_a_model_would_cost(capsys):
    llm_config.init_llm_api(offline_base="http://127.0.0.1:1/v1")
    capsys.readouterr()
    llm_config.track_usage(doubles.chat_answer(model="offline", usage=(1_000_000, 500_000)))
    llm_config.track_usage(doubles.embedding_answer([[0.1]], tokens=1_000_000, model="offline"))
    with llm_config.noting(usage_records.cost_elsewhere):
        llm_config.print_usage_summary()
    lines = capsys.readouterr().out.splitlines()
    assert "  Est. cost:     $0.0000" in lines
    assert "  With gpt-4o-mini:  $0.4700 for the same tokens" in lines


def test_the_report_splits_usage_by_model_purpose_persona_and_game_hour(ledger):
    track(ledger, doubles.chat_answer(model="acme/any", usage=(5, 5)))
    trace.begin_step(36, datetime(2024, 3, 4, 7, 59))
    track(ledger, doubles.chat_answer(usage=(1_200, 30)), purpose="daily plan", persona="Nora Quill")
    assert usage_records.report(usage_records.Ledger(), ledger).splitlines()[5:] == [
        "",
        "This simulation in total: 2 requests, $0.0002",
        "",
        "  by model              requests           in        out    embedded        USD",
        "  acme/any                     1            5          5           0     0.0000 + ?",
        "  openai/gpt-4o-mini           1        1,200         30           0     0.0002",
        "",
        "  by purpose    requests           in        out    embedded        USD",
        "  daily plan           1        1,200         30           0     0.0002",
        "  other                1            5          5           0     0.0000 + ?",
        "",
        "  by persona    requests           in        out    embedded        USD",
        "  -                    1            5          5           0     0.0000 + ?",
        "  Nora Quill           1        1,200         30           0     0.0002",
        "",
        "  by game hour     requests           in        out    embedded        USD",
        "  -                       1            5          5           0     0.0000 + ?",
        "  2024-03-04 07           1        1,200         30           0     0.0002",
    ]


def test_the_report_lists_fallbacks_by_question_and_reason(ledger):
    for number in range(3):
        llm_config.count_question("daily plan", [ledger])
        if number:
            llm_config.count_fallback("daily plan", "cut off" if number == 1 else "nothing said", [ledger])
    assert usage_records.report(usage_records.Ledger(), ledger).splitlines()[-2:] == [
        "  fallbacks of   fallbacks  questions  why",
        "  daily plan             2          3  1 cut off, 1 nothing said",
    ]


def test_more_than_two_days_are_split_by_day(ledger):
    for hour in range(49):
        trace.begin_step(hour, datetime(2024, 3, 4) + timedelta(hours=hour))
        track(ledger, doubles.chat_answer(model="acme/any", usage=(10, 1)))
    unit, days = ledger.over_time()
    assert (unit, list(days)) == ("day", ["2024-03-04", "2024-03-05", "2024-03-06"])
    assert [(day.counters["input_tokens"], day.counters["requests"], day.unpriced) for day in days.values()] == [
        (240, 24, 24),
        (240, 24, 24),
        (10, 1, 1),
    ]


# The record of a simulation


def use(ledger):
    """One entry of each kind that is counted; the number of entries grows with each."""
    track(ledger, doubles.chat_answer(usage=(10, 5)), purpose="emoji", persona="Tomas Reyes")
    yield ledger.entries
    track(ledger, doubles.chat_answer(usage=None))
    yield ledger.entries
    llm_config.count_question("emoji", [ledger])
    yield ledger.entries
    llm_config.count_fallback("emoji", "cut off", [ledger])
    yield ledger.entries


def test_every_entry_is_noticed(ledger):
    assert list(use(ledger)) == [1, 2, 3, 4]


def test_a_saved_record_continues(ledger):
    list(use(ledger))
    again = usage_records.Ledger.from_json(json.loads(json.dumps(ledger.to_json())))
    assert again == ledger
    list(use(again))
    assert again.by_purpose["emoji"].counters["input_tokens"] == 20


def test_an_older_record_without_reasons_continues():
    ledger = usage_records.Ledger.from_json({"questions": {"emoji": 9}, "fallbacks": {"emoji": 2}})
    llm_config.count_fallback("emoji", "cut off", [ledger])
    saved = ledger.to_json()
    assert saved["fallbacks"] == {"emoji": 3}
    assert saved["fallback_reasons"] == {"emoji": {"cut off": 1, "reason not kept": 2}}


def test_an_older_record_without_hours_continues():
    saved = usage_records.Ledger.from_json({"total": {"requests": 1}}).to_json()
    assert (saved["by_hour"], saved["total"]["requests"]) == ({}, 1)


def test_a_new_record_is_empty():
    assert usage_records.Ledger.from_json({}) == usage_records.Ledger()


@pytest.mark.parametrize(
    "damaged",
    [
        [],
        {"total": None},
        {"total": {"requests": -1}},
        {"total": {"requests": 1.5}},
        {"total": {"cost_usd": "NaN"}},
        {"total": {"cost_usd": "a lot"}},
        {"by_model": {"acme/any": 3}},
        {"fallbacks": {"emoji": "two"}},
    ],
)
def test_a_damaged_record_is_refused(damaged):
    with pytest.raises(ValueError, match="not a record of usage"):
        usage_records.Ledger.from_json(damaged)


def test_equal_usage_gives_equal_bytes_in_any_order():
    answers = [("daily plan", "Nora Quill"), ("emoji", "Tomas Reyes"), ("emoji", "Ada Lund")]
    written = set()
    for order in (answers, answers[::-1]):
        ledger = usage_records.Ledger()
        for purpose, persona in order:
            track(ledger, doubles.chat_answer(), purpose=purpose, persona=persona)
        written.add(json.dumps(ledger.to_json()))
    assert len(written) == 1
