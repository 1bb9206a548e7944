"""The order of work: for every building and block of days a carry, and the renders behind it.

The cheap sequential pass of each building runs ahead of the heavy one, which any number of workers
share; the process that schedules them does nothing else. Nothing waits that is not bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from basetype_benchmark.dataset.generation.executors import Executor, Promise
from basetype_benchmark.dataset.generation.lanes import Lane
from basetype_benchmark.dataset.generation.tasks import Carry, Render, advance, carry, render
from basetype_benchmark.dataset.parts import SITE_PARTITION, PartRecord
from basetype_benchmark.dataset.simulation.day import DayState
from basetype_benchmark.dataset.storage import Storage

_WAITING_PER_WORKER = 2


def carry_out(
    executor: Executor, lanes: list[Lane], seed: int, storage: Storage
) -> Iterator[PartRecord]:
    """Schedule all tasks; gives records as they come.

    With as many buildings as the executor is wide, each is gone through day by day, which simulates
    every day once. Otherwise the state is carried ahead, so that several days of one building can
    be made at the same time.
    """
    whole = [lane for lane in lanes if lane.is_whole and lane.building_id != SITE_PARTITION]
    if len(whole) < executor.width:
        yield from _by_carrying(executor, lanes, seed, storage)
        return
    rest = [lane for lane in lanes if not lane.is_whole]
    yield from _by_advancing(executor, [lane for lane in lanes if lane.is_whole], seed, storage)
    yield from _by_carrying(executor, rest, seed, storage)


def _by_advancing(
    executor: Executor, lanes: list[Lane], seed: int, storage: Storage
) -> Iterator[PartRecord]:
    """Go through every lane day by day, the lanes side by side."""
    running = deque(
        (lane, executor.submit(advance, _render_task(lane, 0, None, seed, storage)))
        for lane in lanes
    )
    made = dict.fromkeys((lane.building_id for lane in lanes), 0)
    while running:
        lane, promise = running.popleft()
        record, state = promise.result()
        made[lane.building_id] += 1
        if made[lane.building_id] < len(lane.missing):
            task = _render_task(lane, made[lane.building_id], state, seed, storage)
            running.append((lane, executor.submit(advance, task)))
        yield record


def _by_carrying(
    executor: Executor, lanes: list[Lane], seed: int, storage: Storage
) -> Iterator[PartRecord]:
    """Carry the state ahead, and make the missing days in any order behind it.

    The first day follows from nothing: it is made while the state is being carried past it.
    """
    carried = _carried(executor, lanes, seed, storage)
    waiting = deque(
        executor.submit(render, _render_task(lane, 0, None, seed, storage))
        for lane in lanes
        if lane.missing[0] == 0
    )
    for lane, first_day, states in carried:
        for offset, state in enumerate(states[:-1]):
            day_index = first_day + offset
            if day_index > 0 and day_index in lane.missing:
                task = _render_task(lane, day_index, state, seed, storage)
                waiting.append(executor.submit(render, task))
                while len(waiting) > executor.width * _WAITING_PER_WORKER:
                    yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _render_task(
    lane: Lane, day_index: int, state: DayState | None, seed: int, storage: Storage
) -> Render:
    return Render(
        storage=storage,
        seed=seed,
        building_id=lane.building_id,
        origin=lane.origin,
        day_index=day_index,
        state=state,
    )


def _carried(
    executor: Executor, lanes: list[Lane], seed: int, storage: Storage
) -> Iterator[tuple[Lane, int, list[DayState]]]:
    """Carry the state of every lane through its days; one block of each lane is always ahead.

    The first blocks are handed over at the call.
    """
    running: deque[tuple[Lane, Iterator[tuple[int, int]], int, Promise[list[DayState]]]] = deque()

    def submit(lane: Lane, blocks: Iterator[tuple[int, int]], state: DayState | None) -> None:
        block = next(blocks, None)
        if block is not None:
            task = Carry(
                storage=storage,
                seed=seed,
                building_id=lane.building_id,
                origin=lane.origin,
                first_day=block[0],
                last_day=block[1],
                state=state,
            )
            running.append((lane, blocks, block[0], executor.submit(carry, task)))

    def follow() -> Iterator[tuple[Lane, int, list[DayState]]]:
        while running:
            lane, blocks, first_day, promise = running.popleft()
            states = promise.result()
            submit(lane, blocks, states[-1])
            yield lane, first_day, states

    for lane in lanes:
        submit(lane, lane.blocks(), None)
    return follow()
