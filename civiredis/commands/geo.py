"""Places on the globe, kept in a sorted set (https://redis.io/docs/latest/develop/data-types/geospatial)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from civiredis.annotations import R
from civiredis.commands.arguments import flags, option
from civiredis.commands.replies import integer, optional_number, optional_texts, text, texts
from civiredis.commands.values import ValueCommands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument, Value
    from civiredis.commands.replies import RawReply
    from civiredis.reply import Reply

Unit: TypeAlias = Literal["m", "km", "mi", "ft"]
Place: TypeAlias = "tuple[float, float, Value]"
"""Longitude, latitude, member: in the order in which GEOADD takes them."""


class Found(NamedTuple):
    """A member found by `geosearch_places`."""

    member: str
    distance: float
    """From the centre, in the search's own unit."""
    longitude: float
    latitude: float


def positions(raw: RawReply) -> list[tuple[float, float] | None]:
    """Decode longitudes and latitudes, None for each missing member."""
    return [None if item is None else (float(item[0]), float(item[1])) for item in raw]


def found(raw: RawReply) -> list[Found]:
    """Decode members with distance and position."""
    return [Found(text(name), float(far), float(at[0]), float(at[1])) for name, far, at in raw]


class GeoCommands(ValueCommands[R]):
    """Commands on the places that a key holds."""

    def geoadd(
        self, key: KeyOf[R], values: Sequence[Place], *, nx: bool = False, xx: bool = False, ch: bool = False
    ) -> Reply[int]:
        """Add places, each as (longitude, latitude, member) (https://redis.io/commands/geoadd).

        Gives the number of new ones, with `ch` of new and moved ones; `nx` moves none, `xx` adds none.
        """
        members = self._sent_each(key, [member for _, _, member in values], "member")
        places = zip(values, members, strict=True)
        words = [word for (longitude, latitude, _), member in places for word in (longitude, latitude, member)]
        return self._run(integer, *self._lasting(key, "GEOADD", self._key(key), *flags(nx=nx, xx=xx, ch=ch), *words))

    def geodist(self, key: KeyOf[R], place1: Value, place2: Value, unit: Unit = "m") -> Reply[float | None]:
        """Give the distance in `unit`, None when a member is missing (https://redis.io/commands/geodist)."""
        return self._run(optional_number, "GEODIST", self._key(key), *self._sent_each(key, (place1, place2)), unit)

    def geohash(self, key: KeyOf[R], *values: Value) -> Reply[list[str | None]]:
        """Give the geohash of each member, None for a missing one (https://redis.io/commands/geohash)."""
        return self._run(optional_texts, "GEOHASH", self._key(key), *self._sent_each(key, values))

    def geopos(self, key: KeyOf[R], *values: Value) -> Reply[list[tuple[float, float] | None]]:
        """Give longitude and latitude of each, None for a missing one (https://redis.io/commands/geopos)."""
        return self._run(positions, "GEOPOS", self._key(key), *self._sent_each(key, values))

    def geosearch(
        self,
        key: KeyOf[R],
        member: Value | None = None,
        longitude: float | None = None,
        latitude: float | None = None,
        unit: Unit = "m",
        radius: float | None = None,
        width: float | None = None,
        height: float | None = None,
        sort: Literal["ASC", "DESC"] | None = None,
        count: int | None = None,
        *,
        any: bool = False,
    ) -> Reply[list[str]]:
        """Find members around a member or a position (https://redis.io/commands/geosearch).

        The area is a circle of `radius` or a box of `width` and `height`, in `unit`. `count` bounds the number; with
        `any` the search ends as soon as it has as many. `geosearch_places` gives distances and positions as well.
        """
        centre = self._centre(key, member, longitude, latitude)
        area = (*_area(unit, radius, width, height), *_limit(sort, count, any_=any))
        return self._values(key, texts, "GEOSEARCH", self._key(key), *centre, *area)

    def geosearch_places(
        self,
        key: KeyOf[R],
        member: Value | None = None,
        longitude: float | None = None,
        latitude: float | None = None,
        unit: Unit = "m",
        radius: float | None = None,
        width: float | None = None,
        height: float | None = None,
        sort: Literal["ASC", "DESC"] | None = None,
        count: int | None = None,
        *,
        any: bool = False,
    ) -> Reply[list[Found]]:
        """Search as `geosearch` does, for members with distance and position (https://redis.io/commands/geosearch)."""
        centre = self._centre(key, member, longitude, latitude)
        area = (*_area(unit, radius, width, height), *_limit(sort, count, any_=any))
        return self._run(found, "GEOSEARCH", self._key(key), *centre, *area, "WITHDIST", "WITHCOORD")

    def geosearchstore(
        self,
        dest: KeyOf[R],
        key: KeyOf[R],
        member: Value | None = None,
        longitude: float | None = None,
        latitude: float | None = None,
        unit: Unit = "m",
        radius: float | None = None,
        width: float | None = None,
        height: float | None = None,
        sort: Literal["ASC", "DESC"] | None = None,
        count: int | None = None,
        *,
        any: bool = False,
        storedist: bool = False,
    ) -> Reply[int]:
        """Store what `geosearch` finds in `dest`, and count it (https://redis.io/commands/geosearchstore).

        With `storedist` the scores of `dest` are the distances, else it holds places as `key` does.
        """
        centre = self._centre(key, member, longitude, latitude)
        area = (*_area(unit, radius, width, height), *_limit(sort, count, any_=any), *flags(storedist=storedist))
        return self._run(
            integer, *self._lasting(dest, "GEOSEARCHSTORE", self._key(dest), self._key(key), *centre, *area)
        )

    def _centre(
        self, key: KeyOf[R], member: Value | None, longitude: float | None, latitude: float | None
    ) -> tuple[Argument, ...]:
        sent = None if member is None else self._sent(key, member)
        return (*option("FROMMEMBER", sent), *option("FROMLONLAT", longitude, latitude))


def _area(unit: Unit, radius: float | None, width: float | None, height: float | None) -> list[Argument]:
    return [*option("BYRADIUS", radius, unit), *option("BYBOX", width, height, unit)]


def _limit(sort: str | None, count: int | None, *, any_: bool) -> list[Argument]:
    order: list[Argument] = [] if sort is None else [sort]
    return [*order, *option("COUNT", count), *flags(any=any_)]
