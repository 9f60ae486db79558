"""Figures that no output needs to show: what was set, by the course or by custom, or is quoted.

A figure passes as a part of one of these phrases, so that a slip in it is still noticed. The list
stays short: what was measured is printed in the cell above its text.
"""

GIVEN = {
    "the horizon of the targets": ["26 weeks", "13 weeks"],
    "the level of all intervals": ["95 % interval", "interval of 95 %"],
    "what high value means": ["top 10 %", "top 20 %"],
    "the households of The Complete Journey, counted in chapter 00": ["2,469 households"],
    "a share in words": ["of 100", "per 1,000"],
    "AUC by chance": ["guessing has .5", "(.5 is guessing)", "(.5 would be chance)", "near .5, who"],
}
