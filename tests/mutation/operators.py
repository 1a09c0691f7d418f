"""Mutations that Cosmic Ray does not know: a statement is left out, a function returns nothing."""

from collections.abc import Iterator
from typing import Any, ClassVar

from cosmic_ray import plugins
from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Keyword

Place = tuple[tuple[int, int], tuple[int, int]]


class LeaveOut(Operator):
    """A call, a `raise` or a change of an attribute becomes `pass`.

    Assignments to a name stay: without them the next line fails, which any test notices.
    """

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        if node.parent is not None and node.parent.type == "simple_stmt" and _does(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, _index: int) -> Any:
        return Keyword("pass", node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("def f():\n    g()\n", "def f():\n    pass\n"),)


class ReturnNothing(Operator):
    """`return` gives None instead of a value."""

    NOTHING: ClassVar = "None"

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        if node.type == "return_stmt" and len(node.children) > 1:
            value = node.children[1]
            if value.get_code().strip() != self.NOTHING:
                yield value.start_pos, value.end_pos

    def mutate(self, node: Any, _index: int) -> Any:
        node.children[1] = Keyword(self.NOTHING, node.children[1].start_pos, " ")
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("def f():\n    return 1\n", "def f():\n    return None\n"),)


def _does(node: Any) -> bool:
    """Whether a statement inside a function does something besides naming a value."""
    if not any(each.type == "funcdef" for each in _around(node)):
        return False
    if node.type == "raise_stmt":
        return True
    if node.type == "expr_stmt":
        return bool(node.children[0].type in {"atom_expr", "power"})
    return node.type in {"atom_expr", "power"} and node.children[-1].type == "trailer"


def _around(node: Any) -> Iterator[Any]:
    while node.parent is not None:
        node = node.parent
        yield node


def register() -> None:
    """Let Cosmic Ray know them under the name "folkmoot"."""
    plugins.OPERATOR_PROVIDERS["folkmoot"] = {"LeaveOut": LeaveOut, "ReturnNothing": ReturnNothing}
