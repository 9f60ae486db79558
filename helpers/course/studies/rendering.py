"""What the studies found, as text: for a chapter, for the page of all claims, for the README."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from helpers.course.studies.findings import VERDICTS, Figure, Finding
from helpers.course.studies.measuring import ROWS, claims, rows, study
from helpers.files import ROOT, write_text

README = ROOT / "README.md"
PAGE = ROWS / "README.md"
BEGIN, END = (
    "<!-- claims: written by python -m helpers.course.studies -->",
    "<!-- end of claims -->",
)
# each goes against a textbook, a default or a habit, and each would change what one does on Monday
SURPRISING = ("c16", "c17", "c22", "c29", "c31")
INTRODUCTION = """\
Each claim was tried where the truth is known, in simulated worlds, and where that was possible on
the households of The Complete Journey. Its file in `helpers/course/studies/` holds what was
expected and the rule of the verdict; its rows, one figure of one seed each, lie beside this page.

A figure stands with its 95 % interval: where the truth is known, over new draws of the world; on
real shoppers, over samples of the households (some thirty, so that its ends are rough), while what
a model was trained on stays the same unless a note says otherwise.
"""


def found(claim: str) -> Finding:
    """What a study finds in its stored rows."""
    return study(claim).finding(rows(claim))


def by_world(result: Finding) -> list[tuple[str, Sequence[Figure]]]:
    """The figures of a finding under their titles, without a world that has none."""
    parts = [("Where the truth is known", result.known), ("On real shoppers", result.real)]
    return [(title, figures) for title, figures in parts if figures]


def tally() -> str:
    """How many claims are borne out."""
    verdicts = [found(claim).verdict for claim in claims()]
    yes, partly, no = (verdicts.count(word) for word in VERDICTS)
    return f"Of {len(verdicts)} claims, {yes} are borne out, {partly} partly, and {no} not."


def claims_table(only: list[str] | None = None) -> str:
    """One line a claim, and all its figures folded below, as Markdown; of the claims in `only`, for
    the chapter that reads them, or of all, with their chapters and links."""
    head = ["", "claim", "borne out", "what we measured"]
    table = [head if only else [*head, "chapter"]]
    table.append(["---"] * len(table[0]))
    folded = []
    for claim in only or claims():
        module, result = study(claim), found(claim)
        row = [module.CLAIM, result.verdict, result.measured]
        table.append([claim, *row] if only else [f"[{claim}](#{claim})", *row, module.CHAPTER])
        folded.append(details(claim, result))
    return "\n\n".join([_markdown(table), *folded])


def details(claim: str, result: Finding) -> str:
    """What was expected of a claim and all figures of its finding, folded, as Markdown."""
    parts = [
        f'<details id="{claim}"><summary>{claim}: all figures</summary>',
        _wrapped(f"Expected: {study(claim).EXPECTED}."),
    ]
    for title, figures in by_world(result):
        table = [[title, "figure"], ["---", "---"]]
        for figure in figures:
            table.append([figure.what, figure.text()])
        parts.append(_markdown(table))
    if result.note:
        parts.append(_wrapped(result.note))
    return "\n\n".join([*parts, "</details>"])


def listing(claim: str) -> str:
    """A claim, its verdict and all its figures, as plain text for a terminal."""
    result = found(claim)
    lines = [f"{claim} {study(claim).CLAIM}", f"    {result.verdict}: {result.measured}"]
    for title, figures in by_world(result):
        lines.append(f"  {title}")
        width = max(len(figure.what) for figure in figures)
        for figure in figures:
            lines.append(f"    {figure.what:<{width}}  {figure.text()}")
    return "\n".join(lines)


def page() -> str:
    """The page of all claims."""
    return f"# What people say, what we measured\n\n{tally()}\n\n{INTRODUCTION}\n{claims_table()}\n"


def readme_claims() -> str:
    """How many claims are borne out, and the most surprising of them."""
    lines = [f"{tally()} Those that may surprise most:", ""]
    for claim in SURPRISING:
        result = found(claim)
        asked = study(claim).CLAIM
        asked = asked[0].upper() + asked[1:]
        text = f"- {asked}. **{result.verdict.capitalize()}:** {result.measured} ({claim})."
        lines.append(_wrapped(text, "  "))
    return "\n".join(lines)


def write_pages() -> None:
    """Write the page of all claims and the README's part anew from the stored rows."""
    write_text(PAGE, page())
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    write_text(README, pattern.sub(lambda _: f"{BEGIN}\n{readme_claims()}\n{END}", text))


def _markdown(table: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
