"""The specification in test-data/*.test: programs, and beside each line what is reported of it, with the column.

The format is that of mypy's own tests. `uv run pytest -p mypy.test.data --update-data tests/plugin/test_data.py` writes
what is reported into the files.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mypy.modulefinder import BuildSource
from mypy.test.config import test_temp_dir
from mypy.test.data import DataSuite
from mypy.test.helpers import assert_string_arrays_equal, normalize_error_messages, perform_file_operations
from mypy.test.update_data import update_testcase_output

from tests.plugin.checking import TEST_DATA, check, start_cache

if TYPE_CHECKING:
    from mypy.test.data import DataDrivenTestCase

MAIN = "main"


class KeySuite(DataSuite):
    data_prefix = str(TEST_DATA)
    files = sorted(path.name for path in TEST_DATA.glob("*.test"))

    def run_case(self, testcase: DataDrivenTestCase) -> None:
        """Check the program, then the program with the files of each further step over what mypy has kept."""
        program = "\n".join(testcase.input)
        Path(MAIN).write_text(program + "\n", encoding="utf-8")
        flags = _flags(program)
        cache_dir = Path("cache")
        start_cache(cache_dir, flags)
        for step in range(1, len(testcase.find_steps()) + 2 if testcase.output2 else 2):
            if step > 1:
                perform_file_operations(testcase.find_steps()[step - 2])
            _check_step(testcase, flags, cache_dir, step)


def _flags(program: str) -> list[str]:
    found = re.search(r"^# flags: (.*)$", program, flags=re.MULTILINE)
    return found[1].split() if found else []


def _check_step(testcase: DataDrivenTestCase, flags: list[str], cache_dir: Path, step: int) -> None:
    found = check([BuildSource(MAIN, "__main__")], flags, cache_dir=cache_dir, modules=test_temp_dir)
    actual = normalize_error_messages(found)
    expected = _in_order_of(actual, testcase) if step == 1 else testcase.output2.get(step, [])
    if actual != expected and testcase.config.getoption("--update-data", default=False):
        _update(testcase, actual, step)
    message = f"Unexpected output of step {step} ({testcase.file}, line {testcase.line})"
    assert_string_arrays_equal(expected, actual, message)


def _in_order_of(actual: list[str], testcase: DataDrivenTestCase) -> list[str]:
    """Put what comments expect of several files in the order in which mypy has come to them."""
    written, inline = testcase.output[: testcase.output_inline_start], testcase.output[testcase.output_inline_start :]
    turns = {line.partition(":")[0]: turn for turn, line in enumerate(actual)}
    return written + sorted(inline, key=lambda line: turns.get(line.partition(":")[0], -1))


def _update(testcase: DataDrivenTestCase, actual: list[str], step: int) -> None:
    """As mypy's own, which knows no columns in comments: they go through it in front of the message."""
    if re.search(r"^\[out", testcase.data, flags=re.MULTILINE):
        update_testcase_output(testcase, actual, incremental_step=step)
        return
    moved = [re.sub(r"^([^:]+:\d+):(\d+): (\w+): ", r"\1: \3: \0\2\0", line) for line in actual]
    data = testcase.data
    testcase.data = re.sub(r"# ([ENW]):\d+: ", r"# \1: ", data)
    update_testcase_output(testcase, moved, incremental_step=step)
    testcase.data = data
    fixes = testcase.parent._fixes
    for fix in fixes:
        fix.lines[:] = [re.sub(r"# ([ENW]): \0(\d+)\0", r"# \1:\2: ", line) for line in fix.lines]
