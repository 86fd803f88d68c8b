"""What is counted of the keys of each base, in memory that does not grow with their number."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from civiredis.audit.decoding import Decoding, decode
from civiredis.audit.heaviest import Heaviest
from civiredis.audit.histogram import Histogram
from civiredis.audit.strays import Strays
from civiredis.grammar import longest_base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from civiredis.audit.decoders import Decoder
    from civiredis.audit.link import Link
    from civiredis.audit.walk import Batch, KeyFacts
    from civiredis.catalogue.entries import Entry

MILLISECONDS: Final = 1000


class BaseTally:
    """The keys of one base."""

    __slots__ = ("above_declared", "decoding", "entry", "heaviest", "keys", "memory", "ttl", "types", "without_ttl")

    def __init__(self, entry: Entry, decoder: Decoder | None) -> None:
        self.entry = entry
        self.keys = 0
        self.memory = 0
        """Bytes of all of them."""
        self.types: Counter[bytes] = Counter()
        self.ttl = Histogram()
        """Seconds that those keys have left that end at all."""
        self.without_ttl = 0
        self.above_declared = 0
        """Keys that have longer to live than the registry declares."""
        self.heaviest = Heaviest()
        self.decoding = None if decoder is None else Decoding(decoder)
        """None where no value is read."""

    def add(self, facts: KeyFacts) -> None:
        """Count one key."""
        self.keys += 1
        self.memory += facts.memory
        self.types[facts.type] += 1
        if facts.ttl < 0:
            self.without_ttl += 1
        else:
            self.ttl.add(facts.ttl // MILLISECONDS)
            declared = self.entry.ttl
            if declared is not None and facts.ttl > declared * MILLISECONDS:
                self.above_declared += 1
        self.heaviest.add(facts)


class Tally:
    """All keys, each at its base or among the strays."""

    def __init__(
        self, entries: Iterable[Entry], decoders: Mapping[str, Decoder], *, prefix: bytes = b"", decoded: int = 0
    ) -> None:
        """Prepare for the bases of `entries`.

        `prefix` stands before every key on the wire, and counts for no base; `decoded` is the number of keys of each
        base of `decoders` whose values are read.
        """
        declared = {entry.base: entry for entry in reversed(list(entries))}  # the first one declares it
        self.bases = {base: BaseTally(entry, decoders.get(base)) for base, entry in declared.items()}
        self.strays = Strays()
        self.examined = 0
        self.gone = 0
        self._skipped = len(prefix)
        self._decoded = decoded
        self._longest = max(map(len, self.bases), default=0)

    def add(self, batch: Batch, master: Link) -> None:
        """Count a batch, and read those values of it that are to be read from `master`."""
        self.gone += batch.gone
        self.examined += len(batch.keys)
        chosen: list[tuple[Decoding, KeyFacts]] = []
        for facts in batch.keys:
            text = facts.name[self._skipped :].decode("utf-8", "surrogateescape")
            base = longest_base(text, self.bases, self._longest)
            if base is None:
                self.strays.add(text, facts)
                continue
            tally = self.bases[base]
            tally.add(facts)
            decoding = tally.decoding
            if decoding is not None and decoding.taken < self._decoded:
                decoding.taken += 1
                chosen.append((decoding, facts))
        if chosen:
            decode(master, chosen)

    def in_order(self) -> Sequence[BaseTally]:
        """The bases in the order in which their registries declare them."""
        return list(reversed(self.bases.values()))
