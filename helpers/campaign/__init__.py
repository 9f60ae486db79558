"""A campaign that proves itself: whom to write to, whom to keep back, and what came of it.

    plan = campaign.make(store, as_of, "slipping regulars", "Winter mail", keep_back=0.2)
    campaign.can_show(plan)             # the smallest effect that these numbers can show
    campaign.contacts(plan, store.people)  # the list for a mail tool; the others stay out of it
    campaign.save(plan, "winter.json")
    campaign.result(campaign.load("winter.json"), later)  # with the orders that came since;
                                        # `verdict` says it in words

Some customers are kept back by hash, and both parts are compared afterwards: whoever was written to
and ordered might have ordered anyway.
"""

from helpers.campaign.audiences import AUDIENCES, CampaignError, audience, pays
from helpers.campaign.keeping import as_json, from_json, load, save
from helpers.campaign.lists import FORMS, contacts, write
from helpers.campaign.plan import Plan, can_show, make
from helpers.campaign.result import Result, priced, result, verdict

__all__ = [
    "AUDIENCES",
    "FORMS",
    "CampaignError",
    "Plan",
    "Result",
    "as_json",
    "audience",
    "can_show",
    "contacts",
    "from_json",
    "load",
    "make",
    "pays",
    "priced",
    "result",
    "save",
    "verdict",
    "write",
]
