"""One persona and its part in each phase of a step.

What it needs to know about others (where they live, where they stand) is passed to it by the step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from maze import Maze, Position, Scene
from path_finder import PathFinder
from persona.cognitive_modules import execute, perceive, plan, reflect
from persona.cognitive_modules.perceive import Observation
from persona.mind import Mind
from persona.parallel_map import ParallelMap


class Persona(Mind):
    """A simulated person."""

    def begin(self, step: int, now: datetime, tile: Position) -> None:
        """Stands on the tile that the environment gives it, at the time of the step."""
        before = self.scratch.curr_time
        self.step = step
        self.new_day = plan.kind_of_day(before, now)
        self.scratch.curr_time = now
        self.scratch.curr_tile = tile
        self.scratch.count_down_buffers()

    def notice(self, maze: Maze, scene: Scene) -> list[Observation]:
        """The new events around it, nearest first."""
        return perceive.notice(self, maze, scene)

    def remember(self, news: Sequence[Observation], ratings: Sequence[int]) -> None:
        """Stores what is new in its memory."""
        perceive.remember(self, news, ratings)

    def decide(self, maze: Maze, homes: Mapping[str, str], each: ParallelMap) -> None:
        """Plans the day if it is a new one, and the next action if the last one is over."""
        if self.new_day:
            plan.plan_day(self, maze, homes, self.new_day)
        if self.scratch.act_finished:
            plan.determine_action(self, maze, homes, each)

    def is_to_reflect(self, sec_per_step: int) -> bool:
        """Whether there is anything to reflect on in this step."""
        return reflect.is_due(self, sec_per_step)

    def reflect(self, sec_per_step: int) -> None:
        """Reflects if enough has happened, or if a conversation ends."""
        reflect.reflect(self, sec_per_step)

    def act(self, maze: Maze, paths: PathFinder, standing: Mapping[str, Position]) -> Position:
        """Moves one tile toward its action, around the people in sight; returns its next tile."""
        return execute.execute(self, maze, paths, standing)
