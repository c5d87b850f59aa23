"""Workers: what runs concurrently, the order of results, and waiting after a failure."""

import threading

import pytest

from persona.prompt_template import trace
from town.workers import Workers

PATIENCE = 10  # seconds that a test waits for a thread before it fails


def nothing():
    """An interruption with nothing to abort."""


@pytest.fixture(params=[1, 2, 16])
def workers(request):
    made = Workers(request.param, nothing)
    yield made
    made.close()


@pytest.fixture
def four():
    made = Workers(4, nothing)
    yield made
    made.close()


def test_results_come_in_the_order_of_the_items(workers):
    assert workers.each(lambda n: n * n, range(50)) == [n * n for n in range(50)]


def test_no_items_give_no_results(workers):
    assert workers.each(str, []) == []


def test_a_task_can_map_over_items_itself_with_any_number_of_threads(workers):
    def sums(depth):
        return sum(workers.each(sums, [depth - 1] * 3)) if depth else 1

    assert sums(4) == 81


def test_concurrency_is_the_number_of_workers(four):
    barrier = threading.Barrier(4, timeout=PATIENCE)
    assert len(four.each(lambda _: barrier.wait(), range(4))) == 4


def test_one_worker_runs_tasks_in_order_in_the_calling_thread():
    threads = Workers(1, nothing).each(lambda _: threading.current_thread(), range(5))
    assert set(threads) == {threading.current_thread()}


def test_the_first_failure_in_order_is_raised_once_all_others_are_done(four):
    failed, done, begun = threading.Event(), [], threading.Barrier(4)

    def task(n):
        begun.wait(PATIENCE)
        if n == 1:
            failed.set()
            raise ValueError("the first")
        if n == 3:
            failed.wait(PATIENCE)
            raise KeyError("another")
        failed.wait(PATIENCE)
        done.append(n)

    with pytest.raises(ValueError, match="the first"):
        four.each(task, range(4))
    assert sorted(done) == [0, 2]


def test_after_a_failure_nothing_new_is_started():
    two, begun = Workers(2, nothing), []

    def task(n):
        begun.append(n)
        if n == 0:
            raise ValueError
        threading.Event().wait(0.01)

    with pytest.raises(ValueError):
        two.each(task, range(100))
    two.close()
    assert len(begun) < 100


def test_an_interruption_aborts_the_waits_of_all_others():
    broken_off = threading.Event()
    four = Workers(4, broken_off.set)

    def task(n):
        if n == 0:
            raise KeyboardInterrupt
        broken_off.wait(PATIENCE)

    with pytest.raises(KeyboardInterrupt):
        four.each(task, range(4))
    assert broken_off.is_set()
    four.close()


def test_the_chain_of_answers_continues_from_the_longest_concurrent_one(workers):
    def waits_for(answers):
        trace.CHAIN.set(trace.CHAIN.get() + answers)
        return trace.CHAIN.get()

    trace.begin_step(0)
    trace.CHAIN.set(2)
    assert workers.each(waits_for, [1, 3, 0]) == [3, 5, 2]
    assert trace.CHAIN.get() == 5
