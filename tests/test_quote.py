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
from helpers.errors import ReaderError
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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("http://evil.example", "look")', "'"),
        ("=cmd|' /C calc'!A0", "'"),
        ("@SUM(1,2)", "'"),
        ("+10", "'"),
        ("-2+3+cmd|' /C calc'!A0", "'"),
        ("\tx", "'"),
        ("\rx", "'"),
        ("\uff1d1+1", "'"),
        ("-12.50", ""),
        ("-1.234,50", ""),
        ("a=b", ""),
        ("anna@example.com", ""),
        ("", ""),
    ],
)
def test_a_formula_is_text_in_a_spreadsheet(text, written):
    assert quote.cell(text) == written + text


def test_a_formula_is_text_also_where_a_spreadsheet_splits_lines_in_its_own_way():
    assert quote.cell("Anna;=1+1") == "Anna;'=1+1"


def test_a_written_table_says_what_was_changed_and_leaves_numbers(tmp_path):
    day = pd.Timestamp("2025-01-01")
    table = pd.DataFrame({"=who": ["=1+1", "Anna", None], "amount": [-5.5, 1.0, 2.0], "when": day})
    before = table.copy()
    said = quote.write_csv(table, tmp_path / "t.csv")
    pd.testing.assert_frame_equal(table, before)
    assert (tmp_path / "t.csv").read_text().splitlines() == [
        "'=who,amount,when",
        "'=1+1,-5.5,2025-01-01",
        "Anna,1.0,2025-01-01",
        ",2.0,2025-01-01",
    ]
    assert said.endswith("spreadsheet: 2 texts.")
    assert quote.write_csv(table[["amount"]], tmp_path / "t.csv") == ""


def test_every_csv_of_customers_goes_through_it():
    """Others write tables of the course itself: the simulated shop and the rows of studies; one
    makes a text to be hashed, one a small simulated shop for an engine to load."""
    other = {
        "simulator/storage.py",
        "course/studies/storing.py",
        "course/studies/parts.py",
        "production/scoring.py",
        "features/warehouse/writing.py",
    }
    rooms = ROOT / "helpers"
    writes = {
        path.relative_to(rooms).as_posix()
        for path in rooms.rglob("*.py")
        if ".to_csv(" in path.read_text(encoding="utf-8")
    }
    assert writes == other | {"quote.py"}


def test_a_list_is_written_only_where_asked_and_never_over_a_file(tmp_path, capsys):
    table = pd.DataFrame(
        {"segment": [0, 1], "name": ["regulars", "=1+1"]},
        index=pd.Index(["007", "008"], name="customer_id"),
    )
    quote.save_list(table)
    assert "Nothing was written" in capsys.readouterr().out and not list(tmp_path.iterdir())
    path = tmp_path / "my_segments.csv"
    quote.save_list(table, path)
    assert "2 rows written" in capsys.readouterr().out
    written = path.read_text(encoding="utf-8")
    assert written.splitlines() == ["customer_id,segment,name", "007,0,regulars", "008,1,'=1+1"]
    with pytest.raises(ReaderError, match="exists"):
        quote.save_list(table, path)
    assert path.read_text(encoding="utf-8") == written
    quote.save_list(table.reset_index(), tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_text(encoding="utf-8") == written
    with pytest.raises(ReaderError, match="was not written"):
        quote.save_list(table, tmp_path / "nowhere" / "my_segments.csv")
