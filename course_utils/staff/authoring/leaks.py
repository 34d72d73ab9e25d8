"""Find in a student release what only instructors may see.

nbgrader removes what is marked exactly as it expects. Authors misspell a marker, paste a solution
into another cell, forget to mark a cell as a solution, leave an attachment or a helper file
behind. So the release is searched for the *text* of every solution, hidden test and mark scheme of
the source notebook, wherever it may have got to.
"""

import ast
import itertools
import re
from dataclasses import dataclass

from nbgrader import utils
from rapidfuzz import fuzz

from course_utils import SANDBOX, STAFF
from course_utils.staff import markers

PRIVATE_MODULES = (STAFF, SANDBOX)

_PRIVATE_IMPORT = re.compile(
    r"course_utils\s*\.\s*(?P<dotted>{0})\b"
    r"|from\s+course_utils\s+import\b[^\n]*?\b(?P<named>{0})\b".format("|".join(PRIVATE_MODULES))
)
_MARKERS = {
    "solution": markers.SOLUTION,
    "hidden test": markers.HIDDEN_TESTS,
    "mark scheme": markers.MARK_SCHEME,
}
# A line that is nothing but a comment (Python, Markdown, HTML) may be meant as a marker.
_COMMENT = re.compile(r"^\s*(?:#+|<!--+|//|%+)\s*(?P<text>.*?)\s*(?:#*|--+>)?\s*$")
_NEARLY = 80  # per cent of likeness: a letter or two off, a plural, words joined or swapped
_SHORTEST_LINE = 12  # shorter lines, such as `return out`, are in every program
_SHARE = 0.6  # of a secret's telling lines found in one place: more than chance


@dataclass(frozen=True)
class Leak:
    """Where something private would reach students, and why it counts as private."""

    where: str
    why: str

    def __str__(self):
        """Return the leak as one line."""
        return f"{self.where}: {self.why}"


@dataclass(frozen=True)
class Secret:
    """The text of a solution, a hidden test or a mark scheme, and the cell it comes from."""

    kind: str
    cell: str
    lines: tuple[str, ...]


def cell_name(cell, index):
    """Return how a message calls a cell: its grade_id or its place, counted from 1."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"cell {grade_id}" if grade_id else f"cell number {index + 1}"


def misplaced_markers(nb):
    """Return what is wrong with the markers of a *source* notebook.

    nbgrader refuses these too, but does not say in which cell they are.
    """
    fits = {
        "solution": utils.is_solution,
        "hidden test": utils.is_grade,
        "mark scheme": utils.is_task,
    }
    wanted = {
        "solution": "a solution cell",
        "hidden test": "a test cell",
        "mark scheme": "a manually graded task cell",
    }
    leaks = []
    for index, cell in enumerate(nb.cells):
        for kind, (begin, end) in _MARKERS.items():
            is_open = was_open = False
            for line in cell.source.splitlines():
                problem = None
                if begin in line:
                    problem = f"a second {begin} before {end}" if is_open else None
                    is_open = was_open = True
                elif end in line:
                    problem = None if is_open else f"{end} without {begin}"
                    is_open = False
                if problem:
                    leaks.append(Leak(cell_name(cell, index), problem))
            if is_open:
                leaks.append(Leak(cell_name(cell, index), f"{begin} without {end}"))
            elif was_open and not fits[kind](cell):
                why = f"{begin} in a cell that is not {wanted[kind]}"
                leaks.append(Leak(cell_name(cell, index), why))
    return leaks


@dataclass(frozen=True)
class Private:
    """What a source notebook keeps from students.

    Attributes
    ----------
    secrets : list of Secret
    asked, tested : dict
        Name of each function that a solution cell defines, or that a test cell uses, to the name
        of that cell.
    """

    secrets: list[Secret]
    asked: dict[str, str]
    tested: dict[str, str]

    @classmethod
    def of(cls, nb):
        """Return the private parts of the source notebook ``nb``."""
        secrets, asked, tested = [], {}, {}
        solution_begins = _MARKERS["solution"][0]
        for index, cell in enumerate(nb.cells):
            name = cell_name(cell, index)
            texts = [(kind, text) for kind in _MARKERS for text in _regions(cell.source, kind)]
            if utils.is_solution(cell) and solution_begins not in cell.source:
                texts.append(("solution", cell.source))
            secrets += [Secret(kind, name, _telling_lines(text)) for kind, text in texts]
            if cell.cell_type != "code":
                continue
            if utils.is_solution(cell):
                asked |= dict.fromkeys(_functions(cell.source), name)
            elif utils.is_grade(cell):
                tested |= dict.fromkeys(_names_used(cell.source), name)
        return cls([secret for secret in secrets if secret.lines], asked, tested)


def leaks_in_notebook(release, private):
    """Return what a released notebook gives away of ``private``, the source's ``Private``."""
    leaks = []
    for index, cell in enumerate(release.cells):
        name = cell_name(cell, index)
        found = leaks_in_text(cell.source, private.secrets)
        if cell.get("outputs"):
            found.append("a stored output, which shows what the source computed")
        for file in cell.get("attachments", {}):
            if f"attachment:{file}" not in cell.source:
                found.append(f"attachment {file!r} stays although the text that showed it is gone")
        if cell.cell_type == "code":
            found += _leaks_in_code(cell, private)
        leaks += [Leak(name, why) for why in found]
        leaks += _leaks_in_metadata(f"{name}, metadata", cell.metadata, private)
    return leaks + _leaks_in_metadata("notebook metadata", release.metadata, private)


def _leaks_in_metadata(where, metadata, private):
    return [
        Leak(f"{where} {place}", why)
        for place, text in _texts(metadata)
        for why in leaks_in_text(text, private.secrets)
    ]


def _leaks_in_code(cell, private):
    if utils.is_solution(cell):
        return []
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    code = [line for line in cell.source.splitlines() if line.strip() and line.strip()[0] != "#"]
    if code and utils.is_grade(cell) and "_hidden" in grade_id:
        return [f"a hidden test cell that shows {code[0].strip()!r}"]
    found = []
    for function in _complete_functions(cell.source):
        if function in private.asked:
            found.append(f"defines {function}, which {private.asked[function]} asks students for")
        elif function in private.tested and not utils.is_locked(cell):
            found.append(
                f"defines {function}, which {private.tested[function]} tests, in a cell that is "
                "neither a solution cell nor locked"
            )
    return found


def leaks_in_text(text, secrets):
    """Return why ``text`` must not reach students, as a list of phrases."""
    reasons = []
    match = _PRIVATE_IMPORT.search(text)
    if match:
        module = match["dotted"] or match["named"]
        reasons.append(f"names course_utils.{module}, which students do not have")
    for line in text.splitlines():
        marker = _nearly_a_marker(line)
        if marker:
            reasons.append(f"{line.strip()!r} looks like {marker!r} and was left in")
    found = set(_telling_lines(text))
    for secret in secrets:
        shared = [line for line in secret.lines if line in found]
        if len(shared) >= max(1, _SHARE * len(secret.lines)):
            reasons.append(f"shows the {secret.kind} of {secret.cell}")
    return reasons


def _regions(source, kind):
    begin, end = _MARKERS[kind]
    region = None
    for line in source.splitlines():
        if begin in line:
            region = []
        elif end in line and region is not None:
            yield "\n".join(region)
            region = None
        elif region is not None:
            region.append(line)


def _telling_lines(text):
    """Return the lines that say something, without blanks; imports and comments say nothing."""
    lines = []
    for line in text.splitlines():
        bare = re.sub(r"\s+", "", line)
        is_common = re.match(r"\s*(#|import\s|from\s+\S+\s+import\s|>>>|`{3})", line)
        if len(bare) >= _SHORTEST_LINE and not is_common:
            lines.append(bare)
    return tuple(dict.fromkeys(lines))


def _nearly_a_marker(line):
    comment = _COMMENT.match(line)
    if not comment:
        return None
    words = sorted(re.findall("[A-Z]+", re.sub("_", " ", comment["text"]).upper()))
    for marker in itertools.chain(*_MARKERS.values()):
        joined = re.sub("[^A-Z]", "", comment["text"].upper())
        likeness = max(
            fuzz.ratio(joined, marker.replace(" ", "")),
            fuzz.ratio(" ".join(words), " ".join(sorted(marker.split()))),
        )
        if likeness >= _NEARLY:
            return marker
    return None


def _texts(node, place=""):
    """Yield every text below a dict or list, with its place."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        here = f"{place}.{key}" if place else str(key)
        if isinstance(value, str):
            yield here, value
        elif isinstance(value, dict | list):
            yield from _texts(value, here)


def _parse(source):
    try:
        return ast.parse(re.sub(r"(?m)^\s*[%!?].*$", "", source))
    except SyntaxError:
        return ast.parse("")


def _functions(source):
    return [node.name for node in _parse(source).body if isinstance(node, ast.FunctionDef)]


def _complete_functions(source):
    """Return the names of the functions in ``source`` that do something."""
    complete = []
    for node in _parse(source).body:
        if isinstance(node, ast.FunctionDef):
            names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
            if "NotImplementedError" not in names:
                complete.append(node.name)
    return complete


def _names_used(source):
    tree = _parse(source)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return sorted({name.id for name in names if isinstance(name.ctx, ast.Load)} - stored)
