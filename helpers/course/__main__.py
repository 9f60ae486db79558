"""Open the course: JupyterLab on your own copy of the notebooks.

uv run python -m helpers.course                 # makes my_course, or brings it up to date
uv run python -m helpers.course --no-browser    # what follows is JupyterLab's
"""

from __future__ import annotations

import sys

from jupyterlab.labapp import LabApp

from helpers.course import own_copy
from helpers.files import ROOT


def main(arguments: list[str]) -> None:
    """Refresh the copy, then open it; `arguments` are JupyterLab's."""
    try:
        print(own_copy.refresh())
    except OSError as error:
        sys.exit(f"{error.filename or own_copy.FOLDER} cannot be written: {error.strerror}.")
    start = f"--LabApp.default_url=/lab/tree/{own_copy.FOLDER.name}/00_start_here.ipynb"
    LabApp.launch_instance(argv=[f"--ServerApp.root_dir={ROOT}", start, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
