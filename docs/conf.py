"""How Sphinx builds the site: `uv run --group docs sphinx-build -W --keep-going docs .site`."""

from __future__ import annotations

from importlib.metadata import version as version_of

project = "civiredis"
release = version = version_of("civiredis")
project_copyright = "the authors of civiredis, MIT licence"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = f"civiredis {version}"
myst_heading_anchors = 3
html_static_path = ["_static"]
html_css_files = ["wide.css"]
pygments_style = "friendly"

default_role = "code"  # docstrings are plain text with `names`, and no reStructuredText
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_display_short_literal_types = True
maximum_signature_line_length = 100
toc_object_entries = False
