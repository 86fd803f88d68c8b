"""Print what the mypy plugin costs: `uv run python -m benchmarks.plugin` (minutes; `--quick` for a first look)."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.plugin import projects
from benchmarks.plugin.compilers import Cost, Daemon, Mypy, TypeScript, fix_packages, typescript_is_installed
from benchmarks.plugin.projects import Size
from benchmarks.ratios import ratio

GOAL_KEYS: Final = 1.15
GOAL_NO_KEYS: Final = 1.01
BASES: Final = (100, 1_000, 10_000)
USES: Final = (1_000, 10_000, 100_000)
FEW: Final = 100
"""Uses of the project that shows what is paid once."""
MICRO: Final = 1_000_000

Run = Callable[[], Cost]


def interleaved(runs: dict[str, Run], rounds: int) -> dict[str, list[Cost]]:
    """Carry out every run in turn, `rounds` times, and return what each cost; a first round is left out."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            cost = run()
            if number:
                costs[name].append(cost)
    return costs


def seconds(costs: list[Cost]) -> float:
    """Take the median of the rounds."""
    return statistics.median(cost.seconds for cost in costs)


def memory(costs: list[Cost]) -> float:
    """Take the median of the rounds, in MiB."""
    return statistics.median(cost.memory for cost in costs)


def line(*cells: object) -> None:
    """Print one line of a Markdown table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def head(*cells: str) -> None:
    """Print the head of a Markdown table."""
    print()
    line(*cells)
    line(*("---" for _ in cells))


class Bench:
    """All tables, over projects in one directory."""

    def __init__(self, root: Path, size: Size, rounds: int) -> None:
        self._root = root
        self._size = size
        self._rounds = rounds

    def _pair(self, name: str, write: Callable[[Path, Size], None], size: Size) -> tuple[Mypy, Mypy]:
        project = self._root / name / "project"
        write(project, size)
        return (
            Mypy(project, self._root / name / "with", plugin=True),
            Mypy(project, self._root / name / "without", plugin=False),
        )

    def ratios(self) -> None:
        """Compare mypy with and without the plugin in every way to run it."""
        head("project", "run", "with s", "without s", "ratio", "goal", "us a use", "with MiB", "without MiB")
        for name, write, goal in (
            ("keys", projects.python, GOAL_KEYS),
            ("no keys", projects.keyless, GOAL_NO_KEYS),
        ):
            on, off = self._pair(name, write, self._size)
            for kind in ("from_nothing", "cold", "warm"):
                costs = interleaved({"on": getattr(on, kind), "off": getattr(off, kind)}, self._rounds)
                self._compare(name, kind.replace("_", " "), costs["on"], costs["off"], goal)
            daemons = Daemon(on), Daemon(off)
            try:
                self._compare(name, "daemon: first check", [daemons[0].started()], [daemons[1].started()], goal)
                for kind, text in (("use_changed", "one file changed"), ("base_changed", "a base added")):
                    costs = interleaved(
                        {"on": getattr(daemons[0], kind), "off": getattr(daemons[1], kind)}, self._rounds
                    )
                    self._compare(name, f"daemon: {text}", costs["on"], costs["off"], goal)
            finally:
                for daemon in daemons:
                    daemon.stop()

    def _compare(self, project: str, run: str, on: list[Cost], off: list[Cost], goal: float) -> None:
        spent = seconds(on), seconds(off)
        # The clock of a daemon counts hundredths: what takes none in either has no ratio.
        is_measured = all(cost.seconds for cost in off)
        times = ratio([cost.seconds for cost in on], [cost.seconds for cost in off]) if is_measured else "1.00"
        per_use = (spent[0] - spent[1]) / self._size.uses * MICRO
        taken = (f"{spent[0]:.2f}", f"{spent[1]:.2f}"), (f"{memory(on):.0f}", f"{memory(off):.0f}")
        line(project, run, *taken[0], times, goal, f"{per_use:.0f}", *taken[1])

    def growth(self, bases: tuple[int, ...], uses: tuple[int, ...]) -> None:
        """Show the cost of one use in ever larger registries and projects, and what has to be paid before the first."""
        head("bases", "uses", "us a use", "ms once")
        sizes = [replace(self._size, cache_bases=count, sys_bases=count // 2) for count in bases]
        sizes += [replace(self._size, uses=count, files=max(1, count // 100)) for count in uses]
        for number, size in enumerate(sizes):
            few = replace(size, uses=FEW, files=1)
            once, spent = self._extra(f"few{number}", few), self._extra(f"growth{number}", size)
            per_use = (spent - once) / (size.uses - FEW)
            line(size.cache_bases, size.uses, f"{per_use * MICRO:.0f}", f"{(once - per_use * FEW) * 1000:.0f}")

    def _extra(self, name: str, size: Size) -> float:
        """Measure the seconds that the plugin adds."""
        on, off = self._pair(name, projects.python, size)
        costs = interleaved({"on": on.cold, "off": off.cold}, self._rounds)
        return seconds(costs["on"]) - seconds(costs["off"])

    def typescript(self) -> None:
        """Compare with the TypeScript compilers, on the same keys against plain strings."""
        if not typescript_is_installed():
            print("\nTypeScript left out: run `npm ci` in benchmarks/plugin/typescript", file=sys.stderr)
            return
        head("templates", "checker", "keys s", "plain s", "us a use", "times the plugin's", "MiB")
        self._beside_typescript("as people write", self._size)
        self._beside_typescript("no two the same", replace(self._size, own_templates=True))

    def _beside_typescript(self, templates: str, size: Size) -> None:
        root = self._root / f"typescript-{size.own_templates}"
        keys, plain = root / "keys", root / "plain"
        projects.typescript(keys, size)
        projects.plain_typescript(plain, size)
        on, off = self._pair(f"beside-{root.name}", projects.python, size)
        runs: dict[str, Run] = {"mypy keys": on.cold, "mypy plain": off.cold}
        for version in ("7", "6"):
            runs[f"tsc {version} keys"] = TypeScript(keys, f"typescript-{version}").cold
            runs[f"tsc {version} plain"] = TypeScript(plain, f"typescript-{version}").cold
        costs = interleaved(runs, self._rounds)
        ours = seconds(costs["mypy keys"]) - seconds(costs["mypy plain"])
        for name in ("mypy", "tsc 7", "tsc 6"):
            with_keys, without = seconds(costs[f"{name} keys"]), seconds(costs[f"{name} plain"])
            spent = with_keys - without
            per_use = f"{spent / size.uses * MICRO:.0f}"
            times = f"{spent / ours:.1f}"
            line(
                templates,
                name,
                f"{with_keys:.2f}",
                f"{without:.2f}",
                per_use,
                times,
                f"{memory(costs[f'{name} keys']):.0f}",
            )


def main() -> None:
    """Read the options and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.plugin")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds; each figure is their median")
    parser.add_argument("--quick", action="store_true", help="one round, and no tables of growth")
    parser.add_argument("--only", choices=("ratios", "growth", "typescript"), help="one of the tables")
    options = parser.parse_args()
    rounds = 1 if options.quick else options.rounds
    size = Size()
    print(f"{size.uses:,} uses in {size.files} files, {size.cache_bases} + {size.sys_bases} bases; CPU seconds")
    with tempfile.TemporaryDirectory() as folder:
        fix_packages(Path(folder) / "packages")
        bench = Bench(Path(folder), size, rounds)
        if options.only in {None, "ratios"}:
            bench.ratios()
        if options.only in {None, "typescript"}:
            bench.typescript()
        if options.only == "growth" or (options.only is None and not options.quick):
            bench.growth(BASES, USES)


if __name__ == "__main__":
    main()
