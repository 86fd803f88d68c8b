"""A type checker without the plugin takes any `str` as a key, and sees the exact type of every result."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parent / "second_checker"
STRICT = '{"typeCheckingMode": "strict", "include": ["."]}'


def basedpyright(directory: Path) -> subprocess.CompletedProcess[str]:
    (directory / "pyrightconfig.json").write_text(STRICT)
    return subprocess.run(
        [sys.executable, "-m", "basedpyright", "--project", directory, "--pythonpath", sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_public_api(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "public_api.py", tmp_path)
    checked = basedpyright(tmp_path)
    assert "0 errors, 0 warnings" in checked.stdout, checked.stdout


def test_a_wrong_type_would_be_seen(tmp_path: Path) -> None:
    text = (EXAMPLES / "public_api.py").read_text()
    assert text.count("dict[str, str])") == 2
    (tmp_path / "public_api.py").write_text(text.replace("dict[str, str])", "dict[str, bytes])"))
    checked = basedpyright(tmp_path)
    assert "2 errors, 0 warnings" in checked.stdout, checked.stdout
