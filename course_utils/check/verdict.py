"""Tell the student the verdict: a card, and ``CheckFailed`` where the work is not right."""

import html
import os
import re
import sys

CARD_MIME = "application/vnd.course.check+json"

# Dark text on a pale background in both of Jupyter's themes; sign and word carry the verdict,
# colour (Okabe-Ito green and vermilion, grey) only repeats it.
_CARD = (
    '<div style="border-left:5px solid {edge};background:{paper};color:#1a1a1a;'
    'padding:.5em .8em;margin:.2em 0;border-radius:3px;max-width:46em;line-height:1.45">'
    "<b>{sign}</b> {head}{body}</div>"
)
# How plain text begins, how a card begins, and its edge and paper. None: nothing was checked.
_LOOKS = {
    True: ("✔", "✔", "#009e73", "#eef8f4"),
    False: ("✘", "✘ Not yet:", "#d55e00", "#fdf1ea"),
    None: ("○ Not checked:", "○ Not checked:", "#6b6b6b", "#f3f3f3"),
}
_DETAIL = '<pre style="white-space:pre-wrap;margin:.3em 0 0;font-size:.95em">{}</pre>'
# Whatever a student's code returns stands in them: its keys, for example.
LONGEST_HEAD, LONGEST_DETAILS = 2_000, 20_000  # characters
_HINT = '<div style="margin-top:.4em;padding-top:.4em;border-top:1px solid #d9b8a8">{}</div>'


class CheckFailed(AssertionError):
    """The student's work is not right; ``str`` of it is the whole message.

    Attributes
    ----------
    mistake : str or None
        Name of the known mistake that gives the same result.
    """

    def __init__(self, message, mistake=None):
        super().__init__(message)
        self.mistake = mistake

    def _render_traceback_(self):
        """One line instead of IPython's traceback, which would quote the test cell.

        nbgrader's Validate shows errors alone, no card: there it is the whole message.
        """
        if os.environ.get("NBGRADER_EXECUTION") == "validate":
            return [f"CheckFailed: {self}"]
        return [f"CheckFailed: {str(self).splitlines()[0]} (see the card above)"]


def passed(subject, remark):
    """Show that the visible check of ``subject`` passed."""
    _show(True, subject, f"{subject} {remark}", "", None)


def failed(subject, head, details="", mistake=None):
    """Show what is wrong and raise ``CheckFailed``.

    Parameters
    ----------
    subject : str
        The function or expression that was checked.
    head, details : str
        One sentence; then any number of lines.
    mistake : object with ``name`` and ``hint``, or None
    """
    head, details = _cut(head, LONGEST_HEAD), _cut(details, LONGEST_DETAILS)
    hint = f"Hint ({mistake.name}): {mistake.hint}" if mistake else ""
    message = _to_text("\n".join(part for part in (head, details, hint) if part))
    name = mistake.name if mistake else None
    _show(False, subject, head, details, mistake)
    # `from None`: the student's own exception, if any, is described in the details
    raise CheckFailed(message, name) from None


def postponed(subject, head):
    """Show what comes before ``subject``, which tells nothing yet, and raise ``CheckFailed``."""
    _show(None, subject, head, "", None)
    raise CheckFailed(head) from None


def not_checked(subject, head, details):
    """Show that the check of ``subject`` could not run."""
    _show(None, subject, head, details, None)


def _show(is_right, subject, head, details, mistake):
    bundle = card(is_right, subject, head, details, mistake)
    if "IPython" not in sys.modules or sys.modules["IPython"].get_ipython() is None:
        print(bundle["text/plain"])
        return
    from IPython.display import display

    display(bundle, raw=True)


def card(is_right, subject, head, details="", mistake=None):
    """Return a verdict as Jupyter shows it: a dict of contents by MIME type.

    Parameters
    ----------
    is_right : bool or None
        None where nothing was checked.
    subject, head, details, mistake
        As in `failed`.
    """
    hint = f"Hint ({mistake.name}): {mistake.hint}" if mistake else ""
    start, sign, edge, paper = _LOOKS[is_right]
    text = _to_text("\n".join(part for part in (f"{start} {head}", details, hint) if part))
    body = (_DETAIL.format(_to_html(details)) if details else "") + (
        _HINT.format(_to_html(hint)) if hint else ""
    )
    drawn = _CARD.format(
        edge=edge,
        paper=paper,
        sign=sign,
        head=_to_html(head),
        body=body,
    )
    record = {
        "passed": is_right,
        "subject": subject,
        "message": _to_text("\n".join(part for part in (head, details) if part)),
        "mistake": mistake.name if mistake else None,
    }
    return {"text/plain": text, "text/html": drawn, CARD_MIME: record}


def _cut(text, longest):
    return text if len(text) <= longest else f"{text[:longest]} …"


def _to_html(text):
    return _marked(html.escape(text, quote=False), r"<em>\1</em>", r"<code>\1</code>")


def _to_text(text):
    """Return text as it stands where nothing draws emphasis: a terminal, an exception."""
    return _marked(text, r"\1", r"`\1`")


def _marked(text, emphasis, code):
    parts = re.split("(`[^`]+`)", text)
    parts[0::2] = [re.sub(r"(?<!\w)\*(\w[^*\n]*)\*(?!\w)", emphasis, part) for part in parts[0::2]]
    parts[1::2] = [re.sub("(?s)`(.*)`", code, part) for part in parts[1::2]]
    return "".join(parts)
