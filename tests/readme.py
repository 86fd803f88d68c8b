"""The README as data: its examples as files, and the output of commands in its marked blocks.

`uv run python -m tests.readme` writes the output of `civiredis demo` and of the other commands into it anew, and what
the commands of each page of `docs/` say into that.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"

_BLOCK = re.compile(r"```(?P<language>\w+)\n# (?P<path>[\w./]+)\n(?P<text>.*?)```", re.DOTALL)
_EXPECTED = re.compile(r"  # error: \[(?P<code>[a-z-]+)\]")


def write_examples(directory: Path) -> None:
    """Write every block that begins with a file's name to that file below `directory`."""
    (directory / "app").mkdir()
    (directory / "app" / "__init__.py").touch()
    for block in _BLOCK.finditer(README.read_text()):
        path = directory / block["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        # The first line keeps its comment, so that lines are counted as in the block.
        path.write_text(f"# {block['path']}\n{block['text']}")


def expected_errors(directory: Path) -> list[tuple[str, int, str]]:
    """List file, line and code of every error that the examples announce."""
    return sorted(
        (str(path.relative_to(directory)), number, found["code"])
        for path in directory.rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := _EXPECTED.search(line))
    )


def marked(name: str) -> str:
    """The text block behind the comment `<!-- name -->`."""
    found = _marked(name).search(README.read_text())
    assert found is not None, f"README.md has no block {name}"
    return found["text"]


def marks() -> list[str]:
    """The names of all marked blocks."""
    return re.findall(r"^<!-- (.*) -->$", README.read_text(), re.MULTILINE)


def demo_output() -> dict[str, str]:
    """What the demo shows of mypy and of the program, by the name of its block."""
    demo = "from civiredis.cli import main; main(['demo'])"
    done = subprocess.run([sys.executable, "-c", demo], capture_output=True, text=True, check=True)
    lines = [line.removeprefix("    ") for line in done.stdout.splitlines()]
    starts = [number for number, line in enumerate(lines) if line.startswith("$ python -m ")]
    mypy, _corrected, program = ("\n".join(lines[start:]) for start in starts)
    return {
        "demo: mypy": mypy[: mypy.index("\n\n")] + "\n",
        "demo: program": program[: program.index("\n\n")] + "\n",
    }


def _marked(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {name} -->\n```text\n(?P<text>.*?)```", re.DOTALL)


def main() -> None:
    """Write what the commands show now into the README and the pages."""
    from tests.docs.pages import PAGES, write_outputs, write_page  # noqa: PLC0415 they read the README through this
    from tests.readme_commands import command_output  # noqa: PLC0415 it reads the README as this module has it

    readme = README.read_text()
    for name, text in (demo_output() | command_output()).items():
        found = _marked(name).search(readme)
        assert found is not None, f"README.md has no block {name}"
        readme = f"{readme[: found.start('text')]}{text}{readme[found.end('text') :]}"
    README.write_text(readme)
    with tempfile.TemporaryDirectory() as cache:
        for page in PAGES:
            with tempfile.TemporaryDirectory() as directory:
                write_page(page, Path(directory))
                write_outputs(page, Path(directory), Path(cache))


if __name__ == "__main__":
    main()
