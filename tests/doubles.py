"""Stand-ins for a provider's answers, shared by the tests; they know OpenAI's wire format and nothing else."""

from __future__ import annotations

from typing import Any

from openai.openai_object import OpenAIObject


def chat_answer(
    content: Any = "fine", *, model: str | None = "openai/gpt-4o-mini", usage: Any = (10, 5), **choice: Any
) -> dict[str, Any]:
    """A chat completion's body. usage: (prompt tokens, completion tokens), a whole usage object, or None."""
    if isinstance(usage, tuple):
        usage = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    message = {"role": "assistant", "content": content}
    choices = [{"index": 0, "message": message, "finish_reason": "stop", **choice}]
    return {"object": "chat.completion", "model": model, "choices": choices, "usage": usage}


def embedding_answer(vectors: list[list[float]], *, tokens: int = 7, model: str | None = None) -> dict[str, Any]:
    """An embedding request's body, its rows in the order given."""
    rows = [{"object": "embedding", "index": k, "embedding": vector} for k, vector in enumerate(vectors)]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": model or "openai/text-embedding-3-small", "data": rows, "usage": usage}


def as_openai(body: dict[str, Any]) -> OpenAIObject:
    """The same body as the client hands it out."""
    return OpenAIObject.construct_from(body)


class Create:
    """Takes the place of ChatCompletion.create or Embedding.create: gives the answers (or raises the
    exceptions) in their order, the last one again and again, and keeps the requests."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, Any]] = []

    def __call__(self, **request: Any) -> Any:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return as_openai(answer) if isinstance(answer, dict) else answer


def error_reply(status: int, message: str = "odd", **more: Any) -> dict[str, Any]:
    """What `responses` needs for a failure in the form that providers give it."""
    return {"status": status, "json": {"error": {"code": status, "message": message, **more}}}
