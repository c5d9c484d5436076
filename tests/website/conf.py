# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's configuration, copied beside the pages by ``tests.website``."""

from __future__ import annotations

project = "idgov.entra"
author = "idgov.entra contributors"
project_copyright = "2026, idgov.entra contributors"
extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext", "sphinx_design"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns: list[str] = []

# Anchors of headings as GitHub makes them, so that links work in both places.
myst_heading_anchors = 4

# The few places of Ansible's own documentation that the pages of plugins name; no network is needed.
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/ansible/latest/", "ansible.inv")}
intersphinx_disabled_reftypes: list[str] = []

# YAML with templates in it, and shortened outputs, are not always what a highlighter takes for YAML.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "idgov.entra"
html_baseurl = "https://idgov.github.io/entra/"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "source_repository": "https://github.com/idgov/entra/",
    "footer_icons": [],
}
