"""Who answers our prompts, under which model name, and what the answers used and cost.

Knows the providers, their variables and prices, and the usage ledgers. Must not know how a request is made
or repeated (gpt_structure.py does), nor what is asked.
"""

from __future__ import annotations

import copy
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

import openai
from openai.api_requestor import requests

# ----------------------------------------------------------------------------------------------- Errors
#   LLMError
#   |-- PassingFailure     may succeed when tried again (429, 5xx, timeouts, an unreadable body)
#   |-- RefusedRequest     this one request is refused (moderation, too long); others may still succeed
#   |-- EmptyAnswer        the model answered with nothing, also when asked again
#   `-- LastingFailure     nothing will succeed until somebody acts (key, credits, model, retries used up)


class LLMError(Exception):
    """A request that brought no answer. `what` happened and the `remedy`; neither ever holds a key.

    may_cost: whether the provider may have worked on the request all the same, and bill it.
    """

    def __init__(
        self, what: str, remedy: str = "", *, retry_after: float | None = None, may_cost: bool = False
    ) -> None:
        self.what, self.remedy = mask_keys(what), mask_keys(remedy)
        self.retry_after, self.may_cost = retry_after, may_cost
        super().__init__(f"{self.what} {self.remedy}".strip())


class PassingFailure(LLMError):
    """Worth another try, not before `retry_after` seconds if the provider said so."""


class RefusedRequest(LLMError):
    """This one prompt will not be answered; the caller's fail-safe stands in."""


class EmptyAnswer(LLMError):
    """The model had nothing to say; the caller's fail-safe stands in."""


class LastingFailure(LLMError):
    """The run cannot go on before the remedy is applied."""


def mask_keys(text: str) -> str:
    """`text` with every key we know, and whatever looks like one, replaced by `<key>`."""
    known = {openai.api_key, *_keys_used, *(variable(row.key_variable) for row in PROVIDERS.values())}
    for key in sorted((key for key in known if key and len(key) >= _SHORTEST_SECRET), key=len, reverse=True):
        text = text.replace(key, "<key>")
    return _LOOKS_LIKE_A_KEY.sub("<key>", text)


_keys_used: set[str] = set()  # of every provider so far
_KEY = re.compile(r"[!-~]+")  # what a header can carry
_SHORTEST_SECRET = 8  # shorter ones ("ollama", "none") are words that local servers are given for a key
_LOOKS_LIKE_A_KEY = re.compile(r"(?<=Bearer )\S+|\bsk-[\w-]{8,}")
# -------------------------------------------------------------------------------------------- Providers


@dataclass(frozen=True)
class Provider:
    """One place that answers requests in OpenAI's format. Adding another is adding a row below."""

    name: str
    label: str
    base_url: str
    default_model: str
    banner: str = "Using {label} API (model: {model})"  # what is printed when it is chosen
    key_variable: str = ""
    base_variable: str = ""
    model_variable: str = ""
    key_advice: str = ""  # what to do when the key is refused
    credits_advice: str = ""
    prefix: str = ""  # put before model names that have no "/"
    only_model: str = ""  # the name of the one model it has, whatever is asked for
    headers: Mapping[str, str] = field(default_factory=dict)
    price_lists: Mapping[str, str] = field(default_factory=dict)  # kind of model -> path of its price list
    has_openai_account: bool = False


_ROWS = (
    Provider(
        name="openrouter",
        label="OpenRouter",
        base_url="https://openrouter.ai/api/v1",
        default_model="openai/gpt-4o-mini",
        key_variable="OPENROUTER_API_KEY",
        base_variable="OPENROUTER_API_BASE",
        model_variable="OPENROUTER_MODEL",
        key_advice="Check it at https://openrouter.ai/keys or unset it to use OpenAI.",
        credits_advice="Add some at https://openrouter.ai/credits.",
        prefix="openai/",
        headers={
            "HTTP-Referer": "https://github.com/joonspk-research/generative_agents",
            "X-Title": "Generative Agents Simulation",
        },
        price_lists={"chat": "/models", "embedding": "/embeddings/models"},
    ),
    Provider(
        name="openai",
        label="OpenAI",
        base_url="https://api.openai.com/v1",
        default_model="gpt-4o-mini",
        key_variable="OPENAI_API_KEY",
        base_variable="OPENAI_API_BASE",
        model_variable="OPENAI_MODEL",
        key_advice="Check it at https://platform.openai.com/api-keys or set OPENROUTER_API_KEY instead.",
        credits_advice="Add some at https://platform.openai.com/settings/organization/billing.",
        has_openai_account=True,
    ),
    Provider(
        name="offline",
        label="The offline stand-in",
        banner="Using the offline stand-in (no model)",
        base_url="http://127.0.0.1",
        default_model="offline",
        only_model="offline",
    ),
)
PROVIDERS: Mapping[str, Provider] = {row.name: row for row in _ROWS}
EMBEDDING_MODEL_VARIABLE = "LLM_EMBEDDING_MODEL"
PLAIN_NUMBER = re.compile(r"\d{1,9}(\.\d*)?|\.\d+")

# The state of this module: the chosen provider here, the ledgers of usage below; all guarded by one lock.
_lock = threading.RLock()
_api_type: str | None = None
_custom_model: str | None = None
_embedding_model: str | None = None
_current_model: str = PROVIDERS["openai"].default_model
_key_source: str = ""
_openai_account: dict[str, Any] = {}  # what stood in the openai module when OpenAI was last in use
_NEUTRAL_ACCOUNT = {"api_type": "open_ai", "api_version": None, "api_key_path": None, "organization": None}


def init_llm_api(offline_base: str | None = None) -> tuple[str, str]:
    """Chooses the provider from the environment as it is now, and prints which one it is.

    offline_base: base URL of the offline stand-in; it wins over every variable.
    Returns (provider name, chat model). Without a usable key: says so on stderr, SystemExit(2).
    """
    try:
        _choose_provider(offline_base)
    except LastingFailure as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(2) from None
    return current_provider().name, _current_model


def ensure_initialised() -> None:
    """Chooses the provider if nobody has yet. Raises LastingFailure when there is no usable key."""
    with _lock:
        if _api_type is None:
            _choose_provider(None)


def current_provider() -> Provider:
    """The chosen provider; OpenAI before any was chosen."""
    return PROVIDERS[_api_type or "openai"]


def get_model_name(base_model: str) -> str:
    """The name under which the chosen provider serves what our code calls `base_model`."""
    provider = current_provider()
    override = _embedding_model if is_embedding_model(base_model) else _custom_model
    if provider.only_model or override:
        return provider.only_model or override
    return base_model if "/" in base_model else provider.prefix + base_model


def get_headers() -> dict[str, str]:
    """The headers that the chosen provider wants beside the key."""
    return dict(current_provider().headers)


def is_embedding_model(model: str) -> bool:
    """Whether a model makes vectors, as far as its name or LLM_EMBEDDING_MODEL tells."""
    return "embedding" in model or model == _embedding_model


def key_source() -> str:
    """Where the key in use came from, in words for a message."""
    return _key_source or current_provider().key_variable or "the key"


def model_advice(model: str) -> str:
    """What to do when the provider does not serve `model`."""
    setting = EMBEDDING_MODEL_VARIABLE if is_embedding_model(model) else current_provider().model_variable
    return f"Set {setting} to a model it serves, or mend {current_provider().base_variable}." if setting else ""


def variable(name: str) -> str | None:
    """An environment variable without the blanks around it; None when unset or empty."""
    return os.environ.get(name, "").strip() or None


def limit_from(name: str, default: float) -> float:
    """A number >= 0 from an environment variable; LastingFailure names a variable that holds something else."""
    text = variable(name)
    if text and not PLAIN_NUMBER.fullmatch(text):
        raise LastingFailure(f"{name} must be a number >= 0, was {text!r}.", "Set it right or unset it.")
    return float(text or default)


def _choose_provider(offline_base: str | None) -> None:
    global _api_type, _custom_model, _embedding_model, _current_model, _key_source, _openai_account
    with _lock:
        if current_provider().has_openai_account:
            _openai_account = {name: getattr(openai, name) for name in _NEUTRAL_ACCOUNT}
        provider, key, source = _find_key() if offline_base is None else (PROVIDERS["offline"], "offline", "")
        base_url = offline_base or variable(provider.base_variable) or provider.base_url
        if not base_url.startswith(("http://", "https://")):
            raise LastingFailure(f"{provider.base_variable} must start with http:// or https://.")
        vars(openai).update(_openai_account if provider.has_openai_account else _NEUTRAL_ACCOUNT)
        openai.api_key, openai.api_base = key, base_url.rstrip("/")
        with suppress(OSError, ValueError, openai.error.OpenAIError):
            _keys_used.add(openai.util.default_api_key())
        _api_type, _key_source = provider.name, source
        _custom_model, _embedding_model = variable(provider.model_variable), variable(EMBEDDING_MODEL_VARIABLE)
        _current_model = _custom_model or provider.default_model
        with _fetching:
            _live_prices.clear()
        print(provider.banner.format(label=provider.label, model=_current_model))


def _find_key() -> tuple[Provider, str | None, str]:
    """(provider, key, where the key was found), the first that there is."""
    openrouter, direct = PROVIDERS["openrouter"], PROVIDERS["openai"]
    found = (
        (openrouter, variable(openrouter.key_variable), openrouter.key_variable),
        (direct, variable(direct.key_variable), direct.key_variable),
        (direct, _key_in_utils(), "openai_api_key in utils.py"),
    )
    for provider, key, source in found:
        if key and not _KEY.fullmatch(key):
            raise LastingFailure(f"{source} is no key: it has a blank, a line break or a non-ASCII letter in it.")
        if key:
            return provider, key, source
    if _openai_account["api_key_path"]:
        return direct, None, "OPENAI_API_KEY_PATH"
    raise LastingFailure(
        "There is no key for a language model.",
        f"Set {openrouter.key_variable} or {direct.key_variable}, or write openai_api_key into utils.py. A "
        f"server of your own ({direct.base_variable}) takes any text as {direct.key_variable}. Without a "
        "model: python reverie.py --offline",
    )


def _key_in_utils() -> str | None:
    """The key in the user's own utils.py, unless it is missing, empty or a `<placeholder>`."""
    try:
        from utils import openai_api_key
    except ImportError:
        return None
    key = str(openai_api_key or "").strip()
    return None if key.startswith("<") and key.endswith(">") else key


# ----------------------------------------------------------------------------------------------- Prices


class Price(NamedTuple):
    """USD per million tokens."""

    input: Decimal
    output: Decimal


def _usd(input_price: str, output_price: str = "0") -> Price:
    return Price(Decimal(input_price), Decimal(output_price))


PRICES_AS_OF = "2026-08-08"
PRICES: Mapping[str, Price] = {
    "openai/gpt-4o-mini": _usd("0.15", "0.60"),
    "openai/gpt-4o": _usd("2.50", "10"),
    "openai/text-embedding-3-small": _usd("0.02"),
    "anthropic/claude-3-haiku": _usd("0.25", "1.25"),
    "google/gemini-2.5-flash": _usd("0.30", "2.50"),
    "meta-llama/llama-3.1-8b-instruct": _usd("0.05", "0.08"),
    "meta-llama/llama-3.3-70b-instruct": _usd("0.10", "0.32"),
    "deepseek/deepseek-chat": _usd("0.26", "1.03"),
    "qwen/qwen-2.5-72b-instruct": _usd("0.36", "0.40"),
    # Not listed at that date: the last price known.
    "anthropic/claude-3.5-sonnet": _usd("6", "30"),
    "anthropic/claude-3.5-haiku": _usd("0.80", "4"),
    "openai/gpt-4o-2024-05-13": _usd("5", "15"),
    "openai/gpt-4.1-mini": _usd("0.40", "1.60"),
    "openai/text-embedding-3-large": _usd("0.13"),
    "openai/text-embedding-ada-002": _usd("0.10"),
    "offline": _usd("0"),
}
_MILLION = Decimal(1_000_000)
_GRAIN = Decimal("1E-12")  # costs are whole multiples of it, so that sums are exact in any order
_HIGHEST_COST = 1_000_000  # USD for one answer: beyond it a report is nonsense
_MOST_TOKENS = 10**12  # in one answer, likewise
_DATE = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8})$")
_ROUTE = re.compile(r":(nitro|floor|exacto|online)$")  # ways to a model that no list names; `:free` is no such way
_PRICE_LIST_SECONDS = 3
_live_prices: dict[str, dict[str, Price]] = {}  # kind of model -> the provider's list, once fetched
_fetching = threading.Lock()  # its own, so that nobody waits for a server who only counts


def list_price(model: str, kind: str = "chat") -> tuple[Price | None, bool]:
    """(price of a "chat" or "embedding" model or None when unknown, whether that is the price of its plain route)."""
    plain = _ROUTE.sub("", model)
    name = plain if "/" in plain or plain in PRICES else f"openai/{plain}"
    price = PRICES.get(name) or PRICES.get(_DATE.sub("", name)) or _live_list(kind).get(plain)
    return price, price is not None and plain != model


def _live_list(kind: str) -> Mapping[str, Price]:
    """The provider's own prices, fetched at most once; empty where there are none or none can be had."""
    with _fetching:
        path = current_provider().price_lists.get(kind)
        if path and kind not in _live_prices:
            _live_prices[kind] = _fetch_prices(f"{openai.api_base}{path}")
        return _live_prices.get(kind, {})


def _fetch_prices(url: str) -> dict[str, Price]:
    """Rows hold decimal texts, USD per token; "-1" and its kind mean unknown."""
    make_session = openai.requestssession if callable(openai.requestssession) else requests.Session
    try:
        with make_session() as session:
            rows = part_of(session.get(url, timeout=_PRICE_LIST_SECONDS).json(), "data")
    except (requests.RequestException, ValueError):
        return {}  # a cost that stays unknown is said to be unknown
    prices = {}
    for row in rows if isinstance(rows, list) else ():
        amounts = [_amount(part_of(part_of(row, "pricing"), part), 1) for part in ("prompt", "completion")]
        if None not in amounts:
            prices[str(part_of(row, "id"))] = Price(*(amount * _MILLION for amount in amounts))
    return prices


def _amount(value: Any, below: int = _HIGHEST_COST) -> Decimal | None:
    """A number of USD >= 0 that makes sense, else None."""
    try:
        amount = Decimal(str(value))
    except (ArithmeticError, ValueError):
        return None
    return amount if amount.is_finite() and 0 <= amount < below else None


def _reported_cost(usage: Any) -> Decimal | None:
    """What the provider says it cost; with a key of one's own (`is_byok`) that is a fee on top of the cost upstream."""
    cost = _amount(part_of(usage, "cost"))
    if cost is not None and part_of(usage, "is_byok") is True:
        upstream = _amount(part_of(part_of(usage, "cost_details"), "upstream_inference_cost"))
        cost = None if upstream is None else cost + upstream
    return None if cost is None else cost.quantize(_GRAIN)


# ------------------------------------------------------------------------------------------ The ledgers
_COUNTERS = ("input_tokens", "output_tokens", "embedding_tokens", "requests")
_SPLITS = ("by_model", "by_purpose", "by_persona")
# By model: requests at another route's price, and without figures; by purpose: questions, and those that fell back.
_COUNTS = ("estimated", "unmetered", "questions", "fallbacks")


@dataclass
class Tally:
    """What some requests used together. `cost` (USD) leaves out the `unpriced` ones."""

    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTERS, 0))
    cost: Decimal = Decimal(0)
    unpriced: int = 0

    def add(self, used: Mapping[str, int], cost: Decimal | None) -> None:
        """One more request; cost None: nobody knows its price."""
        for name, count in used.items():
            self.counters[name] += count
        self.unpriced += cost is None
        self.cost += cost or 0


@dataclass
class Usage:
    """One ledger: the total, the same split three ways, and counts of what is worth a remark."""

    total: Tally = field(default_factory=Tally)
    splits: dict[str, dict[str, Tally]] = field(default_factory=lambda: {split: {} for split in _SPLITS})
    counts: dict[str, dict[str, int]] = field(default_factory=lambda: {count: {} for count in _COUNTS})

    def add(self, used: Mapping[str, int], cost: Decimal | None, labels: Mapping[str, str]) -> None:
        """Enters one answered request under its label in each split."""
        self.total.add(used, cost)
        for split, label in labels.items():
            self.splits[split].setdefault(label, Tally()).add(used, cost)

    def count(self, what: str, name: str) -> None:
        """One more of `what` (a key of `counts`) under `name`."""
        self.counts[what][name] = self.counts[what].get(name, 0) + 1


# --------------------------------------------------------------------------------------------- Tracking
_run, _session, _simulation = Usage(), Usage(), Usage()  # since the reset; since the start; over all starts
_usage_stats = _run.total.counters
_revision = 0
budget_line: Callable[[], str] | None = None  # says how much of a budget is spent; set where there is one


def track_usage(
    response: Any, *, model: str | None = None, purpose: str | None = None, persona: str | None = None
) -> Decimal | None:
    """Enters what an answer (OpenAIObject, dict, or object with `usage`) used and cost. Never raises.

    model: the one asked for, which counts when the answer names none. An answer without figures is counted as
    unmetered, an error is not counted. Returns the cost in USD; None for want of a price or of figures.
    """
    usage, answered_by = part_of(response, "usage"), one_line(part_of(response, "model"), model or _current_model)
    if usage is None:
        if response is not None and not isinstance(response, str) and not part_of(response, "error"):
            _enter(lambda ledger: ledger.count("unmetered", answered_by))
        return None
    used = tokens_used(response)
    cost, is_estimate = _cost_of(usage, used, answered_by)
    labels = {"by_model": answered_by, "by_purpose": purpose or "other", "by_persona": persona or ""}
    _enter(lambda ledger: ledger.add({**used, "requests": 1}, cost, labels))
    if is_estimate:
        _enter(lambda ledger: ledger.count("estimated", answered_by))
    return cost if cost or any(used.values()) else None


def tokens_used(response: Any) -> dict[str, int]:
    """The tokens that an answer says it used, by the names of their counters; empty when it has no figures."""
    usage, rows = part_of(response, "usage"), part_of(response, "data")
    if usage is None:
        return {}
    given = [part_of(usage, f"{what}_tokens") for what in ("prompt", "completion", "total")]
    counts = [int(n) if type(n) in (int, float) and 0 <= n < _MOST_TOKENS else 0 for n in given]
    if isinstance(rows, list) and rows and part_of(rows[0], "embedding"):
        return {"embedding_tokens": counts[0] or counts[2]}
    return {"input_tokens": counts[0], "output_tokens": counts[1]}


def get_usage_stats() -> dict[str, int]:
    """A copy of the four counters since the last reset."""
    with _lock:
        return dict(_usage_stats)


def reset_usage_stats() -> None:
    """Starts the counting of a new run; the ledgers since the start and of the simulation go on."""
    global _run, _usage_stats
    with _lock:
        _run = Usage()
        _usage_stats = _run.total.counters


def run_cost() -> Decimal:
    """USD spent since the last reset, as far as prices are known."""
    return _run.total.cost


def ledgers() -> tuple[Usage, Usage]:
    """(usage since the start of the program, usage of the simulation over all its starts), as they are now."""
    with _lock:
        return copy.deepcopy((_session, _simulation))


def open_simulation_usage(ledger: Usage | None = None) -> None:
    """Starts the simulation's ledger at what it used before; None: at zero."""
    global _simulation, _revision
    with _lock:
        _simulation, _revision = ledger or Usage(), _revision + 1


def usage_revision() -> int:
    """A number that changes whenever the simulation's ledger does."""
    return _revision


def count_question(purpose: str) -> None:
    """One question was put to the model, however many requests it takes."""
    _enter(lambda ledger: ledger.count("questions", purpose))


def count_fallback(purpose: str) -> None:
    """One question got its fail-safe in place of an answer."""
    _enter(lambda ledger: ledger.count("fallbacks", purpose))


def part_of(answer: Any, name: str) -> Any:
    """A part of an answer, be it a dict or an object; None when there is none."""
    return answer.get(name) if isinstance(answer, Mapping) else getattr(answer, name, None)


def one_line(text: Any, otherwise: str, most: int = 100) -> str:
    """A server's text made fit for one line of a terminal and for UTF-8, keys masked; `otherwise` if there is none."""
    line = " ".join(mask_keys(text).split())[:most] if isinstance(text, str) else ""
    return line.encode("utf-8", "replace").decode("utf-8") or otherwise


def _enter(entry: Callable[[Usage], None]) -> None:
    global _revision
    with _lock:
        _revision += 1
        for ledger in (_run, _session, _simulation):
            entry(ledger)


def _cost_of(usage: Any, used: Mapping[str, int], model: str) -> tuple[Decimal | None, bool]:
    """(USD or None when nobody knows, whether it is an estimate from another route's price)."""
    cost, is_estimate = _reported_cost(usage), False
    if cost is None:
        price, is_estimate = list_price(model, "embedding" if "embedding_tokens" in used else "chat")
        cost = None if price is None else _priced(used, price)
    return cost, is_estimate


def _priced(used: Mapping[str, int], price: Price) -> Decimal:
    tokens_in = used.get("input_tokens", 0) + used.get("embedding_tokens", 0)
    return ((tokens_in * price.input + used.get("output_tokens", 0) * price.output) / _MILLION).quantize(_GRAIN)


# ---------------------------------------------------------------------------------------------- Reports


def print_usage_summary() -> None:
    """Prints what was used since the last reset, and what is worth saying about it."""
    with _lock:
        lines = summary_lines(_run)
    rule = "=" * 50
    print("\n".join(["", rule, "LLM Usage Summary", rule, *lines, rule, ""]))


def summary_lines(ledger: Usage) -> list[str]:
    """The figures of a ledger, and what is worth saying about it."""
    counters = ledger.total.counters
    return [
        f"  Requests:      {counters['requests']}",
        f"  Input tokens:  {counters['input_tokens']:,}",
        f"  Output tokens: {counters['output_tokens']:,}",
        f"  Est. cost:     ${ledger.total.cost:.4f}",
        *([budget_line()] if budget_line else []),
        *_remarks(ledger),
    ]


def counted(count: int, noun: str) -> str:
    """`1 answer`, `2,000 answers`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _remarks(ledger: Usage) -> list[str]:
    """What there is to say beyond the figures: often nothing."""
    by_model, embedded = sorted(ledger.splits["by_model"].items()), ledger.total.counters["embedding_tokens"]
    unpriced = [(model, row.unpriced) for model, row in by_model if row.unpriced]
    estimated, unmetered = (sorted(ledger.counts[what].items()) for what in ("estimated", "unmetered"))
    return [
        *([f"  Embeddings:    {embedded:,} tokens"] if embedded else []),
        *(f"  + {counted(n, 'request')} of {model} without a known price" for model, n in unpriced),
        *(f"  {counted(n, 'request')} of {model}: estimated at its plain price" for model, n in estimated),
        *(f"  {counted(n, 'answer')} of {model} came without usage figures" for model, n in unmetered),
        *_chat_models(by_model),
        *_fell_back(ledger),
        *_cost_elsewhere(ledger),
    ]


def _chat_models(by_model: list[tuple[str, Tally]]) -> list[str]:
    """The split by model, once there is one."""
    chat = [(name, row) for name, row in by_model if not row.counters["embedding_tokens"]]
    lines = [f"  {name}: {counted(row.counters['requests'], 'request')}, ${row.cost:.4f}" for name, row in chat]
    return lines if len(lines) > 1 else []


def _fell_back(ledger: Usage) -> list[str]:
    fallbacks, asked = ledger.counts["fallbacks"], sum(ledger.counts["questions"].values())
    by_count = sorted(fallbacks.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{purpose} {count}" for purpose, count in by_count)
    return [f"  Answers that fell back: {sum(fallbacks.values())} of {asked} ({listed})"] if listed else []


def _cost_elsewhere(ledger: Usage) -> list[str]:
    """What the tokens of the offline stand-in would have cost with the default models."""
    offline = ledger.splits["by_model"].get(PROVIDERS["offline"].only_model)
    if offline is None:
        return []
    chat_price, embedding_price = PRICES["openai/gpt-4o-mini"], PRICES["openai/text-embedding-3-small"]
    embedded = {"embedding_tokens": offline.counters["embedding_tokens"]}
    cost = _priced({**offline.counters, "embedding_tokens": 0}, chat_price) + _priced(embedded, embedding_price)
    return [f"  With gpt-4o-mini:  ${cost:.4f} for the same tokens"]
