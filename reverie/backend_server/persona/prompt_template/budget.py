"""The budget: the most that one launch of the program may spend on models, even with many requests at once.

Knows the most that a request can cost and what answers did cost; not what is asked, nor how a request is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import Any, NamedTuple

from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import Client
from persona.prompt_template.llm_config import FatalError, LLMError, Price
from persona.prompt_template.turns import NotBegun, Turns

VARIABLE = "LLM_BUDGET_USD"
ROOM = 1024  # tokens of an answer for which the caller sets no limit
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,9})?|\.\d{1,9}", re.ASCII)
_TEMPLATE_TOKENS = 100  # what a server may put around the messages
_CENT = Decimal("0.01")
_SHOWN = Decimal("0.0001")


def limit_of(setting: str) -> Decimal:
    """The limit in USD in a text such as "2.50". Raises ValueError, which says what is wrong, for anything else."""
    if not _AMOUNT.fullmatch(setting) or not Decimal(setting):
        raise ValueError(f"{setting!r} is not a valid budget; give an amount of USD above 0, such as 2.50")
    return Decimal(setting)


class Estimate(NamedTuple):
    """The most that a request can cost, in USD, and whether that is based on its model's own price."""

    usd: Decimal
    is_priced: bool


def estimate(request: Mapping[str, Any]) -> Estimate:
    """Every byte of the request a token, and the longest answer it allows; without a price, at the dearest we know.

    request: what goes to openai, a chat (with `max_tokens`) or an embedding (with `input`).
    """
    price, _ = llm_config.list_price(request["model"], "embedding" if "input" in request else "chat")
    by_input, by_output = price or _dearest_price()
    sent = len(json.dumps(request, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass"))
    room = request.get("max_tokens") or request.get("max_completion_tokens") or 0
    usd = ((sent + _TEMPLATE_TOKENS) * by_input + room * by_output) / 1_000_000
    return Estimate(usd, price is not None)


class Budget:
    """A limit on spending, in USD. Before each request, the most that it can cost is reserved; then it is settled.

    That amount is the estimate at the list price, or the most expensive answer of that model so far if that was more;
    the first request to a model runs alone. So concurrent requests cannot exceed the budget; a single answer can, if it
    costs more than both. Thread-safe.
    """

    def __init__(self, limit: Decimal, client: Client) -> None:
        self.limit = limit
        self._client = client
        self.spent = Decimal(0)
        self.unknown = Decimal(0)  # the part of `spent` that was set aside for unknown costs
        self._set_aside = Decimal(0)
        self._under_way = 0
        self._models: dict[str, _Model] = {}
        self._changed = Turns(client)

    def install(self) -> None:
        """Makes every attempt at a request need a reservation from now on."""
        self._client.middleware.append(self.reserve)
        self._client.default_room = ROOM  # an answer without a limit could cost anything

    @contextmanager
    def reserve(self, request: Mapping[str, Any], _: Mapping[str, Any]) -> Iterator[Callable[..., None]]:
        """Wraps one attempt; yields the callback for (answer, its cost or None if unknown).

        Waits until the reservations of other requests leave enough. If an attempt may be billed but its cost is
        unknown (a timeout, a broken connection, a 5xx, an answer without usage figures, an interrupted attempt), its
        reservation counts as spent; if it was rejected (4xx), never arrived or never began, it is released.

        Raises:
            FatalError: there is no money left for it, or its cost cannot be known.
        """
        reservation = self._reserved(request["model"], estimate(request))
        may_be_billed = True
        try:
            yield reservation.settle
            reservation.is_answered = True
        except LLMError as failure:
            may_be_billed = failure.maybe_billed
            raise
        except NotBegun:
            may_be_billed = False
            raise
        finally:
            self._release(reservation, may_be_billed)

    def note(self, _: llm_config.Ledger) -> list[str]:
        """The amount spent, for the usage summary."""
        with self._changed:
            spent, unknown = self.spent, self.unknown
        remark = f" (${unknown:.4f} of it set aside for requests whose cost is not known)" if unknown else ""
        return [f"  Budget:        ${spent:.4f} of {_limit_in_words(self.limit)} since the start{remark}"]

    def _reserved(self, name: str, most: Estimate) -> _Reservation:
        with self._changed:
            model = self._models.setdefault(name, _Model())
            while not self._may_go(model, most):
                if model.hides_its_cost:
                    raise _no_way_to_know(name)
                if not self._under_way:
                    raise self._used_up(self._amount(model, most))
                self._changed.wait()
            reservation = _Reservation(model, self._amount(model, most), most.is_priced)
            self._count(reservation, 1)
            return reservation

    def _may_go(self, model: _Model, most: Estimate) -> bool:
        is_first_beside_another = model.under_way and not model.has_answered
        amount = self._amount(model, most)
        return not (model.hides_its_cost or is_first_beside_another) and (not amount or amount <= self._left())

    def _amount(self, model: _Model, most: Estimate) -> Decimal:
        """The amount to reserve. A model without a price may be called once to learn its cost, if any money is left."""
        if most.is_priced:
            return max(most.usd, model.dearest or Decimal(0))
        if model.dearest is not None:
            return model.dearest
        return min(most.usd, self._left()) if self._left() > 0 else most.usd

    def _left(self) -> Decimal:
        return self.limit - self.spent - self._set_aside

    def _count(self, reservation: _Reservation, requests: int) -> None:
        self._under_way += requests
        reservation.model.under_way += requests
        self._set_aside += requests * reservation.amount

    def _release(self, reservation: _Reservation, may_be_billed: bool) -> None:
        with self._changed:
            self._count(reservation, -1)
            if reservation.cost is not None:
                self.spent += reservation.cost
            elif may_be_billed:
                self.spent += reservation.amount
                self.unknown += reservation.amount
            reservation.model.learn(reservation)
            self._changed.notify_all()

    def _used_up(self, amount: Decimal) -> FatalError:
        return FatalError(
            f"The budget of {_limit_in_words(self.limit)} is used up: ${self.spent:.4f} is spent, "
            f"and the next request may cost up to ${amount.quantize(_SHOWN, ROUND_UP)}.",
            f"Start again with a larger --budget or {VARIABLE}.",
        )


@dataclass
class _Reservation:
    """The money reserved for one attempt, and how the attempt ended."""

    model: _Model
    amount: Decimal
    is_priced: bool
    is_answered: bool = False
    cost: Decimal | None = None

    def settle(self, _: Any, cost: Decimal | None) -> None:
        """Notes the cost of the answer; None if unknown."""
        self.cost = cost


@dataclass
class _Model:
    """The costs of one model's answers so far."""

    under_way: int = 0
    has_answered: bool = False
    dearest: Decimal | None = None
    hides_its_cost: bool = False

    def learn(self, reservation: _Reservation) -> None:
        """Records an attempt that is over."""
        if reservation.cost is not None:
            self.dearest = max(self.dearest or Decimal(0), reservation.cost)
        if reservation.is_answered:
            self.has_answered = True
            self.hides_its_cost = not reservation.is_priced and self.dearest is None


def _dearest_price() -> Price:
    return Price(*(max(amounts) for amounts in zip(*llm_config.PRICES.values(), strict=True)))


def _no_way_to_know(model: str) -> FatalError:
    provider = llm_config.current_provider().label
    return FatalError(
        f"The budget cannot be kept with {model}: it has no known price, and {provider} does not report what it costs.",
        f"Start again with another model, or without --budget and {VARIABLE}.",
    )


def _limit_in_words(limit: Decimal) -> str:
    return f"${limit.quantize(_CENT) if limit == limit.quantize(_CENT) else limit.normalize():f}"
