"""Look at the files of a submission before anything opens them as notebooks."""

import nbformat
from nbgrader.utils import parse_utc


def problem_with_files(root, folder, wanted):
    """Return why a submission cannot be graded, where nbgrader would only give up.

    Parameters
    ----------
    root : Path
        The course's folder, from which paths are named.
    folder : Path
        The submission's folder.
    wanted : list of str
        File names of the assignment's notebooks.

    Returns
    -------
    tuple of str, or None
        Label, sentence for the student, sentence for the staff; None where nothing is wrong.
    """
    found = sorted(path.name for path in folder.glob("*.ipynb"))
    if not set(wanted) & set(found):
        if not found:
            return (
                "no notebook",
                f"Your submission holds no notebook. Please submit {' and '.join(wanted)}.",
                f"{folder.relative_to(root)} holds no notebook; ask for it",
            )
        has = f"holds {', '.join(found)}"
        return (
            "no notebook of that name",
            f"Your submission {has}, but the assignment is {' and '.join(wanted)}. "
            "Please submit it again under its own name.",
            f"rename the file in {folder.relative_to(root)} and autograde again",
        )
    for name in set(wanted) & set(found):
        try:
            nbformat.reads((folder / name).read_text(encoding="utf-8"), as_version=4)
        except Exception:  # whatever a damaged file makes of the parser
            return (
                "not a notebook file",
                f"The file {name} is damaged or incomplete, so that it cannot be opened as a "
                "notebook. Please open it in JupyterLab, save it and submit it again.",
                f"{(folder / name).relative_to(root)} is malformed JSON or no notebook; repair it "
                "or ask for another copy",
            )
    stamp = folder / "timestamp.txt"
    try:
        parse_utc(stamp.read_text(encoding="utf-8").strip()) if stamp.exists() else None
    except (ValueError, OverflowError):
        return (
            "unreadable timestamp",
            "The time of your submission is not recorded properly. Please ask your teachers.",
            f"{stamp.relative_to(root)} holds no time such as '2027-03-05 12:00:00 UTC'",
        )
    return None
