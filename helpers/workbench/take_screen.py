"""The last screen: what was done on the others, as a notebook that does it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as widgets

from helpers import quote
from helpers.widgets.kit import sentence
from helpers.widgets.saving import SaveBar
from helpers.workbench.data_screen import DataScreen
from helpers.workbench.segments_screen import SegmentsScreen

if TYPE_CHECKING:
    from nbformat import NotebookNode

FIRST = "<p>Group your customers under “Explore” first.</p>"


class TakeScreen(widgets.VBox):
    """Take it with you: the screens as a runnable notebook, beside a copy of the uploaded files."""

    def __init__(self, data: DataScreen, chosen: SegmentsScreen):
        self._data, self._chosen = data, chosen
        self.message = widgets.HTML(FIRST)
        self.files = widgets.Checkbox(
            True,
            description="put a copy of the uploaded files beside the notebook",
            indent=False,
            layout={"display": "none", "width": "420px"},
        )
        self.save = SaveBar(
            "my_segments.ipynb", "Save the notebook", self._write, endings=(".ipynb",)
        )
        self.code = widgets.HTML()
        self.rest = widgets.VBox([self.files, self.save, self.code], layout={"display": "none"})
        super().__init__([self.message, self.rest])

    def update(self) -> None:
        """Show the notebook for what was fitted last; nothing where that is of another shop or
        cut-off."""
        if self._chosen.fitted is None:
            self.message.value = FIRST
            self.rest.layout.display = "none"
            return
        if self._chosen.stale:
            self.message.value = sentence(self._chosen.stale)
            self.rest.layout.display = "none"
            return
        self.message.value = (
            "<p>This notebook reads the same data and gives the same figures, in any folder, in "
            "the environment of this course. The names are those given when you save.</p>"
        )
        self.files.layout.display = "" if self._data.uploaded else "none"
        self.code.value = f"<pre>{quote.html(self._code())}</pre>"
        self.rest.layout.display = ""

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

    def _cells(self) -> list[tuple[str, str]]:
        """Kind ("code" or "markdown") and text of each cell."""
        code = {name: quote.python(value) for name, value in self._values().items()}
        arguments = f"k={code['k']}, transform={code['transform']}, algorithm={code['algorithm']}"
        return [
            (
                "markdown",
                "# My customer segments\n\nMade on the workbench of the personalization course.",
            ),
            ("code", "import pandas as pd\n\nfrom helpers import features, quote, segments, shop"),
            ("code", f"store = {self._data.recipe}\nprint(store.report)"),
            ("code", self._buyers(code)),
            (
                "code",
                f"labels = segments.assign(buyers, {arguments})\nsegments.profile(buyers, "
                "labels).round(2)",
            ),
            (
                "code",
                f"few = buyers if len(buyers) <= 5_000 else buyers.sample(5_000, random_state=0)\n"
                f"gaps = segments.gap(few, transform={code['transform']}, references=10)\n"
                'print("the twin gap says k =", segments.choose_k(gaps))\n'
                "gaps.round(2)",
            ),
            (
                "code",
                f"names = {code['names']}\n"
                'result = pd.DataFrame({"segment": labels}, index=buyers.index)\n'
                'result["name"] = result["segment"].map(names)\n'
                '# "x": never over an existing file\n'
                '# quote.write_csv(result.reset_index(), "my_segments.csv", mode="x")\n'
                "result.head()",
            ),
        ]

    def _buyers(self, code: dict[str, str]) -> str:
        """How the features come about: from orders at a cut-off, or as the table has them."""
        columns = f"columns = {code['features']}\n"
        if self._chosen.settings["as_of"] is None:
            return f"{columns}buyers = store.features(columns)"
        return (
            f"as_of = pd.Timestamp({code['as_of']})\n{columns}"
            "known = features.build(store, as_of)\n"
            'buyers = known.loc[~known["never_bought"], columns]'
        )

    def _values(self) -> dict:
        chosen = self._chosen
        as_of = chosen.settings["as_of"]
        day = None if as_of is None else f"{as_of:%Y-%m-%d}"
        return {**chosen.settings, "as_of": day, "names": chosen.given_names}

    def _code(self) -> str:
        return "\n\n".join(source for kind, source in self._cells() if kind == "code")

    def _write(self, path: Path) -> str:
        if self._chosen.fitted is None:
            raise ValueError("Group your customers under “Explore” first.")
        if self._chosen.stale:
            raise ValueError(self._chosen.stale)
        copied = []
        if self._data.uploaded and self.files.value:
            there = [
                u["name"]
                for u in self._data.uploaded
                if (path.parent / Path(u["name"]).name).exists()
            ]
            if there and not self.save.replace.value:
                raise ValueError(
                    f"{', '.join(there)} exists beside it. Tick “replace”, or leave the copy out."
                )
            for item in self._data.uploaded:
                (path.parent / Path(item["name"]).name).write_bytes(item["content"])
                copied.append(item["name"])
        import nbformat

        nbformat.write(self.notebook(), path)
        return f"Beside it: {', '.join(copied)}." if copied else ""
