"""What the tests of the readers share.

Knows how readers refuse an answer; must not know any reader.
"""

from __future__ import annotations

import pytest

from persona.prompt_template.readers import Unreadable


def unreadable(reader, *args) -> str:
    """The reason for which the reader refuses the answer; fails when it does not."""
    with pytest.raises(Unreadable) as caught:
        reader(*args)
    return caught.value.reason
