# %% [markdown]
# # The workbench
#
# Your orders, or a table with one row a customer, in; customer segments out. To start: **Run ▸ Run All Cells** in the menu above. Then work through the three tabs; arrow keys and Tab reach every control. Nothing leaves this computer. An upload lies in the folder for temporary files while it is read, a few seconds; no other file is written unless you ask for it.

# %% tags=["source_hidden"]
from helpers.workbench import Workbench

Workbench()
