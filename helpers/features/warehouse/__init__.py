"""Take it to your warehouse: an expression as SQL in a dialect, with a proof to run there.

`write_sql` writes a folder with the query, a small shop and the answer that it must give;
`difference` compares the answer that an engine exported. On the shell:

    python -m helpers.features sql --dialect bigquery --as-of 2025-07-01 --out my_sql
    python -m helpers.features check my_sql my_result.csv
"""

from helpers.features.warehouse.comparing import NoAnswer, comparison, difference
from helpers.features.warehouse.dialects import DIALECTS, UnknownDialect, create_table, sql_of
from helpers.features.warehouse.writing import TABLES, write_sql

__all__ = [
    "DIALECTS",
    "TABLES",
    "NoAnswer",
    "UnknownDialect",
    "comparison",
    "create_table",
    "difference",
    "sql_of",
    "write_sql",
]
