"""All simulations on this machine: lists, forks, opens and removes them.

Every read and write of a simulation folder starts here. Knows nothing about models, prompts or memories.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock, Timeout

import utils
from saves.events import INTERVENTIONS, Intervention, interventions_bytes
from saves.game_time import shown_time, time_at
from saves.json_files import (
    BadName,
    CannotWrite,
    DamagedSimulation,
    InUse,
    IsBase,
    NameTaken,
    StorageError,
    UnknownSimulation,
    writing,
)
from saves.memory_files import PersonaFiles
from saves.meta import LANGUAGE_FORM, is_language
from saves.simulation import Simulation, remove_simulation

__all__ = [
    "BadName",
    "CannotWrite",
    "DamagedSimulation",
    "InUse",
    "IsBase",
    "NameTaken",
    "PersonaFiles",
    "Simulation",
    "Storage",
    "StorageError",
    "Summary",
    "UnknownSimulation",
]

_NAME = re.compile(r"[\w-]{1,100}")
_LONGEST_STEM = 90
OF_STUDY = ("study", "condition")
"""In `meta.json` of a run of a study: its name, and the condition of the run in words. No fork has them."""
_PATHS = ("fs_storage", "fs_temp_storage", "maze_assets_loc")  # that utils.py has to name


@dataclass(frozen=True)
class Summary:
    """One simulation in the list; a damaged one has only `name` and `fault`, which says what is wrong.

    without: its ablations, the kinds of memories left out; study: the study that it is a run of, and its condition.
    """

    name: str
    maze: str = ""
    personas: int = 0
    step: int = 0
    curr_time: str = ""
    language: str = ""
    without: Sequence[str] = ()
    study: str = ""
    fault: str = ""


class Storage:
    """The folder of all simulations, and `temp`, the folder that tells the front end which of them is live.

    The default of `temp` is `temp_storage` next to `root`.
    """

    def __init__(self, root: Path, temp: Path | None = None):
        self.root = root
        self.temp = temp or root.parent / "temp_storage"

    @classmethod
    def of_checkout(cls) -> Storage:
        """The storage that utils.py names; its relative paths are relative to its own folder."""
        here = Path(utils.__file__).resolve().parent
        missing = [name for name in _PATHS if not isinstance(getattr(utils, name, None), str)]
        if missing:
            raise StorageError(f"{utils.__file__} does not set {', '.join(missing)}. Add what is missing, as text.")
        return cls(here / utils.fs_storage, here / utils.fs_temp_storage)

    def simulations(self) -> list[Summary]:
        """All simulations: bases first, then by name. Changes nothing."""
        names = (folder.name for folder in _folders(self.root) if not folder.name.startswith("."))
        return [self._summary(name) for name in sorted(names, key=lambda name: (not name.startswith("base"), name))]

    def fork(
        self,
        base: str,
        name: str,
        seed: int | None = None,
        language: str | None = None,
        without: Sequence[str] = (),
        interventions: Sequence[Intervention] = (),
    ) -> Simulation:
        """A new simulation that starts as a copy of `base`, opened. It appears whole or not at all.

        Its seed is `seed`, else the base's, else a random one; its language is `language`, else the base's; its
        ablations are those of the base and those of `without`; its planned events from outside are `interventions`,
        else the base's. Raises BadName (also for a language),
        NameTaken, UnknownSimulation, DamagedSimulation (the base cannot be run) or CannotWrite.
        """
        self._free(name)
        if language is not None and not is_language(language):
            raise BadName(f"{language!r} names no language. {LANGUAGE_FORM}.")
        lock = self._locked(name)
        target = self._free(name)  # no other process can have made it since
        source = self.forkable(base)
        beside = self.root / f".{name}.fork"

        def adapted(meta: dict[str, Any]) -> dict[str, Any]:
            meta = {key: value for key, value in meta.items() if key not in OF_STUDY}
            meta |= {"fork_sim_code": base, "seed": _seed(meta) if seed is None else seed}
            if meta["step"]:
                meta["fork_step"] = meta["step"]
            if language is not None:
                meta["language"] = language.strip()
            if without:
                meta["without"] = sorted({*meta.get("without", ()), *without})
            return meta

        with writing(f"fork {base!r} as {name!r}"):
            source.copy_to(beside, adapted)
            if interventions:
                (beside / INTERVENTIONS).write_bytes(interventions_bytes(interventions))
            os.rename(beside, target)
        return self._opened(target, lock)

    def open(self, name: str) -> Simulation:
        """Opens a simulation at its last whole checkpoint; an older one without a seed gets one.

        Raises BadName, UnknownSimulation, IsBase, InUse, DamagedSimulation or CannotWrite.
        """
        folder = self._existing(name)
        if Simulation(folder, self.temp).is_base:
            raise IsBase(f"{name!r} is a base and cannot be changed. Start a run from it with --fork {name}.")
        return self._opened(folder, self._locked(name))

    def look(self, name: str) -> Simulation:
        """A simulation opened read-only, as of its last checkpoint, even while another process runs it.

        Raises BadName, UnknownSimulation (which names those there are) or DamagedSimulation.
        """
        return Simulation(self._existing(name), self.temp)

    def _opened(self, folder: Path, lock: BaseFileLock) -> Simulation:
        simulation = Simulation(folder, self.temp, lock)
        simulation.recover()
        if simulation.meta.get("seed") is None:
            simulation.keep_meta(seed=_seed(simulation.meta))
        return simulation

    def remove(self, name: str) -> None:
        """Deletes a simulation, even a damaged one, wholly or not at all."""
        remove_simulation(self._existing(name))

    def forkable(self, base: str) -> Simulation:
        """The simulation that a fork would copy, checked; raises BadName, UnknownSimulation, DamagedSimulation."""
        source = Simulation(self._existing(base), self.temp)
        source.check()
        return source

    def check_new_name(self, name: str) -> None:
        """Raises BadName or NameTaken when no simulation can be made with this name."""
        self._free(name)

    def free_name(self, base: str) -> str:
        """The first name for a fork of `base` that is not taken: "town_1", "town_2" ... of "base_town"."""
        stem = base.removeprefix("base_")[:_LONGEST_STEM]
        return next(name for number in count(1) if not self._folder(name := f"{stem}_{number}").exists())

    def lock_file(self, name: str, of: str = "lock") -> Path:
        """The file that is locked while a simulation is open or, for `of="demo"`, while its demo is made."""
        return self.temp / "locks" / f"{name}.{of}"

    def _locked(self, name: str) -> BaseFileLock:
        """A lock against other processes; the operating system releases it if this one dies. Raises BadName, InUse."""
        self._folder(name)
        file = self.lock_file(name)
        with writing(f"lock {name!r}"):
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                lock = FileLock(file, timeout=1, thread_local=False, is_singleton=True)
                lock.acquire()
            except Timeout:
                raise InUse(
                    f"{name!r} is open in another process. Close it there first ('fin', or Ctrl-C in a run)."
                ) from None
        return lock

    def _free(self, name: str) -> Path:
        folder = self._folder(name)
        if folder.exists():
            raise NameTaken(f"There is already a simulation {name!r}; choose another name, or resume it.")
        return folder

    def _existing(self, name: str) -> Path:
        folder = self._folder(name)
        if not folder.is_dir():
            raise UnknownSimulation(f"There is no simulation {name!r} in {self.root}.")
        return folder

    def _folder(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BadName(f"{name!r} cannot name a simulation: use up to 100 letters, digits, _ and -.")
        return self.root / name

    def _summary(self, name: str) -> Summary:
        try:
            meta = Simulation(self._folder(name), self.temp).meta
        except StorageError as fault:
            return Summary(name, fault=str(fault))
        people, language = len(meta["persona_names"]), meta.get("language") or ""
        now = shown_time(time_at(meta, meta["step"]))
        without = meta.get("without") or ()
        return Summary(name, meta["maze_name"], people, meta["step"], now, language, without, study_of(meta))


def study_of(meta: Mapping[str, Any]) -> str:
    """Of which study a simulation is a run, under which condition, in a line; "" for none."""
    study, condition = map(meta.get, OF_STUDY)
    return f"{study}: {condition}, seed {meta.get('seed')}" if study else ""


def _seed(meta: Mapping[str, Any]) -> int:
    seed = meta.get("seed")
    return secrets.randbelow(2**31) if seed is None else seed


def _folders(root: Path) -> list[Path]:
    return [folder for folder in root.iterdir() if folder.is_dir()] if root.is_dir() else []
