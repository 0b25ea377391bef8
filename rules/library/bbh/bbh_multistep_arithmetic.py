import ast
from random import Random

TITLE = "multi-step arithmetic"
SOURCE = "BBH"
SPLIT = "pretrain"
LENGTH = "number of operands"


def multistep_arithmetic(expression: str) -> int:
    """Brackets first, then multiplication, then addition and subtraction: what is the value of {expression}?"""
    tokens = expression.split()
    outer = []
    total = 0
    product = 1
    while tokens:
        token = tokens.pop(0)
        if token == "+":
            total += product
            product = 1
        elif token == "-":
            total += product
            product = -1
        elif token == "(":
            outer.append(total)
            outer.append(product)
            total = 0
            product = 1
        elif token == ")":
            value = total + product
            product = outer.pop() * value
            total = outer.pop()
        elif token != "*":
            product *= int(token)
    return total + product


def inputs(length: int, rng: Random) -> tuple[str]:
    """Return an expression in which no two multiplications follow each other, so that it stays small."""
    tokens = []
    depth = 0
    times = False
    for left in range(length, 0, -1):
        if left > 1 and depth < 2 and rng.random() < 0.25:
            tokens.append("(")
            depth += 1
        tokens.append(str(rng.randint(-9, 9)))
        while depth and (left == 1 or rng.random() < 0.3):
            tokens.append(")")
            depth -= 1
        if left > 1:
            times = not times and rng.random() < 0.35
            tokens.append("*" if times else rng.choice("+-"))
    return (" ".join(tokens),)


def oracle(expression: str) -> int:
    """Let Python evaluate the expression's syntax tree."""
    return _value(ast.parse(expression, mode="eval").body)


def _value(node: ast.expr) -> int:
    match node:
        case ast.BinOp(left, ast.Add(), right):
            return _value(left) + _value(right)
        case ast.BinOp(left, ast.Sub(), right):
            return _value(left) - _value(right)
        case ast.BinOp(left, ast.Mult(), right):
            return _value(left) * _value(right)
    number: int = ast.literal_eval(node)
    return number
