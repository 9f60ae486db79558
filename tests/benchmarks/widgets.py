"""From the key to the picture: how long a slider's picture takes, in a real browser.

    uv run python tests/benchmarks/widgets.py

Opens the workbench on the simulated shop (5,000 customers in the picture), presses the arrow keys
on the slider for k and measures from the key to the new picture on the page. Prints the median and
the 95th percentile of settings seen for the first time, and of settings seen before.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pages import browser_path, open_workbench, running_browser, running_lab

MOVE = """(key) => new Promise(done => {
  const handle = Array.from(document.querySelectorAll('.noUi-handle')).find(h => h.offsetParent);
  const pictures = Array.from(document.querySelectorAll('img.widget-image'));
  const picture = pictures.find(i => i.offsetParent);
  const begin = performance.now();
  picture.addEventListener('load', () => done(performance.now() - begin), {once: true});
  handle.focus();
  handle.dispatchEvent(new KeyboardEvent('keydown', {key: key, bubbles: true}));
})"""


def main() -> None:
    path = browser_path()
    if path is None:
        sys.exit("no Chromium on this machine (Debian: apt-get install chromium-headless-shell)")
    first, again = [], []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running_lab(Path(folder)) as address,
        running_browser(path) as new,
    ):
        page = new()
        open_workbench(page, address)
        page.get_by_role("button", name="a simulated shop").click()
        page.get_by_role("button", name=re.compile("A mail list")).wait_for()
        page.get_by_role("tab", name="Explore").click()
        page.get_by_text(re.compile("groups: the largest")).wait_for()
        page.get_by_role("button", name="change how they are made").click()
        for transform in ("log", "standardize", "raw"):
            label = {"log": "log1p + standardize", "standardize": "standardize", "raw": "raw units"}
            page.get_by_label("numbers as", exact=True).select_option(label[transform])
            page.wait_for_timeout(2_000)
            for key, taken in (("ArrowRight", first), ("ArrowLeft", again)):
                for _ in range(6):
                    taken.append(page.evaluate(MOVE, key))
                    page.wait_for_timeout(1_200)  # a person looks before the next move
    for name, taken in (("seen for the first time", first), ("seen before", again)):
        p50, p95 = np.percentile(taken, [50, 95])
        print(f"{name}: median {p50:.0f} ms, 95th percentile {p95:.0f} ms, {len(taken)} moves")


if __name__ == "__main__":
    main()
