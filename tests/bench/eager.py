"""A mock model that always wants to talk: the cost of a day with a model that never says no.

Knows the fields `talk`, `utterance` and `end` of the answers, and the form of OpenAI's bodies; nothing else of what is
asked.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from mock_llm.api import Reply, Request, Respond

LINES_A_TALK = 8
_SO_FAR, _NOTHING_SAID = "The conversation so far:\n", "(nothing yet)"


def eager(respond: Respond) -> Respond:
    """The same answers, except that everybody who is asked wants to talk, and that each talk has eight lines."""

    def answered(request: Request) -> Reply:
        reply = respond(request)
        if not request.path.endswith("/chat/completions"):
            return reply
        body = copy.deepcopy(reply.body)
        message = body["choices"][0]["message"]
        said = json.loads(message["content"])
        message["content"] = json.dumps({**said, **_changed(said, request)}, ensure_ascii=False)
        return reply._replace(body=body)

    return answered


def _changed(said: dict[str, Any], request: Request) -> dict[str, Any]:
    if "talk" in said:
        return {"talk": True}
    if "utterance" not in said:
        return {}
    spoken = _lines_so_far(json.loads(request.body)["messages"][0]["content"])
    more = f"And there is something else that I wanted to tell you, for the {spoken + 1}th time today."
    return {"utterance": said["utterance"] or more, "end": spoken + 1 >= LINES_A_TALK}


def _lines_so_far(prompt: str) -> int:
    lines = prompt.partition(_SO_FAR)[2].partition("\n\n")[0]
    return 0 if lines == _NOTHING_SAID else len(lines.splitlines())
