"""The numbers of a notebook: what its cells printed and set, and the words that stand with each."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import chain

from prose.figures import stems

NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-+−])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<power>e[-+]?\d+)?(?P<percent>\s?%)?(?!\w)"
)
INTERVAL = re.compile(r"\[[^\[\]a-zA-Z]*\d%?, [^\[\]a-zA-Z]*\d%?\]|±\s?[\d.]+")
DURATION = re.compile(r"(\d+) ?D")


@dataclass
class Number:
    """A number that stands somewhere, a percentage as a share, with the words of its line, its row
    and its column."""

    value: float
    decimals: int
    words: frozenset[str]
    claim: str = ""  # the study that it is a figure of
    signed: bool = False
    percent: bool = False
    end: bool = False  # of an interval
    interval: tuple[float, ...] = ()  # the one that it ends, or stands before
    weights: dict[str, float] = field(default_factory=dict)


def weigh(found: Iterable[Number]) -> list[Number]:
    """Give each word of a cell's numbers its weight: the rarer in the cell, the more it says. The
    squares of a number's weights sum to one, so that long lines say no more than short ones."""
    numbers = list(found)
    held = Counter(word for number in numbers for word in number.words)
    for number in numbers:
        says = {word: math.log((len(numbers) + 1) / held[word]) for word in number.words}
        length = math.sqrt(sum(weight**2 for weight in says.values())) or 1.0
        number.weights = {word: weight / length for word, weight in says.items()}
    return numbers


def in_text(text: str, words: str, claim: str = "") -> Iterator[Number]:
    """The numbers of a text, all with the same words."""
    said = stems(words)
    intervals = [(*match.span(), ends(match[0])) for match in INTERVAL.finditer(text)]
    for match in NUMBER.finditer(text):
        start, stop = match.span()
        inside = [both for a, b, both in intervals if a <= start < b]
        before = [both for a, _, both in intervals if a == stop + 1]
        sign, digits = match["sign"] or "", match["digits"].replace(",", "")
        part = 100 if match["percent"] else 1
        value = float(digits + (match["power"] or "")) / part
        yield Number(
            -value if sign in ("-", "−") else value,
            len(digits.partition(".")[2]) + 2 * (part == 100),
            said,
            claim,
            signed=bool(sign),
            percent=bool(match["percent"]),
            end=bool(inside),
            interval=(inside or before or [()])[0],
        )


def ends(interval: str) -> tuple[float, ...]:
    """The ends of a printed interval, shares for percentages."""
    part = 100 if "%" in interval else 1
    return tuple(
        (-1 if match["sign"] in ("-", "−") else 1) * float(match["digits"].replace(",", "")) / part
        for match in NUMBER.finditer(interval)
    )


def printed(text: str) -> Iterator[Number]:
    """The numbers of a printed text. Lines without any are the head of those below them."""
    head, ends = "", True
    for line in text.splitlines():
        numbers = list(in_text(line, f"{head} {line}"))
        yield from numbers
        if not numbers:
            head = line if ends else f"{head} {line}"
        ends = bool(numbers)


def in_markdown(text: str) -> Iterator[Number]:
    """The numbers in the tables of claims, each with its claim."""
    claim = ""
    for line in text.splitlines():
        begins = re.match(r'<details id="(c\d\d)"', line)
        claim = begins[1] if begins else claim
        if line.startswith("|"):
            row = re.match(r"\| \[?(c\d\d)\b", line)
            yield from in_text(line, line, row[1] if row else claim)


class Tables(HTMLParser):
    """The rows of the tables of a page: (in the head?, [(is a name?, text, columns, rows)])."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[tuple[bool, list[list]]] = []
        self.head = self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "thead":
            self.head = True
        elif tag == "tr":
            self.rows.append((self.head, []))
        elif tag in ("td", "th"):
            self.inside = True
            spans = [int(given.get(name) or 1) for name in ("colspan", "rowspan")]
            self.rows[-1][1].append([tag == "th", "", *spans])

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            self.head = False
        elif tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][1][-1][1] += data


def in_tables(page: str) -> Iterator[Number]:
    """The numbers of HTML tables, each with the names of its row and its column."""
    columns: dict[int, str] = {}
    open_rows: dict[int, tuple[int, str]] = {}  # names that reach down: rows left, text
    for head, cells in Tables(page).rows:
        row: dict[int, tuple[bool, str]] = {}
        for name, text, wide, high in cells:
            while open_rows.get(len(row), (0, ""))[0]:
                left, above = open_rows[len(row)]
                open_rows[len(row)] = left - 1, above
                row[len(row)] = True, above
            for _ in range(wide):
                if high > 1:
                    open_rows[len(row)] = high - 1, text
                row[len(row)] = name, text
        if head:
            for place, (_, text) in row.items():
                columns[place] = f"{columns.get(place, '')} {text}"
            continue
        names = {
            place: text for place, (name, text) in row.items() if name or not NUMBER.search(text)
        }
        for place, (_, text) in row.items():
            others = " ".join(name for there, name in names.items() if there != place)
            yield from in_text(text, f"{others} {columns.get(place, '')}")
    for name in set(columns.values()):
        yield from in_text(name, NUMBER.sub("", name))


def set_in(code: str) -> Iterator[Number]:
    """The numbers that code sets, and the days and weeks of durations such as `"182D"`."""
    lines = code.splitlines()
    for node in constants(ast.parse(code)):
        # words to a picture are no code
        said = stems(re.sub(r"\"[^\"]{40,}\"", "", lines[node.lineno - 1]))
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            written = ast.get_source_segment(code, node) or ""
            yield Number(node.value, len(written.partition(".")[2]), said)
        duration = DURATION.fullmatch(str(node.value))
        if duration:
            days = int(duration[1])
            yield Number(days, 0, said | stems("days"))
            if days % 7 == 0:
                yield Number(days // 7, 0, said | stems("weeks"))


def constants(tree: ast.AST) -> Iterator[ast.Constant]:
    """The constants of code. Those within f-strings are left out: Python 3.11 does not say where
    they stand."""
    if isinstance(tree, ast.Constant):
        yield tree
    elif not isinstance(tree, ast.JoinedStr):
        for child in ast.iter_child_nodes(tree):
            yield from constants(child)


def joined(text: str | list[str]) -> str:
    """A text of a notebook, which may be stored as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def described(output: dict) -> str:
    """The alternative text of a picture."""
    return output.get("metadata", {}).get("image/png", {}).get("alt", "")


def of_cell(cell: dict) -> list[Number]:
    """The numbers that a code cell printed and those that it sets."""
    if cell["cell_type"] != "code":
        return []
    printed_by = (in_output(cell, output) for output in cell["outputs"])
    return [*weigh(chain.from_iterable(printed_by)), *weigh(set_in(joined(cell["source"])))]


def in_output(cell: dict, output: dict) -> Iterable[Number]:
    """The numbers of an output. Words to a picture that a helper wrote are an output, too."""
    data = {kind: joined(text) for kind, text in output.get("data", {}).items()}
    page = data.get("text/html", "")
    if "text" in output:
        return printed(joined(output["text"]))
    if "image/png" in data:
        return [] if by_hand(cell, output) else printed(described(output))
    if "text/markdown" in data:
        return in_markdown(data["text/markdown"])
    if page:
        return in_tables(page)
    return printed(data.get("text/plain", ""))


def by_hand(cell: dict, output: dict) -> bool:
    """Whether the words to a picture were written by the author, in the cell."""
    return bool(described(output)) and described(output)[:30] in joined(cell["source"])
