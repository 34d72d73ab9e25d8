"""Find out which cell of the assignment a submitted cell is, where its metadata do not say it.

Editors and other formats lose metadata: of one cell, of half a notebook, of all of it. What tells
a cell then is its id, its text, the name that an answer defines, and at last its place.
"""

from course_utils.staff.grading.prepare.handed_out import SHORTEST, definitions
from course_utils.staff.grading.prepare.merged_cells import cut_apart
from course_utils.staff.grading.prepare.release_stamp import plain

CERTAIN, BY_PLACE = "certain", "by place"


def identify(nb, handed):
    """Return which of the assignment's cells are where.

    Parameters
    ----------
    nb : NotebookNode
        No grade_id twice. Cells that were merged are cut apart.
    handed : list of HandedOut

    Returns
    -------
    dict of int to (HandedOut, str or None), list of str
        By place in the notebook; the second is how the cell was found: ``CERTAIN`` or
        ``BY_PLACE``, None where its metadata say it. Then the grade_ids of cells that were merged.
    """
    search, count = _searched(nb, handed), len(nb.cells)
    merged = cut_apart(nb, search.found, handed)
    if len(nb.cells) > count:
        search = _searched(nb, handed)
    search.by_part()
    search.by_place()
    found = {place: (handed[which], search.how.get(which)) for which, place in search.found.items()}
    return found, merged


def _searched(nb, handed):
    """Return what is known by metadata, id, text or names."""
    search = _Search(nb, handed)
    search.by_id()
    search.by_text()
    search.by_name()
    return search


class _Search:
    """``found`` maps places in the assignment to places in the notebook."""

    def __init__(self, nb, handed):
        self._cells, self._handed = nb.cells, handed
        self._texts = [plain(cell.source) for cell in nb.cells]
        self._given = [plain(cell.text) for cell in handed]
        named = {cell.grade_id: which for which, cell in enumerate(handed) if cell.grade_id}
        own_names = (cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells)
        self.found = {named[name]: place for place, name in enumerate(own_names) if name in named}
        self.how = {}

    def by_id(self):
        place_of = {cell["id"]: place for place, cell in self._free()}
        for which, cell in self._missing():
            if cell.cell_id in place_of:
                self._match(which, place_of[cell.cell_id])

    def by_text(self):
        """A text that one missing cell has, and one cell of the notebook."""
        self._same_texts(
            [which for which, _ in self._missing()], [place for place, _ in self._free()], most=1
        )

    def by_name(self):
        """An answer in code is the last cell that defines what it is to define."""
        place_of = {
            name: place
            for place, cell in self._free()
            if cell.cell_type != "markdown"
            for name in definitions(cell.source)
        }
        for which, answer in self._missing():
            places = {place_of[name] for name in answer.names & place_of.keys()}
            places -= set(self.found.values())
            if places:
                self._match(which, max(places))

    def by_part(self):
        """A locked cell that was written in, or merged with another."""
        for which, cell in self._missing():
            text = self._given[which]
            if cell.is_answer or len(text) < SHORTEST:
                continue
            places = [place for place, _ in self._free() if text in self._texts[place]]
            if len(places) == 1:
                self._match(which, places[0])

    def by_place(self):
        """Between two cells that are known: equal texts in their order, then a sole answer."""
        if not self._missing():
            return
        for missing, free in self._gaps():
            self._same_texts(missing, free, most=len(free))
        for missing, free in self._gaps():
            for kinds in (("code",), ("markdown", "raw")):
                answers = [
                    which
                    for which in missing
                    if self._handed[which].is_answer and self._handed[which].cell_type in kinds
                ]
                places = [place for place in free if self._cells[place].cell_type in kinds]
                if len(answers) == len(places) == 1 and self._texts[places[0]]:
                    self._match(answers[0], places[0], BY_PLACE)

    def _match(self, which, place, how=CERTAIN):
        self.found[which], self.how[which] = place, how

    def _missing(self):
        cells = enumerate(self._handed)
        return [(which, cell) for which, cell in cells if which not in self.found]

    def _free(self):
        taken = set(self.found.values())
        return [(place, cell) for place, cell in enumerate(self._cells) if place not in taken]

    def _same_texts(self, missing, free, most):
        """Match the cells of each text, where there are as many on both sides, up to ``most``."""
        of_text = {}
        for which in missing:
            of_text.setdefault(self._given[which], ([], []))[0].append(which)
        for place in free:
            if self._texts[place] in of_text:
                of_text[self._texts[place]][1].append(place)
        for text, (here, there) in of_text.items():
            if text and len(here) == len(there) <= most:
                for which, place in zip(here, there, strict=True):
                    self._match(which, place)

    def _gaps(self):
        """Yield what is missing, and which cells are free, between cells that are known."""
        known = sorted(self.found)
        kept = set(longest_increasing([self.found[which] for which in known]))
        anchors = [(which, self.found[which]) for which in known if self.found[which] in kept]
        ends = [(-1, -1), *anchors, (len(self._handed), len(self._cells))]
        missing = [which for which, _ in self._missing()]
        free = [place for place, _ in self._free()]
        for (first, begin), (last, end) in zip(ends, ends[1:], strict=False):
            yield (
                [which for which in missing if first < which < last],
                [place for place in free if begin < place < end],
            )


def longest_increasing(numbers):
    """Return a longest increasing subsequence: what did not move, if as little as possible did."""
    best = []  # for each length: the subsequence that ends lowest
    for number in numbers:
        length = sum(1 for ending in best if ending[-1] < number)
        best[length : length + 1] = [[*(best[length - 1] if length else []), number]]
    return best[-1] if best else []
