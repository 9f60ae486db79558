# %% [markdown]
# # 05, deeper · Customer segments
#
# About 40 minutes. For a second reading of [chapter 05](../05_customer_segments.ipynb).

# %%
import pandas as pd

from helpers.course import environment

environment.check()
behavior = pd.read_csv("../../data/customer_behavior.csv")

# %%
behavior["monetary"].describe().round(2)

# %% [markdown]
# The mean is about 350.
