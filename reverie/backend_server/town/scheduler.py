"""The people of a town in a step: who takes part in which phase, and what of it goes on at the same time.

Knows the order of a step; the phases themselves are the personas'. Nothing of files, clocks or the command line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from maze import Event, Maze, Position, Scene
from path_finder import PathFinder
from persona.cognitive_modules import react
from persona.cognitive_modules.perceive import Observation
from persona.mind import Snapshot
from persona.parallel_map import ParallelMap
from persona.persona import Persona


class Scheduler:
    """Everyone in a world.

    Args:
        maze: the world.
        personas: by name, in the order of the roster.
        each: maps a task over personas that do not touch each other's state, maybe at the same time.
        sec_per_step: game seconds.
    """

    def __init__(self, maze: Maze, personas: Mapping[str, Persona], each: ParallelMap, sec_per_step: int) -> None:
        self.maze = maze
        self.personas = personas
        self._each = each
        self._sec_per_step = sec_per_step
        self._paths = PathFinder(maze)
        self._sight = max(persona.scratch.vision_r for persona in personas.values())
        self._homes = {name: persona.scratch.living_area for name, persona in personas.items()}

    def run_step(self, step: int, now: datetime, positions: Mapping[str, Position]) -> dict[str, Position]:
        """Lives through one step; returns where everyone stands next. Most of the time nobody needs the model.

        Args:
            positions: where everyone stands in this step.

        Raises:
            LLMError: the model cannot be used; `restore` takes back what there was of the step.
        """
        for name, persona in self.personas.items():
            persona.begin(step, now, positions[name])
        scene = self.scene(positions)
        news = {name: new for name, persona in self.personas.items() if (new := persona.notice(self.maze, scene))}
        self._decide()
        if news:
            self.meet(news)
        self._reflect()
        return {
            name: persona.act(self.maze, self._paths, self._in_sight(persona, positions))
            for name, persona in self.personas.items()
        }

    def meet(self, news: Mapping[str, Sequence[Observation]]) -> None:
        """Everyone rates what is new and decides about one person it came upon; that is remembered, then they meet."""
        encounters = react.encounters(self.personas, news)

        def consider(name: str) -> react.Impression:
            return react.consider(self.personas[name], news[name], encounters.get(name), self._each)

        impressions = dict(zip(news, self._each(consider, news), strict=True))
        for name, impression in impressions.items():
            self.personas[name].remember(news[name], impression.ratings)
        wanted = [encounter for name, encounter in encounters.items() if impressions[name].reacts]
        for name, encounter in encounters.items():
            if not impressions[name].reacts:
                react.stay_silent(encounter)
        self._each(lambda encounter: react.react(encounter, self.maze, self._each), react.disjoint(wanted))

    def snapshot(self) -> dict[str, Snapshot]:
        """What `restore` goes back to."""
        return {name: persona.snapshot() for name, persona in self.personas.items()}

    def restore(self, snapshots: Mapping[str, Snapshot]) -> None:
        """As if the steps since the snapshots had not happened, for those who have one."""
        for name, snapshot in snapshots.items():
            self.personas[name].restore(snapshot)

    def scene(self, positions: Mapping[str, Position]) -> Scene:
        """What everyone does where they stand."""
        return Scene(self.maze, self._standing(positions))

    def _standing(self, positions: Mapping[str, Position]) -> Iterator[tuple[Position, Event]]:
        for name, persona in self.personas.items():
            if persona.scratch.act_address:
                yield positions[name], persona.action_event()
                if used := persona.object_event():
                    yield positions[name], used

    def _in_sight(self, persona: Persona, positions: Mapping[str, Position]) -> dict[str, Position]:
        """Where those stand whom a persona that has yet to find its way may take into account."""
        scratch, in_sight = persona.scratch, self.maze.in_sight
        if scratch.act_path_set:
            return {}
        return {name: tile for name, tile in positions.items() if in_sight(scratch.tile, tile, self._sight)}

    def _decide(self) -> None:
        undecided = [persona for persona in self.personas.values() if persona.is_undecided]
        self._each(lambda persona: persona.decide(self.maze, self._homes, self._each), undecided)

    def _reflect(self) -> None:
        due = [persona for persona in self.personas.values() if persona.is_to_reflect(self._sec_per_step)]
        self._each(lambda persona: persona.reflect(self._sec_per_step), due)
