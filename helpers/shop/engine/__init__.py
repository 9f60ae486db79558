"""Tables of any size, where they lie: a `Shop` that is never loaded.

`sources` finds the tables, `columns` says which column is what, `checks` counts in the engine.
"""

from helpers.shop.engine.opened import Opened, open

__all__ = ["Opened", "open"]
