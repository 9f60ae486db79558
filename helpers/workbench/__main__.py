"""Open the workbench as an app: JupyterLab's single-document view, with uploads of up to 200 MB.

The page starts by itself (`page/`, a JupyterLab extension that needs no building). JupyterLab asks
nobody for updates, news or extensions.

    uv run python -m helpers.workbench
    uv run python -m helpers.workbench --project=my_shop
    uv run python -m helpers.workbench report my_orders.csv --out my_report.html

The second opens the work that is kept in a folder, or keeps it there from now on. The third opens
nothing, and writes the page for the partner (`report.py`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jupyterlab.labapp import LabApp

from helpers.files import ROOT
from helpers.workbench import report

UPLOAD_MB = 200
PROJECT = "--project="
HERE = Path(__file__).parent


def main(arguments: list[str]) -> None:
    """Start the server and open the page; `arguments` are JupyterLab's and win."""
    if arguments[:1] == ["report"]:
        sys.exit(report.main(arguments[1:]))
    os.environ["WORKBENCH_UPLOAD_MB"] = str(UPLOAD_MB)
    for argument in [a for a in arguments if a.startswith(PROJECT)]:
        os.environ["WORKBENCH_PROJECT"] = str(Path(argument.removeprefix(PROJECT)).absolute())
        arguments = [a for a in arguments if a != argument]
    largest = int(UPLOAD_MB * 1e6 * 1.4)  # a message is a little larger than the files in it
    ours = {
        "--ServerApp.root_dir": ROOT,
        "--LabApp.default_url": "/doc/tree/notebooks/workbench.ipynb",
        "--LabApp.check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.news_url": None,
        "--LabApp.extension_manager": "readonly",
        "--LabApp.app_settings_dir": HERE / "settings",
        "--LabApp.extra_labextensions_path": HERE / "page",
        "--ServerApp.tornado_settings": {"websocket_max_message_size": largest},
    }
    given = {argument.partition("=")[0] for argument in arguments}
    kept = [f"{name}={value}" for name, value in ours.items() if name not in given]
    LabApp.launch_instance(argv=[*kept, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
