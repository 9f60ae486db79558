"""The list of those who are written to, in the forms that mail tools and ad networks take.

The headers are those of the tools' own help pages: Mailchimp "Email Address", Klaviyo "Email",
Brevo "EMAIL", Google's Customer Match "Email", Meta "email". Google and Meta take addresses as
SHA-256 of the address in lower case without blanks around it, in hexadecimal.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from helpers import quote
from helpers.campaign.audiences import CampaignError
from helpers.campaign.plan import WRITTEN, Plan

EXCEL = "Excel"
PLAIN = "CSV"
# form -> the headers of e-mail, first name, last name
MAIL_TOOLS = {
    "Mailchimp": ("Email Address", "First Name", "Last Name"),
    "Klaviyo": ("Email", "First Name", "Last Name"),
    "Brevo": ("EMAIL", "FIRSTNAME", "LASTNAME"),
}
HASHED = {"Google (hashed)": "Email", "Meta (hashed)": "email"}
FORMS = (*MAIL_TOOLS, *HASHED, EXCEL, PLAIN)
ENDING = {EXCEL: ".xlsx"}  # the others are CSV


def contacts(plan: Plan, people: pd.DataFrame | None, form: str = PLAIN) -> pd.DataFrame:
    """Return the list of those who are written to; whoever is kept back is never in it.

    Args:
        plan: The plan.
        people: `Shop.people` of the shop that it was made from, with names and e-mail addresses;
            None where the shop knows none.
        form: One of `FORMS`. Mail tools get e-mail, first and last name, and a tag or column with
            the campaign's name; ad networks get hashed addresses and nothing else; CSV and Excel
            get everything, customers without an address included.

    Raises:
        CampaignError: No such form; a form that needs e-mail addresses, where none is known.
    """
    if form not in FORMS:
        raise CampaignError(f"There is no form {form!r}; there are: {', '.join(FORMS)}.")
    listed = plan.customers[plan.customers["arm"] == WRITTEN]
    if people is None:
        known = pd.DataFrame({"email": pd.NA, "name": pd.NA}, index=listed.index, dtype="str")
    else:
        known = people.set_index("customer_id").reindex(listed.index)
    if form in (PLAIN, EXCEL):
        table = pd.DataFrame({"e-mail": known["email"], "name": known["name"]}, listed.index)
        table["reason"], table["campaign"] = listed["reason"], plan.name
        return table.dropna(axis=1, how="all").rename_axis("customer").reset_index()
    # an address that a spreadsheet would take for a formula would be changed in the file
    email = known["email"].fillna("")
    known = known[(email != "") & (email.map(quote.cell) == email)]
    if known.empty:
        raise CampaignError(
            f"{plan.shop} holds no e-mail address of these customers, and {form} needs them. "
            "Take CSV or Excel, which have the customer numbers, or export your orders with the "
            "e-mail column."
        )
    email = known["email"].str.strip()
    if form in HASHED:
        return pd.DataFrame({HASHED[form]: email.map(hashed).to_numpy()})
    first, last = _names(known["name"])
    headers = MAIL_TOOLS[form]
    table = pd.DataFrame(dict(zip(headers, (email, first, last), strict=True)))
    table["Tags" if form == "Mailchimp" else "CAMPAIGN"] = plan.name
    return table.reset_index(drop=True)


def write(plan: Plan, people: pd.DataFrame | None, form: str, path: str | Path) -> str:
    """Write the list to a path, over what is there: whoever calls has asked. Returns a sentence
    about what was changed or left out, empty where nothing was.

    Raises CampaignError like `contacts`, and OSError where the path cannot be written.
    """
    table = contacts(plan, people, form)
    out = plan.written - len(table)
    note = f"{out:,} without a usable e-mail address are not in it." if out else ""
    said = quote.write_sheet(table, Path(path))
    return " ".join(part for part in (note, said) if part)


def hashed(email: str) -> str:
    """SHA-256 of an e-mail address in lower case without blanks around it, in hexadecimal."""
    return hashlib.sha256(email.strip().lower().encode("utf-8")).hexdigest()


def _names(names: pd.Series) -> tuple[pd.Series, pd.Series]:
    """First and last names: what stands before the last blank, and what after it."""
    parts = names.fillna("").str.strip().str.rsplit(n=1)
    first = parts.map(lambda words: words[0] if words else "")
    last = parts.map(lambda words: words[1] if len(words) > 1 else "")
    return first, last
