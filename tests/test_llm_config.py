"""The selection of a provider: the order of keys, the output, and the names and headers sent."""

from __future__ import annotations

import importlib
import sys

import openai
import pytest

import doubles
from doubles import KEY
from persona.prompt_template import llm_config

DIRECT_KEY = "openai-key-for-tests"


@pytest.fixture
def direct(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", DIRECT_KEY)


@pytest.mark.parametrize(
    ("variables", "utils", "chosen", "printed", "key", "base"),
    [
        pytest.param({}, "of-utils", "openai", "OpenAI", "of-utils", "api.openai.com", id="utils.py"),
        pytest.param({"OPENAI": "direct"}, "of-utils", "openai", "OpenAI", "direct", "api.openai.com", id="OpenAI"),
        pytest.param({"OPENROUTER": "or"}, "", "openrouter", "OpenRouter", "or", "openrouter.ai", id="OpenRouter"),
        pytest.param({"OPENROUTER": "or", "OPENAI": "direct"}, "", "openrouter", "OpenRouter", "or", "openrouter.ai"),
        pytest.param({"OPENROUTER": " or\n"}, "", "openrouter", "OpenRouter", "or", "openrouter.ai", id="blanks"),
        pytest.param({"OPENROUTER": " \n", "OPENAI": "direct"}, "", "openai", "OpenAI", "direct", "api.openai.com"),
    ],
)
def test_the_first_available_key_selects_the_provider(
    variables, utils, chosen, printed, key, base, monkeypatch, key_in_utils, capsys
):
    key_in_utils(utils)
    for provider, value in variables.items():
        monkeypatch.setenv(f"{provider}_API_KEY", value)
    provider, model = llm_config.init_llm_api()
    assert (provider, model) == (chosen, {"openai": "gpt-4o-mini", "openrouter": "openai/gpt-4o-mini"}[chosen])
    assert capsys.readouterr().out == f"Using {printed} API (model: {model})\n"
    assert openai.api_key == key
    assert base in openai.api_base


def test_openai_fallback_reads_utils_at_each_call(key_in_utils):
    for key in ("first-key", "second-key"):
        key_in_utils(key)
        llm_config.init_llm_api()
        assert openai.api_key == key


@pytest.mark.parametrize("key", [None, "", "  ", "<your OpenAI API key>", "<Your OpenAI API>"])
def test_without_any_key_one_error_names_the_options(key, key_in_utils, capsys):
    key_in_utils(key)
    with pytest.raises(SystemExit) as stop:
        llm_config.init_llm_api()
    printed = capsys.readouterr()
    assert stop.value.code == 2
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    for way in ("OPENROUTER_API_KEY", "OPENAI_API_KEY", "utils.py", "--offline"):
        assert way in printed.err


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "“quoted”"])
def test_a_key_with_invalid_characters_is_refused_without_showing_it(key, monkeypatch, capsys):
    monkeypatch.setenv("OPENROUTER_API_KEY", key)
    with pytest.raises(SystemExit):
        llm_config.init_llm_api()
    error = capsys.readouterr().err
    assert error.startswith("OPENROUTER_API_KEY is not a valid key")
    assert key not in error


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        pytest.param(
            {"OPENROUTER_API_KEY": KEY},
            {"gpt-4o": "openai/gpt-4o", "text-embedding-3-small": "openai/text-embedding-3-small"}
            | {"o3-mini": "openai/o3-mini", "acme/any": "acme/any"},
            id="OpenRouter has prefixes",
        ),
        pytest.param(
            {"OPENROUTER_API_KEY": KEY, "OPENROUTER_MODEL": "acme/any"},
            {"gpt-4o-mini": "acme/any", "gpt-4o": "acme/any"}
            | {"text-embedding-3-small": "openai/text-embedding-3-small"},
            id="a custom model serves all chats and no embedding",
        ),
        pytest.param(
            {"OPENROUTER_API_KEY": KEY, "LLM_EMBEDDING_MODEL": "bge-m3"},
            {"text-embedding-3-small": "bge-m3"},
            id="an embedding model is taken as given",
        ),
        pytest.param(
            {"OPENROUTER_API_KEY": KEY, "LLM_EMBEDDING_API_BASE": "https://api.openai.com/v1"},
            {"text-embedding-3-small": "text-embedding-3-small"},
            id="a default embedding model is not renamed for another place",
        ),
        pytest.param(
            {"OPENAI_API_KEY": DIRECT_KEY},
            {"gpt-4o": "gpt-4o", "text-embedding-3-small": "text-embedding-3-small"},
            id="names stay as they are in OpenAI mode",
        ),
        pytest.param(
            {"OPENAI_API_KEY": "ollama", "OPENAI_MODEL": "llama3.1", "LLM_EMBEDDING_MODEL": "nomic-embed-text"},
            {
                "gpt-4o": "llama3.1",
                "text-embedding-3-small": "nomic-embed-text",
                "nomic-embed-text": "nomic-embed-text",
            },
            id="a local server",
        ),
    ],
)
def test_a_model_is_requested_by_the_providers_name(variables, names, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    llm_config.init_llm_api()
    assert {name: llm_config.get_model_name(name) for name in names} == names


def test_before_init_names_are_unchanged():
    assert llm_config.get_model_name("gpt-4o") == "gpt-4o"


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_an_empty_variable_counts_as_unset(empty, direct, monkeypatch):
    for name in ("OPENROUTER_API_KEY", "OPENROUTER_MODEL", "OPENAI_MODEL", "OPENAI_API_BASE"):
        monkeypatch.setenv(name, empty)
    assert llm_config.init_llm_api() == ("openai", "gpt-4o-mini")
    assert openai.api_base == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("key", "bases", "base"),
    [
        ("OPENROUTER_API_KEY", {"OPENROUTER_API_BASE": " http://127.0.0.1:80/v1// "}, "http://127.0.0.1:80/v1"),
        ("OPENAI_API_KEY", {"OPENAI_BASE_URL": "http://one.test/v1"}, "http://one.test/v1"),
        (
            "OPENAI_API_KEY",
            {"OPENAI_BASE_URL": "http://one.test/v1", "OPENAI_API_BASE": "http://two.test/v1/"},
            "http://two.test/v1",
        ),
    ],
)
def test_a_base_can_also_be_set_by_the_variable_of_newer_clients(key, bases, base, monkeypatch):
    for name, value in {key: KEY, **bases}.items():
        monkeypatch.setenv(name, value)
    llm_config.init_llm_api()
    assert openai.api_base == base


def test_a_base_without_a_scheme_is_refused(direct, monkeypatch, capsys):
    monkeypatch.setenv("OPENAI_API_BASE", "localhost:11434")
    with pytest.raises(SystemExit):
        llm_config.init_llm_api()
    assert capsys.readouterr().err == "OPENAI_API_BASE must start with http:// or https://.\n"


def test_headers_go_to_openrouter_only(openrouter, monkeypatch):
    assert llm_config.get_headers() == {}
    llm_config.init_llm_api()
    assert llm_config.get_headers() == {
        "HTTP-Referer": "https://github.com/joonspk-research/generative_agents",
        "X-Title": "Generative Agents Simulation",
    }
    llm_config.init_llm_api(offline_base="http://127.0.0.1:1/v1")
    assert llm_config.get_headers() == {}


def test_init_follows_changes_of_the_environment(direct, monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    monkeypatch.setenv("OPENROUTER_MODEL", "acme/any")
    llm_config.init_llm_api()
    monkeypatch.delenv("OPENROUTER_API_KEY")
    assert llm_config.init_llm_api() == ("openai", "gpt-4o-mini")
    assert (openai.api_key, openai.api_base) == (DIRECT_KEY, "https://api.openai.com/v1")
    assert llm_config.get_model_name("gpt-4o") == "gpt-4o"
    assert llm_config.get_headers() == {}


def test_openai_account_settings_are_used_only_for_openai_and_restored(direct, monkeypatch):
    account = {
        "api_type": "azure",
        "api_version": "2023-05-15",
        "api_key_path": "key.txt",
        "organization": "org-of-tests",
    }
    vars(openai).update(account)
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    for _ in range(2):
        llm_config.init_llm_api()
        assert openai.api_type == "open_ai"
        assert (openai.api_version, openai.api_key_path, openai.organization) == (None, None, None)
    monkeypatch.delenv("OPENROUTER_API_KEY")
    llm_config.init_llm_api()
    assert {name: getattr(openai, name) for name in account} == account


def test_offline_takes_precedence_over_every_variable(openrouter, direct, monkeypatch, capsys):
    monkeypatch.setenv("OPENROUTER_MODEL", "acme/any")
    monkeypatch.setenv("OPENROUTER_API_BASE", "http://gateway.test")
    monkeypatch.setenv("LLM_EMBEDDING_MODEL", "bge-m3")
    openai.organization = "org-of-tests"
    assert llm_config.init_llm_api(offline_base="http://127.0.0.1:4321/v1") == ("offline", "offline")
    assert capsys.readouterr().out == "Using the mock model\n"
    assert (openai.api_key, openai.api_base) == ("offline", "http://127.0.0.1:4321/v1")
    assert openai.organization is None
    assert {llm_config.get_model_name(name) for name in ("gpt-4o", "text-embedding-3-small")} == {"offline"}


def test_a_failed_selection_keeps_the_provider(openrouter, monkeypatch, key_in_utils):
    llm_config.init_llm_api()
    monkeypatch.delenv("OPENROUTER_API_KEY")
    key_in_utils(None)
    with pytest.raises(SystemExit):
        llm_config.init_llm_api()
    assert llm_config.current_provider().name == "openrouter"


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}",
        f"header 'Authorization: Bearer {KEY}x'",
        "sk-" + "or-v1-0123456789 is not valid",
    ],
)
def test_errors_never_contain_a_key(text, openrouter):
    llm_config.init_llm_api()
    failure = llm_config.FatalError(text, f"Look at {text}.")
    assert "<key>" in failure.what
    for part in (KEY, "0123456789"):
        assert part not in str(failure) + repr(failure) + failure.remedy


def test_a_placeholder_key_of_a_local_server_is_not_masked(direct, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "ollama")
    llm_config.init_llm_api()
    assert llm_config.LLMError("ollama is down").what == "ollama is down"


def test_a_key_of_a_provider_used_before_stays_masked(monkeypatch, key_in_utils):
    key_in_utils("utils-key-for-tests")
    llm_config.init_llm_api()
    monkeypatch.setenv("OPENROUTER_API_KEY", "or-key-for-tests")
    llm_config.init_llm_api()
    assert llm_config.mask_keys("refused: utils-key-for-tests, or-key-for-tests") == "refused: <key>, <key>"


def test_a_key_from_a_file_is_masked(monkeypatch, key_in_utils, tmp_path):
    key_in_utils(None)
    (tmp_path / "key").write_text("sk-of.a.file\n", encoding="utf-8")
    monkeypatch.setattr(openai, "api_key_path", str(tmp_path / "key"))
    llm_config.init_llm_api()
    assert llm_config.mask_keys("refused: sk-of.a.file") == "refused: <key>"


# ------------------------------------------------------------------------------ Embeddings from another place


@pytest.fixture
def embeddings_elsewhere(direct, monkeypatch):
    monkeypatch.setenv("LLM_EMBEDDING_API_BASE", "http://127.0.0.1:8081/v1/")
    monkeypatch.setenv("LLM_EMBEDDING_MODEL", "bge-m3")


def sent_to(model):
    sent = llm_config.server_of(model).options
    return sent.get("api_base"), sent.get("api_key")


def test_embeddings_may_come_from_another_server_and_the_output_says_so(embeddings_elsewhere, capsys):
    llm_config.init_llm_api()
    assert capsys.readouterr().out.splitlines()[1] == "Embeddings: http://127.0.0.1:8081/v1 (model: bge-m3)"
    assert sent_to("bge-m3") == ("http://127.0.0.1:8081/v1", "none")
    assert sent_to("gpt-4o-mini") == (None, None)


def test_a_key_for_embeddings_is_sent_to_their_server_and_masked(embeddings_elsewhere, monkeypatch):
    monkeypatch.setenv("LLM_EMBEDDING_API_KEY", "embedding-key-for-tests")
    llm_config.init_llm_api()
    assert sent_to("bge-m3")[1] == "embedding-key-for-tests"
    assert llm_config.mask_keys("no embedding-key-for-tests") == "no <key>"


def test_the_chat_key_is_never_sent_to_another_server(client, embeddings_elsewhere, monkeypatch, embedding):
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    create = embedding(doubles.embedding_answer([[0.5]]))
    client.embed(["one"])
    (request,) = create.requests
    assert KEY not in str(request)
    assert "X-Title" not in request["headers"]
    assert (request["api_key"], request["api_base"]) == ("none", "http://127.0.0.1:8081/v1")


# --------------------------------------------------------------- The state of the module, as its users set it


def summary(capsys):
    capsys.readouterr()
    llm_config.print_usage_summary()
    return capsys.readouterr().out


def test_counters_updated_by_other_code_are_priced_at_the_current_model(direct, capsys):
    llm_config.init_llm_api()
    llm_config._usage_stats.update(input_tokens=10**6, output_tokens=10**6)
    assert "  Est. cost:     $0.7500\n" in summary(capsys)


def test_counters_assigned_by_other_code_are_priced_too(monkeypatch, capsys):
    monkeypatch.setattr(llm_config, "_current_model", "openai/gpt-4o")
    llm_config.track_usage(doubles.chat_answer(usage=(5, 5)))
    monkeypatch.setattr(llm_config, "_usage_stats", {"input_tokens": 10**6, "output_tokens": 0, "requests": 3})
    printed = summary(capsys)
    assert "  Requests:      3\n" in printed
    assert "  Est. cost:     $2.5000\n" in printed


def test_counts_of_other_code_are_added_to_the_tracked_ones(capsys):
    llm_config.track_usage(doubles.chat_answer(usage={"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.5}))
    llm_config._usage_stats["input_tokens"] += 10**6
    assert "  Est. cost:     $0.6500\n" in summary(capsys)


def test_counters_set_to_zero_cost_nothing(capsys):
    llm_config.track_usage(doubles.chat_answer(usage=(10**6, 10**6)))
    llm_config._usage_stats.update(input_tokens=0, output_tokens=0, embedding_tokens=0, requests=0)
    assert "  Est. cost:     $0.0000\n" in summary(capsys)
    llm_config.track_usage(doubles.chat_answer(usage=(10**6, 0)))
    assert "  Est. cost:     $0.1500\n" in summary(capsys)


def test_an_assigned_api_type_and_model_are_those_in_use(monkeypatch):
    monkeypatch.setattr(llm_config, "_api_type", "openrouter")
    assert llm_config.get_model_name("gpt-4o") == "openai/gpt-4o"
    assert llm_config.get_headers()["X-Title"] == "Generative Agents Simulation"
    monkeypatch.setattr(llm_config, "_custom_model", "acme/any")
    assert llm_config.get_model_name("gpt-4o") == "acme/any"


def test_a_wrong_client_version_is_named_with_the_command_to_fix_it(monkeypatch):
    monkeypatch.setattr(openai.version, "VERSION", "1.59.0")
    monkeypatch.delitem(sys.modules, "persona.prompt_template.llm_config")
    with pytest.raises(SystemExit, match='openai 0.28.1 and found openai 1.59.0.*pip install "openai==0.28.1"'):
        importlib.import_module("persona.prompt_template.llm_config")
