"""The features of `features.py` by hand, as well as we know how in DuckDB, Polars and pandas.

Each was chosen among several ways, by its time at 15 million lines: counting by customer what
belongs to each category beats grouping by both in DuckDB and in Polars; whole numbers in the place
of text beat `groupby` on text in pandas. Each imports its library itself: a process runs one.
"""

from __future__ import annotations

AS_OF = "2025-12-01"
NEEDED = ["customer_id", "order_id", "ordered_at", "category", "amount", "cancelled_at"]


def duckdb(path: str):
    import duckdb as engine

    con = engine.connect()
    con.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
    found = con.sql(f"SELECT DISTINCT category FROM '{path}' WHERE category IS NOT NULL").fetchall()
    quoted = [name.replace("'", "''") for (name,) in found]
    lines = ", ".join(
        f"count(*) FILTER (category = '{name}') AS n{number}" for number, name in enumerate(quoted)
    )
    top = ", ".join(f"n{number}" for number in range(len(quoted)))
    days = f"(epoch(TIMESTAMP '{AS_OF}') - epoch({{}})) / 86400"
    # A bit for each of the last 90 days, and one for each of the 90 before.
    day = f"ceil({days.format('ordered_at')})::INT"
    bits = f"bit_or(CASE WHEN {{}} THEN 1::HUGEINT << {day} - {{}} END)"
    half, whole = (f"ordered_at >= TIMESTAMP '{AS_OF}' - INTERVAL {n} DAY" for n in (90, 180))
    before = f"{whole} AND NOT {half}"
    query = f"""
        SELECT customer_id, recency, frequency = 0 AS never_bought, frequency,
               cents / 100 AS monetary, frequency / greatest(tenure / 30, 1.0) AS order_rate,
               greatest({top}) / nullif(lines, 0) AS top_category_share,
               lines AS interest_count, tenure, recency AS days_since_activity, active_days,
               (active_days - before) / (active_days + before + 1) AS activity_trend
        FROM (
            SELECT customer_id, {days.format("max(ordered_at)")} AS recency,
                   {days.format("min(ordered_at)")} AS tenure,
                   count(DISTINCT order_id) AS frequency,
                   sum(round(amount * 100)::BIGINT)::BIGINT AS cents,
                   count(category) AS lines, {lines},
                   coalesce(bit_count({bits.format(half, 0)}), 0) AS active_days,
                   coalesce(bit_count({bits.format(before, 90)}), 0) AS before
            FROM '{path}'
            WHERE ordered_at < TIMESTAMP '{AS_OF}'
              AND (cancelled_at IS NULL OR cancelled_at >= TIMESTAMP '{AS_OF}')
            GROUP BY customer_id)
        ORDER BY customer_id"""
    return con.sql(query).to_arrow_table().to_pandas().set_index("customer_id")


def polars(path: str):
    from datetime import datetime, timedelta

    import polars as pl
    from polars import col

    end = datetime.fromisoformat(AS_OF)
    log = pl.scan_parquet(path)
    found = log.select(col("category").drop_nulls().unique()).collect(engine="streaming")
    names = [f"n{number}" for number in range(len(found))]
    lines = {
        name: (col("category") == category).sum()
        for name, category in zip(names, found["category"], strict=True)
    }
    days = (pl.lit(end) - col("ordered_at")).dt.total_microseconds() / 86_400_000_000
    log = log.filter(
        col("ordered_at") < end, col("cancelled_at").is_null() | (col("cancelled_at") >= end)
    )
    value = log.group_by("customer_id").agg(
        recency=days.min(),
        tenure=days.max(),
        cents=(col("amount") * 100).round().cast(pl.Int64).sum(),
        interest_count=col("category").count().cast(pl.Int64),
        **lines,
    )
    orders = log.select("customer_id", "order_id").unique().group_by("customer_id")
    recent = log.filter(col("ordered_at") >= end - timedelta(days=180))
    active = recent.select("customer_id", day=days.ceil().cast(pl.Int16)).unique()
    active = active.group_by("customer_id").agg(
        active_days=(col("day") <= 90).sum().cast(pl.Int64),
        before=(col("day") > 90).sum().cast(pl.Int64),
    )
    joined = value.join(orders.agg(frequency=pl.len().cast(pl.Int64)), "customer_id", "left")
    joined = joined.join(active, "customer_id", "left")
    joined = joined.with_columns(col("frequency", "active_days", "before").fill_null(0))
    recent, before, count = col("active_days"), col("before"), col("interest_count")
    result = joined.sort("customer_id").select(
        "customer_id",
        "recency",
        never_bought=col("frequency") == 0,
        frequency="frequency",
        monetary=col("cents") / 100,
        order_rate=col("frequency") / pl.max_horizontal(col("tenure") / 30, 1.0),
        top_category_share=pl.when(count > 0).then(pl.max_horizontal(names) / count),
        interest_count=count,
        tenure="tenure",
        days_since_activity="recency",
        active_days=recent,
        activity_trend=(recent - before) / (recent + before + 1),
    )
    return result.collect(engine="streaming").to_pandas().set_index("customer_id")


def pandas(path: str):
    import numpy as np
    import pandas as pd
    import pyarrow.parquet as pq

    texts = ["customer_id", "order_id", "category"]
    end = pd.Timestamp(AS_OF)
    table = pq.read_table(
        path, columns=NEEDED, read_dictionary=texts, filters=[("ordered_at", "<", end)]
    )
    log = table.to_pandas()
    del table
    log = log[~(log["cancelled_at"] < end)]
    category = log["category"].cat.codes.to_numpy()
    width = len(log["category"].cat.categories)
    order = log["order_id"].cat.codes.to_numpy("int64")
    customer, names = pd.factorize(log["customer_id"])
    days = ((end - log["ordered_at"]) / pd.Timedelta("1D")).to_numpy()
    cents = (log["amount"].to_numpy() * 100).round().astype("int64")
    frame = pd.DataFrame({"customer": customer, "days": days, "cents": cents})
    found = frame.groupby("customer").agg(
        recency=("days", "min"), tenure=("days", "max"), cents=("cents", "sum")
    )
    many, orders = len(names), int(order.max(initial=0)) + 1
    frequency = np.bincount(pd.unique(customer * orders + order) // orders, minlength=many)
    known = category >= 0
    lines = np.bincount(customer[known] * width + category[known], minlength=many * width)
    lines = lines.reshape(many, width)
    counted = lines.sum(axis=1)
    near = days <= 180
    active = pd.unique(customer[near] * 181 + np.ceil(days[near]).astype("int64"))
    who, day = active // 181, active % 181
    recent = np.bincount(who[day <= 90], minlength=many)
    before = np.bincount(who[day > 90], minlength=many)
    result = pd.DataFrame(
        {
            "recency": found["recency"],
            "never_bought": frequency == 0,
            "frequency": frequency,
            "monetary": found["cents"] / 100,
            "order_rate": frequency / np.maximum(found["tenure"] / 30, 1),
            "top_category_share": lines.max(axis=1) / np.where(counted, counted, np.nan),
            "interest_count": counted,
            "tenure": found["tenure"],
            "days_since_activity": found["recency"],
            "active_days": recent,
            "activity_trend": (recent - before) / (recent + before + 1),
        }
    )
    result.index = pd.Index(names.astype("str"), name="customer_id")
    return result.sort_index()
