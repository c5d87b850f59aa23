"""Workers: run independent tasks in parallel, and return the results in order.

Knows threads; not what the tasks do.
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
    """Threads that run `count` tasks at a time; with 1, the caller runs them one after another.

    A task may itself map over items, to any depth: while it waits, it runs items that no thread has begun.
    break_off: ends whatever running tasks wait for, when one of them was interrupted.
    """

    def __init__(self, count: int, break_off: Callable[[], object]) -> None:
        self.break_off = break_off
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="mind") if count > 1 else None

    def each(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """The results of a task for each item, in the order of the items.

        If tasks fail, waits for those in progress, then raises the first failure in order. A KeyboardInterrupt breaks
        the others off.
        """
        items = list(items)
        contexts = [copy_context() for _ in items]
        runs = [_run_in(context, task, item) for context, item in zip(contexts, items, strict=True)]
        results = self._together(self._pool, runs) if self._pool and len(runs) > 1 else [run() for run in runs]
        trace.join_chains(contexts)
        return results

    @property
    def has_threads(self) -> bool:
        """Whether tasks run in other threads than the caller's."""
        return self._pool is not None

    def start(self, task: Callable[[], Result]) -> Future[Result]:
        """Begins a task in another thread; without threads, runs it to its end and raises its errors."""
        context = copy_context()
        if self._pool:
            return self._pool.submit(context.run, task)
        future: Future[Result] = Future()
        future.set_result(context.run(task))
        return future

    def finish(self, started: Iterable[Future[Any]]) -> None:
        """Cancels the tasks that have not begun, and waits for the others to end, whether they succeed or fail."""
        wait([future for future in started if not future.cancel()])

    def close(self) -> None:
        """Ends the threads."""
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
