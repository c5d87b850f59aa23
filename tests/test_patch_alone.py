"""The patch alone: llm_config.py and gpt_structure.py in a checkout of the original project.

The checkout here is a tiny one in the manner of the old ones: a prompt file that star-imports gpt_structure, a utils.py
with a key, a reverie.py with the lines that README gives. Its programs run on their own, against a provider on this
machine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import doubles
import own_checkout

pytestmark = pytest.mark.slow

PATCH = own_checkout.PROJECT / "reverie" / "backend_server" / "persona" / "prompt_template"
KEY_IN_UTILS = "key-in-their-utils-0123456789"
OPENROUTER_KEY = "key-of-openrouter-0123456789"

CHECKOUT = {
    "utils.py": f'''
        openai_api_key = "{KEY_IN_UTILS}"
        key_owner = "Somebody Else"
        maze_assets_loc = "../../environment/frontend_server/static_dirs/assets"
        fs_storage = "../../environment/frontend_server/storage"
        collision_block_id = "32125"
        debug = True
    ''',
    "reverie.py": """
        import sys

        from utils import *
        from persona.prompt_template.run_gpt_prompt import *
        from persona.prompt_template import llm_config


        class ReverieServer:
            def __init__(self, sim_code):
                self.sim_code = sim_code
                self.step = 0

            def start_server(self, int_counter):
                for _ in range(int_counter):
                    print(run_gpt_prompt_wake_up_hour("Dora Lane"))
                    print(run_gpt_prompt_mood("Dora Lane"))
                    print(run_gpt_prompt_insight("Dora Lane"))
                    print(len(get_embedding("Dora Lane is awake")))
                    self.step += 1

            def open_server(self):
                llm_config.init_llm_api()
                while True:
                    sim_command = input("Enter option: ").strip()
                    if sim_command.lower() in ["f", "fin"]:
                        break
                    elif sim_command[:3].lower() == "run":
                        int_count = int(sim_command.split()[-1])
                        llm_config.reset_usage_stats()
                        try:
                            self.start_server(int_count)
                        finally:
                            llm_config.print_usage_summary()


        ReverieServer(input("Enter the name of the new simulation: ")).open_server()
    """,
    "persona/prompt_template/run_gpt_prompt.py": '''
        import re

        from persona.prompt_template.gpt_structure import *


        def run_gpt_prompt_wake_up_hour(name):
            def func_clean_up(gpt_response, prompt=""):
                return int(re.search("[0-9]+", gpt_response)[0])

            def func_validate(gpt_response, prompt=""):
                try:
                    func_clean_up(gpt_response)
                except TypeError:
                    return False
                return True

            started = time.time()
            prompt = generate_prompt([name], "persona/prompt_template/wake_up_hour.txt")
            gpt_param = {"engine": "text-davinci-002", "max_tokens": 5, "temperature": 0.8, "top_p": 1,
                         "stream": False, "frequency_penalty": 0, "presence_penalty": 0, "stop": ["\\\\n"]}
            output = safe_generate_response(prompt, gpt_param, 5, 8, func_validate, func_clean_up)
            if debug and time.time() >= started:
                print("their debug is on")
            return output


        def run_gpt_prompt_mood(name):
            """The model of GPT4_request, and json, random and openai as the star brings them."""
            random.seed(3)
            try:
                return json.dumps({"mood": GPT4_request(f"How is {name}? ({random.randint(3, 3)})")})
            except openai.error.OpenAIError:
                return json.dumps({})


        def run_gpt_prompt_insight(name):
            temp_sleep(0)
            return ChatGPT_safe_generate_response(
                f"What does {name} know?", "something", "Say it.", 3, "nothing", lambda output, prompt: True,
                lambda output, prompt: f"{name} knows {output}")
    ''',
    "persona/prompt_template/wake_up_hour.txt": """
        Variables:
        !<INPUT 0>! -- name
        <commentblockmarker>###</commentblockmarker>
        At what hour does !<INPUT 0>! get up?
    """,
}
ANSWERS = {"get up?": "At 6 am.", "How is": "Fine.", "What does": '{"output": "the way to the pond"}'}


@pytest.fixture
def provider() -> Iterator[doubles.Server]:
    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        body = serving.requests[-1][2]
        if "input" in body:
            answered = doubles.embedding_answer([[0.6, 0.8]] * len(body["input"]), tokens=5, model=body["model"])
        else:
            said = next(said for words, said in ANSWERS.items() if words in body["messages"][-1]["content"])
            answered = doubles.chat_answer(said, model=body["model"], usage=(1000, 100))
        doubles.reply_immediately(handler, json.dumps(answered).encode())

    serving = doubles.Server(answer)
    yield serving
    serving.close()


def models(provider: doubles.Server) -> list[str]:
    return [body["model"] for _, _, body in provider.requests]


def header(provider: doubles.Server, name: str) -> set[str | None]:
    """The values of a header in all requests."""
    return {headers.get(name) for _, headers, _ in provider.requests}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The folder of the original backend with only the two files of the patch."""
    for name, text in CHECKOUT.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    for name in ("llm_config.py", "gpt_structure.py"):
        shutil.copy(PATCH / name, tmp_path / "persona" / "prompt_template")
    return tmp_path


@pytest.fixture
def openrouter(provider: doubles.Server) -> dict[str, str]:
    return {"OPENROUTER_API_KEY": OPENROUTER_KEY, "OPENROUTER_API_BASE": provider.base}


def run(checkout: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The original reverie.py, for one step."""
    typed = "trial\nrun 1\nfin\n"
    done = own_checkout.run_program(Path("reverie.py"), folder=checkout, typed=typed, **variables)
    assert done.stderr == ""
    return done


def test_the_original_program_prints_the_provider_the_answers_and_the_cost(checkout: Path, openrouter: Any):
    said = run(checkout, **openrouter).stdout
    assert "Using OpenRouter API (model: openai/gpt-4o-mini)\nEnter option: " in said
    lines = said.splitlines()
    start = lines.index("6", lines.index("Enter option: their debug is on"))
    assert lines[start : start + 4] == ["6", '{"mood": "Fine."}', "Dora Lane knows the way to the pond", "2"]
    summary = said.partition("=" * 50)[2]
    # Two answers of gpt-4o-mini at $0.15 and $0.60 per million tokens, one of gpt-4o at $2.50 and $10.
    assert "LLM Usage Summary" in summary
    assert "  Requests:      4\n  Input tokens:  3,000\n  Output tokens: 300\n  Est. cost:     $0.0039\n" in summary
    assert "  Embeddings:    5 tokens\n" in summary
    for key in (OPENROUTER_KEY, KEY_IN_UTILS):
        assert key not in said


def test_openrouter_gets_its_own_model_names_and_headers(checkout: Path, provider: doubles.Server, openrouter: Any):
    run(checkout, **openrouter)
    chat, embedding = "openai/gpt-4o-mini", "openai/text-embedding-3-small"
    assert models(provider) == [chat, "openai/gpt-4o", chat, embedding]
    assert header(provider, "Authorization") == {f"Bearer {OPENROUTER_KEY}"}
    assert header(provider, "HTTP-Referer") == {"https://github.com/joonspk-research/generative_agents"}
    assert header(provider, "X-Title") == {"Generative Agents Simulation"}


def test_a_configured_model_answers_all_chats(checkout: Path, provider: doubles.Server, openrouter: Any):
    said = run(checkout, **openrouter, OPENROUTER_MODEL="anthropic/claude-3-haiku").stdout
    assert "Using OpenRouter API (model: anthropic/claude-3-haiku)" in said
    assert models(provider) == ["anthropic/claude-3-haiku"] * 3 + ["openai/text-embedding-3-small"]


def test_without_openrouter_it_is_openai_with_the_key_in_their_utils(checkout: Path, provider: doubles.Server):
    said = run(checkout, OPENAI_API_BASE=provider.base).stdout
    assert "Using OpenAI API (model: gpt-4o-mini)\nEnter option: " in said
    assert models(provider) == ["gpt-4o-mini", "gpt-4o", "gpt-4o-mini", "text-embedding-3-small"]
    assert header(provider, "Authorization") == {f"Bearer {KEY_IN_UTILS}"}
    assert header(provider, "X-Title") == {None}


def test_it_works_even_if_the_folders_are_packages(checkout: Path, openrouter: dict[str, str]):
    for folder in ("persona", "persona/prompt_template"):
        (checkout / folder / "__init__.py").touch()
    assert run(checkout, **openrouter).returncode == 0


def test_an_exception_in_a_run_still_shows_what_was_spent(checkout: Path, openrouter: dict[str, str]):
    file = checkout / "persona/prompt_template/run_gpt_prompt.py"
    file.write_text(file.read_text(encoding="utf-8").replace("temp_sleep(0)", "1 / 0"), encoding="utf-8")
    done = own_checkout.run_program(Path("reverie.py"), folder=checkout, typed="trial\nrun 1\n", **openrouter)
    assert "ZeroDivisionError" in done.stderr
    assert "  Requests:      2\n" in done.stdout


def test_custom_functions_work_in_a_file_that_star_imports_the_new_one(checkout: Path, openrouter: dict[str, str]):
    package = checkout / "persona/prompt_template"
    (package / "my_gpt_structure.py").write_text(
        "from persona.prompt_template.gpt_structure import *\n\n\n"
        "def GPT4_safe_generate_response_OLD(prompt, repeat=3, fail_safe_response='error', **more):\n"
        "    return safe_generate_response(prompt, {'engine': 'gpt-4o'}, repeat, fail_safe_response, **more)\n",
        encoding="utf-8",
    )
    file = package / "run_gpt_prompt.py"
    text = file.read_text(encoding="utf-8").replace(
        "prompt_template.gpt_structure import", "prompt_template.my_gpt_structure import"
    )
    file.write_text(text.replace("GPT4_request(f", "GPT4_safe_generate_response_OLD(f"), encoding="utf-8")
    assert '{"mood": "Fine."}' in run(checkout, **openrouter).stdout


def test_advice_never_mentions_features_missing_in_the_original(checkout: Path):
    (checkout / "utils.py").write_text("debug = False\n", encoding="utf-8")
    done = own_checkout.run_program(Path("reverie.py"), folder=checkout, typed="trial\n")
    assert done.returncode == 2
    assert "OPENROUTER_API_KEY" in done.stderr
    assert "--offline" not in done.stderr


def test_a_newer_client_is_named_before_anything_else_fails(checkout: Path, openrouter: dict[str, str]):
    newer = checkout / "openai"
    newer.mkdir()
    (newer / "__init__.py").write_text("from . import version\n", encoding="utf-8")
    (newer / "version.py").write_text("VERSION = '1.59.0'\n", encoding="utf-8")
    done = own_checkout.run_program(Path("reverie.py"), folder=checkout, typed="trial\n", **openrouter)
    found = "This program needs openai 0.28.1 and found openai 1.59.0."
    assert done.stderr == f'{found} Install it with: pip install "openai==0.28.1"\n'
