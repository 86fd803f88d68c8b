"""An editor's mypy: a daemon that is asked about a file again after each change."""

from __future__ import annotations

import contextlib
import io
import shutil
import traceback
from pathlib import Path

from mypy.dmypy_server import Server, process_start_options

import civiredis
from tests.robustness.checking import FLAGS, Answer


class Editor:
    """Keeps one program open, and checks it as it is after each change."""

    def __init__(self, directory: Path, *, plugin: bool) -> None:
        self.directory = directory
        self.file = directory / "edited.py"
        # A copy, as a daemon watches all that it has read, and a developer may be editing the package meanwhile.
        shutil.copytree(Path(civiredis.__file__).parent, directory / "civiredis")
        lines = ["[mypy]", f"mypy_path = {directory}", *(["plugins = civiredis_mypy"] if plugin else [])]
        (directory / "mypy.ini").write_text("\n".join(lines), encoding="utf-8")
        self.restart()

    def restart(self) -> None:
        """Start the daemon anew, with what the last one has kept."""
        flags = ["--config-file", str(self.directory / "mypy.ini"), "--cache-dir", str(self.directory / "cache")]
        flags += [flag for flag in FLAGS if flag != "--show-traceback"]
        options = process_start_options(flags, allow_sources=False)
        self.server = Server(options, str(self.directory / "status.json"))

    def show(self, text: str) -> Answer:
        """Answer what mypy says of the file once it reads `text`."""
        self.file.write_text(text, encoding="utf-8")
        # The others are always in sight: mypy's daemon crashes where a large package comes and goes.
        files = [str(file) for file in sorted(self.directory.glob("*.py"))]
        noise = io.StringIO()
        try:
            with contextlib.redirect_stderr(noise), contextlib.redirect_stdout(noise):
                answer = self.server.cmd_check(files, export_types=False, is_tty=False, terminal_width=80)
        except SystemExit:  # that is how mypy reports an INTERNAL ERROR
            return Answer(-1, (), f"INTERNAL ERROR\n{noise.getvalue()}{traceback.format_exc()}")
        except Exception:  # noqa: BLE001 every exception is the finding
            return Answer(-1, (), f"INTERNAL ERROR\n{noise.getvalue()}{traceback.format_exc()}")
        shown = str(answer["out"]).replace(str(self.file), self.file.name)
        return Answer(int(str(answer["status"])), tuple(shown.splitlines()), str(answer["err"]))
