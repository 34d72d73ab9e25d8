"""Show very many small outputs: each is little, and together they are slow to save and to show."""

from attack import Attack, assert_harmless

ATTACK = Attack(
    cell="""
from IPython.display import display

for number in range(2500):
    display(number)
""",
    stock_group="writes",
)


def test_works_without_protection(unprotected):
    assert most_outputs_of_a_cell(unprotected) == 2500


def test_is_stopped(protected):
    assert_harmless(protected)
    assert most_outputs_of_a_cell(protected) < 1500


def most_outputs_of_a_cell(result):
    return max(len(cell.get("outputs", [])) for cell in result.notebook.cells)
