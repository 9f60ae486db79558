"""A shop whose truth is known.

    shop, truth = simulate()                    # tables as any shop has them; the truth apart
    table, segments = customer_behavior()       # four figures a customer, four segments
    load_truth("customers")                     # the truth of the committed files under data/
    X, y, p = rare_positives()                  # a rare outcome and its true probability
    simulate(knobs=Knobs(identified=0.5))       # what real shops have besides: see `Knobs`

The world: four latent segments (loyal, bargain, browser, one_off) with six traits each, a taste
over six categories that follows segment and age, and a style that decides within a category. Visits
are a Poisson process over two years that follows the season; cart and order are logistic in traits,
dwell, device and promotion.

What was adjusted, so that the course's tasks are alive (why in brackets):

- traits: one-off customers decide at once and leave within weeks (cart 1.8, buy 1.8, drop-out -.2);
  the others stay longer (-6, -5.2, -4.8) and visit less (-1.35, -1.55, -1.35); wider apart in
  visits (SD 1.1, at most one a day) and order value (.62, all .03 higher), less so in cart and
  buying (.35; means of buying .20 lower but for one-off)
  [over 10 % of the active customers order in half a year while 28 % of the buyers come back]
- intercepts: cart -1.10 (+2.1 in the first visit), buy -.95; the first visit never bounces
  [registered customers: 5 % of visits end in an order]
- survey: intercept .35 [with the traits' lower visits, 38 % answer]
- taste: 5 x a base that is popularity x segment x age band [demographics carry a little signal]
- promotion: every fifth week and that of Black Friday, for all customers
- landing category is drawn from the taste, and one is added to its weight in the time spent; hour
  and source follow the segment [context carries a signal]; 1 % of the visits leave a tab open
- campaign: 56 days; effects .55 + .50 (ps - mean) - .80 loyal + .50 / -.50 by weeks since the last
  visit [an effect that 13,000 customers can show]; a second one, .15, went to recent spenders
- the campaign acts on the tables: p0 is the exact chance of an order from the traits, and orders
  are added or dropped among the treated at the rate that makes it p1; a customer who dropped out
  has p0 = p1 = 0 [purchases and campaigns agree]
- `oracle` leaves campaigns out and knows who dropped out [a ceiling no model of the tables meets]
"""

from helpers.simulator.behavior import customer_behavior, dirty
from helpers.simulator.impressions import click_probability
from helpers.simulator.knobs import Knobs
from helpers.simulator.marginals import marginals
from helpers.simulator.rare import rare_positives
from helpers.simulator.simulation import simulate
from helpers.simulator.storage import load_truth
from helpers.simulator.vouchers import reachable, voucher_profit

__all__ = [
    "Knobs",
    "click_probability",
    "customer_behavior",
    "dirty",
    "load_truth",
    "marginals",
    "rare_positives",
    "reachable",
    "simulate",
    "voucher_profit",
]
