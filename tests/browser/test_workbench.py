"""The workbench in a real browser: a file in, segments and a notebook out."""

from __future__ import annotations

import io
import re
from pathlib import Path

import nbformat
import pandas as pd
from benches import few_orders
from nbclient import NotebookClient
from one_shop import as_german, as_shopify, one_shop
from pages import end_kernels, open_workbench, shuts_out
from playwright.sync_api import Page, expect

from helpers import shop
from helpers.files import DATA
from helpers.workbench.words import label

TITLES = [
    *("Your file", "Monday", "Customers", "How many will buy", "Groups", "Campaign", "Result"),
    *("Explore", "Take it with you"),
]
# what stands out of the page to the right, but for what scrolls by itself
CUT_OFF = """() => [...document.querySelectorAll('.workbench *')].filter(part => {
  const box = part.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !part.closest('[style*="overflow-x"], pre');
}).map(part => part.className)"""
DROP = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, { type: 'text/csv' }));
  const options = { dataTransfer: files, bubbles: true, cancelable: true };
  document.querySelector('.workbench').dispatchEvent(new DragEvent('drop', options));
}"""


def upload(page: Page, path: Path) -> None:
    """Choose a file of one's own on the workbench's first screen: no further button."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Drop your file here")).click()
    chooser.value.set_files(path)


def test_a_file_is_dropped_and_nothing_of_jupyter_is_seen(lab, open_page, tmp_path):
    address, _ = lab
    page = open_page(width=1280)
    end_kernels(address)
    open_workbench(page, address)
    lines = shop.load().purchases.head(1_500)
    columns = ["customer_id", "order_id", "ordered_at", "amount"]
    page.evaluate(DROP, ["orders.csv", lines[columns].to_csv(index=False)])
    card = page.get_by_role("button", name=re.compile("A mail list"))
    expect(card).to_be_visible(timeout=60_000)
    around = page.locator(
        "#jp-MainMenu, .jp-Toolbar, .jp-SideBar, #jp-bottom-panel, .jp-InputArea, .jp-OutputPrompt,"
        " .jp-Notebook-footer"
    )
    for width in (1280, 800, 400):
        page.set_viewport_size({"width": width, "height": 900})
        for title in TITLES:
            page.get_by_role("tab", name=title).click()
            page.wait_for_timeout(300)  # milliseconds, to be laid out anew
            assert around.locator("visible=true").count() == 0, (width, title)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            assert page.evaluate(CUT_OFF) == [], (width, title)
            page.screenshot(path=tmp_path / f"{width} {title}.png")
    for title in TITLES:  # once more, with what each has computed
        page.get_by_role("tab", name=title).click()
        expect(page.locator(".widget-hprogress").locator("visible=true")).to_have_count(0)
        assert shuts_out(page) == [], title
    page.get_by_role("button", name="Show the notebook").click()
    expect(page.locator("#jp-MainMenu")).to_be_visible()
    page.get_by_role("button", name="Hide the notebook").click()
    expect(page.locator("#jp-MainMenu")).to_be_hidden()


def test_a_shopify_export_goes_through_campaign_and_result(lab, open_page, tmp_path):
    """As an owner: the list for the mail tool and the plan; two months later, what came of it."""
    address, _ = lab
    lines = pd.read_csv(
        io.StringIO(as_shopify(one_shop(3, customers=600))), dtype=str, keep_default_na=False
    )
    first = lines["Currency"] != ""
    lines["Accepts Marketing"] = ["yes" if head else "" for head in first]
    no = lines["Email"].str.contains("7@")
    lines.loc[first & no, "Accepts Marketing"] = "no"
    lines[lines["Created at"] < "2024-11-01"].to_csv(tmp_path / "orders.csv", index=False)
    lines.to_csv(tmp_path / "january.csv", index=False)

    page = open_page(width=1280)
    end_kernels(address)
    open_workbench(page, address)
    upload(page, tmp_path / "orders.csv")
    card = page.get_by_role("button", name=re.compile("A mail list"))
    expect(card).to_be_visible(timeout=60_000)
    card.click()
    expect(page.get_by_text("Whoever did not agree to mails is left out.")).to_be_visible()
    page.get_by_label("Name of the campaign").fill("Advent")
    page.get_by_label("It goes out on").fill("2024-11-01")
    page.get_by_label("Write to").select_option(index=1)
    keep = page.locator(".widget-readout:visible").nth(1)
    keep.fill("30")
    keep.press("Enter")
    expect(page.get_by_text(re.compile("about 15 are kept back to compare"))).to_be_visible()
    page.get_by_role("button", name="Mailchimp").click()
    page.get_by_role("button", name="Make the list").click()
    expect(page.get_by_text(re.compile("are written to, .* are kept back"))).to_be_visible()
    names = page.get_by_label("Save as").locator("visible=true")
    for place, name in ((0, "list.csv"), (1, "plan.json")):
        names.nth(place).fill(str(tmp_path / name))
        names.nth(place).press("Enter")
        expect(page.get_by_text(re.compile(f"Saved as .*{name}"))).to_be_visible()
    assert shuts_out(page) == []
    page.screenshot(path=tmp_path / "campaign.png", full_page=True)
    listed = pd.read_csv(tmp_path / "list.csv")
    assert list(listed)[:3] == ["Email Address", "First Name", "Last Name"]
    assert len(listed) and not listed["Email Address"].str.contains("7@").any()

    page.get_by_role("tab", name="Your file").click()
    upload(page, tmp_path / "january.csv")
    expect(card).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Result").click()
    path = page.get_by_placeholder("or its path: my_plan.json")
    path.fill(str(tmp_path / "plan.json"))
    path.press("Enter")
    expect(page.get_by_text(re.compile(f"Of the {len(listed)} you wrote to"))).to_be_visible()
    assert shuts_out(page) == []
    page.screenshot(path=tmp_path / "result.png")


def test_the_workbench_takes_a_file_to_segments_and_a_notebook(lab, open_page, tmp_path):
    """As somebody who does not code: upload, correct a column, choose k, export, take it along."""
    address, folder = lab
    lines = shop.load().purchases.head(1_500)
    names = {"customer_id": "kto", "order_id": "co", "ordered_at": "kiedy", "amount": "ile"}
    lines[list(names)].rename(columns=names).to_csv(tmp_path / "zamowienia.csv", index=False)

    page = open_page(width=800)
    end_kernels(address)
    open_workbench(page, address)
    assert page.locator(".jp-CodeCell .jp-InputArea:visible").count() == 0, "the code is hidden"

    upload(page, tmp_path / "zamowienia.csv")
    expect(page.get_by_role("alert").first).to_contain_text("the customer", timeout=30_000)
    for role, name in names.items():
        page.get_by_label(label(role), exact=True).select_option(name)
    page.screenshot(path=tmp_path / "data.png")
    page.get_by_role("button", name="Read again").click()

    expect(page.get_by_role("button", name=re.compile("A mail list"))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="The page for your partner").click()
    expect(page.get_by_role("heading", name="Your best customers")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="How many orders will come")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 800
    page.screenshot(path=tmp_path / "monday.png")

    page.get_by_role("tab", name="Explore").click()
    handle = page.locator(".noUi-handle:visible").first
    expect(handle).to_be_visible(timeout=30_000)
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(re.compile("^5 groups: "))).to_be_visible()
    page.get_by_role("button", name="Group all my customers").click()
    expect(page.locator(".workbench-group")).to_have_count(5, timeout=60_000)
    expect(page.get_by_text("Is it stable?")).to_be_hidden()
    page.get_by_role("button", name="why?").click()
    expect(page.get_by_text("Is it stable?")).to_be_visible()
    expect(page.get_by_text("Does structure exist?")).to_be_visible()
    save = page.get_by_label("Save as").locator("visible=true").last
    save.fill(str(tmp_path / "segments.csv"))
    save.press("Enter")
    expect(page.get_by_text(re.compile("Saved as .*segments.csv"))).to_be_visible()
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 800, "usable at 800 pixels"
    page.screenshot(path=tmp_path / "segments.png")

    page.get_by_role("tab", name="Take it with you").click()
    taken = tmp_path / "empty"
    taken.mkdir()
    save = page.get_by_label("Save as").locator("visible=true").last
    save.fill(str(taken / "taken.ipynb"))
    save.press("Tab")
    page.get_by_role("button", name="Save the notebook").click()
    expect(page.get_by_text(re.compile("Saved as .*taken.ipynb"))).to_be_visible()

    notebook = nbformat.read(taken / "taken.ipynb", as_version=4)
    notebook.cells[-1].source += '\nresult.to_csv("again.csv", mode="x")'
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(taken)}}).execute()
    exported, again = (
        pd.read_csv(p / n) for p, n in ((tmp_path, "segments.csv"), (taken, "again.csv"))
    )
    pd.testing.assert_frame_equal(
        again[["customer_id", "segment"]], exported[["customer_id", "segment"]]
    )
    assert exported["segment"].nunique() == 5


def test_a_table_with_one_row_a_customer_goes_from_upload_to_exported_segments(
    lab, open_page, tmp_path
):
    address, _ = lab
    page = open_page(width=800)
    end_kernels(address)
    open_workbench(page, address)
    upload(page, DATA / "customer_behavior.csv")
    expect(page.get_by_text("is read: a table with one row")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="details").click()
    expect(page.get_by_text("Health of the table")).to_be_visible()
    expect(page.get_by_text("They need the orders themselves")).to_be_visible()
    page.get_by_role("button", name="something wrong?").click()
    expect(page.get_by_label("Date of last order", exact=True)).to_be_hidden()
    more = page.get_by_role("button", name="More columns")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Date of last order", exact=True)).to_be_visible()
    page.screenshot(path=tmp_path / "data.png")

    page.get_by_role("tab", name="Explore").click()
    expect(page.get_by_text("4,000 customers in the table.")).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Look from")).to_be_hidden()
    page.get_by_role("button", name="Group all my customers").click()
    expect(page.locator(".workbench-group")).to_have_count(4, timeout=60_000)
    save = page.get_by_label("Save as").locator("visible=true").last
    save.fill(str(tmp_path / "segments.csv"))
    save.press("Tab")
    page.get_by_role("button", name="Save the list").click()
    expect(page.get_by_text(re.compile("Saved as .*segments.csv"))).to_be_visible()
    page.screenshot(path=tmp_path / "segments.png")
    exported = pd.read_csv(tmp_path / "segments.csv")
    table = pd.read_csv(DATA / "customer_behavior.csv")
    assert exported["customer_id"].tolist() == table["customer_id"].tolist()
    assert exported["segment"].nunique() == 4


def test_a_german_file_and_an_event_log_go_as_far_as_their_data_allow(lab, open_page, tmp_path):
    """Semicolons, Windows letters and credit notes: the money to the cent, on the screen, in the
    report and in the notebook. A log of visits has buyers, and people who only looked."""
    address, _ = lab
    truth = one_shop(3, customers=500)
    (tmp_path / "bestellungen.csv").write_bytes(as_german(truth))
    page = open_page(width=1280)
    end_kernels(address)
    open_workbench(page, address)
    upload(page, tmp_path / "bestellungen.csv")
    total = f"{truth.shop_system / 100:,.2f}"
    expect(page.get_by_text(re.compile(f"this is {total}"))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="The page for your partner").click()
    save = page.get_by_label("Save as").locator("visible=true").last
    expect(save).to_be_visible(timeout=60_000)
    save.fill(str(tmp_path / "report.html"))
    save.press("Enter")
    expect(page.get_by_text(re.compile("Saved as .*report.html"))).to_be_visible()
    assert total in (tmp_path / "report.html").read_text("utf-8")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download it").click()
    assert download.value.path().read_bytes() == (tmp_path / "report.html").read_bytes()
    page.get_by_role("tab", name="Take it with you").click()
    (tmp_path / "empty").mkdir()
    save = page.get_by_label("Save as").locator("visible=true").last
    save.fill(str(tmp_path / "empty" / "taken.ipynb"))
    save.press("Enter")
    expect(page.get_by_text(re.compile("Saved as .*taken.ipynb"))).to_be_visible()
    notebook = nbformat.read(tmp_path / "empty" / "taken.ipynb", as_version=4)
    place = {"metadata": {"path": str(tmp_path / "empty")}}
    NotebookClient(notebook, timeout=120, resources=place).execute()
    (account,) = [cell for cell in notebook.cells if cell.source == "owner.money(store)"]
    assert total.replace(",", "") in account.outputs[0]["data"]["text/plain"]

    lines = few_orders(400)
    looked_only = [f"L{number}" for number in range(60)]
    bought = lines.rename(columns={"ordered_at": "event_time", "amount": "price"})
    bought = bought.drop(columns="order_id").assign(event_type="purchase")
    seen = bought.assign(event_type="view", price=0.0)
    seen["event_time"] -= pd.Timedelta("5min")
    others = seen.head(60).assign(customer_id=looked_only)
    log = pd.concat([bought, seen, others]).sort_values("event_time", kind="stable")
    log.to_csv(tmp_path / "events.csv", index=False)
    page.get_by_role("tab", name="Your file").click()
    upload(page, tmp_path / "events.csv")
    customers = lines["customer_id"].nunique()
    expect(page.get_by_text(f"{customers:,} customers spent")).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Groups").click()
    expect(page.get_by_text(re.compile("Besides, 60 prospects"))).to_be_visible(timeout=60_000)
    page.get_by_role("tab", name="Campaign").click()
    expect(page.get_by_text("It has no e-mail addresses")).to_be_visible(timeout=60_000)
