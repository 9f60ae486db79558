"""In which encoding a text file is written."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from helpers.errors import ShopError, counted
from helpers.shop.reading.names import recognized

_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_SAMPLE = 1 << 16  # bytes of lines with letters beyond ASCII that are looked at
WESTERN = "cp1252"  # Windows in western Europe: what most files are that are not UTF-8
_LATIN = (WESTERN, "cp1250", "cp1254", "cp1257", "cp850")
_OTHER = ("cp1251", "cp1253", "cp1255", "cp1256", "cp932", "gb18030", "big5", "cp949")
_PAGES = (*_LATIN, *_OTHER)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # it begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def to_utf8(raw: bytes, name: str, told: str | None) -> tuple[bytes, list[str]]:
    """Return the text of a file as UTF-8 bytes, and what it was written in if not that.

    Args:
        raw: The bytes of the file.
        name: File name for messages.
        told: The encoding that the reader has named.
    """
    if told is not None:
        return _decoded(raw, told), [f"encoding {told}, as told"]
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            said = [] if encoding == "utf-8" else [f"encoding {encoding[:6].upper()}"]
            return _decoded(raw[len(mark) :], encoding), said
    nuls = raw.count(0)
    if nuls:
        unmarked = _unmarked(raw[:200])
        if unmarked:
            return _decoded(raw, unmarked), [f"encoding {unmarked[:6].upper()}"]
        if nuls < len(raw) / 4 and not _CONTROL.search(raw[:4096]):
            bare, said = to_utf8(raw.replace(b"\0", b""), name, told)
            return bare, [*said, f"{counted(nuls, 'NUL character')} left out"]
        raise ShopError(
            "this is no text: a picture, a PDF, or a program's own file?",
            file=name,
            expected="CSV, Excel or Parquet under its own file ending",
            remedy="if it is a workbook or an archive, give it its right ending or unpack it",
        )
    if raw.isascii():
        return raw, []
    try:
        raw.decode("utf-8")
        return raw, []
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if len(text) - len(text.encode("ascii", "ignore")) > 2 * bad:
        said = f"encoding UTF-8 but for {counted(bad, 'byte')}, shown as \ufffd"
        return text.encode(), [said]
    page = _code_page(raw, name)
    label = "Windows-1252" if page == WESTERN else page
    said = f"encoding {label} (it is not UTF-8); if letters look wrong, say encoding=..."
    return _decoded(raw, page), [said]


def _unmarked(head: bytes) -> str | None:
    """The wide encoding of text without a byte-order mark, as the places of its zeros tell."""
    places = [head[place::4].count(0) * 8 > len(head) for place in range(4)]
    wide: dict[tuple[bool, ...], str] = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    return wide.get(tuple(places)) if len(head) > 8 else None


def _decoded(raw: bytes, encoding: str) -> bytes:
    try:
        return raw.decode(encoding, "replace").encode("utf-8", "replace")
    except (LookupError, UnicodeError) as error:
        raise ShopError(
            f"the encoding {encoding!r} is one that Python does not know for text",
            expected='a name such as "utf-8", "cp1250" or "shift_jis"',
            remedy="leave it out to let the data decide",
        ) from error


def _code_page(raw: bytes, name: str) -> str:
    """Return the code page under which the names of columns are known, else the letters make sense.

    Where several Latin ones make as much sense, western Europe is taken: most files are written so.

    Raises:
        ShopError: The letters are no Latin ones, and no code page makes sense of them.
    """
    lines = [line for line in raw[: 1 << 20].splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE] or raw[-_SAMPLE:]
    sample = sample[: sample.rfind(b"\n")] if sample.count(b"\n") else sample
    heads = [line for line in raw[: 1 << 16].splitlines()[:50] if not line.isascii()]
    known = {page: _known_names(heads, page) for page in _PAGES}
    best = max(known, key=known.__getitem__)
    if known[best] > known[WESTERN]:
        return best
    if known[WESTERN]:
        return WESTERN
    if _in_runs(sample):
        best = from_bytes(sample, cp_isolation=list(_OTHER)).best()
        if best is None:
            raise ShopError(
                "it is not written in UTF-8, and nothing shows in what else",
                file=name,
                expected='a text file in UTF-8 ("CSV UTF-8" in Excel)',
                remedy='say it: shop.read(..., encoding="shift_jis")',
            )
        return best.encoding
    return min(_LATIN, key=lambda page: _odd(sample, page))


def _odd(sample: bytes, page: str) -> int:
    """Count signs that are no letters and touch one, as in Ma³gorzata for Małgorzata."""
    text = sample.decode(page, "replace")
    touching = re.findall(r"[^\W\d_][^\x00-\x7f\w’´`]|[^\x00-\x7f\w’´`][^\W\d_]|[²³¹¼½¾]\w", text)
    return len(touching)


def _in_runs(sample: bytes) -> bool:
    """Whether bytes beyond ASCII follow one another, as where whole words are written with them."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    return sum(run for run in runs if run > 2) > 0.5 * sum(runs)


def _known_names(lines: list[bytes], page: str) -> int:
    """Count the names of columns beyond ASCII that are known when read with this code page."""
    cells = {
        cell.strip('" ')
        for line in lines
        for cell in re.split(r"[,;\t|]", line.decode(page, "ignore"))
    }
    return recognized([cell for cell in cells if cell and not cell.isascii()])
