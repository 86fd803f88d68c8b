"""Commands of many keys, split over the nodes that serve them, sent together and put together again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from civiredis.commands.arguments import SpreadScript
from civiredis.transport.cluster.slots import slot_of
from civiredis.transport.reply import FutureReply
from civiredis.transport.routes import ROUTES

if TYPE_CHECKING:
    from civiredis.transport.cluster.routing import Routing
    from civiredis.transport.reply import BatchReply, Decoder
    from civiredis.transport.server import Server
    from civiredis.transport.wire import Args

STEPS: Final[dict[object, int]] = {"MGET": 1, "DEL": 1, "UNLINK": 1, "EXISTS": 1, "TOUCH": 1, "MSET": 2}
"""Commands that mean the same when they are split, and how many arguments belong to each key."""

SPLIT: Final = frozenset({*STEPS, "EVAL"})
"""Commands that may have to be split."""

WORDS_OF_A_KEY: Final = 2
"""What a `SpreadScript` is given beside each key."""


Parts: TypeAlias = "dict[int, tuple[Args, list[int]]]"
"""By slot: a command for its keys alone, and the places of these keys in the whole."""


class Scatter:
    """One command of many keys on its way: one batch per node, one smaller command per slot in it."""

    def __init__(self, routing: Routing, args: Args, parts: Parts, decode: Decoder[Any] | None) -> None:
        """Send `args` as the `parts` that `parts_of` made of it."""
        self.reply: FutureReply[Any] = FutureReply.on(routing.loop)
        self.reply.decode, self.reply.size, self.reply.resend = decode, 0, None
        self._routing = routing
        self._name = str(args[0])
        self._parts = parts
        self._results: list[Any] = [None] * sum(len(places) for _, places in parts.values())
        self._missing = len(self._parts)
        self._error: Exception | None = None

    def send(self) -> None:
        """Send every part; the topology is known."""
        nodes = self._routing.nodes
        batches: dict[Server, list[tuple[Args, list[int]]]] = {}
        alone: list[tuple[Args, list[int]]] = []
        for slot, (args, places) in self._parts.items():
            server = nodes.by_slot[slot]
            if server is None:
                alone.append((args, places))
            else:
                batches.setdefault(server, []).append((args, places))
        for server, parts in batches.items():
            batch = server.batch([args for args, _ in parts], None)
            batch.add_done_callback(partial(self._arrived, parts))
        for args, places in alone:
            self._again(args, places)

    def _arrived(self, parts: list[tuple[Args, list[int]]], batch: BatchReply) -> None:
        route = ROUTES[self._name]
        for (args, places), raw in zip(parts, batch.result(), strict=True):
            if isinstance(raw, Exception) and self._routing.may_repeat(raw, route):
                self._again(args, places)
            else:
                self._place(places, raw)

    def _again(self, args: Args, places: list[int]) -> None:
        """Send one part alone, which follows redirections."""
        reply = self._routing.send(args, None, ROUTES[self._name])
        reply.add_done_callback(lambda done: self._place(places, done.exception() or done.result()))

    def _place(self, places: list[int], raw: Any) -> None:  # noqa: ANN401
        if isinstance(raw, Exception):
            self._error = self._error or raw
        elif self._name == "MGET":
            if len(places) == 1:
                self._results[places[0]] = raw[0]
            else:
                for place, value in zip(places, raw, strict=True):
                    self._results[place] = value
        else:
            self._results[places[0]] = raw
        self._missing -= 1
        if not self._missing:
            self._finish()

    def _finish(self) -> None:
        if self._error is not None:
            self.reply.fail(self._error)
        elif self._name == "MGET":
            self.reply.arrive(self._results)
        elif self._name in {"MSET", "EVAL"}:
            self.reply.arrive(b"OK")
        else:
            self.reply.arrive(sum(result for result in self._results if result is not None))


def parts_of(args: Args) -> Parts:
    """Split one of `SPLIT` into a command per slot; into none where it is to be sent as it is."""
    if args[0] == "EVAL":
        return _spread(args) if args[1].__class__ is SpreadScript else {}
    step = STEPS[args[0]]
    return by_slot(args, step) if len(args) > 1 + step else {}


def _spread(args: Args) -> Parts:
    """Split a script that treats each key alone."""
    name, script, number, *rest = args
    keys, words = rest[: int(number)], rest[int(number) :]
    places_of: dict[int, list[int]] = {}
    for place, key in enumerate(keys):
        places_of.setdefault(slot_of(str(key)), []).append(place)
    parts: Parts = {}
    for slot, places in places_of.items():
        beside = [word for at in places for word in words[at * WORDS_OF_A_KEY : (at + 1) * WORDS_OF_A_KEY]]
        parts[slot] = (name, script, len(places), *[keys[place] for place in places], *beside), places
    return parts


def by_slot(args: Args, step: int) -> Parts:
    """Split a command into one per slot, each with the places of its keys in the whole."""
    parts: dict[int, tuple[list[Any], list[int]]] = {}
    name = args[0]
    for place, index in enumerate(range(1, len(args), step)):
        slot = slot_of(args[index])  # type: ignore[arg-type]
        if slot in parts:
            words, places = parts[slot]
            words.extend(args[index : index + step])
            places.append(place)
        else:
            parts[slot] = ([name, *args[index : index + step]], [place])
    return {slot: (tuple(words), places) for slot, (words, places) in parts.items()}
