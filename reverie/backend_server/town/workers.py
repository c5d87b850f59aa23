"""Workers: run what does not depend on each other at the same time, and give the results in order.

Knows threads; not what is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import Context, copy_context
from typing import Any, TypeVar

from persona.prompt_template import trace

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers:
    """Threads that run `count` tasks at a time; with 1 the caller runs one after the other.

    A task may itself map over items, as deep as it likes: while it waits it runs what no thread has begun yet.
    break_off: ends what the tasks under way wait for, when one of them was interrupted.
    """

    def __init__(self, count: int, break_off: Callable[[], object]) -> None:
        self.break_off = break_off
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="mind") if count > 1 else None

    def each(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """The results in the order of the items.

        When a task fails, those under way are waited for before its failure, the first in order, is raised; when that
        is a KeyboardInterrupt, they are broken off.
        """
        items = list(items)
        contexts = [copy_context() for _ in items]
        runs = [_run_in(context, task, item) for context, item in zip(contexts, items, strict=True)]
        results = self._together(self._pool, runs) if self._pool and len(runs) > 1 else [run() for run in runs]
        trace.join_chains(contexts)
        return results

    @property
    def has_threads(self) -> bool:
        """Whether tasks run beside the caller."""
        return self._pool is not None

    def start(self, task: Callable[[], Result]) -> Future[Result]:
        """Begins a task beside the caller; without threads it is over when this returns, or raises what it raises."""
        context = copy_context()
        if self._pool:
            return self._pool.submit(context.run, task)
        future: Future[Result] = Future()
        future.set_result(context.run(task))
        return future

    def finish(self, started: Iterable[Future[Any]]) -> None:
        """Waits for tasks that were started, whatever becomes of them; those that have not begun never will."""
        wait([future for future in started if not future.cancel()])

    def close(self) -> None:
        """Lets the threads go."""
        if self._pool:
            self._pool.shutdown()

    def _together(self, pool: ThreadPoolExecutor, runs: Sequence[Callable[[], Result]]) -> list[Result]:
        jobs: list[Future[Result]] = []
        try:
            for run in runs[1:]:
                jobs.append(pool.submit(run))
            first = runs[0]()
            return [first, *(_result(job, run) for job, run in zip(jobs, runs[1:], strict=True))]
        except BaseException as failure:
            if isinstance(failure, KeyboardInterrupt):
                self.break_off()
            wait([job for job in jobs if not job.cancel()])
            raise


def _run_in(context: Context, task: Callable[[Item], Result], item: Item) -> Callable[[], Result]:
    return lambda: context.run(task, item)


def _result(job: Future[Result], run: Callable[[], Result]) -> Result:
    return run() if job.cancel() else job.result()
