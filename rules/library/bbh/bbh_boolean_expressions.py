import ast
from random import Random

TITLE = "boolean expressions"
SOURCE = "BBH"
SPLIT = "pretrain"
LENGTH = "number of operands"


def boolean_expressions(expression: str) -> bool:
    """Brackets first, then not, then and, then or: what is the value of {expression}?"""
    tokens = expression.split()
    outer = []
    any_true = False
    all_true = True
    negated = False
    while tokens:
        token = tokens.pop(0)
        if token == "not":
            negated = not negated
        elif token == "or":
            any_true = any_true or all_true
            all_true = True
        elif token == "(":
            outer.append(any_true)
            outer.append(all_true)
            outer.append(negated)
            any_true = False
            all_true = True
            negated = False
        elif token != "and":
            value = token == "True"
            if token == ")":
                value = any_true or all_true
                negated = outer.pop()
                all_true = outer.pop()
                any_true = outer.pop()
            if negated:
                value = not value
                negated = False
            all_true = all_true and value
    return any_true or all_true


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return an expression with fewer "or" the longer it is, else long ones would all be true."""
    tokens = []
    depth = 0
    for left in range(length, 0, -1):
        if rng.random() < 0.2:
            tokens.append("not")
        if left > 1 and depth < 3 and rng.random() < 0.2:
            tokens.append("(")
            depth += 1
            if rng.random() < 0.25:
                tokens.append("not")
        tokens.append("True" if rng.random() < 0.5 else "False")
        while depth and (left == 1 or rng.random() < 0.35):
            tokens.append(")")
            depth -= 1
        if left > 1:
            share = 0.5 if depth else min(0.5, 1 / length**0.5)
            tokens.append("or" if rng.random() < share else "and")
    return (" ".join(tokens),)


def oracle(expression: str) -> bool:
    """Work out the syntax tree that Python makes of the expression."""
    return _value(ast.parse(expression, mode="eval").body)


def _value(node: ast.expr) -> bool:
    match node:
        case ast.BoolOp(ast.And(), parts):
            return all(map(_value, parts))
        case ast.BoolOp(ast.Or(), parts):
            return any(map(_value, parts))
        case ast.UnaryOp(ast.Not(), part):
            return not _value(part)
    value: bool = ast.literal_eval(node)
    return value
