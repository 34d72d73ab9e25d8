"""What grading noted about a submission, kept in the graded notebook's metadata.

``nb.metadata.course`` is ``{"seed": int, "events": [{"kind", "cell"}, …]}``; each event is one of
``EVENTS``. Students can write metadata too, so `start` throws away whatever came with the file.
"""

KEY = "course"

# kind of event -> sentence for the student, where {cell} is the cell's grade_id
EVENTS = {
    "deleted": "The cell `{cell}` was missing and has been put back.",
    "answer-missing": "The answer cell `{cell}` is missing.",
    "duplicated": "The cell `{cell}` is there more than once; only the last copy counts.",
    "timeout": "The cell `{cell}` ran too long and was interrupted.",
    "stuck": (
        "The cell `{cell}` ran too long and could not be interrupted, "
        "so the cells after it were not run."
    ),
    "died": (
        "Python stopped in the cell `{cell}` (a crash, an exit or too much memory), "
        "so the cells after it were not run."
    ),
    "out-of-time": (
        "The notebook as a whole ran too long: from the cell `{cell}` on, nothing was run."
    ),
}


def start(nb):
    """Begin an empty record in ``nb``."""
    nb.metadata[KEY] = {"events": []}


def add_event(nb, kind, cell):
    """Note that an event of ``kind`` (see ``EVENTS``) happened to the cell named ``cell``."""
    if kind not in EVENTS:
        raise ValueError(f"unknown event {kind!r}; expected one of {', '.join(EVENTS)}")
    nb.metadata.setdefault(KEY, {"events": []})["events"].append({"kind": kind, "cell": cell})


def events(nb):
    """Return the list of events noted in ``nb``."""
    return list(nb.metadata.get(KEY, {}).get("events", []))


def sentences(noted):
    """Return one sentence per event; several time-outs share one."""
    slow = [event["cell"] for event in noted if event["kind"] == "timeout"]
    result = []
    for event in noted:
        if event["kind"] == "timeout" and len(slow) > 1:
            if event["cell"] == slow[0]:
                named = ", ".join(f"`{cell}`" for cell in slow[:3])
                more = f" and {len(slow) - 3} more" if len(slow) > 3 else ""
                result.append(f"The cells {named}{more} ran too long and were interrupted.")
        else:
            result.append(EVENTS[event["kind"]].format(cell=event["cell"]))
    return result


def name_of(cell, index):
    """Return the cell's ``grade_id``, or its place in the notebook where it has none."""
    return cell.metadata.get("nbgrader", {}).get("grade_id") or f"number {index + 1}"
