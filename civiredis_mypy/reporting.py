"""Reporting at the place of the fault, once, whatever mypy is trying at the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mypy.checker import TypeChecker
from mypy.errorcodes import ErrorCode
from mypy.errors import Errors, IterationErrorWatcher
from mypy.nodes import Context


def report(checker: TypeChecker, message: str, at: Context, code: ErrorCode) -> None:
    """Report an error of ours.

    mypy checks the arguments of an overloaded call once for each overload and takes an error for a sign that the
    overload does not fit. A wrong key says nothing of the overload, so such attempts do not get to see it; mypy drops
    the repetitions of an error itself.
    """
    if checker.current_node_deferred:
        return
    with _unwatched(checker.errors):
        checker.fail(message, at, code=code)


@contextmanager
def _unwatched(errors: Errors) -> Iterator[None]:
    watchers = errors._watchers  # noqa: SLF001 - there is no public way past an attempt
    errors._watchers = [watcher for watcher in watchers if isinstance(watcher, IterationErrorWatcher)]  # noqa: SLF001
    try:
        yield
    finally:
        errors._watchers = watchers  # noqa: SLF001
