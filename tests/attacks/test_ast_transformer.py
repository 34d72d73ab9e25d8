"""Register a syntax-tree transformer that removes assertions and calls from every cell."""

from attack import Attack, assert_harmless
from attack_course import FULL

ATTACK = Attack(
    cell="""
import ast


class Remove(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    visit_Expr = visit_Assert


get_ipython().ast_transformers.append(Remove())
""",
)


def test_works_without_protection(unprotected):
    assert unprotected.score == FULL


def test_is_stopped(protected):
    assert_harmless(protected)
