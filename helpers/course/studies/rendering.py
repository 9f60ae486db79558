"""What the studies found, as text: for a chapter, for the page of all claims, for the README."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import pandas as pd

from helpers.course.studies.contrasts import together
from helpers.course.studies.findings import Figure, Finding
from helpers.course.studies.measuring import claims, study
from helpers.course.studies.storing import ROWS, rows
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
expected, and for each world one contrast with a margin; its rows, one figure of one seed each, lie
beside this page. A claim is borne out in a world (yes) where the whole 95 % interval of the
contrast lies beyond the margin (between the margins, where something is said to make no
difference), refuted (no) where all of it lies on the other side, and open otherwise. Partly: in
some of the worlds. No: in none of them, and refuted in one at least.

A *demonstration* shows what mathematics says anyway, or nearly; a *test* could have failed.
Margins, contrasts and some claims were put into this form after a look at a first block of rows.
Which claims were drawn anew since, and which still stand on those rows, is said as *History* under
each that has one. There are several hundred intervals on this page: twenty in four hundred miss by
chance. The verdicts hang on the contrasts alone.

A figure stands with its 95 % interval. Where the truth is known: over new draws of the world. On
real shoppers: the figure of all households, and 1.96 standard deviations over draws of them to
either side; the households that a model was trained on and the cut in time are held fixed unless a
note says otherwise, so that other training data or another season could move a figure further.
"""


MOVED = """\
When each claim was first judged, several intervals decided at once, some of them by holding zero,
and those of real shoppers were the percentiles of thirty draws. Since one contrast a world decides,
these verdicts differ; why stands in the History of each.
"""


def verdicts(claim: str, table: pd.DataFrame | None = None) -> dict[str, str]:
    """The verdict on a claim by world: "yes", "no" or "open", from its stored rows or others."""
    table = rows(claim) if table is None else table
    return {world: one.verdict(table) for world, one in study(claim).CONTRASTS.items()}


def verdict(claim: str, table: pd.DataFrame | None = None) -> str:
    """The verdict on a claim in one word, of all its worlds: "yes", "partly", "open" or "no"."""
    return together(list(verdicts(claim, table).values()))


def found(claim: str) -> Finding:
    """What a study finds in its stored rows."""
    return study(claim).finding(rows(claim))


def by_world(result: Finding) -> list[tuple[str, Sequence[Figure]]]:
    """The figures of a finding under their titles, without a world that has none."""
    parts = [("Where the truth is known", result.known), ("On real shoppers", result.real)]
    return [(title, figures) for title, figures in parts if figures]


def tally() -> str:
    """How many claims are borne out."""
    kinds = {claim: study(claim).KIND for claim in claims()}
    tests = [verdict(claim) for claim, kind in kinds.items() if kind == "test"]
    shown = [verdict(claim) for claim, kind in kinds.items() if kind != "test"]
    yes, partly, no, still = (tests.count(word) for word in ("yes", "partly", "no", "open"))
    return (
        f"Of {len(kinds)} claims, {len(shown)} are demonstrations of what is known "
        f"({shown.count('yes')} came out so), and {len(tests)} could have failed: of these, {yes} "
        f"were borne out in every world tried, {partly} in some, {no} in none, and {still} stayed "
        "open."
    )


def moved() -> str:
    """The verdicts that are not what they were before their rule was changed, as Markdown."""
    table = [["", "claim", "was", "is", "decided by"], ["---"] * 5]
    for claim in claims():
        module, now = study(claim), verdict(claim)
        was = getattr(module, "WAS", now)
        if was != now:
            names = "; ".join(f"{world}: {one.what}" for world, one in module.CONTRASTS.items())
            table.append([f"[{claim}](#{claim})", module.CLAIM, was, borne_out(claim), names])
    if len(table) == 2:
        return "No verdict has moved."
    return _markdown(table)


def claims_table(only: list[str] | None = None) -> str:
    """One line a claim, and all its figures folded below, as Markdown; of the claims in `only`, for
    the chapter that reads them, or of all, with their chapters and links."""
    head = ["", "claim", "kind", "borne out", "what we measured"]
    table = [head if only else [*head, "chapter"]]
    table.append(["---"] * len(table[0]))
    folded = []
    for claim in only or claims():
        module, result = study(claim), found(claim)
        row = [module.CLAIM, module.KIND, borne_out(claim), result.measured]
        table.append([claim, *row] if only else [f"[{claim}](#{claim})", *row, module.CHAPTER])
        folded.append(details(claim, result))
    return "\n\n".join([_markdown(table), *folded])


def short_table(words: dict[str, str]) -> str:
    """One line a claim, in the `words` of a chapter, with its verdict in one word and what was
    measured; all its figures folded below. As Markdown."""
    table = [["", "advice", "holds?", "what we measured"], ["---"] * 4]
    folded = []
    for claim, said in words.items():
        result = found(claim)
        table.append([claim, said, verdict(claim), result.measured])
        parts = [f'<details id="{claim}"><summary>{claim}: all figures</summary>']
        parts += [_figures(title, figures) for title, figures in by_world(result)]
        folded.append("\n\n".join([*parts, "</details>"]))
    return "\n\n".join([_markdown(table), *folded])


def borne_out(claim: str) -> str:
    """The verdict in one word, and by world where these differ: "partly (coupons: no)"."""
    by_name, whole = verdicts(claim), verdict(claim)
    if len(set(by_name.values())) == 1:
        return whole
    return f"{whole} ({'; '.join(f'{world}: {word}' for world, word in by_name.items())})"


def details(claim: str, result: Finding) -> str:
    """What was expected of a claim, what decides, all figures of its finding, and what was changed,
    folded, as Markdown."""
    module, table = study(claim), rows(claim)
    parts = [
        f'<details id="{claim}"><summary>{claim}: all figures</summary>',
        _wrapped(f"Expected: {module.EXPECTED}."),
    ]
    judged = [["Decided by", "contrast", "borne out if", "figure", "verdict"], ["---"] * 5]
    for world, one in module.CONTRASTS.items():
        figure = one.figure(table)
        line = [world, one.what, one.region(), figure.text(), one.verdict(table)]
        judged.append(line)
    parts.append(_markdown(judged))
    parts += [_figures(title, figures) for title, figures in by_world(result)]
    if result.note:
        parts.append(_wrapped(result.note))
    if module.HISTORY:
        parts.append(_wrapped(f"History: {' '.join(module.HISTORY)}"))
    return "\n\n".join([*parts, "</details>"])


def listing(claim: str) -> str:
    """A claim, its verdicts and all its figures, as plain text for a terminal."""
    module, result, table = study(claim), found(claim), rows(claim)
    lines = [
        f"{claim} {module.CLAIM} ({module.KIND})",
        f"    {borne_out(claim)}: {result.measured}",
    ]
    for world, one in module.CONTRASTS.items():
        lines.append(f"    {world}: {one.verdict(table)}, {one.what} {one.figure(table).text()}")
        lines[-1] += f", borne out if {one.region()}"
    for title, figures in by_world(result):
        lines.append(f"  {title}")
        width = max(len(figure.what) for figure in figures)
        for figure in figures:
            lines.append(f"    {figure.what:<{width}}  {figure.text()}")
    return "\n".join(lines)


def page() -> str:
    """The page of all claims."""
    found = [
        f"# What people say, what we measured\n\n{_wrapped(tally())}\n\n{INTRODUCTION}",
        claims_table(),
        f"## Verdicts that moved\n\n{MOVED}",
        moved(),
    ]
    return "\n\n".join(part.strip() for part in found) + "\n"


def readme_claims() -> str:
    """How many claims are borne out, and the most surprising of them."""
    lines = [_wrapped(f"{tally()} Those that may surprise most:"), ""]
    for claim in SURPRISING:
        result = found(claim)
        asked = study(claim).CLAIM
        asked = asked[0].upper() + asked[1:]
        text = f"- {asked}. **{verdict(claim).capitalize()}:** {result.measured} ({claim})."
        lines.append(_wrapped(text, "  "))
    return "\n".join(lines)


def write_pages() -> None:
    """Write the page of all claims and the README's part anew from the stored rows."""
    write_text(PAGE, page())
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    write_text(README, pattern.sub(lambda _: f"{BEGIN}\n{readme_claims()}\n{END}", text))


def _figures(title: str, figures: Sequence[Figure]) -> str:
    lines = [[title, "figure"], ["---", "---"]]
    return _markdown(lines + [[figure.what, figure.text()] for figure in figures])


def _markdown(table: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
