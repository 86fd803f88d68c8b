"""Callers that count while something happens, and know what they were told."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Final, Protocol

from redis.exceptions import RedisError

from civiredis.transport import OutcomeUnknownError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine

CALLERS: Final = 30

RECOVERY: Final = 90.0
"""Seconds until every caller writes again after a fault. Some 3 s are usual; sentinels that find their machine too busy
to judge it do nothing for 30 s (https://valkey.io/topics/sentinel, TILT)."""


class Counter(Protocol):
    """The counters of all callers, by their numbers."""

    def add(self, number: int) -> Awaitable[int]:
        """Add one, and give the sum."""

    def read(self, number: int) -> Awaitable[int]:
        """Give the sum, 0 where there is none yet."""


class Tally:
    """What one caller was told about its counter."""

    def __init__(self) -> None:
        self.acknowledged = self.unknown = self.refused = 0
        self.forgiven = 0
        """How many acknowledged writes a server may have lost with itself."""

    def check(self, value: int) -> None:
        """Fail where the counter cannot be at `value`."""
        least, most = self.acknowledged - self.forgiven, self.acknowledged + self.unknown
        assert least <= value <= most, f"{value} of {vars(self)}"


class Callers:
    """Thirty callers, each with a counter of its own."""

    def __init__(self, counter: Counter) -> None:
        self.tallies = [Tally() for _ in range(CALLERS)]
        self._counter = counter

    async def during(self, disturbance: Coroutine[object, None, None]) -> None:
        """Count until the disturbance is over; then every acknowledged write must be there."""
        task = asyncio.create_task(disturbance)
        await asyncio.gather(task, *[self._count(number, task) for number in range(CALLERS)])
        for number, tally in enumerate(self.tallies):
            tally.check(await self._counter.read(number))
            assert tally.acknowledged > 10, vars(tally)

    async def all_write(self) -> None:
        """Wait until every caller was acknowledged a write that it issued from now on."""
        before = [tally.acknowledged + 1 for tally in self.tallies]  # one may have been under way
        async with asyncio.timeout(RECOVERY):
            while any(tally.acknowledged <= old for tally, old in zip(self.tallies, before, strict=True)):
                await asyncio.sleep(0.02)

    def forgive(self) -> None:
        """Allow for a master that is killed before its replica has what it just acknowledged.

        That is one write of each caller at most, as each waits for an answer before it writes again.
        """
        for tally in self.tallies:
            tally.forgiven += 1

    async def _count(self, number: int, disturbance: asyncio.Task[None]) -> None:
        dice, tally = random.Random(number), self.tallies[number]
        while not disturbance.done():
            await self._add(number, dice)
            if dice.random() < 0.1:
                try:
                    tally.check(await self._counter.read(number))
                except RedisError:
                    tally.refused += 1
            await asyncio.sleep(dice.random() / 1000)

    async def _add(self, number: int, dice: random.Random) -> None:
        """Add one, now and then giving up on the answer; one that cannot be is noticed at once."""
        tally = self.tallies[number]
        reply = asyncio.ensure_future(self._counter.add(number))
        if dice.random() < 0.1:
            asyncio.get_running_loop().call_later(dice.random() / 500, reply.cancel)
        try:
            value = await reply
        except (asyncio.CancelledError, OutcomeUnknownError):
            tally.unknown += 1
        except RedisError:
            tally.refused += 1
            await asyncio.sleep(0.01)
        else:
            tally.acknowledged += 1
            tally.check(value)
