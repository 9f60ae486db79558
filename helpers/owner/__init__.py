"""A shop owner's questions, answered from orders alone and tried on the shop's own past.

    owner.best(store, as_of)         # who the best customers are
    owner.slipping(store, as_of)     # which regulars are slipping away; came_back tries the list
    owner.next_buyers(store, as_of)  # who will buy next; bought_next tries the list
    owner.coming(store, as_of)       # how many orders will come, beside six forecasts of the past
    owner.groups(store, as_of)       # RFM groups by name, and what each did next
    owner.page(store, as_of)         # all of it as one HTML page

Every answer says what it rests on; where a shop's orders cannot give it, it says so in a sentence.
"""

from helpers.owner.customers import best
from helpers.owner.forecast import Coming, TooShort, coming
from helpers.owner.mail import bought_next, next_buyers
from helpers.owner.named_groups import groups
from helpers.owner.partner_page import answers, as_page, page
from helpers.owner.rhythm import came_back, slipping

__all__ = [
    "Coming",
    "TooShort",
    "answers",
    "as_page",
    "best",
    "bought_next",
    "came_back",
    "coming",
    "groups",
    "next_buyers",
    "page",
    "slipping",
]
