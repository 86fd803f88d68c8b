"""Forks: a child leaves the sockets of its parent alone, and starts with none."""

from __future__ import annotations

import os
import weakref
from typing import Final, Protocol


class Forgetful(Protocol):
    """Something with connections that belong to the process that made them."""

    def forget_parent(self) -> None:
        """In a forked child: start without connections."""


_forgetful: Final[weakref.WeakSet[Forgetful]] = weakref.WeakSet()
_abandoned: Final[list[object]] = []


def forget_in_children(transport: Forgetful) -> None:
    """Call `transport.forget_parent()` in every child that is forked from now on."""
    _forgetful.add(transport)


def abandon(connections: object) -> None:
    """Keep connections of the parent for ever: collecting them would close them on its event loop."""
    _abandoned.append(connections)


def _forget_parents() -> None:
    for transport in list(_forgetful):
        transport.forget_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parents)
