"""A value stays a value: whatever it holds, it is neither code nor markup."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import quote
from helpers.files import ROOT

plain = st.none() | st.booleans() | st.integers() | st.text()
values = st.recursive(plain, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=9)


@given(values)
def test_python_gives_the_value_back(value):
    assert ast.literal_eval(quote.python(value)) == value


def test_python_refuses_what_is_no_plain_value():
    for value in (pd.Timestamp("2025-01-01"), object(), [object()], {"a": {1, 2}}):
        with pytest.raises(TypeError, match="is not written into code"):
            quote.python(value)


class Seen(HTMLParser):
    """The tags, and the text of attribute and body, of a page."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@given(st.text(alphabet=st.sampled_from("<>&'\"/= ab;!-")))
def test_html_is_text_in_a_body_and_in_an_attribute(text):
    seen = Seen(f"<p title='{quote.html(text)}'>{quote.html(text)}</p>")
    assert seen.tags == ["p"] and seen.attributes == [("title", text)] and seen.text == text


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "a | b",
        "**x**",
        "`x`",
        "# a\n# b",
    ],
)
def test_markdown_is_one_line_of_text(text):
    found = quote.markdown(text)
    assert "\n" not in found and "<" not in found
    assert not re.search(r"(?<!\\)[\[\]|*`#_]", found)


def test_a_column_name_stays_readable_in_markdown():
    assert quote.markdown("age_band") == "age_band"


def test_there_is_one_place_that_escapes():
    said = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "helpers").rglob("*.py")
        if re.search(r"html\.escape|from html import|^import html", path.read_text("utf-8"), re.M)
    ]
    assert said == ["helpers/quote.py"]
