"""A part of a screen that opens behind a few words."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets


class Fold(widgets.VBox):
    """A button with `words`, and under it, once it was pressed, what `inside` shows. `opened` says
    which, and can be set."""

    def __init__(self, words: str, inside: Sequence[widgets.Widget]):
        self.button = widgets.ToggleButton(
            description=words, layout={"width": "auto", "align_self": "flex-start"}
        )
        self.button.add_class("workbench-link")
        self._inside = widgets.VBox(list(inside))
        self.button.observe(lambda _: self._show(), names="value")
        super().__init__([self.button, self._inside])
        self._show()

    @property
    def opened(self) -> bool:
        return self.button.value

    @opened.setter
    def opened(self, value: bool) -> None:
        self.button.value = value

    def _show(self) -> None:
        self._inside.layout.display = "" if self.opened else "none"
        self.button.icon = "caret-down" if self.opened else "caret-right"
