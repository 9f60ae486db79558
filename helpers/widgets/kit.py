"""The explorer kit: the one way in which the course's explorers are made.

An explorer is a column of controls and, to its right (on a narrow page under it), one sentence that
says what comes out, a picture that follows each move, and slower figures that come later, from a
thread. Under both, folded, a table says the same in words and figures. What belongs to an earlier
setting is dimmed, and said to be, until its successor comes.

Why not `interact`: a picture set on an `Image` widget arrives in half the time, survives a strict
comparison of outputs, and can be tested without a browser by setting a control's value.
"""

from __future__ import annotations

import asyncio
import base64
import io
import re
import textwrap
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import ipywidgets as widgets
import pandas as pd
import traitlets
from matplotlib.figure import Figure
from matplotlib.image import imread

from helpers import plots, quote

DEBOUNCE = 0.02  # seconds: moves that arrive while a picture is drawn become one
CACHED = 64
STALE = "explorer-stale"  # the class of what shows an earlier setting
STYLE = f"<style>.{STALE} {{opacity: 0.35}}</style>"


class View(NamedTuple):
    """What an explorer shows for one setting: a figure, a table, what is to be seen; `verdict`,
    what comes out in one sentence; and `trace`, what later pictures show of this one."""

    figure: Figure
    table: pd.DataFrame
    alt: str
    verdict: str = ""
    trace: Any = None


class Ghost(NamedTuple):
    """The trace of an earlier setting, and how its line is drawn: thin and gray, dashed if it was
    pinned."""

    trace: Any
    pinned: bool

    @property
    def style(self) -> dict[str, Any]:
        if self.pinned:
            return {"color": plots.BLACK, "linewidth": 1.2, "linestyle": "--", "zorder": 1}
        return {"color": plots.GRAY, "linewidth": 0.9, "alpha": 0.6, "zorder": 1}


class _Shown(NamedTuple):
    png: bytes
    table: str
    alt: str
    verdict: str
    trace: Any


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
    return f"<div style='overflow-x:auto' tabindex='0'>{opening}{body.partition('>')[2]}</div>"


class Picture(widgets.Image):
    """A PNG with its words: `tooltip` is what a screen reader says of it. (An image of ipywidgets
    has no other words, and the page sets its title only beside a description.)"""

    description = traitlets.Unicode("").tag(sync=True)

    def __init__(self, **options: Any):
        super().__init__(format="png", **options)


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


class Choices(widgets.VBox):
    """Check boxes under a heading; `value` is the tuple of the names checked, in their order. (In a
    list for several, a plain click drops all others.)"""

    value = traitlets.Tuple()

    def __init__(self, options: Sequence[str], value: Sequence[str] = (), description: str = ""):
        self.options = tuple(options)
        self.boxes = {
            name: widgets.Checkbox(
                name in value, description=name, indent=False, layout={"width": "auto"}
            )
            for name in self.options
        }
        grid = widgets.HBox(list(self.boxes.values()), layout={"flex_flow": "row wrap"})
        heading = widgets.HTML(f"<strong>{quote.html(description)}</strong>")
        super().__init__([heading, grid])
        self.value = self._checked()
        for box in self.boxes.values():
            box.observe(lambda _: self.set_trait("value", self._checked()), names="value")
        self.observe(self._set, names="value")

    def _checked(self) -> tuple[str, ...]:
        return tuple(name for name, box in self.boxes.items() if box.value)

    def _set(self, change: Any) -> None:
        if change["new"] == self._checked():
            return
        for name, box in self.boxes.items():
            with box.hold_trait_notifications():
                box.value = name in change["new"]


class Explorer(widgets.VBox):
    """Controls, a verdict, a picture, its table, and slower figures.

    Parameters
    ----------
    controls : the widgets by the name under which `draw` receives their values.
    draw : `draw(**values) -> View`, called after each move; None where `show` comes later.
    later : `later(**values) -> DataFrame`, slower figures, computed in a thread after the picture.
    heavy : `heavy(**values) -> bool`: where True, the picture too is made in the thread.
    title : the heading of the table.
    examples : settings worth a look, each a button: {"words on it": {control: value}}.
    ghosts : True where `draw` also takes `ghosts`, a list of `Ghost`: the last three settings, and
        the one that the reader pinned.
    folded : False where the table is to be seen at first.

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
        examples: dict[str, dict[str, Any]] | None = None,
        ghosts: bool = False,
        folded: bool = True,
        **options: Any,
    ):
        self.controls = controls
        self.picture = Picture(layout={"width": "100%", "max_width": "720px"})
        self.table = widgets.HTML()
        self.slow = widgets.HTML()
        self.message = widgets.HTML()  # the last of its column: it moves nothing
        self.verdict = widgets.HTML(layout={"min_height": "44px"})  # two lines
        self._draw, self._later, self._heavy, self._title = draw, later, heavy, title
        self._ghosts = ghosts
        self._traces: OrderedDict[tuple, Any] = OrderedDict()  # of the last settings, by values
        self._pinned: tuple | None = None
        self._cache: OrderedDict[tuple, Any] = OrderedDict()  # keys begin with what made the value
        self._pending: asyncio.TimerHandle | None = None
        self._thread: threading.Thread | None = None
        self._move = 0  # counts moves, so that a late result of an earlier move is dropped
        self._alt = self._said = ""
        for control in controls.values():
            control.observe(self._changed, names="value")
            control.layout.width = "98%"
        self.examples = self._buttons(examples or {})
        self.pin = widgets.ToggleButton(
            description="pin",
            icon="thumb-tack",
            tooltip="keep the line of this setting in the picture",
            layout={"width": "auto", "display": None if ghosts else "none"},
        )
        self.pin.observe(self._pin, names="value")
        buttons = widgets.HBox([*self.examples.values(), self.pin], layout={"flex_flow": "wrap"})
        left = widgets.VBox(
            [*controls.values(), buttons, self.message],
            layout={"flex": "1 1 310px", "max_width": "420px"},
        )
        right = widgets.VBox(
            [self.verdict, self.picture, self.slow],
            layout={"flex": "2 1 460px", "min_width": "0", "overflow": "visible"},
        )
        sides = widgets.HBox([left, right], layout={"flex_flow": "row wrap", "grid_gap": "0 16px"})
        table = widgets.Accordion(
            [self.table],
            titles=["The same in words and figures"],
            selected_index=None if folded else 0,
        )
        super().__init__([sides, table], **options)
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
        self._traces.clear()
        self._pinned, self.pin.value = None, False
        self.picture.value, self.table.value, self.slow.value, self._alt = b"", "", "", ""
        self.verdict.value = ""
        self.update()

    def choose(self, **values: Any) -> None:
        """Move several controls, and draw once."""
        if unknown := set(values) - set(self.controls):
            raise ValueError(f"there is no control {', '.join(sorted(unknown))}")
        draw, self._draw = self._draw, None
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._draw = draw
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
        if self._pending is not None:
            self._pending.cancel()
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

    def _buttons(self, examples: dict[str, dict[str, Any]]) -> dict[str, widgets.Button]:
        """A button for each example, by its words."""
        made = {}
        for words, values in examples.items():
            made[words] = widgets.Button(description=words, layout={"width": "auto"})
            made[words].on_click(lambda _, values=values: self.choose(**values))
        return made

    def _pin(self, change: Any) -> None:
        self._pinned = tuple(self.setting.values()) if change["new"] else None
        self._changed(change)

    def _ghosts_of(self, values: dict[str, Any]) -> list[Ghost]:
        """What the picture of these values shows of earlier ones."""
        if not self._ghosts:
            return []
        present, pinned = tuple(values.values()), self._pinned
        traces = dict(self._traces)  # a heavy picture is drawn in a thread, while these may change
        earlier = [key for key in traces if key not in (present, pinned)][-3:]
        found = [Ghost(traces[key], False) for key in earlier]
        if pinned is not None and pinned in traces and pinned != present:
            found.append(Ghost(traces[pinned], True))
        return found

    def _remember(self, values: dict[str, Any], trace: Any) -> None:
        """Keep the trace of these values as the newest; beside the pinned one, the last four."""
        key = tuple(values.values())
        self._traces[key] = trace
        self._traces.move_to_end(key)
        loose = [known for known in self._traces if known != self._pinned]
        for known in loose[:-4]:
            del self._traces[known]

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
        ghosts = self._ghosts_of(values)
        more = {"ghosts": ghosts} if self._ghosts else {}
        try:
            # with ghosts a picture is that of the settings before it too: it is drawn anew
            if ghosts:
                shown = self._render(draw(**values, **more))
            else:
                shown = self._cached(draw, values, lambda: self._render(draw(**values, **more)))
        except (
            Exception
        ) as error:  # the reader gets a sentence; before the first picture, its author
            if not (self.picture.value or isinstance(error, ValueError)):
                raise
            if move == self._move:
                before = "What is shown belongs to the setting before." if self._alt else ""
                self.message.value = _sentence(error, before)
                self._dim(True)
            return False
        if move == self._move:
            self.message.value = ""
            self.picture.value, self.table.value, self._alt = shown.png, shown.table, shown.alt
            self.picture.tooltip = shown.alt
            self.verdict.value, self._said = _strong(shown.verdict), shown.verdict
            self._dim(False)
            if self._ghosts:
                self._remember(values, shown.trace)
        return True

    def _dim(self, stale: bool) -> None:
        """Mark what is shown as that of an earlier setting, or take the mark back."""
        for shown in (self.picture, self.table, self.verdict):
            (shown.add_class if stale else shown.remove_class)(STALE)

    def _render(self, view: View) -> _Shown:
        # what the picture shows stands under it too, for everybody
        words = f"<p>{quote.html(view.alt)}</p>"
        return _Shown(
            plots.to_png(view.figure, quick=True),
            words + to_table(view.table, self._title),
            " ".join(part for part in (view.verdict, view.alt) if part),
            view.verdict,
            view.trace,
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
        """The widget, and beside it its first picture for pages that have no kernel, with the
        verdict above it."""
        png = self.picture.value
        if self._said and png:
            png = captioned(png, self._said)
        return with_picture(super()._repr_mimebundle_(**options), png, self._alt)


def captioned(png: bytes, words: str) -> bytes:
    """The picture with words above it, broken into lines that fit."""
    pixels = imread(io.BytesIO(png), format="png")
    height, width = pixels.shape[:2]
    lines = textwrap.wrap(words, max(20, width // 7))
    above = 18 * len(lines) + 10
    figure = Figure(figsize=(width / plots.DPI, (height + above) / plots.DPI))
    figure.figimage(pixels, 0, 0)
    text = plots.label("\n".join(lines))
    figure.text(8 / width, 1 - 4 / (height + above), text, va="top", fontsize=10)
    return plots.to_png(figure, quick=True)


def with_picture(bundle: Any, png: bytes, alt: str) -> tuple[dict, dict]:
    """The bundle of a widget with a picture and its alternative text beside it."""
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    data = {**data, "image/png": base64.b64encode(png).decode(), "text/plain": f"Picture: {alt}"}
    return data, {**metadata, "image/png": {"alt": alt}}


def _strong(words: str) -> str:
    said = f"<p role='status' style='margin:0'><strong>{quote.html(words)}</strong></p>"
    return said if words else ""


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
