"""One simulation folder: its files, their formats, and when they change.

Knows nothing about models, prompts or the meaning of the memories in the files.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from filelock import BaseFileLock

from maze import Position
from saves import days, events, explanations, usage_inbox
from saves.checkpoint import Checkpoint, discard
from saves.embedding_files import Vectors
from saves.front_end import FrontEnd
from saves.journal import Journal
from saves.json_files import DamagedSimulation, InUse, discard_unfinished, read_object, to_bytes, write_json, writing
from saves.memory_files import MemoryFiles, PersonaFiles
from saves.meta import check_meta

MEMORIES = "associative_memory"
"""The folder of a persona's memories, in `bootstrap_memory`."""
_META = "reverie/meta.json"
_USAGE = "reverie/llm_usage.json"
_JOURNAL = "reverie/journal.jsonl"
_MODELS = "reverie/models.json"
_TRIES = 5

Content = TypeVar("Content")


class Simulation:
    """A simulation folder. Before anything is written to it, `recover` must have been called.

    `meta` is the saved `reverie/meta.json`, with all its keys. `lock`, already acquired, keeps other processes out
    until the simulation is closed or removed; without a lock it is read-only. Raises DamagedSimulation if `meta.json`
    is missing or wrong. Not thread-safe, except for its journal.
    """

    def __init__(self, path: Path, temp: Path, lock: BaseFileLock | None = None):
        self.path = path
        self.name = path.name
        self.front_end = FrontEnd(temp, self.name)
        self._lock = lock
        self._checkpoint = Checkpoint(path)
        self._memories: dict[str, MemoryFiles] = {}
        self._saved: dict[str, bytes] = {}  # a digest of each file
        self._classic: dict[str, tuple[str, int, int, int]] = {}
        self.meta = self._read_meta()

    @cached_property
    def journal(self) -> Journal:
        """The answers of the model since the last checkpoint."""
        return Journal(self.path / _JOURNAL)

    @property
    def is_base(self) -> bool:
        """Whether this is a base, which is forked but not run itself."""
        return self.meta["fork_sim_code"] == self.name and not self.meta["step"]

    def positions(self, step: int) -> dict[str, Position]:
        """{persona: (x, y)} at the start of a step, in the order of `meta["persona_names"]`.

        If the environment file is missing, the movement of the step before is used.
        """
        environment, movement = self._environment(step), self._movement(step - 1)
        is_helped = movement.is_file() and not environment.is_file()
        file = movement if is_helped else environment
        places = read_object(movement).get("persona") if is_helped else read_object(environment)
        return {name: _position(file, places, name) for name in self.meta["persona_names"]}

    def read_persona(self, name: str) -> PersonaFiles:
        """A persona's memory; raises DamagedSimulation, naming the file that is missing or unreadable.

        `embeddings.json` and `kw_strength.json` may be missing: both can be derived from the memories.
        """
        scratch, spatial = (self._read(_memory(name, file)) for file in ("scratch.json", "spatial_memory.json"))
        return self._memory_files(name).read(scratch, spatial)

    def read_scratch(self, name: str) -> dict[str, Any]:
        """A persona's scratch; read-only, safe while a run saves. Raises DamagedSimulation."""
        return _again(lambda: self._read(_memory(name, "scratch.json")))

    def read_nodes(self, name: str) -> dict[str, Any]:
        """A persona's memories in the form of `nodes.json`, in any order; read-only, safe while a run saves.

        Raises DamagedSimulation.
        """
        return _again(self._memory_files(name).nodes)

    def read_vectors(self, name: str) -> Vectors:
        """{text: vector} of the persona's memories that have one. Raises DamagedSimulation."""
        return self._memory_files(name).vectors()

    def scratch_on(self, name: str, day: date, saved: Mapping[str, Any]) -> dict[str, Any]:
        """The last scratch of a persona, `saved`, with the plan and the aims of an earlier day."""
        file = self._checkpoint.file(days.file_of(day))
        return days.scratch_on(day, saved, read_object(file).get(name) if file.is_file() else None)

    def check(self) -> None:
        """Reads everything that a run starts from; raises DamagedSimulation at the first fault."""
        self.positions(self.meta["step"])
        for name in self.meta["persona_names"]:
            self.read_persona(name)

    def write_step(self, step: int, movement: Mapping[str, Any], next_positions: Mapping[str, Position]) -> None:
        """Writes where everyone goes in a step (`movement`, in its classic form) and is at the start of the next."""
        maze = self.meta["maze_name"]
        places = {name: {"maze": maze, "x": x, "y": y} for name, (x, y) in next_positions.items()}
        with writing(f"write step {step} of {self.name!r}"):
            write_json(self._movement(step), movement)
            write_json(self._environment(step + 1), places)

    def read_events(self) -> list[dict[str, Any]]:
        """The events from outside so far, in the form of events.py; safe while a run saves.

        Raises DamagedSimulation.
        """

        def read() -> list[dict[str, Any]]:
            return events.read_record(self._checkpoint.file(events.RECORD))

        return _again(read) or read()  # one that is moved to its place just then looks like none

    def read_interventions(self) -> list[events.Intervention]:
        """The planned events from outside, each with its game time. Raises DamagedSimulation."""
        return events.read_interventions(self.path / events.INTERVENTIONS)

    def checkpoint(
        self,
        meta: Mapping[str, Any],
        personas: Mapping[str, PersonaFiles],
        explained: Sequence[explanations.Record] = (),
        record: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Saves everyone's state as a whole: a crash at any instant leaves this state or the one before.

        Files that would not change are not written again. A process saves all files of everybody first; after that it
        may save only what is new (`PersonaFiles.only_news`). `explained`: the questions since the last checkpoint.
        `record`: the later result of `read_events`; it only grows.
        """
        digests: dict[str, bytes] = {}
        with writing(f"save {self.name!r} at step {meta['step']}"):
            changes = {name: self._memory_files(name).change(files) for name, files in personas.items()}
            state = self._changed(self._state(meta, personas, record), digests)
            asked = [(explanations.file_of(meta["step"]), explanations.content_of(explained))] if explained else []
            contents = chain(state, asked, *(change.contents for change in changes.values()))
            self._checkpoint.replace(contents, [name for change in changes.values() for name in change.removed])
        self._saved |= digests
        for name, change in changes.items():
            self._memory_files(name).is_current(change)
        self.meta = dict(meta)
        self.journal.forget_before(meta["step"])

    def write_classic_embeddings(self, personas: Mapping[str, PersonaFiles]) -> None:
        """Derives `embeddings.json`, which only the original code reads, from the arguments of the last checkpoint."""
        with writing(f"write the embeddings of {self.name!r}"):
            for name, files in personas.items():
                state = _extent(files)
                if state != self._classic.get(name):
                    if classic := self._memory_files(name).classic_embeddings(files):
                        self._checkpoint.replace([classic])
                    self._classic[name] = state

    def restore_opened(self) -> None:
        """Goes back to the state in which this process opened the simulation; usage stays as it is."""
        self._forget_saved()
        with writing(f"take {self.name!r} back"):
            self._checkpoint.restore_opened()
            self.meta = self._read_meta()
            self._take_back()
        self.journal.clear()

    def recover(self) -> None:
        """Returns to the last whole checkpoint: finishes it after a crash, and removes the steps since."""
        with writing(f"put {self.name!r} in order"):
            tempfile.TemporaryFile(dir=self.path).close()  # a folder that refuses is better known before than after
            for kind in ("environment", "movement"):
                (self.path / kind).mkdir(exist_ok=True)
            self._checkpoint.recover()
            self._forget_saved()
            self._take_back()
            for kind in ("reverie", "environment", "movement"):
                discard_unfinished(self.path / kind)

    def _changed(self, state: Iterable[tuple[str, bytes]], digests: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """The files that differ from what was saved last; `digests` gets theirs."""
        for name, content in state:
            digest = blake2b(content, digest_size=16).digest()
            if digest != self._saved.get(name):
                self._saved.pop(name, None)
                digests[name] = digest
                yield name, content

    def _forget_saved(self) -> None:
        """For when what is on disk is no longer what was saved last."""
        for known in (self._classic, self._saved, self._memories):
            known.clear()

    def keep_meta(self, **values: Any) -> None:
        """Writes values of `meta.json` immediately, so that a run that ends early does not lose them."""
        self.meta.update(values)
        with writing(f"write {', '.join(values)} of {self.name!r}"):
            write_json(self.path / _META, self.meta, indent=True)

    def close(self) -> None:
        """Removes what only `restore_opened` needs, and lets other processes open the simulation."""
        with writing(f"put {self.name!r} in order"):
            self._checkpoint.forget_opened()
        self._unlock()

    def remove(self) -> None:
        """Deletes the simulation wholly, and no longer announces it."""
        remove_simulation(self.path)
        self.front_end.forget()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock:
            self._lock.release()

    def copy_to(
        self, folder: Path, adapted: Callable[[dict[str, Any]], Mapping[str, Any]] = dict, first: int = 0
    ) -> None:
        """Makes a new folder a simulation that continues from this one's saved state, with the steps from `first` on.

        `adapted` makes its meta of this one's. Raises InUse if another process saves this simulation again and again.
        """
        for _ in range(_TRIES):
            discard(folder)
            version = self._checkpoint.version()
            try:
                self.meta = self._read_meta()
                self._copy_state_to(folder)
            except (FileNotFoundError, DamagedSimulation):  # a file was moved to its place meanwhile
                continue
            if self._checkpoint.version() == version:
                break
        else:
            discard(folder)
            raise InUse(
                f"{self.name!r} is being saved by another process again and again. Try again when it has stopped."
            )
        for kind, last in self._last_steps().items():
            (folder / kind).mkdir()
            for number, file in _steps(self.path / kind):
                if first <= number <= last:
                    _copy(file, folder / kind / file.name)
        write_json(folder / _META, adapted(self.meta), indent=True)

    def _copy_state_to(self, folder: Path) -> None:
        for name in self._checkpoint.files():
            if not _is_explanation(name):
                _copy(self._checkpoint.file(name), folder / name)
        for name in (_MODELS, events.INTERVENTIONS):
            if (self.path / name).is_file():
                _copy(self.path / name, folder / name)

    def adopt(self, further: Simulation) -> None:
        """Takes over the state and steps of a copy of this simulation that was run elsewhere; adds its usage."""
        with writing(f"take over {self.name!r} from {further.path}"):
            for kind in ("environment", "movement"):
                for _, file in _steps(further.path / kind):
                    _copy(file, self.path / kind / file.name)
            state = {name: further._checkpoint.file(name) for name in further._checkpoint.files()}
            removed = [name for name in self._checkpoint.files() if name not in state and not _is_explanation(name)]
            self.write_usage(usage_inbox.total(self.read_usage(), further.read_usage()))  # spent, whatever comes next
            self._checkpoint.replace(((name, file.read_bytes()) for name, file in state.items()), removed)
            if models := further.read_models():
                self.write_models(models)
        self._forget_saved()
        self.meta = self._read_meta()

    def read_models(self) -> dict[str, Any]:
        """The last argument of `write_models`; {} if there is none, or it cannot be read."""
        try:
            return read_object(self.path / _MODELS)
        except DamagedSimulation:  # it is learned again
            return {}

    def write_models(self, models: Mapping[str, Any]) -> None:
        """Saves what was learned about the models; it is never rolled back."""
        with writing(f"write what {self.name!r} has learned of its models"):
            write_json(self.path / _MODELS, models, indent=True)

    def read_usage(self) -> dict[str, Any]:
        """The last argument of `write_usage`; {} if there is none."""
        file = self.path / _USAGE
        return read_object(file) if file.is_file() else {}

    def write_usage(self, usage: Mapping[str, Any]) -> None:
        """Saves the usage of the simulation; it is never rolled back."""
        with writing(f"write the usage of {self.name!r}"):
            write_json(self.path / _USAGE, usage, indent=True)

    def _read(self, name: str) -> dict[str, Any]:
        return read_object(self._checkpoint.file(name))

    def _read_meta(self) -> dict[str, Any]:
        meta = self._read(_META)
        check_meta(self._checkpoint.file(_META), meta)
        return meta

    def _memory_files(self, persona: str) -> MemoryFiles:
        files = MemoryFiles(self._checkpoint, _memory(persona, MEMORIES))
        return self._memories.setdefault(persona, files)

    def _state(
        self, meta: Mapping[str, Any], personas: Mapping[str, PersonaFiles], record: Sequence[Mapping[str, Any]]
    ) -> Iterator[tuple[str, bytes]]:
        """The files of a checkpoint, one after the other, but for what `MemoryFiles.change` writes."""
        yield _META, to_bytes(meta, indent=True)
        if record:
            yield events.RECORD, events.record_bytes(record)
        for day, people in days.files({persona: files.scratch for persona, files in personas.items()}):
            yield day, to_bytes(people)
        for persona, files in personas.items():
            yield _memory(persona, "scratch.json"), to_bytes(files.scratch, indent=True)
            yield _memory(persona, "spatial_memory.json"), to_bytes(files.spatial, indent=True)
            yield from self._memory_files(persona).state(files)

    def _take_back(self) -> None:
        """Removes what was written after the saved state: steps, and what it does not count of files that grow."""
        for kind, last in self._last_steps().items():
            for number, file in _steps(self.path / kind):
                if number > last:
                    file.unlink()
        for name in self.meta["persona_names"]:
            self._memory_files(name).take_back()

    def _last_steps(self) -> dict[str, int]:
        """The last file that belongs to the saved state, of each kind of step file."""
        return {"environment": self.meta["step"], "movement": self.meta["step"] - 1}

    def _environment(self, step: int) -> Path:
        return self.path / "environment" / f"{step}.json"

    def _movement(self, step: int) -> Path:
        return self.path / "movement" / f"{step}.json"


def remove_simulation(folder: Path) -> None:
    """Deletes a simulation folder by first putting it aside, so that no part of it is left if that fails."""
    aside = folder.with_name(f".{folder.name}.removed")
    with writing(f"remove {folder.name!r}"):
        discard(aside)
        os.rename(folder, aside)
        discard(aside)


def _again(read: Callable[[], Content]) -> Content:
    """What is read of files that may be on their way to their places: one that is missing is looked for again."""
    for _ in range(_TRIES - 1):
        with suppress(DamagedSimulation):
            return read()
    return read()


def _memory(persona: str, file: str) -> str:
    return f"personas/{persona}/bootstrap_memory/{file}"


def _is_explanation(name: str) -> bool:
    """Whether a file of the state only says how things came about: nobody needs it to go on."""
    return name.startswith(f"{explanations.FOLDER}/")


def _position(file: Path, places: Any, name: str) -> Position:
    match places.get(name) if isinstance(places, dict) else None:
        case {"x": int(x), "y": int(y)} | {"movement": [int(x), int(y)]}:
            return x, y
    raise DamagedSimulation(f"{file} does not say on which tile {name!r} stands.")


def _steps(folder: Path) -> list[tuple[int, Path]]:
    """The step files in a folder by number; other files are ignored."""
    files = folder.glob("*.json") if folder.is_dir() else ()
    return sorted((int(file.stem), file) for file in files if file.stem.isdecimal())


def _extent(files: PersonaFiles) -> tuple[str, int, int, int]:
    """Tells apart the vectors that one process may save: they grow, or are all made again."""
    length = len(next(iter(files.embeddings.values()), ()))
    return files.embedding_model, length, len(files.embeddings), len(files.embedding_keys)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
