"""The workbench where the page is loaded again or opened twice, where its kernel is killed, where
names are hostile; and to whom browser and server speak meanwhile."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import psutil
from pages import end_kernels, open_workbench
from playwright.sync_api import Page, expect

from helpers import shop

MARKUP = "<img src=x onerror='window.hacked=1;alert(1)'>"
EXECUTE = """async code => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({code});
  let said = '';
  future.onIOPub = message => { said += message.content.text ?? message.content.evalue ?? ''; };
  await future.done;
  return said;
}"""
PATIENCE = 180_000  # milliseconds; what is waited for takes seconds on an idle machine
WHO = """import os
from helpers.workbench import Workbench
print(os.getpid(), Workbench.here().jobs.child)"""


def orders(category: str) -> bytes:
    """Some order lines whose goods are of one category."""
    lines = shop.load().purchases.head(1_500)
    columns = ["customer_id", "order_id", "ordered_at", "amount"]
    return lines[columns].assign(category=category).to_csv(index=False).encode()


def watch(page: Page, dialogs: list[str], hosts: set[str]) -> None:
    """Note what the page asks the reader, and whom it asks for anything."""

    def note(url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("blob", "data"):  # the page's own memory
            hosts.add(address.hostname or "")

    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket: note(socket.url))


def send(page: Page, name: str, content: bytes) -> None:
    """Upload a file under a name that the disk need not know, and load it."""
    page.get_by_role("tab", name="Your file").click()
    files = page.get_by_role("button", name=re.compile("Drop your file here"))
    with page.expect_file_chooser() as chooser:
        files.click()
    chooser.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_role("button", name=re.compile("A mail list"))).to_be_visible(
        timeout=PATIENCE
    )


def fit(page: Page) -> None:
    page.get_by_role("button", name="Group all my customers").click()
    under_way = page.get_by_text("comparing with customers").locator("visible=true").first
    expect(under_way).to_be_visible(timeout=PATIENCE)


def save(page: Page, path: Path) -> None:
    name = page.get_by_label("Save as").locator("visible=true").last
    name.fill(str(path))
    name.press("Enter")


def test_what_was_loaded_is_there_again_and_nothing_leaves(lab, open_page, tmp_path):
    address, folder = lab
    notebook = (folder / "notebooks" / "workbench.ipynb").read_bytes()
    end_kernels(address)
    page, second = open_page(width=900), open_page(width=900)
    dialogs: list[str] = []
    hosts: set[str] = set()
    for each in (page, second):
        watch(each, dialogs, hosts)

    open_workbench(page, address)
    send(page, f"{MARKUP}.csv", orders(MARKUP))
    page.get_by_role("tab", name="Your file").click()
    page.get_by_role("button", name="something wrong?").click()
    for choice in ("Each row is", "Dates are", "Numbers are"):
        chosen = page.get_by_label(choice).evaluate("list => list.selectedIndex")
        assert chosen == 0, "not blank"
    page.get_by_role("tab", name="Explore").click()
    fit(page)
    page.reload()
    expect(page.locator(".workbench-group").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tab", name="Your file").click()
    page.get_by_role("button", name="details").click()
    expect(page.get_by_text("Health of the shop")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(MARKUP).first).to_be_visible()

    open_workbench(second, address)
    second.get_by_label("Path", exact=True).fill("elsewhere.csv")
    expect(page.get_by_label("Path", exact=True)).to_have_value("elsewhere.csv", timeout=PATIENCE)
    for each in (page, second):
        each.get_by_role("tab", name="Explore").click()
    page.get_by_label("segment 0").fill(MARKUP)
    page.get_by_label("segment 0").press("Tab")
    save(page, tmp_path / "segments.csv")
    expect(page.get_by_text(re.compile("Saved as"))).to_be_visible(timeout=PATIENCE)
    assert MARKUP in set(pd.read_csv(tmp_path / "segments.csv")["name"])
    second.get_by_role("button", name="Save the list").click()
    expect(second.get_by_text("segments.csv exists")).to_be_visible(timeout=PATIENCE)

    fit(page)
    kernel, child = map(int, page.evaluate(EXECUTE, WHO).split())
    left = Path(tempfile.gettempdir()) / f"workbench-{kernel}-left"
    left.mkdir()
    work = psutil.Process(child)
    psutil.Process(kernel).kill()
    for each in (page, second):
        expect(each.get_by_text("appears to have died")).to_be_visible(timeout=PATIENCE)
        each.get_by_role("button", name="Ok", exact=True).click()
        expect(each.get_by_text("load your file again").first).to_be_visible(timeout=PATIENCE)
        expect(each.get_by_role("tab", name="Your file")).to_be_visible(timeout=PATIENCE)
    assert not work.is_running() or work.status() == psutil.STATUS_ZOMBIE
    assert not left.exists(), "what the killed one left is swept"
    send(page, "orders.csv", orders("toys"))
    expect(second.get_by_role("button", name=re.compile("A mail list"))).to_be_visible(
        timeout=PATIENCE
    )

    for each in (page, second):
        assert each.evaluate("window.hacked") is None
        assert each.locator("img[src=x]").count() == 0
    assert dialogs == [] and hosts == {"127.0.0.1"}
    assert (folder / "notebooks" / "workbench.ipynb").read_bytes() == notebook, "saved by nobody"
    spoken = (folder / "watch" / "spoken_to.txt").read_text()
    assert "own socket" in spoken and "OTHER" not in spoken
    page.evaluate(EXECUTE, "import socket; socket.getaddrinfo('192.0.2.1', 80)")
    spoken = (folder / "watch" / "spoken_to.txt").read_text()
    assert "OTHER socket.getaddrinfo 192.0.2.1" in spoken, "the watch would have seen it"
