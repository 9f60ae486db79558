"""The last screen: what was done on the others, as a notebook that does it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as widgets

from helpers import quote
from helpers.widgets.kit import sentence
from helpers.widgets.saving import SaveBar
from helpers.workbench import own_notebook
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.own_notebook import Cell

if TYPE_CHECKING:
    from nbformat import NotebookNode

FIRST = "<p>Load your file on the first screen, and look at the others: they are taken along.</p>"
SAID = (
    "<p>This notebook reads the same file and gives the figures of the screens that you have "
    "looked at ({}), in any folder, in the environment of this course. What you have chosen there "
    "is taken as it is when you save.</p>"
)


class TakeScreen(widgets.VBox):
    """Take it with you: the screens as a runnable notebook, beside a copy of the uploaded files.

    A screen that has anything to give has `cells`, and may have `files` that these read (text by
    name) and `stale`, a sentence for what is not taken along.
    """

    def __init__(self, data: DataScreen, screens: dict[str, widgets.VBox]):
        self._data, self._screens = data, screens
        self.message = widgets.HTML(FIRST)
        self.files = widgets.Checkbox(
            True,
            description="put a copy of the uploaded files beside the notebook",
            indent=False,
            layout={"display": "none", "width": "auto"},
        )
        self.save = SaveBar("my_shop.ipynb", "Save the notebook", self._write, endings=(".ipynb",))
        self.code = widgets.HTML()
        self.rest = widgets.VBox([self.files, self.save, self.code], layout={"display": "none"})
        super().__init__([self.message, self.rest])

    def shop_loaded(self) -> None:
        """Forget the code for the shop before."""
        self.save.reset()
        self.update()

    def look(self) -> None:
        """Show the notebook as it would be saved now."""
        self.update()

    def update(self) -> None:
        """Show the notebook for what the screens show; what is stale there is left out."""
        parts = self._parts()
        said = SAID.format(", ".join(parts)) if parts else FIRST
        self.message.value = said + "".join(map(sentence, self._stale()))
        self.rest.layout.display = "" if parts else "none"
        self.files.layout.display = "" if self._data.uploaded else "none"
        self.code.value = f"<pre>{quote.html(self._code())}</pre>" if parts else ""

    def notebook(self) -> NotebookNode:
        """The notebook, not yet run."""
        import nbformat  # here: it takes a second, to build a grammar of web addresses

        made = nbformat.v4.new_notebook()
        made.metadata["kernelspec"] = {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        }
        for kind, source in self._cells():
            new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
            made.cells.append(new(source))
        return made

    def _parts(self) -> dict[str, list[Cell]]:
        """The cells of each screen that has any."""
        if self._data.loaded is None:
            return {}
        found = {title: getattr(screen, "cells", []) for title, screen in self._screens.items()}
        return {title: cells for title, cells in found.items() if cells}

    def _stale(self) -> list[str]:
        return [stale for s in self._screens.values() if (stale := getattr(s, "stale", ""))]

    def _cells(self) -> list[Cell]:
        orders = self._data.loaded is not None and self._data.loaded.row_is == "order"
        first = own_notebook.beginning(self._data.recipe, orders)
        return [*first, *(cell for cells in self._parts().values() for cell in cells)]

    def _code(self) -> str:
        return "\n\n".join(source for kind, source in self._cells() if kind == "code")

    def _write(self, path: Path) -> str:
        if not self._parts():
            first = "Load your file first, and look at the other screens."
            raise ValueError(" ".join(self._stale()) or first)
        beside: dict[str, bytes] = {}
        for screen in self._screens.values():
            for name, text in getattr(screen, "files", {}).items():
                beside[name] = text.encode("utf-8")
        if self._data.uploaded and self.files.value:
            for item in self._data.uploaded:
                beside[Path(item["name"]).name] = item["content"]
        there = [name for name in beside if (path.parent / name).exists()]
        if there and not self.save.replace.value:
            raise ValueError(
                f"{', '.join(there)} exists beside it. Tick “replace”, or choose another folder."
            )
        import nbformat

        for name, content in beside.items():
            (path.parent / name).write_bytes(content)
        nbformat.write(self.notebook(), path)
        said = [f"Beside it: {', '.join(beside)}."] if beside else []
        return " ".join([*said, *(f"Left out: {stale}" for stale in self._stale())])
