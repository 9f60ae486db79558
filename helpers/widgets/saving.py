"""Saving where the reader says, and never over a file unasked."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets

from helpers import quote
from helpers.files import write_whole
from helpers.widgets.kit import on_enter, sentence

SHEETS = (".csv", ".xlsx")  # what a spreadsheet opens
LOOK = "padding:4px 12px;border:1px solid #8aa;border-radius:6px;color:#004a86"
LARGEST = 5_000_000  # bytes of a file that the browser can take from here, too
FOLDER = Path.home() / "my_shop"  # not among the notebooks, where git would list what is saved


class SaveBar(widgets.VBox):
    """A file name, a button (or Enter in the name), and what came of it.

    `write(path)` is called with a new partial file beside the one that was named; only when it has
    succeeded does the file get its name. An existing file is replaced only where that is ticked,
    for this name and this once. A name must end in one of `endings`, where there are any. A
    ValueError of `write` is shown as a sentence. After saving, `saved` is the path.

    `name` is proposed in `folder`, shown whole, which is made when something is saved there.
    """

    def __init__(
        self,
        name: str,
        button: str,
        write: Callable[[Path], str | None],
        endings: tuple[str, ...] = (),
        folder: Path = FOLDER,
    ):
        self._folder, self._name = folder, str(folder / name)
        self._write, self._endings = write, endings
        self.saved: Path | None = None
        self.path = widgets.Text(self._name, description="Save as", layout={"width": "480px"})
        self.replace = widgets.Checkbox(
            False,
            description="replace the file if it exists",
            indent=False,
            layout={"width": "230px"},
        )
        self.button = widgets.Button(description=button, layout={"width": "auto"})
        self.said = widgets.HTML()
        self.button.on_click(lambda _: self.save())
        on_enter(self.path, self.save)
        self.path.observe(lambda _: self.replace.set_trait("value", False), names="value")
        row = widgets.HBox([self.path, self.replace, self.button], layout={"flex_flow": "row wrap"})
        super().__init__([row, self.said])

    def reset(self) -> None:
        """As at the start, for other things to save: the name first proposed, nothing said."""
        self.path.value, self.replace.value, self.said.value = self._name, False, ""
        self.saved = None

    def move(self, folder: Path) -> None:
        """Propose this folder from now on; a path that the reader has written stays."""
        here = Path(self._name).name
        untouched = self.path.value == self._name
        self._folder, self._name = folder, str(folder / here)
        if untouched:
            self.path.value = self._name

    def propose(self, name: str, endings: tuple[str, ...]) -> None:
        """Another thing to save: its name and endings, in the folder that stands there."""
        folder = Path(self.path.value).parent if self.path.value.strip() else self._folder
        self._name, self._endings = str(self._folder / name), endings
        self.path.value, self.said.value = str(folder / name), ""

    def save(self) -> None:
        """Save now; what came of it stands in `said`."""
        name = self.path.value.strip()
        if not name:
            self._say("Write a file name first.", wrong=True)
            return
        try:
            path = Path(name).expanduser()
            if self._endings and path.suffix.lower() not in self._endings:
                raise ValueError(f"The name must end in {' or '.join(self._endings)}.")
            if path.is_dir():
                raise ValueError(f"{name} is a folder. Write the name of a file in it.")
            if path.exists() and not self.replace.value:
                raise ValueError(f"{path.name} exists. Choose another name, or tick “replace”.")
            if path.parent == self._folder:
                path.parent.mkdir(exist_ok=True)
            note = self._save_as(path)
        except OSError as error:
            self._say(
                f"Not saved: {error.strerror or error}. Is the folder there, and yours?", wrong=True
            )
            return
        except (ValueError, RuntimeError) as error:  # RuntimeError: ~name of somebody unknown
            self._say(str(error), wrong=True)
            return
        self.saved, self.replace.value = path, False
        self._say(f"Saved as {path.resolve()}. {note}")
        if path.stat().st_size <= LARGEST:
            self.said.value += _link(path)

    def _save_as(self, path: Path) -> str:
        return write_whole(path, self._write) or ""

    def _say(self, text: str, wrong: bool = False) -> None:
        self.said.value = sentence(text, wrong)


def _link(path: Path) -> str:
    """A link by which the browser saves the file where it keeps downloads: on another computer or a
    phone, the only way to it."""
    content = base64.b64encode(path.read_bytes()).decode()
    return (
        f"<p><a style='{LOOK}' download='{quote.html(path.name)}' "
        f"href='data:application/octet-stream;base64,{content}'>Download it</a></p>"
    )
