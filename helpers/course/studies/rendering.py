"""What the studies found, as text: for a chapter, for the page of all claims, for the README."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from types import ModuleType
from typing import NamedTuple

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


class Told(NamedTuple):
    """All that a page tells of a claim, from one reading of its rows: how each contrast came out
    and its verdict, by world."""

    claim: str
    module: ModuleType
    result: Finding
    contrasts: dict[str, Figure]
    verdicts: dict[str, str]

    @property
    def verdict(self) -> str:
        """The verdict in one word, of all worlds."""
        return together(list(self.verdicts.values()))

    @property
    def borne_out(self) -> str:
        """The verdict in one word, and by world where these differ: "partly (coupons: no)"."""
        if len(set(self.verdicts.values())) == 1:
            return self.verdict
        parts = (f"{world}: {word}" for world, word in self.verdicts.items())
        return f"{self.verdict} ({'; '.join(parts)})"


def told(claim: str) -> Told:
    """What the stored rows of a claim tell."""
    module, table = study(claim), rows(claim)
    contrasts = {world: one.figure(table) for world, one in module.CONTRASTS.items()}
    return Told(claim, module, module.finding(table), contrasts, verdicts(claim, table))


def told_of_all() -> list[Told]:
    """What the stored rows of all claims tell, in their order."""
    return [told(claim) for claim in claims()]


def by_world(result: Finding) -> list[tuple[str, Sequence[Figure]]]:
    """The figures of a finding under their titles, without a world that has none."""
    parts = [("Where the truth is known", result.known), ("On real shoppers", result.real)]
    return [(title, figures) for title, figures in parts if figures]


def tally(all_claims: Sequence[Told]) -> str:
    """How many claims are borne out."""
    tests = [one.verdict for one in all_claims if one.module.KIND == "test"]
    shown = [one.verdict for one in all_claims if one.module.KIND != "test"]
    yes, partly, no, still = (tests.count(word) for word in ("yes", "partly", "no", "open"))
    return (
        f"Of {len(all_claims)} claims, {len(shown)} are demonstrations of what is known "
        f"({shown.count('yes')} came out so), and {len(tests)} could have failed: of these, {yes} "
        f"were borne out in every world tried, {partly} in some, {no} in none, and {still} stayed "
        "open."
    )


def moved(all_claims: Sequence[Told]) -> str:
    """The verdicts that are not what they were before their rule was changed, as Markdown."""
    table = [["", "claim", "was", "is", "decided by"], ["---"] * 5]
    for one in all_claims:
        was = getattr(one.module, "WAS", one.verdict)
        if was != one.verdict:
            names = "; ".join(f"{world}: {by.what}" for world, by in one.contrasts.items())
            link = f"[{one.claim}](#{one.claim})"
            table.append([link, one.module.CLAIM, was, one.borne_out, names])
    if len(table) == 2:
        return "No verdict has moved."
    return _markdown(table)


def claims_table(only: list[str]) -> str:
    """One line a claim, and all its figures folded below, as Markdown, of the claims in `only`: for
    the chapter that reads them."""
    return _lines_and_details([told(claim) for claim in only], for_chapter=True)


def _lines_and_details(those: Sequence[Told], for_chapter: bool) -> str:
    """The table of `claims_table`; for the page of all claims, with their chapters and links."""
    head = ["", "claim", "kind", "borne out", "what we measured"]
    table = [head if for_chapter else [*head, "chapter"]]
    table.append(["---"] * len(table[0]))
    for one in those:
        row = [one.module.CLAIM, one.module.KIND, one.borne_out, one.result.measured]
        if for_chapter:
            table.append([one.claim, *row])
        else:
            table.append([f"[{one.claim}](#{one.claim})", *row, one.module.CHAPTER])
    return "\n\n".join([_markdown(table), *map(details, those)])


def short_table(words: dict[str, str]) -> str:
    """One line a claim, in the `words` of a chapter, with its verdict in one word and what was
    measured; all its figures folded below. As Markdown."""
    table = [["", "what people say", "true?", "what we measured"], ["---"] * 4]
    folded = []
    for one in map(told, words):
        table.append([one.claim, words[one.claim], one.verdict, one.result.measured])
        parts = [f'<details id="{one.claim}"><summary>{one.claim}: all figures</summary>']
        parts += [_figures(title, figures) for title, figures in by_world(one.result)]
        folded.append("\n\n".join([*parts, "</details>"]))
    return "\n\n".join([_markdown(table), *folded])


def details(one: Told) -> str:
    """What was expected of a claim, what decides, all figures of its finding, and what was changed,
    folded, as Markdown."""
    module = one.module
    parts = [
        f'<details id="{one.claim}"><summary>{one.claim}: all figures</summary>',
        _wrapped(f"Expected: {module.EXPECTED}."),
    ]
    judged = [["Decided by", "contrast", "borne out if", "figure", "verdict"], ["---"] * 5]
    for world, figure in one.contrasts.items():
        region = module.CONTRASTS[world].region()
        judged.append([world, figure.what, region, figure.text(), one.verdicts[world]])
    parts.append(_markdown(judged))
    parts += [_figures(title, figures) for title, figures in by_world(one.result)]
    if one.result.note:
        parts.append(_wrapped(one.result.note))
    if module.HISTORY:
        parts.append(_wrapped(f"History: {' '.join(module.HISTORY)}"))
    return "\n\n".join([*parts, "</details>"])


def listing(claim: str) -> str:
    """A claim, its verdicts and all its figures, as plain text for a terminal."""
    one = told(claim)
    lines = [
        f"{claim} {one.module.CLAIM} ({one.module.KIND})",
        f"    {one.borne_out}: {one.result.measured}",
    ]
    for world, figure in one.contrasts.items():
        lines.append(f"    {world}: {one.verdicts[world]}, {figure.what} {figure.text()}")
        lines[-1] += f", borne out if {one.module.CONTRASTS[world].region()}"
    for title, figures in by_world(one.result):
        lines.append(f"  {title}")
        width = max(len(figure.what) for figure in figures)
        for figure in figures:
            lines.append(f"    {figure.what:<{width}}  {figure.text()}")
    return "\n".join(lines)


def page(all_claims: Sequence[Told]) -> str:
    """The page of all claims."""
    parts = [
        f"# What people say, what we measured\n\n{_wrapped(tally(all_claims))}\n\n{INTRODUCTION}",
        _lines_and_details(all_claims, for_chapter=False),
        f"## Verdicts that moved\n\n{MOVED}",
        moved(all_claims),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def readme_claims(all_claims: Sequence[Told]) -> str:
    """How many claims are borne out, and the most surprising of them."""
    lines = [_wrapped(f"{tally(all_claims)} Those that may surprise most:"), ""]
    for one in all_claims:
        if one.claim not in SURPRISING:
            continue
        asked = one.module.CLAIM
        asked = asked[0].upper() + asked[1:]
        text = f"- {asked}. **{one.verdict.capitalize()}:** {one.result.measured} ({one.claim})."
        lines.append(_wrapped(text, "  "))
    return "\n".join(lines)


def write_pages() -> None:
    """Write the page of all claims and the README's part anew from the stored rows."""
    all_claims = told_of_all()
    write_text(PAGE, page(all_claims))
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    write_text(README, pattern.sub(lambda _: f"{BEGIN}\n{readme_claims(all_claims)}\n{END}", text))


def _figures(title: str, figures: Sequence[Figure]) -> str:
    lines = [[title, "figure"], ["---", "---"]]
    return _markdown(lines + [[figure.what, figure.text()] for figure in figures])


def _markdown(table: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
