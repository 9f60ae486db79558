"""What the notebooks share, from the ground up: a room imports only from those above it.

| room          | its one job                                                            | chapter |
|---------------|------------------------------------------------------------------------|---------|
| `errors`      | an error that is shown as a sentence                                   | all     |
| `files`       | where the data lie; writing whole or not at all                        | all     |
| `quote`       | a value stays a value in HTML, Markdown, code and spreadsheets         | all     |
| `plots`       | one plotting style and its charts                                      | all     |
| `shop`        | the tables of a shop, and what became of every row                     | all     |
|               | (`shop.reading`: other people's files become a `Shop`)                 |         |
| `evaluation`  | splits, scores, intervals, paired differences, profit; the audit of    | 01 – 03 |
|               | feature code                                                           |         |
| `features`    | what was known at a cut-off                                            | 02      |
| `segments`    | customer segments, and twins without any                               | 05      |
| `simulator`   | a shop whose truth is known                                            | 00      |
| `experiments` | planned, assigned, checked and read                                    | 06      |
| `models`      | algorithms by name, imbalance, searches                                | 01, 03  |
| `targets`     | what came after a cut-off, and the tasks made of it                    | 01, 02  |
| `lifetime`    | how often a customer will buy, and for how much                        | 02      |
| `cold_start`  | what to offer somebody new                                             | 04      |
| `owner`       | a shop owner's questions, tried on the shop's own past                 | –       |
| `campaign`    | whom to write to, whom to keep back, the list, what came of it         | –       |
| `production`  | a model at work: batch, watch, roll out                                | 07      |
| `service`     | the same over HTTP                                                     | 07      |
| `course`      | the course's own machinery: studies, exercises, environment            | all     |
| `widgets`     | the explorer kit, an explorer a chapter                                | all     |
| `workbench`   | the app: your own orders in; answers, lists, a proven campaign out     | –       |
"""
