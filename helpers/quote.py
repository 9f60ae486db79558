"""A value that goes into HTML, Markdown or Python code stays a value.

Names of files, columns, categories and people come from outside. Wherever one is put into a page,
a report or a notebook, it goes through one of these three.
"""

from __future__ import annotations

import html as _html
import re
from typing import Any

# an underscore within a word is no markup, and stays readable
_MARKDOWN = re.compile(r"([\\`*\[\]|~$#!]|(?<![^\W_])_|_(?![^\W_]))")


def html(value: Any) -> str:
    """The text of `value` for HTML, also within an attribute's quotes."""
    return _html.escape(str(value), quote=True)


def markdown(value: Any) -> str:
    """The text of `value` for one line of Markdown or a cell of its tables; line breaks are
    spaces."""
    text = _html.escape(" ".join(str(value).split()), quote=False)
    return _MARKDOWN.sub(r"\\\1", text)


def python(value: Any) -> str:
    """Python code for `value`: text, a number, a flag, None, or lists and dicts of these.

    Raises TypeError for anything else, whose `repr` need not be code.
    """
    if isinstance(value, dict):
        pairs = (f"{python(key)}: {python(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(python, value)) + "]"
    if value is None or type(value) in (str, bool, int, float):
        return repr(value)
    raise TypeError(f"a {type(value).__name__} is not written into code")
