"""RFM groups: scores by rank, alike for customers alike."""

from __future__ import annotations

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from helpers import features, segments, shop

known = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 5), st.integers(0, 99)), min_size=1, max_size=40
).map(lambda rows: pd.DataFrame(rows, columns=["recency", "frequency", "monetary"], dtype=float))


@settings(max_examples=60, deadline=None)
@given(known, st.integers(2, 7))
def test_a_score_is_the_group_of_the_share_below(frame, groups):
    found = segments.rfm_groups(frame, groups)
    for score, name, sign in (("r", "recency", -1), ("f", "frequency", 1), ("m", "monetary", 1)):
        values = sign * frame[name]
        below = values.map(lambda value, values=values: int((values < value).sum()))
        assert (found[score] == below * groups // len(frame) + 1).all()
        assert found[score].between(1, groups).all()
        alike = found.groupby(frame[name].to_numpy())[score]
        assert (alike.min() == alike.max()).all()
    assert (found["group"].str.split("-").str.len() == 3).all()


def test_different_customers_fall_into_groups_of_one_size():
    frame = pd.DataFrame({"recency": range(100), "frequency": range(100), "monetary": range(100)})
    found = segments.rfm_groups(frame)
    assert found["r"].tolist() == [5 - i // 20 for i in range(100)]
    assert found["f"].value_counts().tolist() == [20] * 5
    assert found.loc[99, "group"] == "1-5-5"


def test_who_is_not_known_is_left_out_and_what_lacks_is_said():
    frame = pd.DataFrame({"recency": [1, None], "frequency": [1, 2], "monetary": [3, 4]})
    assert len(segments.rfm_groups(frame)) == 1
    with pytest.raises(ValueError, match="monetary is not there"):
        segments.rfm_groups(frame.drop(columns="monetary"))
    with pytest.raises(ValueError, match="at least 2"):
        segments.rfm_groups(frame, 1)
    customers = shop.read(frame.drop(columns="monetary").assign(customer_id=["a", "b"]))
    with pytest.raises(shop.ShopError, match="RFM groups: no column says the money spent"):
        segments.rfm_groups(customers)


@pytest.mark.parametrize("groups", [2, 5])
def test_groups_as_an_expression_are_those_of_pandas(groups):
    known = features.build(shop.load(), "2025-07-01")
    lying = ibis.memtable(pa.Table.from_pandas(known.reset_index(), preserve_index=False))
    found = segments.define_rfm_groups(lying, groups).to_pandas()
    found = found.set_index("customer_id").sort_index()
    assert_frame_equal(found, segments.rfm_groups(known, groups), check_index_type=False)
    with pytest.raises(ValueError, match="at least 2"):
        segments.define_rfm_groups(lying, 1)
