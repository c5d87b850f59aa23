"""The one place that makes the simulation backend and the drawing of worlds importable from the web pages."""

from __future__ import annotations

import sys
from pathlib import Path

FRONTEND_SERVER = Path(__file__).resolve().parents[1]
_ROOT = FRONTEND_SERVER.parents[1]
_ROOMS = (_ROOT / "reverie" / "backend_server", _ROOT / "reverie", _ROOT / "environment" / "world_builder")


def make_importable() -> None:
    """Puts the rooms on the module path, behind what is there already."""
    sys.path.extend(str(room) for room in _ROOMS if str(room) not in sys.path)
