"""How much a statement matters: chores and things little, people somewhat, talks and news more."""

from __future__ import annotations

from mock_llm.hashing import number


def rating(statement: str, name: str) -> int:
    """1 to 10, for the persona of that name."""
    if "“" in statement or "conversing" in statement:
        return 4 + number(3, statement, name)
    if statement.startswith(name):
        return 1 + number(2, statement)
    return 1 if statement[:1].islower() else 2 + number(2, statement, name)
