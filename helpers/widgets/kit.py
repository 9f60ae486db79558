"""The explorer kit: the one way in which the course's explorers are made.

An explorer is a column of controls, a picture that follows each move, and a table under it that
says the same in words and figures. Slow figures come later, from a thread, and stand beside the
picture. What belongs to an earlier setting is dimmed, and said to be, until its successor comes.

Why not `interact`: a picture set on an `Image` widget arrives in half the time, survives a strict
comparison of outputs, and can be tested without a browser by setting a control's value.
"""

from __future__ import annotations

import asyncio
import base64
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from helpers import plots, quote

DEBOUNCE = 0.02  # seconds: moves that arrive while a picture is drawn become one
CACHED = 64
STALE = "explorer-stale"  # the class of what shows an earlier setting
STYLE = f"<style>.{STALE} {{opacity: 0.35}}</style>"


class View(NamedTuple):
    """What an explorer shows for one setting: a figure, a table, and what is to be seen."""

    figure: Figure
    table: pd.DataFrame
    alt: str


class _Shown(NamedTuple):
    png: bytes
    table: str
    alt: str


def to_table(table: pd.DataFrame, caption: str) -> str:
    """An accessible HTML table: a caption, header cells, figures as the frame formats them. On a
    narrow page its headers break at underscores, and what is wider still scrolls."""
    body = table.to_html(border=0, float_format=lambda x: f"{x:,.2f}")
    body = re.sub("(?<=<th>)[^<]*(?=</th>)", lambda header: header[0].replace("_", "_<wbr>"), body)
    opening = (
        "<table cellpadding='4' style='border-collapse:collapse;text-align:right;line-height:1.3'>"
        "<caption style='caption-side:top;text-align:left;font-weight:bold'>"
        f"{quote.html(caption)}</caption>"
    )
    return f"<div style='overflow-x:auto'>{opening}{body.partition('>')[2]}</div>"


def on_enter(box: widgets.Text, act: Callable[[], None]) -> None:
    """Call `act` when Enter is pressed in a text box. (`Text.on_submit` is deprecated; what it
    advises, to watch the value, would act on leaving the box too.)"""

    def heard(_: widgets.Widget, content: dict, __: list) -> None:
        if content.get("event") == "submit":
            act()

    box.on_msg(heard)


def sentence(text: str, wrong: bool = True) -> str:
    """HTML of a plain sentence, which screen readers say aloud; its line breaks stay."""
    lines = quote.html(text).replace("\n", "<br>")
    if wrong:
        return f"<p role='alert'><strong>{lines}</strong></p>"
    return f"<p role='status'>{lines}</p>"


class Explorer(widgets.VBox):
    """Controls, a picture, its table, and slower figures.

    Parameters
    ----------
    controls : the widgets by the name under which `draw` receives their values.
    draw : `draw(**values) -> View`, called after each move; None where `show` comes later.
    later : `later(**values) -> DataFrame`, slower figures, computed in a thread after the picture.
    heavy : `heavy(**values) -> bool`: where True, the picture too is made in the thread.
    title : the heading of the table.

    An error of `draw` or `later` is shown as a sentence (raise ValueError with one that helps); the
    earlier picture stays, dimmed.
    """

    def __init__(
        self,
        controls: dict[str, widgets.Widget],
        draw: Callable[..., View] | None = None,
        later: Callable[..., pd.DataFrame] | None = None,
        heavy: Callable[..., bool] = lambda **_: False,
        title: str = "The same in figures",
        **options: Any,
    ):
        self.controls = controls
        self.picture = widgets.Image(format="png", layout={"width": "100%", "max_width": "700px"})
        self.table = widgets.HTML()
        self.slow = widgets.HTML()
        self.message = widgets.HTML(layout={"min_height": "30px"})  # a message moves nothing
        self._draw, self._later, self._heavy, self._title = draw, later, heavy, title
        self._cache: OrderedDict[tuple, Any] = OrderedDict()  # keys begin with what made the value
        self._pending: asyncio.TimerHandle | None = None
        self._thread: threading.Thread | None = None
        self._move = 0  # counts moves, so that a late result of an earlier move is dropped
        self._alt = ""
        for control in controls.values():
            control.observe(self._changed, names="value")
        row = widgets.HBox(list(controls.values()), layout={"flex_flow": "row wrap"})
        # the slower figures stand to the right of the picture, on a narrow page under it
        side = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "0 16px"}
        shown = widgets.HBox([self.picture, self.slow], layout=side)
        super().__init__([row, self.message, shown, self.table], **options)
        self.update()

    def show(
        self,
        draw: Callable[..., View],
        later: Callable[..., pd.DataFrame] | None = None,
        heavy: Callable[..., bool] = lambda **_: False,
        **controls: dict[str, Any],
    ) -> None:
        """Show something else from now on: its functions, and what its controls become, by name
        (`features={"options": [...], "value": (...)}`). No widget is made."""
        self._draw = None  # while the controls move
        for name, traits in controls.items():
            for trait, value in traits.items():
                setattr(self.controls[name], trait, value)
        self._draw, self._later, self._heavy = draw, later, heavy
        self._cache.clear()
        self.picture.value, self.table.value, self.slow.value, self._alt = b"", "", "", ""
        self.update()

    @property
    def setting(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    def wait(self, seconds: float = 30) -> None:
        """Wait until the slower figures of the last move have arrived (for tests and scripts).

        Raises TimeoutError when they have not."""
        if self._thread is not None:
            self._thread.join(seconds)
            if self._thread.is_alive():
                raise TimeoutError(f"no figures after {seconds} seconds")

    def update(self) -> None:
        """Draw the present setting; start the slower figures."""
        self._pending = None
        self._move += 1
        if self._draw is None:
            return
        move, values = self._move, self.setting
        heavy = self._heavy(**values) and (self._draw, *values.values()) not in self._cache
        if heavy:
            self.message.value = _computing("picture")
            self._dim(True)
        elif not self._show(values, move, self._draw):
            self.slow.value = ""
            return
        if self._later is None and not heavy:
            return
        known = self._cache.get((self._later, *values.values()))
        if known is not None:
            self.slow.value = known
            return
        self.slow.value = (
            _computing("slower figures") + _dimmed(self.slow.value) if self._later else ""
        )
        draw = self._draw if heavy else None
        self._thread = threading.Thread(
            target=self._finish, args=(values, move, draw, self._later), daemon=True
        )
        self._thread.start()

    def _changed(self, _change: Any) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel around: a test or a script
            self.update()
            return
        if self._pending is not None:
            self._pending.cancel()
        self._pending = loop.call_later(DEBOUNCE, self.update)

    def _show(self, values: dict[str, Any], move: int, draw: Callable[..., View]) -> bool:
        """Show the picture of these values; False where there is none, with the reason said."""
        try:
            shown = self._cached(draw, values, lambda: self._render(draw(**values)))
        except (
            Exception
        ) as error:  # the reader gets a sentence; before the first picture, its author
            if not (self.picture.value or isinstance(error, ValueError)):
                raise
            if move == self._move:
                before = "What is shown below belongs to the setting before." if self._alt else ""
                self.message.value = _sentence(error, before)
                self._dim(True)
            return False
        if move == self._move:
            self.message.value = ""
            self.picture.value, self.table.value, self._alt = shown
            self._dim(False)
        return True

    def _dim(self, stale: bool) -> None:
        """Mark picture and table as those of an earlier setting, or take the mark back."""
        for shown in (self.picture, self.table):
            (shown.add_class if stale else shown.remove_class)(STALE)

    def _render(self, view: View) -> _Shown:
        # an Image widget takes no alternative text, so it stands under the picture, for everybody
        words = f"<p>{quote.html(view.alt)}</p>"
        return _Shown(
            plots.to_png(view.figure, quick=True),
            words + to_table(view.table, self._title),
            view.alt,
        )

    def _finish(
        self,
        values: dict[str, Any],
        move: int,
        draw: Callable[..., View] | None,
        later: Callable[..., pd.DataFrame] | None,
    ) -> None:
        """In the thread: the picture where it is heavy, then the slower figures."""
        if draw is not None and not self._show(values, move, draw):
            if move == self._move:
                self.slow.value = ""
            return
        if later is None:
            return
        try:
            text = self._cached(later, values, lambda: to_table(later(**values), "Slower figures"))
        except Exception as error:  # nobody sees what a thread raises
            text = _sentence(error)
        if move == self._move:
            self.slow.value = text

    def _cached(
        self, function: Callable[..., Any], values: dict[str, Any], make: Callable[[], Any]
    ) -> Any:
        """What `function` gave for these values, made where it is not known."""
        key = (function, *values.values())
        known = self._cache.get(key)
        if known is None:
            known = make()
            if function in (self._draw, self._later):  # not of what was shown before
                self._cache[key] = known
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return known

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and beside it its first picture for pages that have no kernel."""
        return with_picture(super()._repr_mimebundle_(**options), self.picture.value, self._alt)


def with_picture(bundle: Any, png: bytes, alt: str) -> tuple[dict, dict]:
    """The bundle of a widget with a picture and its alternative text beside it."""
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    data = {**data, "image/png": base64.b64encode(png).decode(), "text/plain": f"Picture: {alt}"}
    return data, {**metadata, "image/png": {"alt": alt}}


def _computing(what: str) -> str:
    return f"{STYLE}<p role='status' style='margin:0'><em>computing the {what} …</em></p>"


def _sentence(error: Exception, more: str = "") -> str:
    return (
        f"{STYLE}<p role='alert' "
        f"style='margin:0'><strong>{quote.html(str(error) or type(error).__name__)}</strong> "
        f"{more}</p>"
    )


def _dimmed(earlier: str) -> str:
    """The table among earlier figures, dimmed, so that nothing jumps while the next are
    computed."""
    found = re.search("<table.*</table>", earlier, re.DOTALL)
    return f"<div class='{STALE}' aria-hidden='true'>{found[0]}</div>" if found else ""
