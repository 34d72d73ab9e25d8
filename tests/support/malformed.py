"""Everything that can be wrong with a submission, one case each.

A case starts from a right submission of the tiny course and spoils it. `CASES` says what grading
has to make of it.
"""

import gzip
import json
import os
import random
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
from nbgrader.utils import compute_checksum

GRADED, UNGRADABLE = "graded", "ungradable"
NAME = "tiny.ipynb"
FULL = 7  # points that tests give; the written answer waits for a grader
HONEST = "ada"  # whose work others try to reach by links


@dataclass(frozen=True)
class Case:
    """One kind of malformed submission.

    Attributes
    ----------
    name : str
    spoil : callable
        Gets the folder of a right submission.
    status : str
        Of the outcome.
    label, sentence : str
        Part of what the TA's table and the student are told; empty: nothing at all is told.
    points : float
    student : str
        The name of the student's folder where that is what is wrong.
    """

    name: str
    spoil: Callable[[Path], None]
    status: str
    label: str = ""
    sentence: str = ""
    points: float = 0
    student: str = ""

    @property
    def folder_name(self):
        """The student's name."""
        return self.student or self.name


def refused(name, spoil, label, sentence, student=""):
    return Case(name, spoil, UNGRADABLE, label, sentence, 0, student)


def graded(name, spoil, label="", sentence="", points=FULL, student=""):
    return Case(name, spoil, GRADED, label, sentence, points, student)


# --- the file as a whole


def content(data):
    """Put other bytes in the place of the notebook."""

    def spoil(folder):
        (folder / NAME).write_bytes(data(folder) if callable(data) else data)

    return spoil


def read(folder):
    return (folder / NAME).read_bytes()


def reencoded(encoding, **options):
    return content(lambda folder: read(folder).decode().encode(encoding, **options))


def large(size):
    def spoil(folder):
        os.truncate(folder / NAME, size)

    return spoil


def instead(make, name=NAME):
    """Put something that is no file in the place of the notebook, or of another file."""

    def spoil(folder):
        (folder / name).unlink()
        make(folder / name)

    return spoil


def listening_socket(path):
    here = os.open(path.parent, os.O_RDONLY)  # the path itself may be too long for a socket
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)


def device(path):
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # endless zeros
    except PermissionError:  # not as an ordinary user: something else that is no file
        os.mkfifo(path)


def linked_folder(folder):
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.symlink_to(folder.parent.parent / HONEST / folder.name)


def linked_student(folder):
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.parent.rmdir()
    folder.parent.symlink_to(folder.parent.parent / HONEST)


def emptied(folder):
    for path in folder.iterdir():
        path.unlink()


# --- names


def called(name):
    def spoil(folder):
        (folder / NAME).rename(folder / name)

    return spoil


def one_level_down(folder):
    (folder / "Tiny work").mkdir()
    called(f"Tiny work/{NAME}")(folder)


def beside(name, data=b""):
    """Put another file beside the notebook."""

    def spoil(folder):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)

    return spoil


def sparse_file_beside(folder):
    (folder / "data.bin").touch()
    os.truncate(folder / "data.bin", 10**11)


def link_beside(folder):
    (folder / "data.db").symlink_to(folder.parents[2] / "gradebook.db")


def many_beside(folder):
    for number in range(1_200):
        (folder / f"{number}.txt").touch()


def both(*spoilers):
    def spoil(folder):
        for each in spoilers:
            each(folder)

    return spoil


# --- what is in the JSON


def edited(change):
    """Change the parsed notebook."""

    def spoil(folder):
        nb = json.loads(read(folder))
        changed = change(nb)
        # json writes what no file should hold, such as NaN and lone surrogates
        (folder / NAME).write_text(json.dumps(nb if changed is None else changed))

    return spoil


def without(key, where=None):
    def change(nb):
        for part in nb["cells"] if where == "cells" else [nb]:
            del part[key]

    return edited(change)


def setting(**values):
    return edited(lambda nb: nb.update(values))


def at(grade_id, change):
    """Change one cell."""

    def edit(nb):
        [cell] = [
            c for c in nb["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
        ]
        change(cell)

    return edited(edit)


def cell(grade_id, /, **values):
    return at(grade_id, lambda cell: cell.update(values))


def grading(grade_id, /, **values):
    return at(grade_id, lambda cell: cell["metadata"]["nbgrader"].update(values))


def all_grading(**values):
    def change(nb):
        for each in nb["cells"]:
            if "nbgrader" in each["metadata"]:
                each["metadata"]["nbgrader"].update(values)

    return edited(change)


def flipped(nb):
    for each in nb["cells"]:
        for key in ("grade", "solution", "locked", "task"):
            meta = each["metadata"].get("nbgrader", {})
            if key in meta:
                meta[key] = not meta[key]


def without_schema(nb):
    for each in nb["cells"]:
        each["metadata"].get("nbgrader", {}).pop("schema_version", None)


def without_grading(nb):
    for each in nb["cells"]:
        each["metadata"].pop("nbgrader", None)


def ids(value):
    def change(nb):
        for each in nb["cells"]:
            each["id"] = value

    return edited(change)


def malformed_outputs(nb):
    junk = [5, "text", None, [{"output_type": []}], [{"output_type": "stream"}], {"a": 1}, [[[]]]]
    for each, outputs in zip(nb["cells"], junk * 2, strict=False):
        each["outputs"], each["execution_count"] = outputs, "first"


def nested(depth):
    value = "deep"
    for _ in range(depth):
        value = [value]
    return value


def old(version):
    def change(folder):
        nb = nbformat.reads(read(folder).decode(), as_version=3)
        text = nbformat.writes(nb)
        if version == 2:
            text = text.replace('"nbformat": 3', '"nbformat": 2')
        (folder / NAME).write_text(text)

    return change


def duplicated(nb):
    index = next(i for i, c in enumerate(nb["cells"]) if "T3_shape" in str(c["metadata"]))
    nb["cells"].insert(0, {**nb["cells"][index], "source": "tiny_shape_of_it = None"})


def moved(nb):
    def index(name):
        return next(i for i, c in enumerate(nb["cells"]) if name in str(c["metadata"]))

    # its answer is now defined after both of its tests, in the last cell of all
    nb["cells"].append(nb["cells"].pop(index("'T1_double'")))


def of_another_assignment(nb):
    for number, each in enumerate(nb["cells"][3:]):  # the set-up has the same name everywhere
        if "nbgrader" in each["metadata"]:
            each["metadata"]["nbgrader"]["grade_id"] = f"C{number}"


def as_given(nb):
    """Have the answers pass for what was handed out."""
    for each in nb["cells"]:
        meta = each["metadata"].get("nbgrader", {})
        if meta.get("solution"):
            source = "".join(each["source"])
            meta["checksum"] = compute_checksum(nbformat.from_dict(each | {"source": source}))


def copied(name):
    """Put the one notebook that there is beside itself."""

    def spoil(folder):
        [path] = folder.glob("*.ipynb")
        (folder / name).write_bytes(path.read_bytes())

    return spoil


def copies(*names):
    """Hand in the finished notebook under these names, and the one as it was handed out."""

    def spoil(folder):
        finished = read(folder)
        both(cell("T3_shape", source="..."), edited(as_given))(folder)
        for name in names:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(finished)

    return spoil


# without NUL and surrogates, which have cases of their own
_NOISE = random.Random(0).randbytes(50_000)
_DEEP = "[" * 100_000 + "]" * 100_000

CASES = [
    # what is no notebook
    refused(
        "truncated",
        content(lambda f: read(f)[: len(read(f)) // 2]),
        "not a notebook",
        "damaged or incomplete",
    ),
    refused("no-bytes", content(b""), "not a notebook", "is empty"),
    refused("only-zeros", content(bytes(4096)), "not a notebook", "is empty"),
    refused("noise", content(_NOISE), "not a notebook", "damaged or incomplete"),
    refused(
        "gzip", content(lambda f: gzip.compress(read(f))), "not a notebook", "is a gzip archive"
    ),
    refused(
        "pdf", content(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), "not a notebook", "is a PDF document"
    ),
    refused("docx", content(b"PK\x03\x04\x14\x00\x06\x00"), "not a notebook", "an Office document"),
    refused("web-page", content(b"<!DOCTYPE html><p>tiny</p>"), "not a notebook", "is a web page"),
    refused("json-list", content(b"[1, 2]"), "not a notebook", "holds a list"),
    refused("json-number", content(b"3.5"), "not a notebook", "holds a float"),
    refused("deep-json", content(_DEEP.encode()), "not a notebook", "damaged or incomplete"),
    refused(
        "deep-metadata",
        content(
            lambda f: read(f).replace(
                b'"metadata": {', b'"x": %b, "metadata": {' % _DEEP.encode(), 1
            )
        ),
        "not a notebook",
        "damaged or incomplete",
    ),
    refused("100-mb", large(100_000_000), "file too large", "has 100 MB; at most 25 MB"),
    refused(
        "10000-cells",
        edited(lambda nb: nb["cells"].extend([nb["cells"][0]] * 10_000)),
        "too many cells",
        "at most 2000",
    ),
    refused("cells-missing", without("cells"), "not a notebook", "no list of cells"),
    refused("cells-null", setting(cells=None), "not a notebook", "no list of cells"),
    refused("cells-mapping", setting(cells={"a": 1}), "not a notebook", "no list of cells"),
    refused(
        "cells-empty", setting(cells=[]), "another notebook", "does not hold the assignment's cells"
    ),
    graded("no-names-at-all", edited(without_grading), "grading data lost", "and 5 more had lost"),
    graded(
        "neither-names-nor-ids",
        both(edited(without_grading), without("id", "cells")),
        "grading data lost",
        "had lost",
    ),
    refused("nbformat-5", setting(nbformat=5), "unknown notebook format", "nbformat 5"),
    refused("nbformat-99", setting(nbformat=99), "unknown notebook format", "nbformat 99"),
    refused("nbformat-negative", setting(nbformat=-1), "unknown notebook format", "nbformat -1"),
    # what is no file, or not here
    refused("nothing", emptied, "no notebook", f"Please submit {NAME}"),
    refused("zip-beside", both(emptied, beside("tiny.zip", b"PK")), "no notebook", "only tiny.zip"),
    refused("folder", instead(Path.mkdir), "no ordinary file", "Please submit the notebook itself"),
    refused(
        "link-to-passwd",
        instead(partial(Path.symlink_to, target="/etc/passwd")),
        "a link",
        "is a link",
    ),
    refused(
        "link-to-other",
        instead(lambda p: p.symlink_to(f"../../{HONEST}/{p.parent.name}/{NAME}")),
        "a link",
        "is a link",
    ),
    refused(
        "link-to-itself", instead(partial(Path.symlink_to, target=NAME)), "a link", "is a link"
    ),
    refused(
        "link-to-nothing", instead(partial(Path.symlink_to, target="gone")), "a link", "is a link"
    ),
    refused("linked-folder", linked_folder, "a link", "is a link"),
    refused("linked-student", linked_student, "a link", "is a link"),
    refused("fifo", instead(os.mkfifo), "no ordinary file", "Please submit the notebook itself"),
    refused(
        "socket", instead(listening_socket), "no ordinary file", "Please submit the notebook itself"
    ),
    refused("device", instead(device), "no ordinary file", "Please submit the notebook itself"),
    graded("1200-files", many_beside, "too many files", "More than 1000 files"),
    # names
    graded(
        "browser-copy",
        called("tiny (1).ipynb"),
        "notebook renamed",
        "handed in as `tiny (1).ipynb`",
    ),
    graded(
        "spaces-accents",
        called("Mijn uitwërking é.ipynb"),
        "notebook renamed",
        "`Mijn uitwërking é.ipynb`",
    ),
    graded("200-characters", called("n" * 200 + ".ipynb"), "notebook renamed", "nnn…nnn.ipynb`"),
    graded(
        "newline",
        called("ti\nny.ipynb"),
        "notebook renamed",
        r"`ti\nny.ipynb`",
    ),
    graded("not-utf-8", called(os.fsdecode(b"ti\xffny.ipynb")), "notebook renamed", r"ti\xffny"),
    graded("upper-case", called("TINY.IPYNB"), "notebook renamed", "`TINY.IPYNB`"),
    graded("one-level-down", one_level_down, "notebook renamed", "`Tiny work/tiny.ipynb`"),
    graded(
        "notebook-beside",
        beside("Untitled.ipynb", b"{}"),
        "another notebook beside it",
        "`Untitled.ipynb` was not graded",
    ),
    graded(
        "check-points",
        both(beside(".ipynb_checkpoints/tiny-checkpoint.ipynb"), beside("._tiny.ipynb")),
    ),
    graded(
        "two-other-names",
        both(called("a.ipynb"), beside("b.ipynb")),
        "notebook renamed; another notebook beside it",
        "`b.ipynb` was not graded",
    ),
    refused(
        "two-of-no-use",
        both(edited(of_another_assignment), called("a.ipynb"), copied("b.ipynb")),
        "no notebook of that name",
        "a.ipynb, b.ipynb, but",
    ),
    graded(
        "untouched-beside-finished",
        copies("tiny (1).ipynb"),
        "notebook renamed; another notebook beside it",
        "handed in as `tiny (1).ipynb`",
    ),
    graded(
        "finished-in-a-folder", copies("work/tiny.ipynb"), "notebook renamed", "`work/tiny.ipynb`"
    ),
    graded("finished-twice", copies("a.ipynb", "b.ipynb"), "notebook renamed", "`a.ipynb`"),
    refused(
        "two-finished",
        both(
            called("a.ipynb"),
            lambda f: (f / "b.ipynb").write_bytes(
                (f / "a.ipynb").read_bytes().replace(b"Because.", b"It is.").replace(b"once", b"")
            ),
        ),
        "several notebooks",
        "a.ipynb, b.ipynb, each with other answers",
    ),
    refused(
        "untouched-beside-broken",
        both(copies("tiny (1).ipynb"), beside("tiny (1).ipynb", b"{")),
        "not a notebook file",
        "The file tiny (1).ipynb is damaged or incomplete",
    ),
    graded(
        "broken-beside-finished",
        both(copies("tiny-2.ipynb"), content(b"{")),
        "notebook renamed; another notebook beside it",
        "`tiny-2.ipynb`",
    ),
    *(
        graded(name, called(name), "notebook renamed", f"handed in as `{name}`")
        for name in ("tiny.ipynb.txt", "tiny.ipynb.json", "Tiny.json", "tiny.ipynb (1)")
    ),
    refused(
        "others-work",
        both(all_grading(grade_id="C1_other"), called("other.ipynb")),
        "another notebook",
        "notebook tiny.ipynb that was handed out",
    ),
    refused(
        "others-work-under-its-name",
        edited(of_another_assignment),
        "another notebook",
        "notebook tiny.ipynb that was handed out",
    ),
    graded("readable-name", lambda f: None, student="Zoë O'Brien (2)"),
    refused(
        "pattern",
        lambda f: None,
        "unusable folder name",
        "Please ask your teachers",
        student="[ab]*",
    ),
    refused(
        "line-break",
        lambda f: None,
        "unusable folder name",
        "Please ask your teachers",
        student="li\nne",
    ),
    # files beside the notebook
    graded("100-gb-beside", sparse_file_beside, "large file left out", "`data.bin` was left out"),
    graded(
        "numpy-beside",
        beside("numpy.py", b"raise SystemExit"),
        "file named like a package",
        "`numpy.py`",
    ),
    graded(
        "our-package-beside",
        beside("course_utils/__init__.py", b"raise SystemExit"),
        "file named like a package",
        "`course_utils`",
    ),
    graded("link-beside", link_beside, "odd file left out", "`data.db` is a link"),
    graded(
        "fifo-beside",
        lambda f: os.mkfifo(f / "pipe"),
        "odd file left out",
        "`pipe` is a link, no ordinary file or not readable",
    ),
    # time
    graded(
        "time-of-words",
        beside("timestamp.txt", b"yesterday-ish"),
        "unreadable timestamp",
        "is recorded as `yesterday-ish`",
    ),
    graded(
        "time-binary",
        beside("timestamp.txt", _NOISE[:100]),
        "unreadable timestamp",
        "is recorded as `unreadable bytes`",
    ),
    graded(
        "time-huge",
        beside("timestamp.txt", b"2027 " * 10**6),
        "unreadable timestamp",
        "is recorded as `2027 2027 ",
    ),
    graded(
        "time-of-a-path",
        beside("timestamp.txt", b"2027-03-04 12:00:00 /etc/passwd"),
        "unreadable timestamp",
        "is recorded as `2027-03-04 12:00:00 /etc/passwd`",
    ),
    graded(
        "time-impossible",
        beside("timestamp.txt", b"2027-99-99 12:00:00 UTC"),
        "unreadable timestamp",
        "is recorded as `2027-99-99 12:00:00 UTC`",
    ),
    graded(
        "time-a-link",
        instead(partial(Path.symlink_to, target="/etc/hostname"), "timestamp.txt"),
        "unreadable timestamp",
        "is recorded as `unreadable bytes`",
    ),
    graded(
        "time-a-fifo",
        instead(os.mkfifo, "timestamp.txt"),
        "unreadable timestamp",
        "is recorded as `unreadable bytes`",
    ),
    graded("time-far-ahead", beside("timestamp.txt", b"2999-01-01 12:00:00 UTC"), points=FULL / 2),
    graded("time-empty", beside("timestamp.txt", b"")),
    # encodings and characters
    graded(
        "byte-order-mark", reencoded("utf-8-sig"), "wrong encoding", "UTF-8 with a byte-order mark"
    ),
    graded("utf-16", reencoded("utf-16"), "wrong encoding", "UTF-16"),
    graded(
        "latin-1",
        both(
            cell("T2_answer", source="Omdat het zo is, é."),
            content(
                lambda f: json.dumps(json.loads(read(f)), ensure_ascii=False).encode("latin-1")
            ),
        ),
        "wrong encoding",
        "Latin-1",
    ),
    graded("crlf", content(lambda f: read(f).replace(b"\\n", b"\\r\\n").replace(b"\n", b"\r\n"))),
    graded(
        "nul-in-text",
        cell("T2_answer", source="Because\0."),
        "odd characters (T2)",
        "`T2_answer` held characters",
    ),
    graded(
        "nul-in-code",
        cell("T3_shape", source="tiny_shape_of_it = \0"),
        "odd characters (T3)",
        "`T3_shape`",
        points=3,
    ),
    graded(
        "lone-surrogate",
        cell("T1_double", source="double = lambda x: 2 * x  # \ud800"),
        "odd characters (T1)",
        "`T1_double`",
    ),
    # formats
    graded("nbformat-3", old(3), "old notebook format", "nbformat 3"),
    graded("nbformat-2", old(2), "old notebook format", "nbformat 2"),
    graded("nbformat-as-text", setting(nbformat="4")),
    graded(
        "nbformat-missing", without("nbformat"), "format not stated", "does not state its format"
    ),
    graded(
        "nbformat-a-list", setting(nbformat=[4]), "format not stated", "does not state its format"
    ),
    graded("minor-99", setting(nbformat_minor=99)),
    graded("minor-missing", without("nbformat_minor")),
    graded("not-a-number", edited(lambda nb: nb["cells"][3].update(execution_count=float("nan")))),
    graded("metadata-missing", without("metadata")),
    graded("metadata-null", setting(metadata=None)),
    graded("metadata-nested", edited(lambda nb: nb["metadata"].update(x=nested(400)))),
    graded(
        "kernel-r",
        setting(
            metadata={
                "kernelspec": {"name": "ir", "display_name": "R", "language": "R"},
                "language_info": {"name": "R"},
            }
        ),
        "made for another language",
        "written in R",
    ),
    graded(
        "kernel-julia",
        setting(metadata={"language_info": {"name": "julia"}}),
        "made for another language",
        "written in julia",
    ),
    graded(
        "kernel-unknown",
        setting(
            metadata={"kernelspec": {"name": "my-own", "display_name": "", "language": "python"}}
        ),
    ),
    graded("kernel-malformed", setting(metadata={"kernelspec": ["python3"], "language_info": 3})),
    # cells
    graded("ids-missing", without("id", "cells")),
    graded("ids-all-the-same", ids("same")),
    graded("ids-invalid", ids(["not", "an", "id"])),
    graded("outputs-malformed", edited(malformed_outputs)),
    graded(
        "cells-of-numbers",
        edited(lambda nb: nb["cells"].insert(1, 5)),
        "broken cell left out",
        "`the beginning: a cell without text` was broken",
    ),
    graded(
        "source-missing",
        at("T3_shape", lambda c: c.pop("source")),
        "cell without text (T3)",
        "could not be read",
        points=3,
    ),
    graded(
        "source-a-number",
        cell("T3_shape", source=5),
        "cell without text (T3)",
        "could not be read",
        points=3,
    ),
    graded(
        "source-nested",
        cell("T3_shape", source=[["a"]]),
        "cell without text (T3)",
        "could not be read",
        points=3,
    ),
    graded(
        "source-of-a-test",
        cell("T3_shape_hidden", source=None),
        "cell without text (T3)",
        "could not be read",
    ),
    graded(
        "5-mb-of-text",
        cell("T3_shape", source="#" * 5_000_000),
        "cell too long (T3)",
        "too long to be graded",
        points=3,
    ),
    graded(
        "cell-metadata-null",
        cell("T1_given", metadata=None),
        "grading data lost (T1)",
        "`T1_given` had lost",
    ),
    graded(
        "cell-type-unknown",
        cell("T3_shape", cell_type="kode"),
        "unknown type of cell (T3)",
        "neither code nor text",
    ),
    graded(
        "cell-type-a-list",
        cell("T3_shape", cell_type=["code"]),
        "unknown type of cell (T3)",
        "neither code nor text",
    ),
    graded(
        "pictures-malformed",
        cell("T2_answer", attachments={"a.png": 5, "b.png": {"image/png": []}}),
    ),
    graded("tags-malformed", edited(lambda nb: nb["cells"][0]["metadata"].update(tags={"a": 1}))),
    # what nbgrader knows of cells
    graded(
        "grading-a-list",
        at("T1_given", lambda c: c["metadata"].update(nbgrader=["x"])),
        "grading data lost (T1)",
        "`T1_given`",
    ),
    graded(
        "points-as-text",
        grading("T3_shape_hidden", points="many"),
        "grading settings changed (T3)",
        "settings of the cell `T3_shape_hidden`",
    ),
    graded(
        "points-not-a-number",
        grading("T3_shape_hidden", points=float("nan")),
        "grading settings changed (T3)",
        "settings of the cell",
    ),
    graded(
        "points-huge",
        grading("T3_shape_hidden", points=10**400),
        "grading settings changed (T3)",
        "settings of the cell",
    ),
    graded(
        "grade-id-a-list",
        grading("T3_shape", grade_id=["T3"]),
        "grading data lost (T3)",
        "`T3_shape` had lost",
    ),
    graded(
        "grade-id-a-number",
        grading("T2_answer", grade_id=3),
        "grading data lost (T2)",
        "`T2_answer` had lost",
    ),
    graded(
        "grade-id-a-path",
        grading("T2_answer", grade_id="../../T2"),
        "grading data lost (T2)",
        "`T2_answer` had lost",
    ),
    graded(
        "grade-id-changed",
        grading("T2_answer", grade_id="my_answer"),
        "cell renamed (T2)",
        "`T2_answer` had another name",
    ),
    graded(
        "test-renamed",
        grading("T3_shape_hidden", grade_id="mine"),
        "cell renamed (T3)",
        "`T3_shape_hidden` had another name",
    ),
    graded("grade-id-twice", edited(duplicated), "answer in several cells (T3)", "all of them"),
    graded("schema-1", all_grading(schema_version=1)),
    graded("schema-2", all_grading(schema_version=2)),
    graded("schema-99", all_grading(schema_version=99)),
    graded("schema-missing", edited(without_schema)),
    graded("checksum-junk", all_grading(checksum=["junk"], cell_type=7)),
    graded("flags-flipped", edited(flipped), "grading settings changed", "have been put right"),
    graded("type-field-lies", grading("T3_shape_hidden", cell_type="markdown")),
    graded(
        "test-as-text",
        cell("T3_shape_hidden", cell_type="markdown"),
        "type of cell changed (T3)",
        "`T3_shape_hidden` had been changed",
    ),
    graded(
        "code-as-text",
        cell("T3_shape", cell_type="markdown"),
        "type of cell changed (T3)",
        "`T3_shape` had been changed",
    ),
    graded(
        "text-as-code",
        cell("T2_answer", cell_type="code"),
        "type of cell changed (T2)",
        "`T2_answer` had been changed",
    ),
    graded(
        "cells-moved", edited(moved), "cells moved (T1)", "`T1_double` stood in the wrong place"
    ),
]
