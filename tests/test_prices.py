"""What a request costs: as reported, by the table, by the provider's live list, or unknown."""

from __future__ import annotations

import sys
from decimal import Decimal

import openai
import pytest
import requests
import responses

import doubles
from doubles import OPENROUTER
from persona.prompt_template import llm_config

FETCH = llm_config._fetch_prices  # which no other test may do


@pytest.fixture
def listed(openrouter, monkeypatch):
    """OpenRouter's price list has these rows, or is this reply; returns the requests for it."""
    monkeypatch.setattr(llm_config, "_fetch_prices", FETCH)
    llm_config.init_llm_api()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield lambda *rows, path="models", **reply: mock.get(
            f"{OPENROUTER}/{path}", **(reply or {"json": {"data": rows}})
        )


def cost_of(answer, **labels):
    llm_config.track_usage(answer, **labels)
    return llm_config.run_cost()


def used(prompt=1_000_000, completion=1_000_000, **more):
    return {"prompt_tokens": prompt, "completion_tokens": completion, **more}


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-4o-mini", "0.75"),
        ("openai/gpt-4o-mini", "0.75"),
        ("gpt-4o-mini-2024-07-18", "0.75"),
        ("openai/gpt-4o-mini-2024-07-18", "0.75"),
        ("gpt-4o", "12.50"),
        ("gpt-4o-2024-05-13", "20"),
        ("anthropic/claude-3-haiku", "1.50"),
        ("anthropic/claude-3-haiku-20240307", "1.50"),
        ("offline", "0"),
    ],
)
def test_cost_estimation_by_the_model_that_answered(model, dollars):
    assert cost_of(doubles.chat_answer(model=model, usage=used())) == Decimal(dollars)


def test_cost_estimation_matches_the_token_counts():
    assert cost_of(doubles.chat_answer(usage=(12_345, 3_456))) == Decimal("0.00392535")


def test_cost_estimation_of_embeddings():
    answer = doubles.embedding_answer([[0.1]], tokens=1_000_000, model="text-embedding-3-small")
    assert cost_of(answer) == Decimal("0.02")


def test_each_request_is_priced_at_its_own_model():
    llm_config.track_usage(doubles.chat_answer(model="openai/gpt-4o", usage=used()))
    assert cost_of(doubles.chat_answer(model="openai/gpt-4o-mini", usage=used())) == Decimal("13.25")


@pytest.mark.parametrize("named", [None, "deployment-7"])
def test_the_requested_model_is_used_if_the_answer_names_none_or_an_unknown_one(named):
    assert cost_of(doubles.chat_answer(model=named, usage=used()), model="gpt-4o") == Decimal("12.50")


UPSTREAM = {"cost_details": {"upstream_inference_cost": 0.002}}


@pytest.mark.parametrize(
    ("reported", "dollars"),
    [
        pytest.param({"cost": 0.004}, "0.004", id="a reported cost wins over the table"),
        pytest.param({"cost": 0}, "0", id="zero is a cost"),
        pytest.param({"cost": 0.0001, "is_byok": True, **UPSTREAM}, "0.0021", id="with a key of one's own a fee"),
        pytest.param({"cost": 0.002, "is_byok": False, **UPSTREAM}, "0.002", id="without one the charge itself"),
        *(
            pytest.param({"cost": 0, "is_byok": True, "cost_details": details}, "0.75", id="a fee alone is not all")
            for details in (None, {}, {"upstream_inference_cost": None})
        ),
    ],
)
def test_a_cost_reported_by_the_provider_is_used(reported, dollars):
    assert cost_of(doubles.chat_answer(usage=used(**reported))) == Decimal(dollars)


@pytest.mark.parametrize("cost", [None, -1, float("nan"), float("inf"), True, "much", [], 1e30, 10**400])
def test_a_reported_cost_that_is_not_an_amount_is_replaced_by_the_table(cost):
    assert cost_of(doubles.chat_answer(usage=used(cost=cost))) == Decimal("0.75")


def test_sums_do_not_depend_on_the_order():
    costs = [0.1, 1e-7, 0.30000000000000004, 123.456, 7e-12] * 20
    totals = set()
    for order in (costs, costs[::-1], sorted(costs)):
        llm_config.reset_usage_stats()
        for cost in order:
            llm_config.track_usage(doubles.chat_answer(usage=used(cost=cost)))
        totals.add(llm_config.run_cost())
    assert len(totals) == 1


def row(**more):
    return {"id": "acme/new", "pricing": {"prompt": "0.000001", "completion": "0.000002", "overrides": []}, **more}


@pytest.mark.parametrize(
    ("listed_row", "model"),
    [
        pytest.param(row(), "acme/new", id="a missing price"),
        pytest.param(row(id="openai/gpt-4o-mini"), "openai/gpt-4o-mini", id="before those that come with the program"),
        pytest.param(row(canonical_slug="acme/new-20260801"), "acme/new-20260801", id="by the canonical slug"),
    ],
)
def test_a_price_comes_from_the_providers_list_fetched_once(listed_row, model, listed):
    requests_for_it = listed(listed_row)
    for _ in range(3):
        total = cost_of(doubles.chat_answer(model=model, usage=used()))
    assert total == Decimal(9)
    assert cost_of(doubles.chat_answer(model="acme/unlisted", usage=used())) == Decimal(9)
    assert requests_for_it.call_count == 1


def test_embedding_prices_come_from_their_own_list(listed):
    listed(row(id="acme/embed", pricing={"prompt": "0.00000005", "completion": "0"}), path="embeddings/models")
    assert cost_of(doubles.embedding_answer([[0.1]], tokens=1_000_000, model="acme/embed")) == Decimal("0.05")


def test_the_list_is_not_fetched_if_the_provider_reports_the_cost(listed):
    requests_for_it = listed()
    cost_of(doubles.chat_answer(model="acme/new", usage=used(cost=0.1)))
    assert requests_for_it.call_count == 0


@responses.activate
@pytest.mark.parametrize("provider", ["openai", "offline"])
def test_only_openrouter_has_a_list(provider, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "openai-key-for-tests")
    llm_config.init_llm_api(offline_base="http://127.0.0.1:1/v1" if provider == "offline" else None)
    cost_of(doubles.chat_answer(model="acme/new", usage=used()))
    assert len(responses.calls) == 0


@pytest.mark.parametrize(
    "reply",
    [
        {"body": requests.ConnectionError("no net")},
        {"body": requests.exceptions.ReadTimeout("slow")},
        {"status": 500, "body": "<html>"},
        {"json": None},
        {"json": {"data": "none"}},
        {"json": {"data": [None, 5, {"id": []}, {"id": "acme/new", "pricing": None}]}},
        {"json": {"data": [{"id": "acme/new", "pricing": {"prompt": "-1", "completion": "-1"}}]}},
        {"json": {"data": [{"id": "acme/new", "pricing": {"prompt": "", "completion": "0"}}]}},
    ],
)
def test_an_unreachable_or_malformed_list_leaves_the_price_unknown(reply, listed, capsys):
    listed(**reply)
    capsys.readouterr()
    cost_of(doubles.chat_answer(model="acme/new", usage=used()))
    assert capsys.readouterr() == ("", "")
    llm_config.print_usage_summary()
    assert "  + 1 request of acme/new without a known price\n" in capsys.readouterr().out


def test_the_list_is_waited_for_three_seconds_at_most(listed, monkeypatch):
    waits = []

    class Session(requests.Session):
        def request(self, *args, **options):
            waits.append(options["timeout"])
            raise requests.exceptions.ReadTimeout("slow")

    monkeypatch.setattr(openai, "requestssession", Session)
    cost_of(doubles.chat_answer(model="acme/new", usage=used()))
    assert waits == [3]


@pytest.mark.parametrize("route", ["nitro", "floor", "exacto", "online"])
def test_a_special_route_is_estimated_at_the_regular_price_with_a_note(route, capsys):
    model = f"openai/gpt-4o-mini:{route}"
    assert cost_of(doubles.chat_answer(model=model, usage=used())) == Decimal("0.75")
    llm_config.print_usage_summary()
    assert f"  1 request of {model}: estimated at the base model's price\n" in capsys.readouterr().out


def test_the_free_variant_is_free():
    assert llm_config.list_price("meta-llama/llama-3.3-70b-instruct:free") == ((0, 0), False)


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-4.1", "10"),
        ("gpt-5", "11.25"),
        ("gpt-5-mini", "2.25"),
        ("o3", "10"),
        ("o4-mini", "5.50"),
        ("gpt-3.5-turbo", "2"),
    ],
)
@pytest.mark.parametrize("library", ["with genai-prices", "without it"])
def test_models_of_openai_have_prices(model, dollars, library, monkeypatch):
    if library == "without it":
        monkeypatch.setitem(sys.modules, "genai_prices", None)
    llm_config._library_price.cache_clear()
    assert cost_of(doubles.chat_answer(model=model, usage=used())) == Decimal(dollars)
    llm_config._library_price.cache_clear()


def test_a_price_depends_on_the_provider(monkeypatch):
    monkeypatch.setattr(openai, "api_base", "https://api.groq.com/openai/v1")
    assert llm_config.list_price("llama-3.3-70b-versatile")[0] == (Decimal("0.59"), Decimal("0.79"))
    monkeypatch.setattr(openai, "api_base", "http://127.0.0.1:8000/v1")
    assert llm_config.list_price("llama-3.3-70b-versatile")[0] is None


@pytest.fixture
def own_price(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "openai-key-for-tests")

    def put(price):
        monkeypatch.setenv("LLM_PRICE", price)
        llm_config.init_llm_api()

    return put


def test_a_configured_price_is_used_for_chats(own_price):
    own_price(" 0.5, 1.5 ")
    assert cost_of(doubles.chat_answer(model="acme/any", usage=used())) == Decimal(2)
    assert llm_config.list_price("acme/embed", "embedding") == (None, False)


def test_a_local_server_is_free_without_a_note(own_price, capsys):
    own_price("0,0")
    llm_config.track_usage(doubles.chat_answer(model="llama3.1", usage=used()))
    llm_config.track_usage(doubles.embedding_answer([[0.1]], model="bge-m3"))
    capsys.readouterr()
    llm_config.print_usage_summary()
    printed = capsys.readouterr().out
    assert "  Est. cost:     $0.0000\n" in printed
    assert "price" not in printed


@pytest.mark.parametrize("price", ["1", "a,b", "1,2,3", "-1,2", ","])
def test_an_invalid_price_is_named_at_the_start(price, own_price, capsys):
    with pytest.raises(SystemExit):
        own_price(price)
    assert "LLM_PRICE must be" in capsys.readouterr().err


def test_a_local_model_without_a_price_is_noted(local_server, capsys):
    llm_config.init_llm_api()
    for _ in range(2):
        llm_config.track_usage(doubles.chat_answer(model="llama3.1"))
    llm_config.print_usage_summary()
    assert "  + 2 requests of llama3.1 without a known price\n" in capsys.readouterr().out
