"""The audit of feature code: it is run again on shops whose future, outcomes, rows or names were
changed, and what it should not have noticed is named.

| check                  | what was changed, and must not be noticed                              |
|------------------------|------------------------------------------------------------------------|
| run again              | nothing: only code that draws without a seed notices                   |
| future deleted         | whatever was recorded at the cut-off or later is gone                  |
| future swapped         | what came later belongs to other customers, with other values          |
| recorded later         | half of what was known in time was recorded only after the cut-off     |
| at the cut-off         | what came later happened at the very instant of the cut-off            |
| customers renamed      | the customers have other ids, in the same order                        |
| ids dealt anew         | the customers have each other's ids                                    |
| rows shuffled          | the order of the rows of every table                                   |
| calendar moved         | all times and the cut-off lie 28 years later                           |
| earlier cut-off        | the future of an earlier cut-off is gone                               |
| snapshots              | the future of the earlier snapshots in the table is gone               |
| customers on one side  | –: nobody stands in train and test alike (nor does a household)        |
| no twins across        | –: test rows have no copies among the train rows                       |
| test rows are real     | –: every test row is a row of the table                                |
| fitted on train only   | half of the test rows, then their outcomes                             |
| outcomes shuffled      | the outcomes: nothing is left to be learned, so the score is chance    |

Seeing nothing is no proof: a leak that the tables themselves hold (a value written over later) no
rerun can show.
"""

from helpers.evaluation.auditing.auditing import audit
from helpers.evaluation.auditing.report import Audit, Check, Finding

__all__ = ["Audit", "Check", "Finding", "audit"]
