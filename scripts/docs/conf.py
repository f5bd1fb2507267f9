"""Settings of Sphinx for the documentation site."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import dromos

project = "dromos"
author = copyright = "the dromos developers"
version = release = dromos.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "names",
]
exclude_patterns: list[str] = []

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # an attribute that is also a property is described once
napoleon_attr_annotations = False  # their types stand in the class, and are not RST
python_maximum_signature_line_length = 80
toc_object_entries = False
smartquotes = False  # quotation marks are mostly those of code

html_theme = "furo"
html_title = "dromos"
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"top_of_page_buttons": []}
