"""The plans of campaigns that are known: those of this session, and those kept in a project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from helpers import campaign
from helpers.campaign import CampaignError, Plan
from helpers.files import write_text


class Plans:
    """The campaigns of which a list or a plan was saved; iterated over, the latest first.

    Where a project is open they lie in its folder `plans`, a file each, and are known again when it
    is opened; a file that is no plan is passed over.
    """

    def __init__(self) -> None:
        self._known: dict[str, Plan] = {}  # by what stands in its file
        self._folder: Path | None = None

    def __iter__(self) -> Iterator[Plan]:
        return iter(sorted(self._known.values(), key=lambda plan: plan.starts, reverse=True))

    def add(self, plan: Plan) -> Path | None:
        """Know a plan from now on; returns its file, None without a project. Raises OSError where
        that cannot be written."""
        text = campaign.as_json(plan)
        self._known.setdefault(text, plan)
        return self._put(text, plan)

    def open(self, folder: Path) -> None:
        """Know what lies in a project's folder too, and keep there what is known. Raises OSError
        like `add`."""
        self._folder = folder / "plans"
        for path in sorted(self._folder.glob("*.json")):
            try:
                plan = campaign.load(path)
            except CampaignError:
                continue
            self._known.setdefault(campaign.as_json(plan), plan)
        for text, plan in self._known.items():
            self._put(text, plan)

    def _put(self, text: str, plan: Plan) -> Path | None:
        """Its file, never over another plan's of the same name and day."""
        if self._folder is None:
            return None
        self._folder.mkdir(exist_ok=True)
        letters = "".join(c if c.isalnum() else "_" for c in plan.name)[:60]
        name = f"{letters} {plan.starts:%Y-%m-%d}"
        path, number = self._folder / f"{name}.json", 1
        while path.exists() and path.read_text(encoding="utf-8") != text:
            number += 1
            path = self._folder / f"{name} {number}.json"
        if not path.exists():
            write_text(path, text)
        return path
