"""The provider and model that answer prompts, and what the answers used and cost.

Knows the providers, their variables and prices, and the usage of a run. Must not know how a request is made or retried
(gpt_structure.py does), nor what is asked.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

try:
    import openai
    import requests
except ImportError:
    raise SystemExit('This program needs openai 0.28.1. Install it with: pip install "openai==0.28.1"') from None

if not openai.version.VERSION.startswith("0.28"):
    found = f"This program needs openai 0.28.1 and found openai {openai.version.VERSION}."
    raise SystemExit(f'{found} Install it with: pip install "openai==0.28.1"')

# ----------------------------------------------------------------------------------------------- Errors
#   LLMError
#   |-- TransientError       may succeed if retried (429, 5xx, timeouts, an unreadable body)
#   |-- PromptFailure        this one prompt gets no answer; others may still get theirs
#   |   |-- RefusedRequest   refused (a filter, too long, a 400), or failing every time it is sent
#   |   `-- EmptyAnswer      empty or cut off, even after asking again
#   `-- FatalError           nothing will succeed until the user acts (key, credits, model, retries used up)


class LLMError(Exception):
    """A request that got no answer. `what` happened, and the `remedy`; neither ever contains a key.

    maybe_billed: whether the provider may have processed the request anyway, and bill it.
    words: everything that the server said, for matching known patterns.
    """

    def __init__(
        self,
        what: str,
        remedy: str = "",
        *,
        retry_after: float | None = None,
        maybe_billed: bool = False,
        words: str = "",
    ) -> None:
        self.what, self.remedy = mask_keys(what), mask_keys(remedy)
        self.retry_after, self.maybe_billed, self.words = retry_after, maybe_billed, words
        super().__init__(f"{self.what} {self.remedy}".strip())


RATE_LIMITED, TIMED_OUT, SERVER_ERROR, UNREACHABLE = "rate limited", "no answer in time", "server error", "unreachable"


class TransientError(LLMError):
    """Worth retrying, but not before `retry_after` seconds if the provider said so.

    kind: RATE_LIMITED, TIMED_OUT, SERVER_ERROR (also an answer without content, which this request may have caused)
    or UNREACHABLE.
    """

    def __init__(self, what: str, remedy: str = "", *, kind: str = SERVER_ERROR, **more: Any) -> None:
        super().__init__(what, remedy, **more)
        self.kind = kind


class PromptFailure(LLMError):
    """This one prompt will not be answered; the caller uses its fail-safe. `reason`: why, in two or three words."""

    def __init__(self, what: str, remedy: str = "", *, reason: str = "", **more: Any) -> None:
        super().__init__(what, remedy, **more)
        self.reason = reason or self.default_reason

    default_reason = "no answer"


class RefusedRequest(PromptFailure):
    """The provider does not answer this prompt. is_explained: whether the prompt is known to be the reason."""

    default_reason = "refused"

    def __init__(self, what: str, *given: Any, is_explained: bool = True, **more: Any) -> None:
        super().__init__(what, *given, **more)
        self.is_explained = is_explained


class EmptyAnswer(PromptFailure):
    """The answer was empty, or cut off before there was any usable text."""

    default_reason = "nothing said"


class FatalError(LLMError):
    """The run cannot continue until the remedy is applied."""


def mask_keys(text: str) -> str:
    """`text` with every known key, and everything that looks like one, replaced by `<key>`."""
    known = {openai.api_key, *_keys_used, *(variable(row.key_variable) for row in PROVIDERS.values())}
    known.add(variable(EMBEDDING_KEY_VARIABLE))
    for key in sorted((key for key in known if key and len(key) >= _SHORTEST_SECRET), key=len, reverse=True):
        text = text.replace(key, "<key>")
    may_have_one = "sk-" in text or "Bearer " in text  # a hundred times as fast as the pattern
    return _LOOKS_LIKE_A_KEY.sub("<key>", text) if may_have_one else text


_keys_used: set[str] = set()  # of every provider so far
_KEY = re.compile(r"[!-~]+")  # what a header can carry
_SHORTEST_SECRET = 8  # shorter keys ("ollama", "none") are placeholder words for local servers
_LOOKS_LIKE_A_KEY = re.compile(r"(?<=Bearer )\S+|\bsk-[\w-]{8,}")
# -------------------------------------------------------------------------------------------- Providers


@dataclass(frozen=True)
class Provider:
    """One OpenAI-compatible service. To add another, add a row below."""

    name: str
    label: str
    base_url: str
    default_model: str
    banner: str = "Using {label} API (model: {model})"  # what is printed when it is chosen
    key_variable: str = ""
    base_variables: tuple[str, ...] = ()  # the first one that is set is used
    model_variable: str = ""
    key_advice: str = ""  # what to do when the key is refused
    credits_advice: str = ""
    prefix: str = ""  # put before model names that have no "/"
    only_model: str = ""  # the name of its only model, used whatever model is asked for
    headers: Mapping[str, str] = field(default_factory=dict)
    price_lists: Mapping[str, str] = field(default_factory=dict)  # kind of model -> path of its price list
    nests_reasoning: bool = False  # whether LLM_REASONING is sent as `reasoning: {effort}`, not `reasoning_effort`
    has_openai_account: bool = False


_ROWS = (
    Provider(
        name="openrouter",
        label="OpenRouter",
        base_url="https://openrouter.ai/api/v1",
        default_model="openai/gpt-4o-mini",
        key_variable="OPENROUTER_API_KEY",
        base_variables=("OPENROUTER_API_BASE",),
        model_variable="OPENROUTER_MODEL",
        key_advice="Check it at https://openrouter.ai/keys or unset it to use OpenAI.",
        credits_advice="Add some at https://openrouter.ai/credits.",
        prefix="openai/",
        headers={
            "HTTP-Referer": "https://github.com/joonspk-research/generative_agents",
            "X-Title": "Generative Agents Simulation",
        },
        price_lists={"chat": "/models", "embedding": "/embeddings/models"},
        nests_reasoning=True,
    ),
    Provider(
        name="openai",
        label="OpenAI",
        base_url="https://api.openai.com/v1",
        default_model="gpt-4o-mini",
        key_variable="OPENAI_API_KEY",
        base_variables=("OPENAI_API_BASE", "OPENAI_BASE_URL"),
        model_variable="OPENAI_MODEL",
        key_advice="Check it at https://platform.openai.com/api-keys or set OPENROUTER_API_KEY instead.",
        credits_advice="Add some at https://platform.openai.com/settings/organization/billing.",
        has_openai_account=True,
    ),
    Provider(
        name="offline",
        label="The mock model",
        banner="Using the mock model",
        base_url="http://127.0.0.1",
        default_model="offline",
        only_model="offline",
    ),
)
PROVIDERS: Mapping[str, Provider] = {row.name: row for row in _ROWS}
EMBEDDING_MODEL_VARIABLE = "LLM_EMBEDDING_MODEL"
EMBEDDING_BASE_VARIABLE = "LLM_EMBEDDING_API_BASE"
EMBEDDING_KEY_VARIABLE = "LLM_EMBEDDING_API_KEY"
REASONING_VARIABLE, FORMAT_VARIABLE = "LLM_REASONING", "LLM_RESPONSE_FORMAT"
_CHOICES = {
    REASONING_VARIABLE: ("none", "minimal", "low", "medium", "high", "xhigh"),
    FORMAT_VARIABLE: ("auto", "json_schema", "json_object", "none"),
}
PRICE_VARIABLE = "LLM_PRICE"
PLAIN_NUMBER = re.compile(r"\d{1,9}(\.\d*)?|\.\d+")

# The state of this module: the chosen provider here, the usage below; all guarded by one lock.
_lock = threading.RLock()
_api_type: str | None = None
_custom_model: str | None = None
_embedding_model: str | None = None
_current_model: str = PROVIDERS["openai"].default_model
_key_source: str = ""
_embedding_server: dict[str, Any] = {}  # the server of embeddings, if not the same as for chats
_openai_account: dict[str, Any] = {}  # the settings of the openai module when OpenAI was last in use
_NEUTRAL_ACCOUNT = {"api_type": "open_ai", "api_version": None, "api_key_path": None, "organization": None}
_PLACEHOLDER_KEY = "none"  # for a server without a key of its own: the chat's key must not be sent there


def init_llm_api(offline_base: str | None = None) -> tuple[str, str]:
    """Chooses the provider from the current environment, and prints which one it is.

    offline_base: base URL of the mock model; it takes precedence over every variable.
    Returns (provider name, chat model). Without a usable key: prints that on stderr, SystemExit(2).
    """
    try:
        _choose_provider(offline_base)
    except FatalError as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(2) from None
    return current_provider().name, _current_model


def ensure_initialised() -> None:
    """Chooses the provider unless one is already chosen. Raises FatalError if there is no usable key."""
    with _lock:
        if _api_type is None:
            _choose_provider(None)


def is_offline() -> bool:
    """Whether the mock model answers."""
    return _api_type == "offline"


def current_provider() -> Provider:
    """The chosen provider; OpenAI before any was chosen."""
    return PROVIDERS[_api_type or "openai"]


def get_model_name(base_model: str) -> str:
    """The name under which the chosen provider serves what our code calls `base_model`."""
    provider, is_embedding = current_provider(), is_embedding_model(base_model)
    override = _embedding_model if is_embedding else _custom_model
    if fixed := provider.only_model or override:
        return fixed
    is_elsewhere = is_embedding and _embedding_server
    return base_model if "/" in base_model or is_elsewhere else provider.prefix + base_model


def get_headers() -> dict[str, str]:
    """The headers that the chosen provider wants in addition to the key."""
    return dict(current_provider().headers)


@dataclass(frozen=True)
class Server:
    """The server of a model: the options of a request to it, and its names and remedies for messages.

    options: sent with the body; include address and key if they differ from those of the openai module. key,
    base_variable, model_variable: where the key came from, and what sets the address and the model; "" if nothing.
    """

    options: Mapping[str, Any]
    address: str
    is_own: bool  # at another address than the chosen provider's
    label: str
    key: str
    base_variable: str
    model_variable: str
    key_advice: str
    credits_advice: str

    @property
    def model_advice(self) -> str:
        """What to do if it does not serve the model."""
        setting, base = self.model_variable, self.base_variable
        return f"Set {setting} to a model it serves, or correct {base}." if setting else ""

    @property
    def advice(self) -> str:
        """What to check if it does not answer, for an unknown reason."""
        names = ", ".join(filter(None, (self.model_variable, self.base_variable, self.key)))
        return f"Check {names}, and the account with the provider."


def server_of(model: str) -> Server:
    """The server of a model, given the model's name on that server."""
    provider, is_embedding = current_provider(), is_embedding_model(model)
    is_apart = is_embedding and bool(_embedding_server)
    options: dict[str, Any] = dict(_embedding_server) if is_apart else {"headers": get_headers()}
    address = options.get("api_base") or openai.api_base
    is_own = not provider.only_model and address != provider.base_url
    key = EMBEDDING_KEY_VARIABLE if is_apart else _key_source or provider.key_variable or "the key"
    bases = (EMBEDDING_BASE_VARIABLE,) if is_apart else provider.base_variables
    return Server(
        options,
        without_password(address),
        is_own,
        label=f"The server at {urlsplit(without_password(address)).netloc}" if is_own else provider.label,
        key=key,
        base_variable=next(filter(variable, bases), bases[0] if bases else ""),
        model_variable=EMBEDDING_MODEL_VARIABLE if is_embedding else provider.model_variable,
        key_advice=f"Set {key} to a key of that server." if is_own else provider.key_advice,
        credits_advice="Add some with the provider of that server." if is_own else provider.credits_advice,
    )


def without_password(address: str) -> str:
    """The same URL without user name and password."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def chat_parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a chat, adjusted to LLM_REASONING and LLM_RESPONSE_FORMAT; None means not sent."""
    chosen, effort, form = dict(given), variable(REASONING_VARIABLE), variable(FORMAT_VARIABLE)
    if effort:
        nested = current_provider().nests_reasoning
        chosen.update({"reasoning": {"effort": effort}} if nested else {"reasoning_effort": effort})
    if chosen.get("response_format") and form in ("json_object", "none"):
        chosen["response_format"] = {"type": form} if form == "json_object" else None
    return chosen


def is_embedding_model(model: str) -> bool:
    """Whether a model computes embeddings, judging by its name and LLM_EMBEDDING_MODEL."""
    return "embedding" in model or model == _embedding_model


def variable(name: str) -> str | None:
    """An environment variable, stripped of spaces; None if unset or empty."""
    return os.environ.get(name, "").strip() or None


def limit_from(name: str, default: float) -> float:
    """A number >= 0 from an environment variable. Raises FatalError, naming the variable, if it is anything else."""
    text = variable(name)
    if text and not PLAIN_NUMBER.fullmatch(text):
        raise FatalError(f"{name} must be a number >= 0, not {text!r}.", "Correct or unset it.")
    return float(text or default)


def _choose_provider(offline_base: str | None) -> None:
    global _api_type, _custom_model, _embedding_model, _embedding_server, _current_model, _key_source, _openai_account
    with _lock:
        if current_provider().has_openai_account:
            _openai_account = {name: getattr(openai, name) for name in _NEUTRAL_ACCOUNT}
        provider, key, source = _find_key() if offline_base is None else (PROVIDERS["offline"], "offline", "")
        base_url = offline_base or _base_url(*provider.base_variables) or provider.base_url
        embedding_server = {} if offline_base else _server_of_embeddings()
        if not offline_base:
            _check_settings()
        vars(openai).update(_openai_account if provider.has_openai_account else _NEUTRAL_ACCOUNT)
        openai.api_key, openai.api_base = key, base_url
        with suppress(OSError, ValueError, openai.error.OpenAIError):
            _keys_used.add(openai.util.default_api_key())
        _api_type, _key_source, _embedding_server = provider.name, source, embedding_server
        _custom_model, _embedding_model = variable(provider.model_variable), variable(EMBEDDING_MODEL_VARIABLE)
        _current_model = _custom_model or provider.default_model
        with _fetching:
            _live_prices.clear()
        print(provider.banner.format(label=provider.label, model=_current_model))
        if embedding_server:
            _keys_used.add(embedding_server["api_key"])
            address = without_password(embedding_server["api_base"])
            print(f"Embeddings: {address} (model: {get_model_name('text-embedding-3-small')})")


def _base_url(*variables: str) -> str:
    """The address in the first of these variables that is set; "" if none is."""
    name = next((name for name in variables if variable(name)), "")
    base_url = variable(name) or ""
    if base_url and not base_url.startswith(("http://", "https://")):
        raise FatalError(f"{name} must start with http:// or https://.")
    return base_url.rstrip("/")


def _server_of_embeddings() -> dict[str, Any]:
    """The request options of a separate server for embeddings; {} without one."""
    base_url, key = _base_url(EMBEDDING_BASE_VARIABLE), variable(EMBEDDING_KEY_VARIABLE)
    if not base_url:
        return {}
    _check_key(key, EMBEDDING_KEY_VARIABLE)
    return {
        "api_base": base_url,
        "api_key": key or _PLACEHOLDER_KEY,
        "api_type": "open_ai",
        "headers": {"OpenAI-Organization": ""} if openai.organization else {},
    }


def _check_settings() -> None:
    """Raises FatalError for a bad setting that would otherwise be noticed only at the first request, or never."""
    for name in ("LLM_TIMEOUT_SECONDS", "LLM_MAX_RETRIES", "LLM_RETRY_SECONDS"):
        limit_from(name, 0)
    for name, choices in _CHOICES.items():
        if (chosen := variable(name)) and chosen not in choices:
            raise FatalError(f"{name} must be one of {', '.join(choices)}, not {chosen!r}.")
    price = variable(PRICE_VARIABLE)
    if price and _own_price() is None:
        form = '"in,out", USD per million tokens (0,0 for a server of your own)'
        raise FatalError(f"{PRICE_VARIABLE} must be {form}, not {price!r}.")


def _find_key() -> tuple[Provider, str | None, str]:
    """(provider, key, where the key was found) for the first key found."""
    openrouter, direct = PROVIDERS["openrouter"], PROVIDERS["openai"]
    found = (
        (openrouter, variable(openrouter.key_variable), openrouter.key_variable),
        (direct, variable(direct.key_variable), direct.key_variable),
        (direct, _key_in_utils(), "openai_api_key in utils.py"),
    )
    for provider, key, source in found:
        _check_key(key, source)
        if key:
            return provider, key, source
    if _openai_account["api_key_path"]:
        return direct, None, "OPENAI_API_KEY_PATH"
    raise FatalError(
        "There is no key for a language model.",
        f"Set {openrouter.key_variable} or {direct.key_variable}, or write openai_api_key into utils.py. A server of "
        f"your own ({direct.base_variables[0]}) takes any text as {direct.key_variable}.{_OFFLINE_ADVICE}",
    )


def _check_key(key: str | None, source: str) -> None:
    if key and not _KEY.fullmatch(key):
        raise FatalError(f"{source} is not a valid key: it contains a space, a line break or a non-ASCII character.")


def _key_in_utils() -> str | None:
    """The key in the user's own utils.py, unless it is missing, empty or a `<placeholder>`."""
    try:
        from utils import openai_api_key
    except ImportError:
        return None
    key = str(openai_api_key or "").strip()
    return None if key.startswith("<") and key.endswith(">") else key


_HAS_OFFLINE = (Path(__file__).resolve().parents[2] / "offline_llm.py").is_file()  # not with the patch alone
_OFFLINE_ADVICE = " Without a model: python reverie.py --offline" if _HAS_OFFLINE else ""
# ----------------------------------------------------------------------------------------------- Prices


class Price(NamedTuple):
    """USD per million tokens."""

    input: Decimal
    output: Decimal


def _usd(input_price: str, output_price: str = "0") -> Price:
    return Price(Decimal(input_price), Decimal(output_price))


# The fallback if genai-prices is not installed: prices as of August 8, 2026.
PRICES: Mapping[str, Price] = {
    "openai/gpt-4o-mini": _usd("0.15", "0.60"),
    "openai/gpt-4o": _usd("2.50", "10"),
    "openai/gpt-4o-2024-05-13": _usd("5", "15"),
    "openai/gpt-4.1": _usd("2", "8"),
    "openai/gpt-4.1-mini": _usd("0.40", "1.60"),
    "openai/gpt-5": _usd("1.25", "10"),
    "openai/gpt-5-mini": _usd("0.25", "2"),
    "openai/o3": _usd("2", "8"),
    "openai/o4-mini": _usd("1.10", "4.40"),
    "openai/gpt-3.5-turbo": _usd("0.50", "1.50"),
    "openai/text-embedding-3-small": _usd("0.02"),
    "openai/text-embedding-3-large": _usd("0.13"),
    "openai/text-embedding-ada-002": _usd("0.10"),
    "anthropic/claude-3-haiku": _usd("0.25", "1.25"),
    "anthropic/claude-3.5-haiku": _usd("0.80", "4"),
    "google/gemini-2.5-flash": _usd("0.30", "2.50"),
    "meta-llama/llama-3.1-8b-instruct": _usd("0.05", "0.08"),
    "meta-llama/llama-3.3-70b-instruct": _usd("0.10", "0.32"),
    "deepseek/deepseek-chat": _usd("0.26", "1.03"),
    "qwen/qwen-2.5-72b-instruct": _usd("0.36", "0.40"),
    "offline": _usd("0"),
}
_MILLION = Decimal(1_000_000)
_THOUSAND = 1_000
_GRAIN = Decimal("1E-12")  # costs are whole multiples of it, so that sums are exact in any order
_HIGHEST_COST = 1_000_000  # USD for one answer; a provider that reports more is not believed
_MOST_TOKENS = 10**12  # in one answer, likewise
_DATE = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8})$")
_ROUTE = re.compile(
    r":(nitro|floor|exacto|online)$"
)  # route suffixes without list prices of their own; `:free` has one
_PRICE_LIST_SECONDS = 3
_live_prices: dict[str, dict[str, Price]] = {}  # kind of model -> the provider's list, once fetched
_fetching = threading.Lock()  # a separate lock, so that counting never waits for a server


def list_price(model: str, kind: str = "chat") -> tuple[Price | None, bool]:
    """(price of a "chat" or "embedding" model, None if unknown; whether it is an estimate from the base model).

    Sources, in this order: LLM_PRICE for chats, the provider's own list, genai-prices, the table above, and for
    embeddings LLM_PRICE if it is 0,0.
    """
    plain, own = _ROUTE.sub("", model), _own_price()
    if own is not None and kind == "chat" and model not in PRICES:
        return own, False
    price = _live_list(kind).get(plain) or _library_price(plain, server_of(model).address) or _table_price(plain)
    if price is None and own is not None and not any(own):
        price = own
    return price, price is not None and plain != model


def _own_price() -> Price | None:
    """The price in LLM_PRICE; None if it is unset, or not two amounts."""
    given = [_amount(part.strip()) for part in (variable(PRICE_VARIABLE) or "").split(",")]
    amounts = [amount for amount in given if amount is not None]
    return Price(*amounts) if len(amounts) == len(given) == 2 else None


def _table_price(model: str) -> Price | None:
    name = model if "/" in model or model in PRICES else f"openai/{model}"
    return PRICES.get(name) or PRICES.get(_DATE.sub("", name))


@cache
def _library_price(model: str, base_url: str) -> Price | None:
    """The price in genai-prices at this address, else at OpenRouter or OpenAI; None if unknown or not installed."""
    if model in PRICES and "/" not in model:
        return None
    try:
        from genai_prices import Usage, calc_price
    except ImportError:
        return None
    usage = Usage(input_tokens=_THOUSAND, output_tokens=_THOUSAND)  # few: some models cost more in long contexts
    name = _DATE.sub("", model)
    places: tuple[tuple[str, dict[str, Any]], ...] = (
        (model, {"provider_api_url": base_url}),
        (model, {"provider_id": "openrouter"}),
        (name, {"provider_id": "openrouter"}),
        (model.replace("openai/", "", 1), {"provider_id": "openai"}),
    )
    for listed, place in places:
        with suppress(LookupError):
            found = calc_price(usage, listed, **place)
            return Price(*(Decimal(cost) * _THOUSAND for cost in (found.input_price, found.output_price)))
    return None


def _live_list(kind: str) -> Mapping[str, Price]:
    """The provider's own prices, fetched at most once; empty if it has none or they cannot be fetched."""
    with _fetching:
        path = current_provider().price_lists.get(kind)
        if path and kind not in _live_prices:
            _live_prices[kind] = _fetch_prices(f"{openai.api_base}{path}")
        return _live_prices.get(kind, {})


def _fetch_prices(url: str) -> dict[str, Price]:
    """By id and by canonical slug. Rows hold decimal texts, USD per token; "-1" and its kind mean unknown."""
    make_session = openai.requestssession if callable(openai.requestssession) else requests.Session
    try:
        with make_session() as session:
            rows = part_of(session.get(url, timeout=_PRICE_LIST_SECONDS).json(), "data")
    except (requests.RequestException, ValueError):
        return {}  # the cost is then reported as unknown
    by_slug, by_id = {}, {}
    for row in rows if isinstance(rows, list) else ():
        prompt, completion = (_amount(part_of(part_of(row, "pricing"), part), 1) for part in ("prompt", "completion"))
        if prompt is not None and completion is not None:
            price = Price(prompt * _MILLION, completion * _MILLION)
            by_slug[str(part_of(row, "canonical_slug"))] = by_id[str(part_of(row, "id"))] = price
    return {**by_slug, **by_id}


def _amount(value: Any, below: int = _HIGHEST_COST) -> Decimal | None:
    """An amount in USD, at least 0 and below the limit, else None."""
    try:
        amount = Decimal(str(value))
    except (ArithmeticError, ValueError):
        return None
    return amount if amount.is_finite() and 0 <= amount < below else None


def _reported_cost(usage: Any) -> Decimal | None:
    """The cost that the provider reports; for a user's own upstream key (`is_byok`), its fee plus the upstream cost."""
    cost = _amount(part_of(usage, "cost"))
    if cost is not None and part_of(usage, "is_byok") is True:
        upstream = _amount(part_of(part_of(usage, "cost_details"), "upstream_inference_cost"))
        cost = None if upstream is None else cost + upstream
    return None if cost is None else cost.quantize(_GRAIN)


def _cost_of(usage: Any, used: Mapping[str, int], *models: str) -> tuple[Decimal | None, bool]:
    """(USD, whether that is an estimate from the base model's price), for the first of the models that has a price."""
    cost = _reported_cost(usage)
    if cost is not None:
        return cost, False
    kind = "embedding" if "embedding_tokens" in used else "chat"
    for model in dict.fromkeys(models):
        price, is_estimate = list_price(model, kind)
        if price is not None:
            return priced(used, price), is_estimate
    return None, False


def priced(used: Mapping[str, int], price: Price) -> Decimal:
    """The cost of these tokens at a price, in USD."""
    tokens_in = used.get("input_tokens", 0) + used.get("embedding_tokens", 0)
    return ((tokens_in * price.input + used.get("output_tokens", 0) * price.output) / _MILLION).quantize(_GRAIN)


# ------------------------------------------------------------------------------------------------ Usage
_COUNTERS = ("input_tokens", "output_tokens", "embedding_tokens", "requests")
# By model: requests at an estimated price, and without usage figures; by purpose: questions.
_COUNTS = ("estimated", "unmetered", "questions")


class Entry(NamedTuple):
    """The usage of one answer. `cost` (USD) is None if unknown; `tokens` is None if it came without figures."""

    model: str
    tokens: Mapping[str, int] | None
    cost: Decimal | None = None
    is_estimate: bool = False
    purpose: str = "other"
    persona: str = ""


@dataclass
class Tally:
    """The usage of several requests. `cost` (USD) does not include the `unpriced` ones."""

    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTERS, 0))
    cost: Decimal = Decimal(0)
    unpriced: int = 0

    def add(self, used: Mapping[str, int], cost: Decimal | None) -> None:
        """Adds one request; cost is None if its price is unknown."""
        for name, count in used.items():
            self.counters[name] += count
        self.unpriced += cost is None
        self.cost += cost or 0


_Ledger = TypeVar("_Ledger", bound="Ledger")


@dataclass
class Ledger:
    """Usage: in total, by model, and counts for the remarks in summaries; fallbacks: {purpose: {reason: count}}."""

    total: Tally = field(default_factory=Tally)
    by_model: dict[str, Tally] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=lambda: {count: {} for count in _COUNTS})
    fallbacks: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Adds the usage of one answer."""
        if entry.tokens is None:
            self._count("unmetered", entry.model)
            return
        self.total.add(entry.tokens, entry.cost)
        self.by_model.setdefault(entry.model, Tally()).add(entry.tokens, entry.cost)
        if entry.is_estimate:
            self._count("estimated", entry.model)

    def count_question(self, purpose: str) -> None:
        """Counts one question to the model, however many requests it takes."""
        self._count("questions", purpose)

    def count_fallback(self, purpose: str, reason: str) -> None:
        """Counts one question that got its fail-safe instead of an answer."""
        reasons = self.fallbacks.setdefault(purpose, {})
        reasons[reason] = reasons.get(reason, 0) + 1

    def copy(self: _Ledger) -> _Ledger:
        """A consistent copy, while other threads keep adding."""
        with _lock:
            return deepcopy(self)

    def _count(self, what: str, name: str) -> None:
        self.counts[what][name] = self.counts[what].get(name, 0) + 1


_usage_stats: dict[str, int] = dict.fromkeys(_COUNTERS, 0)
_run = Ledger()  # of the answers whose tokens `_usage_stats` counts
_run_stats = _usage_stats  # the dict that `_run` belongs to
notes: list[Callable[[Ledger], list[str]]] = []  # further lines of a summary, the latest first


def track_usage(
    response: Any,
    *,
    model: str | None = None,
    purpose: str | None = None,
    persona: str | None = None,
    ledgers: Iterable[Ledger] = (),
) -> Decimal | None:
    """Records the usage and cost of an answer (OpenAIObject, dict, or object with `usage`). Never raises.

    model: the model asked for, used if the answer names none. ledgers: those to add it to, besides the run's.
    An answer without figures is counted as unmetered, an error is not counted. Returns the cost in USD; None
    without a price or figures.
    """
    used = tokens_used(response)
    if used is None and (response is None or isinstance(response, str) or part_of(response, "error")):
        return None
    answered_by = one_line(part_of(response, "model"), model or _current_model)
    if used is None:
        _enter(lambda ledger: ledger.add(Entry(answered_by, None)), ledgers)
        return None
    cost, is_estimate = _cost_of(part_of(response, "usage"), used, answered_by, model or answered_by)
    with _lock:
        entry = Entry(answered_by, {**used, "requests": 1}, cost, is_estimate, purpose or "other", persona or "")
        _enter(lambda ledger: ledger.add(entry), ledgers)
        for name, count in {**used, "requests": 1}.items():
            _usage_stats[name] = _usage_stats.get(name, 0) + count
    return cost if cost or any(used.values()) else None


def tokens_used(response: Any) -> dict[str, int] | None:
    """The tokens that an answer reports, by the names of our counters; None if it has no figures."""
    usage, rows = part_of(response, "usage"), part_of(response, "data")
    if usage is None:
        return None
    names = (("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens"), ("total_tokens",))
    given, written, both = (next(filter(None, (_tokens(usage, name) for name in row)), 0) for row in names)
    if isinstance(rows, list) and rows and part_of(rows[0], "embedding"):
        return {"embedding_tokens": given or both}
    return {"input_tokens": given, "output_tokens": max(written, both - given)}


def get_usage_stats() -> dict[str, int]:
    """A copy of the four counters since the last reset."""
    with _lock:
        return dict(_usage_stats)


def reset_usage_stats() -> None:
    """Restarts the counters for a new run; other ledgers keep counting."""
    global _usage_stats
    with _lock:
        _usage_stats = dict.fromkeys(_COUNTERS, 0)


def run_cost() -> Decimal:
    """USD spent since the last reset, as far as prices are known."""
    with _lock:
        return _whole_run().total.cost


def count_question(purpose: str, ledgers: Iterable[Ledger] = ()) -> None:
    """Counts one question to the model, however many requests it takes."""
    _enter(lambda ledger: ledger.count_question(purpose), ledgers)


def count_fallback(purpose: str, reason: str, ledgers: Iterable[Ledger] = ()) -> None:
    """Counts one question that got its fail-safe instead of an answer; `reason`: why, in two or three words."""
    _enter(lambda ledger: ledger.count_fallback(purpose, reason), ledgers)


def part_of(answer: Any, name: str) -> Any:
    """A part of an answer that is a dict or an object; None if it is missing."""
    return answer.get(name) if isinstance(answer, Mapping) else getattr(answer, name, None)


def one_line(text: Any, otherwise: str, most: int = 100) -> str:
    """A server's text on one line, valid in UTF-8, with keys masked; `otherwise` if it is empty or not a text."""
    line = " ".join(mask_keys(text).split())[:most] if isinstance(text, str) else ""
    return line.encode("utf-8", "replace").decode("utf-8") or otherwise


def _tokens(usage: Any, name: str) -> int:
    """A count in an answer's usage: a dict, an object with attributes, or one that only has a `get`."""
    value = part_of(usage, name)
    if type(value) not in (int, float) and callable(getattr(usage, "get", None)):
        value = usage.get(name)
    return int(value) if type(value) in (int, float) and 0 <= value < _MOST_TOKENS else 0


def _enter(entry: Callable[[Ledger], None], ledgers: Iterable[Ledger]) -> None:
    with _lock:
        for ledger in (_ledger_of_run(), *ledgers):
            entry(ledger)


def _ledger_of_run() -> Ledger:
    """The ledger of the answers in `_usage_stats`: a new one if the dict was replaced or its counts were lowered."""
    global _run, _run_stats
    counted = _run.total.counters
    if _run_stats is not _usage_stats or any(_usage_stats.get(name, 0) < counted[name] for name in counted):
        _run, _run_stats = Ledger(), _usage_stats
    return _run


def _whole_run() -> Ledger:
    """The ledger of the run, plus what other code added to `_usage_stats`, at the current model's list price."""
    run = deepcopy(_ledger_of_run())
    extra = {name: _usage_stats.get(name, 0) - count for name, count in run.total.counters.items()}
    if any(extra.values()):
        cost, is_estimate = _cost_of(None, {**extra, "embedding_tokens": 0}, _current_model)
        run.add(Entry(_current_model, extra, cost, is_estimate))
    return run


# ---------------------------------------------------------------------------------------------- Reports


def print_usage_summary() -> None:
    """Prints the usage since the last reset, with remarks."""
    with _lock:
        lines = summary_lines(_whole_run())
    rule = "=" * 50
    print("\n".join(["", rule, "LLM Usage Summary", rule, *lines, rule, ""]))


@contextmanager
def noting(note: Callable[[Ledger], list[str]]) -> Iterator[None]:
    """Adds a note to summaries within the block."""
    notes.insert(0, note)
    try:
        yield
    finally:
        notes.remove(note)


def summary_lines(ledger: Ledger) -> list[str]:
    """The figures of a ledger, with remarks."""
    counters = ledger.total.counters
    return [
        f"  Requests:      {counters['requests']}",
        f"  Input tokens:  {counters['input_tokens']:,}",
        f"  Output tokens: {counters['output_tokens']:,}",
        f"  Est. cost:     ${ledger.total.cost:.4f}",
        *_remarks(ledger),
        *(line for note in notes for line in note(ledger)),
    ]


def counted(count: int, noun: str) -> str:
    """`1 answer`, `2,000 answers`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _remarks(ledger: Ledger) -> list[str]:
    """Remarks beyond the figures: often none."""
    by_model, embedded = sorted(ledger.by_model.items()), ledger.total.counters["embedding_tokens"]
    unpriced = [(model, row.unpriced) for model, row in by_model if row.unpriced]
    estimated, unmetered = (sorted(ledger.counts[what].items()) for what in ("estimated", "unmetered"))
    return [
        *([f"  Embeddings:    {embedded:,} tokens"] if embedded else []),
        *(f"  + {counted(n, 'request')} of {model} without a known price" for model, n in unpriced),
        *(f"  {counted(n, 'request')} of {model}: estimated at the base model's price" for model, n in estimated),
        *(f"  {counted(n, 'answer')} of {model} came without usage figures" for model, n in unmetered),
        *_chat_models(by_model),
        *_fell_back(ledger),
    ]


def _chat_models(by_model: list[tuple[str, Tally]]) -> list[str]:
    """The split by model, if there are several."""
    chat = [(name, row) for name, row in by_model if not row.counters["embedding_tokens"]]
    lines = [f"  {name}: {counted(row.counters['requests'], 'request')}, ${row.cost:.4f}" for name, row in chat]
    return lines if len(lines) > 1 else []


def _fell_back(ledger: Ledger) -> list[str]:
    """How many answers fell back, for which purposes, and why: the most frequent first."""
    counts = {purpose: sum(reasons.values()) for purpose, reasons in ledger.fallbacks.items()}
    listed = [f"{purpose} {counts[purpose]}: {_reasons(ledger.fallbacks[purpose])}" for purpose in _by_count(counts)]
    asked = sum(ledger.counts["questions"].values())
    return [f"  Answers that fell back: {sum(counts.values())} of {asked} ({'; '.join(listed)})"] if listed else []


def _reasons(counts: Mapping[str, int]) -> str:
    """The reasons, with their counts if there are several."""
    names = _by_count(counts)
    return ", ".join(names if len(names) < 2 else (f"{counts[name]} {name}" for name in names))


def _by_count(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))
