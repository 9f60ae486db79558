# %% [markdown]
# # The workbench
#
# Drop your orders, or a table with one row a customer; answers to what an owner asks on a Monday, and groups of customers, come out. Opened by `python -m helpers.workbench`, it starts by itself; in another JupyterLab choose **Run ▸ Run All Cells** in the menu above. Arrow keys and Tab reach every control. A page that is loaded again, or a second tab, shows the same workbench with what was loaded; only a restart of the kernel empties it. Nothing leaves this computer. An upload lies in the folder for temporary files while it is read, a few seconds; no other file is written unless you ask for it.

# %% tags=["source_hidden"]
from helpers.workbench import Workbench

Workbench.here()
