"""The phases of a step, for people who take it together: their order, and what runs in parallel in each.

The phases themselves are methods of Persona. Knows nothing about files, clocks or the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from maze import Event, Maze, Position, Scene
from path_finder import PathFinder
from persona.cognitive_modules import react
from persona.cognitive_modules.perceive import Observation
from persona.parallel_map import ParallelMap
from persona.persona import Persona


@dataclass
class Turn:
    """A step of people who take it together: who stands where, and what each of them newly notices."""

    step: int
    people: Mapping[str, Persona]
    positions: Mapping[str, Position]
    news: dict[str, list[Observation]] = field(default_factory=dict)

    def of(self, names: Iterable[str]) -> Turn:
        """The same turn, for some of the people only."""
        people = {name: self.people[name] for name in names}
        positions = {name: self.positions[name] for name in people}
        return Turn(self.step, people, positions, {name: self.news[name] for name in people if name in self.news})


class Phases:
    """Runs the phases of a step.

    Args:
        maze: the world.
        personas: everybody in it, by name, in roster order.
        each: maps a task over personas that do not touch each other's state, maybe at the same time.
        sec_per_step: game seconds.
    """

    def __init__(
        self, maze: Maze, paths: PathFinder, personas: Mapping[str, Persona], each: ParallelMap, sec_per_step: int
    ) -> None:
        self._maze, self._paths, self._each, self._sec_per_step = maze, paths, each, sec_per_step
        self.sight = max(persona.scratch.vision_r for persona in personas.values())
        self._homes = {name: persona.scratch.living_area for name, persona in personas.items()}

    def begin(self, turn: Turn, now: datetime) -> list[str]:
        """Everyone looks around; returns the people who may have to think. Most of the time there are none."""
        for name, persona in turn.people.items():
            persona.begin(turn.step, now, turn.positions[name])
        view = scene(self._maze, turn.people, turn.positions)
        for name, persona in turn.people.items():
            if new := persona.notice(self._maze, view):
                turn.news[name] = new
        return [name for name, persona in turn.people.items() if name in turn.news or self._has_to_think(persona)]

    def think(self, turn: Turn) -> None:
        """Runs all phases that may ask the model. Raises LLMError if the model cannot be used."""
        undecided = [persona for persona in turn.people.values() if persona.is_undecided]
        self._each(lambda persona: persona.decide(self._maze, self._homes, self._each), undecided)
        if turn.news:
            self.meet(turn.people, turn.news)
        due = [persona for persona in turn.people.values() if persona.is_to_reflect(self._sec_per_step)]
        self._each(lambda persona: persona.reflect(self._sec_per_step), due)

    def meet(self, people: Mapping[str, Persona], news: Mapping[str, Sequence[Observation]]) -> None:
        """Everyone rates what is new, decides whether to react to one person, remembers it; then they react."""
        encounters = react.encounters(people, news)

        def consider(name: str) -> react.Impression:
            return react.consider(people[name], news[name], encounters.get(name), self._each)

        impressions = dict(zip(news, self._each(consider, news), strict=True))
        for name, impression in impressions.items():
            people[name].remember(news[name], impression.ratings)
        wanted = [encounter for name, encounter in encounters.items() if impressions[name].reacts]
        for name, encounter in encounters.items():
            if not impressions[name].reacts:
                react.stay_silent(encounter)
        self._each(lambda encounter: react.react(encounter, self._maze, self._each), react.disjoint(wanted))

    def act(self, turn: Turn, persona: Persona) -> Position:
        """Moves a persona on; returns its next tile."""
        return persona.act(self._maze, self._paths, self._in_sight(persona, turn.positions))

    def _has_to_think(self, persona: Persona) -> bool:
        return persona.is_undecided or persona.is_to_reflect(self._sec_per_step)

    def _in_sight(self, persona: Persona, positions: Mapping[str, Position]) -> dict[str, Position]:
        """The tiles of the people in sight, for a persona that has yet to find its path; {} for all others."""
        scratch, in_sight = persona.scratch, self._maze.in_sight
        if scratch.act_path_set:
            return {}
        return {name: tile for name, tile in positions.items() if in_sight(scratch.tile, tile, self.sight)}


def scene(maze: Maze, people: Mapping[str, Persona], positions: Mapping[str, Position]) -> Scene:
    """People's current actions, by where they stand."""
    return Scene(maze, _standing(people, positions))


def _standing(people: Mapping[str, Persona], positions: Mapping[str, Position]) -> Iterator[tuple[Position, Event]]:
    for name, persona in people.items():
        if persona.scratch.act_address:
            yield positions[name], persona.action_event()
            if used := persona.object_event():
                yield positions[name], used
