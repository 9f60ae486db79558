"""The figures of a text: each number that an author wrote, and the words around it.

Read are decimals, percentages, intervals in brackets, signed numbers and counts over ten. Code,
links, dates, years, and the numbers of chapters and exercises are not figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

MONTHS = "January February March April May June July August September October November December"
FIGURE = re.compile(
    r"(?<![\w.,/:-])(?P<sign>[-+−])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<percent>\s?%)?(?![\w,.]*\d|\w)"
)
PAIR = re.compile(r"\[[^\[\]a-zA-Z]*\d[^\[\]a-zA-Z]*\]")
NOT_READ = re.compile(
    r"`[^`]*`|\]\([^)]*\)|https?://\S+|<(?!!--)[^>]*>"  # code, links, tags
    rf"|\b\d{{1,2}} (?:{'|'.join(MONTHS.split())})\b"  # a day
    r"|\b(?:19|20)\d\d\b(?!,\d|\.\d)"  # a year
    r"|\b[Aa]rt\. \d+(?:\(\d+\))?"  # an article of a law
    r"|\b\d[\d,]*, \d[\d,]*,? or \d[\d,]*\?"  # choices of a guess
    r"|(?<![\d.])0\d(?:\.\d)?\b"  # a chapter, an exercise
)
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
# where a sentence ends, and where a part of one does
SENTENCE = re.compile(r"(?<=[.!?:])[*)\"]*\s+(?=[A-Z\"*(`+−.\d])|\n+")
CLAUSE = re.compile(r"[,;:()—]\s|\|| but | and | against | or ")
RANGE = re.compile(r" to [\d.]+\s?%|–[\d.]+\s?%")  # 46 to 48 %
WORD = re.compile(r"\bc\d\d\b|[^\W\d_]+²?|(?<![\d.,])\d[\d,]*(?![\d.,]*\d)")
EMPTY = frozenset(
    "the a an of in to and or is are be by for on at it as that this with from not no than but so "
    "what who which their its they has have had was were will would can all each".split()
)
SPELLED = "zero one two three four five six seven eight nine ten eleven twelve".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred".split()
NUMBERS = {word: str(number) for number, word in enumerate(SPELLED)}
NUMBERS |= {word: str(10 * number) for number, word in enumerate(TENS, start=2)}


def stems(text: str) -> frozenset[str]:
    """The words of a text, each cut to its first letters, so that `buyers` meets `buy`; whole
    numbers too, for tables have rows and columns named by one."""
    found = set()
    for word in WORD.findall(text.replace("_", " ").lower()):
        word = NUMBERS.get(word, word).replace(",", "")
        if word not in EMPTY:
            found.add(word if word[-1].isdigit() else word[:4])
    return frozenset(found)


@dataclass(frozen=True)
class Figure:
    """A number as it is written, without its sign and its percent sign."""

    text: str
    start: int  # where its digits begin in the text
    sign: str
    percent: bool
    paired: bool  # an end of an interval in brackets
    interval: tuple[int, ...]  # the signed digits of the interval that it ends or stands before
    clause: str
    sentence: str
    paragraph: str
    hint: str  # the comment behind it
    beside: tuple[int, ...] = field(default=())  # digits of the others in its sentence, alike in form

    @cached_property
    def decimals(self) -> int:
        return len(self.text.partition(".")[2])

    @cached_property
    def digits(self) -> int:
        return digits(self.text)

    @property
    def checked(self) -> bool:
        """Whether it is more than a count up to ten."""
        small = not self.decimals and self.digits <= 10
        return not small or bool(self.sign) or self.percent or self.paired

    def form(self) -> tuple:
        return self.decimals, self.percent, self.paired

    def slipped(self) -> list[str]:
        """All texts of the same length that differ from the figure's in one digit."""
        texts = []
        for place, digit in enumerate(self.text):
            first = place == 0 and len(self.text) > 1 and self.text[1] != "."
            for other in "0123456789" if digit.isdigit() else "":
                if other != digit and not (first and other == "0"):
                    texts.append(self.text[:place] + other + self.text[place + 1 :])
        return texts

    def slips(self) -> set[int]:
        """Their digits."""
        return {digits(text) for text in self.slipped()}


def digits(text: str) -> int:
    """A number as a whole one of its last decimal: .077 is 77."""
    return int(re.sub(r"\D", "", text))


def signed(end: str) -> int:
    """The end of an interval, as its digits with their sign."""
    return -digits(end) if set(end) & set("-−") else digits(end)


def blank(match: re.Match) -> str:
    return " " * len(match[0])


def part(text: str, at: int, ends: re.Pattern) -> tuple[int, int]:
    """Where the part of a text begins and stops that holds the place `at`."""
    start, stop = 0, len(text)
    for end in ends.finditer(text):
        if end.end() <= at:
            start = end.end()
        elif end.start() >= at:
            stop = end.start()
            break
    return start, stop


def read(text: str) -> list[Figure]:
    """All figures of a text that are to be found in an output, in order."""
    plain = NOT_READ.sub(blank, text)
    bare, said = COMMENT.sub(blank, plain), COMMENT.sub(blank, text)
    brackets = [pair.span() for pair in PAIR.finditer(bare)]
    found = []
    for match in FIGURE.finditer(bare):
        at, stop = match.start("digits"), match.end("digits")
        bracket = next((bare[a:b] for a, b in brackets if a < at < b), "")
        behind = re.compile(r"\s?%?(?:<!--.*?-->)? (\[[^\]]*\])").match(plain, stop)
        around = bracket or (behind[1] if behind and PAIR.fullmatch(COMMENT.sub("", behind[1])) else "")
        paragraph = part(bare, at, re.compile(r"\n+"))
        sentence = part(bare, at, SENTENCE)
        # the clause is looked for with the digits out of the way: `1,234` and `.5` hold its marks
        masked = bare[:at] + "0" * (stop - at) + bare[stop:]
        clause = part(masked[slice(*sentence)], at - sentence[0], CLAUSE)
        words = said[:at] + " " * (stop - at) + said[stop:]
        hint = re.match(r"\s?%?\]?<!--(.*?)-->", text[stop:])
        figure = Figure(
            text=match["digits"],
            start=at,
            sign=(match["sign"] or "").strip().replace("−", "-"),
            percent=bool(match["percent"] or RANGE.match(bare, stop)) or "%" in bracket,
            paired=bool(bracket),
            interval=tuple(signed(end) for end in around.split(", ") if around),
            clause=words[sentence[0] + clause[0] : sentence[0] + clause[1]],
            sentence=words[slice(*sentence)],
            paragraph=words[paragraph[0] : sentence[1]],
            hint=hint[1] if hint else "",
        )
        if figure.checked:
            found.append((figure, sentence))
    return [
        replace(figure, beside=tuple(
            other.digits
            for other, there in found
            if other is not figure and there == here and other.form() == figure.form()
        ))
        for figure, here in found
    ]
