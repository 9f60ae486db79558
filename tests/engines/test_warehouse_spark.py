"""On a Spark cluster: the SQL that goes to a warehouse."""

from __future__ import annotations

import pytest
from engines import folders


@pytest.mark.parametrize("name", folders.NAMES)
def test_it_gives_the_expected_answer(spark, tmp_path, name):
    folder = folders.write_folder(name, "spark", tmp_path / "sql")
    for table in spark.catalog.listTables():  # other tests' views would hide its tables
        if table.isTemporary:
            spark.catalog.dropTempView(table.name)
    spark.sql(f"CREATE DATABASE {name}")
    spark.sql(f"USE {name}")

    def load(table, file):
        rows = spark.read.csv(str(file), header=True, schema=spark.table(f"`{table}`").schema)
        rows.write.insertInto(f"`{table}`")

    folders.take_steps(folder, name, "spark", spark.sql, load)
    [statement] = folders.statements(folder / "compare.sql")
    row = spark.sql(statement).first().asDict()
    folders.assert_same(row, folder)
    spark.sql("USE default")
    spark.sql(f"DROP DATABASE {name} CASCADE")
