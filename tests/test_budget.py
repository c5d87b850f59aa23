"""The budget: the reservation before a request, the cost after it, and how a run stops when it is used up."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

import openai
import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st

import doubles
import reverie
import terminal
from doubles import ASKED, OPENROUTER, PATIENCE
from doubles import error_reply as error
from persona.prompt_template import llm_config, usage_records
from persona.prompt_template.budget import Budget, estimate
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import FatalError, TransientError
from persona.prompt_template.turns import NotBegun
from small_world import BASE
from terminal import NO_QUESTIONS, read, resume, run, type_lines

USAGE = "llm_usage.json"
LISTED, UNLISTED = "openai/gpt-4o-mini", "acme/new"


def of(usd: str) -> Budget:
    """A budget of this amount, for an unused client."""
    return Budget(Decimal(usd), Client())


def a_chat(model: str = LISTED, max_tokens: int = 1_000_000) -> dict[str, Any]:
    """A request for a chat; that of the listed model may cost a little more than $0.60."""
    return {"model": model, "messages": ASKED, "max_tokens": max_tokens}


@contextmanager
def reserved(budget: Budget, request: dict[str, Any]) -> Iterator[Callable[[Decimal | None], None]]:
    """An attempt at this request; yields the callback that reports its cost to the budget."""
    with budget.reserve(request, {}) as tell:
        yield lambda cost: tell(None, cost)


def answered(budget: Budget, cost: str | None, request: dict[str, Any] | None = None) -> None:
    """A request that was answered at this cost."""
    with reserved(budget, request or a_chat()) as settle:
        settle(None if cost is None else Decimal(cost))


# ----------------------------------------------------------------------------------------- Estimates


@given(st.text(max_size=50), st.integers(0, 5_000))
def test_an_estimate_covers_a_token_for_every_byte_and_the_whole_answer(text, max_tokens):
    request = {"model": LISTED, "messages": [{"role": "user", "content": text}], "max_tokens": max_tokens}
    size = len(text.encode("utf-8"))
    assert estimate(request).usd >= (size * Decimal("0.15") + max_tokens * Decimal("0.60")) / 1_000_000


def test_an_estimate_of_embeddings_includes_no_answer():
    usd, is_priced = estimate({"model": "text-embedding-3-small", "input": ["x" * 1_000_000]})
    assert is_priced
    assert Decimal("0.02") <= usd < Decimal("0.0201")


@pytest.mark.parametrize("cut", ["\ud83d", "text \udc00"])
def test_half_a_character_can_be_estimated(cut):
    assert estimate({"model": LISTED, "messages": [{"role": "user", "content": cut}]}).usd > 0


def test_a_model_without_a_price_is_estimated_at_the_highest_price():
    usd, is_priced = estimate(a_chat(UNLISTED))
    assert not is_priced
    assert usd >= max(price.output for price in llm_config.PRICES.values())


# ------------------------------------------------------------------------------- Reserving and settling


SMALL = a_chat(max_tokens=10)
SMALL_4O = a_chat("openai/gpt-4o", max_tokens=10)
NEW = a_chat(UNLISTED)


@pytest.mark.parametrize(
    ("limit", "attempts", "spent"),
    [
        pytest.param("1", [("0.25",), ("0.10",)], "0.35", id="the rest of a reservation is free again"),
        pytest.param(
            "1", [("0.50",), ("0.01", a_chat(max_tokens=100_000))], "0.51", id="a smaller request may still fit"
        ),
        pytest.param("1", [("0.90",), ("0.01", SMALL_4O)], "0.91", id="another model's dearest answer does not count"),
        pytest.param("0.01", [("0.02", SMALL), ("0", a_chat("offline"))], "0.02", id="what is free always fits"),
        pytest.param("0.10", [("0.03", NEW), ("0.02", NEW)], "0.05", id="a model without a price may show it once"),
    ],
)
def test_the_cost_of_answers_is_spent(limit, attempts, spent):
    budget = of(limit)
    for cost, *request in attempts:
        answered(budget, cost, *request)
    assert (budget.spent, budget.unknown) == (Decimal(spent), 0)


HIDDEN = (
    "The budget cannot be kept with acme/new: it has no known price, and OpenAI does not report what it costs. "
    "Start again with another model, or without --budget and LLM_BUDGET_USD."
)
USED_UP = (
    "The budget of $1.00 is used up: $0.5000 is spent, and the next request may cost up to $0.6001. "
    "Start again with a larger --budget or LLM_BUDGET_USD."
)


@pytest.mark.parametrize(
    ("limit", "attempts", "refused", "message"),
    [
        pytest.param("1", [("0.50",)], a_chat(), USED_UP, id="one that does not fit"),
        pytest.param(
            "1.95",
            [("0.90",), ("0.10",), ("0.10", SMALL)],
            SMALL,
            "$1.1000 is spent, and the next request may cost up to $0.9000.",
            id="the dearest answer so far counts when it was above the estimate",
        ),
        pytest.param(
            "0.10",
            [("0.03", NEW), ("0.02", NEW), ("0.03", NEW)],
            NEW,
            "$0.0800 is spent, and the next request may cost up to $0.0300.",
            id="also of a model without a price",
        ),
        pytest.param("100", [(None, NEW)], NEW, HIDDEN, id="a model that does not show what it costs"),
        pytest.param("0.01", [("0.01", SMALL)], NEW, "is used up", id="no model may show it without any money left"),
    ],
)
def test_a_request_beyond_the_budget_is_not_sent(limit, attempts, refused, message):
    budget = of(limit)
    for cost, *request in attempts:
        answered(budget, cost, *request)
    with pytest.raises(FatalError) as failed, reserved(budget, refused):
        pytest.fail("it was let through")
    assert message in str(failed.value)


def test_a_model_that_reports_no_cost_does_not_stop_others():
    budget = of("100")
    answered(budget, None, NEW)
    answered(budget, "0.01")
    assert budget.spent - budget.unknown == Decimal("0.01")


def test_a_model_that_has_reported_its_cost_may_omit_it_once():
    budget = of("0.10")
    for cost in ("0.03", None, "0.03"):
        answered(budget, cost, NEW)
    assert (budget.spent, budget.unknown) == (Decimal("0.09"), Decimal("0.03"))


def test_an_answer_of_unknown_cost_keeps_its_reservation():
    budget = of("1")
    answered(budget, None)
    assert budget.spent == budget.unknown > Decimal("0.60")


@pytest.mark.parametrize(
    ("failure", "costs"),
    [
        pytest.param(KeyboardInterrupt(), True, id="broken off by the operator"),
        pytest.param(NotBegun(), False, id="broken off before it began"),
        pytest.param(TransientError("busy", maybe_billed=True), True, id="an error that may be billed"),
        pytest.param(TransientError("busy"), False, id="an error that is not billed"),
    ],
)
@pytest.mark.parametrize("is_told", [True, False])
def test_an_attempt_that_fails_without_a_cost_keeps_its_reservation_if_it_may_be_billed(failure, costs, is_told):
    budget = of("1")
    with pytest.raises(type(failure)), reserved(budget, a_chat()) as settle:
        if is_told:
            settle(None)
        raise failure
    assert budget.spent == budget.unknown
    assert (budget.spent > Decimal("0.60")) is costs


def test_an_error_in_an_answer_with_a_cost_spends_that_cost():
    budget = of("1")
    with pytest.raises(TransientError), reserved(budget, a_chat()) as settle:
        settle(Decimal("0.02"))
        raise TransientError("broke off", maybe_billed=True)
    assert (budget.spent, budget.unknown) == (Decimal("0.02"), 0)


# ----------------------------------------------------------------------------------- Many at the same time


class Watched(Budget):
    """A budget that notifies when a request has to wait."""

    def __init__(self, limit: str, client: Client) -> None:
        super().__init__(Decimal(limit), client)
        self.somebody_waits = threading.Event()
        wait = self._changed.wait

        def announced() -> None:
            self.somebody_waits.set()
            wait()

        self._changed.wait = announced


def start_request(budget: Budget, request: dict[str, Any], then: Callable[[], object]) -> threading.Thread:
    """A thread that makes this request, and calls `then` once it may begin."""

    def make() -> None:
        with reserved(budget, request) as settle:
            then()
            settle(Decimal("0.01"))

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("limit", "has_answered", "request_made"),
    [
        pytest.param("100", False, a_chat(), id="the first request to a model goes alone"),
        pytest.param("1", True, a_chat(), id="one that does not fit beside another waits"),
        pytest.param("100", False, a_chat(UNLISTED), id="one to a model without a price goes alone"),
    ],
)
def test_a_request_waits_for_another_to_settle(limit, has_answered, request_made):
    budget, order = Watched(limit, Client()), []
    if has_answered:
        answered(budget, "0.01", request_made)
    with reserved(budget, request_made) as settle:
        second = start_request(budget, request_made, lambda: order.append("second"))
        assert budget.somebody_waits.wait(PATIENCE)
        order.append("first")
        settle(Decimal("0.01"))
    second.join(PATIENCE)
    assert order == ["first", "second"]


def test_a_wait_for_the_budget_can_be_aborted(client):
    budget, ended = Watched("100", client), threading.Event()

    def come() -> None:
        with suppress(KeyboardInterrupt):
            answered(budget, "0.01")
        ended.set()

    with reserved(budget, a_chat()) as settle:
        threading.Thread(target=come, daemon=True).start()
        assert budget.somebody_waits.wait(PATIENCE)
        client.break_off()
        assert ended.wait(PATIENCE)
        settle(Decimal("0.02"))
    assert budget.spent == Decimal("0.02")


def test_a_first_request_that_fails_lets_the_next_one_try_alone():
    budget = Watched("100", Client())
    tried = threading.Event()
    with pytest.raises(TransientError), reserved(budget, a_chat()):
        second = start_request(budget, a_chat(), tried.set)
        assert budget.somebody_waits.wait(PATIENCE)
        raise TransientError("busy")
    assert tried.wait(PATIENCE)
    second.join(PATIENCE)
    assert budget.spent == Decimal("0.01")


def test_requests_within_the_budget_are_concurrent_once_a_model_has_answered():
    budget, together = of("100"), threading.Barrier(3)
    answered(budget, "0.01")
    threads = [start_request(budget, a_chat(), lambda: together.wait(PATIENCE)) for _ in range(3)]
    for thread in threads:
        thread.join(PATIENCE)
    assert not together.broken
    assert budget.spent == Decimal("0.04")


def test_different_models_need_not_wait_for_each_others_first_answer():
    budget = of("100")
    with reserved(budget, a_chat()) as settle:
        answered(budget, "0.01", a_chat("openai/gpt-4o"))
        settle(Decimal("0.01"))
    assert budget.spent == Decimal("0.02")


@pytest.mark.parametrize("seed", range(5))
def test_many_threads_never_overshoot_and_leave_no_more_than_the_next_request_needs(seed):
    budget = of("2")
    overshoots: list[Decimal] = []
    refused: list[Decimal] = []

    def live(number: int) -> None:
        chance = random.Random(f"{seed} {number}")
        while True:
            request = a_chat(chance.choice([LISTED, "openai/gpt-4o"]), max_tokens=chance.randint(1, 40_000))
            most = estimate(request).usd
            try:
                with reserved(budget, request) as settle:
                    if chance.random() < 0.1:
                        raise TransientError("broke off", maybe_billed=chance.random() < 0.5)
                    settle(most * chance.randint(0, 100) / 100)
            except TransientError:
                pass
            except FatalError:
                refused.append(budget.limit - budget.spent)
                return
            if budget.spent > budget.limit:
                overshoots.append(budget.spent)

    threads = [threading.Thread(target=live, args=(number,), daemon=True) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    dearest = estimate(a_chat("openai/gpt-4o", max_tokens=40_000)).usd
    assert overshoots == []
    assert len(refused) == 16
    assert max(refused) < dearest


# ----------------------------------------------------------------------------------------- With a client


FETCH = llm_config._fetch_prices  # which no other test may do


@pytest.fixture
def budget(client: Client) -> Iterator[Budget]:
    """A dollar for the client."""
    one = Budget(Decimal(1), client)
    one.install()
    with llm_config.noting(one.note):
        yield one


AT_A_CENT = {"json": doubles.chat_answer("fine", usage={"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.01})}
TURNED_AWAY = {
    "402": error(402, "wait", metadata={"reason": "in_flight_budget_exhausted"}),
    **{str(status): error(status) for status in (409, 425, 429)},
    "429 in a 200": {"json": {"error": {"code": 429, "message": "busy"}}},
    "429 in a choice": {"json": doubles.chat_answer(None, usage=None, error={"code": 429, "message": "busy"})},
}
PERHAPS_BILLED = {
    **{str(status): error(status) for status in (408, 500, 502, 503, 524, 529)},
    "timeout": {"body": requests.exceptions.ReadTimeout("slow")},
    "broken connection": {"body": requests.ConnectionError("reset")},
    "null": {"json": None},
    "empty": {"body": ""},
    "html": {"body": "<html>busy</html>", "content_type": "text/html"},
    "502 in a 200": {"json": {"error": {"code": 502, "message": "upstream"}}},
}


@pytest.mark.parametrize(
    ("reply", "is_billed"),
    [
        *(pytest.param(reply, False, id=name) for name, reply in TURNED_AWAY.items()),
        *(pytest.param(reply, True, id=name) for name, reply in PERHAPS_BILLED.items()),
    ],
)
def test_a_failed_attempt_stays_spent_if_it_may_be_billed(client, reply, is_billed, openrouter, replies, budget):
    replies(reply, AT_A_CENT)
    assert client.chat(ASKED, max_tokens=1_000) == "fine"
    assert (budget.unknown > Decimal("0.0006")) is is_billed
    assert budget.spent == budget.unknown + Decimal("0.01")


@pytest.mark.parametrize(("status", "requests"), [(400, 2), (401, 1), (402, 1), (403, 1), (404, 1), (413, 2), (422, 2)])
def test_a_refused_request_costs_nothing(client, status, requests, openrouter, replies, budget):
    replies(*[error(status)] * requests)  # the second to something short, where it is unclear what was refused
    with pytest.raises(llm_config.LLMError):
        client.chat(ASKED)
    assert budget.spent == 0


def test_an_unreachable_server_costs_nothing(client, monkeypatch, budget):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    with pytest.raises(FatalError, match="Connection refused"):
        client.chat(ASKED)
    assert budget.spent == 0


def test_an_unexpected_exception_stays_spent(client, openrouter, chat, budget):
    chat(ZeroDivisionError("ours"))
    with pytest.raises(FatalError):
        client.chat(ASKED)
    assert budget.unknown > 0


def test_spending_before_a_failure_counts_against_the_retries(client, openrouter, replies, pauses):
    Budget(Decimal("0.001"), client).install()
    replies(error(502))
    with pytest.raises(FatalError, match=r"The budget of \$0\.001 is used up"):
        client.chat(ASKED, max_tokens=1_000)


def test_empty_answers_are_spent_too(client, openrouter, chat, budget):
    chat({**AT_A_CENT["json"], "choices": doubles.chat_answer(None)["choices"]})
    with pytest.raises(llm_config.EmptyAnswer):
        client.chat(ASKED)
    assert budget.spent == Decimal("0.03")


def test_an_answer_without_usage_figures_stays_spent_at_its_estimate(client, openrouter, chat, budget):
    chat(doubles.chat_answer("fine", usage={}))
    client.chat(ASKED, max_tokens=1_000)
    assert budget.unknown > Decimal("0.0006")


def test_embeddings_are_paid_from_the_same_budget(client, openrouter, embedding, budget):
    embedding(doubles.embedding_answer([[0.5]], tokens=1_000_000))
    client.embed(["one"])
    assert budget.spent == Decimal("0.02")


def test_nothing_is_sent_once_the_budget_is_used_up(client, openrouter, chat, budget):
    create = chat(doubles.chat_answer("fine"))
    with pytest.raises(FatalError, match="is used up"):
        client.chat(ASKED, max_tokens=2_000_000)
    assert create.requests == []


@responses.activate
def test_a_price_from_the_providers_list_counts_as_known(client, openrouter, chat, monkeypatch, budget):
    row = {"id": UNLISTED, "pricing": {"prompt": "0", "completion": "0.000001"}}
    responses.get(f"{OPENROUTER}/models", json={"data": [row]})
    monkeypatch.setattr(llm_config, "_fetch_prices", FETCH)
    monkeypatch.setenv("OPENROUTER_MODEL", UNLISTED)
    chat(doubles.chat_answer("fine", model=UNLISTED, usage=(10, 1_000)))
    client.chat(ASKED)
    client.chat(ASKED)
    assert budget.spent == Decimal("0.002")


def test_a_local_model_that_reports_no_cost_is_refused_under_a_budget_after_one_answer(
    client, local_server, monkeypatch, chat, budget
):
    monkeypatch.setenv("OPENAI_MODEL", "llama3.1")
    create = chat(doubles.chat_answer("fine", model="llama3.1"))
    assert client.chat(ASKED) == "fine"
    with pytest.raises(FatalError, match="The budget cannot be kept with llama3.1"):
        client.chat(ASKED)
    assert len(create.requests) == 1


# --------------------------------------------------------------------------------------- What is shown


def test_the_summary_and_the_report_show_the_budget(client, ledger, openrouter, chat, budget, capsys):
    chat(AT_A_CENT["json"])
    client.chat(ASKED)
    llm_config.print_usage_summary()
    assert capsys.readouterr().out.splitlines()[8:10] == [
        "  Est. cost:     $0.0100",
        "  Budget:        $0.0100 of $1.00 since the start",
    ]
    assert "  Budget:        $0.0100 of $1.00 since the start\n" in usage_records.report(ledger, ledger)


def test_unknown_costs_are_shown_as_such():
    budget = of("2.5")
    answered(budget, "0.10")
    answered(budget, None, a_chat(max_tokens=0))
    answered(budget, None, a_chat(max_tokens=0))
    assert budget.note(llm_config.Ledger()) == [
        "  Budget:        $0.3000 of $2.50 since the start "
        "($0.2000 of it set aside for requests whose cost is not known)"
    ]


# --------------------------------------------------------------------------------------- The command line


@pytest.fixture
def a_cent_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer of the offline mock model reports a cost of one cent."""
    for kind in (openai.ChatCompletion, openai.Embedding):
        monkeypatch.setattr(kind, "create", at_a_cent(kind.create))


def at_a_cent(create: Callable[..., Any]) -> Callable[..., Any]:
    def made(**request: Any) -> Any:
        answer = create(**request)
        answer["usage"]["cost"] = 0.01
        return answer

    return made


def test_a_run_stops_within_its_budget_and_continues_with_another(world, a_cent_each, capsys):
    assert run("undisturbed", 12) == 0
    assert run("new", 12, "--budget", "0.055") == 3
    shown = capsys.readouterr()
    assert "The budget of $0.055 is used up: $0.0500 is spent" in shown.err
    assert "  Budget:        $0.0500 of $0.055 since the start\n" in shown.out
    reached = read(world.storage / "new" / "reverie" / "meta.json")["step"]
    assert read(world.storage / "new" / "reverie" / USAGE)["total"]["cost_usd"] == "0.05"
    assert resume("new", "--run", str(12 - reached), "--budget", "100") == 0
    new, undisturbed = (terminal.files(world.storage / name, without=USAGE) for name in ("new", "undisturbed"))
    assert new == undisturbed


def test_runs_of_the_same_start_share_the_budget_and_the_prompt_returns(world, a_cent_each, monkeypatch, capsys):
    monkeypatch.setenv("LLM_BUDGET_USD", "0.055")
    typist = type_lines(monkeypatch, "run 12", "run 12", "usage", "fin")
    assert reverie.main([*NO_QUESTIONS, "new"]) == 0
    text = capsys.readouterr().out
    assert text.count("The budget of $0.055 is used up: $0.0500 is spent") == 2
    assert text.count("  Budget:        $0.0500 of $0.055 since the start\n") == 3
    assert len(typist.prompts) == 4


def test_the_option_takes_precedence_over_the_variable(world, a_cent_each, monkeypatch):
    monkeypatch.setenv("LLM_BUDGET_USD", "0.01")
    assert run("new", 2, "--budget", "100") == 0


def test_the_offline_mock_model_costs_nothing(world, capsys):
    assert run("new", 2, "--budget", "0.01") == 0
    assert "  Budget:        $0.0000 of $0.01 since the start\n" in capsys.readouterr().out


@pytest.mark.parametrize("amount", ["0", "0.00", "-1", "nan", "inf", "1e3", "many", "1,50", "$2", "\u0665"])
@pytest.mark.parametrize("source", ["--budget", "LLM_BUDGET_USD"])
def test_an_invalid_budget_is_refused(source, amount, world, monkeypatch, capsys):
    monkeypatch.setenv("LLM_BUDGET_USD", amount if source == "LLM_BUDGET_USD" else "1")
    option = [f"--budget={amount}"] if source == "--budget" else []
    with pytest.raises(SystemExit) as left:
        reverie.main(["--offline", "--fork", BASE, "--run", "1", *option])
    assert left.value.code == 2
    message = f"{source}: '{amount}' is not a valid budget; give an amount of USD above 0, such as 2.50"
    assert message in capsys.readouterr().err
