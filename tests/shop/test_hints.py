"""What is told in Python is told elsewhere as one does it there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pandas as pd
import pytest
from IPython.lib.pretty import pretty

from helpers import shop
from helpers.shop import hints
from helpers.shop.shell import ON_THE_SHELL
from helpers.workbench.words import ON_THE_SCREEN

SAID = {
    'name it: shop.read(..., columns={"amount": "..."})': (
        "name it: choose the column at “Money of the line” below",
        "name it: --columns amount=...",
    ),
    'say which: columns={"a": "A b"} or columns={"a": "C"}': (
        "say which: choose “A b” at “A” below or choose “C” at “A” below",
        "say which: --columns 'a=A b' or --columns a=C",
    ),
    'say columns={"last": "x", "repeats": "y"}.': (
        "choose “x” at “Days first to last order” below and choose “y” at “Orders after the first” below.",
        "say --columns last=x and --columns repeats=y.",
    ),
    'where the file has none: columns={"amount": None}': (
        "where the file has none: choose “not in this file” at “Money of the line” below",
        "where the file has none: --columns amount=",
    ),
    "say it: shop.read(..., day_first=True) or day_first=False": (
        "say it: choose under “Dates are” which comes first, then “Read again”",
        "say it: --day-first or --month-first",
    ),
    'say it: shop.read(..., decimal=".") or decimal=","': (
        "say it: choose under “Numbers are” how they are written, then “Read again”",
        "say it: --decimal . or --decimal ,",
    ),
    'say it: shop.read(..., encoding="shift_jis")': (
        "say it: save the file as “CSV UTF-8”, then choose it again",
        "say it: --encoding shift_jis",
    ),
    "if letters look wrong, say encoding=...": (
        "if letters look wrong, save the file as “CSV UTF-8”, then choose it again",
        "if letters look wrong, say --encoding ...",
    ),
    'where each row is a customer, say row_is="customer"': (
        "where each row is a customer, choose that under “Each row is”, then “Read again”",
        "where each row is a customer, say --row-is customer",
    ),
    "'kto' told by columns=": ("'kto' told by you", "'kto' told by you"),
    "nothing to say": ("nothing to say", "nothing to say"),
}


@pytest.mark.parametrize("text", SAID)
def test_a_hint_is_said_for_the_screen_and_for_the_shell(text):
    assert (hints.reword(text, ON_THE_SCREEN), hints.reword(text, ON_THE_SHELL)) == SAID[text]


def texts(path: Path) -> list[str]:
    """The texts of a source file, with x for what is put in."""
    found = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    within = {id(part) for node in joined for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if id(node) in within:
            continue
        parts = [*ast.iter_child_nodes(node)] if isinstance(node, ast.JoinedStr) else [node]
        whole = [part.value if isinstance(part, ast.Constant) else "x" for part in parts]
        if all(isinstance(part, str) for part in whole):
            found.append("".join(whole))
    return found


def test_every_hint_of_the_import_can_be_said_elsewhere():
    hint = re.compile(r'columns=\{"\w+": |(?:day_first|decimal|encoding|row_is)=["T.]')
    found = [
        text
        for path in Path(shop.__file__).parent.rglob("*.py")
        for text in texts(path)
        if hint.search(text) and "\n" not in text  # no docstring
    ]
    assert len(found) > 15
    for text in found:
        for place in (ON_THE_SCREEN, ON_THE_SHELL):
            assert not hint.search(hints.reword(text, place)), text


def test_errors_and_reports_are_said_elsewhere():
    both = pd.DataFrame({"customer": [1, 1], "client": [1, 2], "date": "2024-01-31", "amount": 1})
    with pytest.raises(shop.ShopError) as caught:
        shop.read(both)
    said = str(hints.reword_error(caught.value, ON_THE_SCREEN))
    assert "“client” at “Customer” below, then “Read again" in said and "columns=" not in said
    either = shop.ShopError("?", remedy='name it: columns={"a": "..."}; or say row_is="customer"')
    assert str(hints.reword_error(either, ON_THE_SCREEN)).endswith(
        "choose the column at “A” below, then “Read again”; or choose that "
        "under “Each row is”, then “Read again”"
    )
    totals = pd.DataFrame(
        {"customer_id": [1, 1, 2], "order_id": [1, 1, 2], "date": "2024-01-31", "Total": [5, 5, 6]}
    )
    report = shop.read(totals, {"customer_id": "customer_id"}).report
    assert pretty(report) == str(report)  # what a notebook shows of it
    assert "columns=" in str(report)
    assert max(map(len, report.text(60).splitlines())) <= 60
    shell, screen = (
        str(hints.reword_report(report, place)) for place in (ON_THE_SHELL, ON_THE_SCREEN)
    )
    assert "--columns order_total=Total" in shell and "columns=" not in screen


def test_an_unknown_role_is_said_for_the_shell():
    with pytest.raises(shop.ShopError) as caught:
        shop.read(pd.DataFrame({"a": [1]}), {"custmer_id": "a"})
    said = str(hints.reword_error(caught.value, ON_THE_SHELL))
    assert "Did you mean 'customer_id'?" in said and "--columns customer_id=Kunde" in said
    assert "columns=" not in said and "{" not in said
