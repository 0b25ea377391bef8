"""What runs in Pyodide: the semantics of forms of Python, and the golden texts.

Prints a line for each form or text that differs, and at the end what was compared.
"""

import ast
import sys
import warnings

from rfft.tracer import parse
from tests.tracer.recorded import forms
from tests.tracer.recorded.semantics import same
from tests.tracer.styles import golden

warnings.simplefilter("ignore")

# Forms that are new in 3.14.
EXPRESSIONS_314 = ['t"{log(1)} and {log(2)!r:>{log(9)}}".values', 'list(t"a{log(1)}b")']
STATEMENTS_314 = [
    "try:\n    log(1) / 0\nexcept ZeroDivisionError, ValueError:\n    log(2)\n",
    "def later(x: not_there) -> nor_this:\n    return x\nlog(later(1))\n",
    "class Later:\n    x: not_there = log(1)\nlog(Later.x)\n",
    (
        "def inside():\n    for n in [1]:\n        try:\n            log(n)\n"
        "        finally:\n            return log(2)\nlog(inside())\n"
    ),
]


def checked() -> int:
    """Compare each form in each place; return how many sources there were."""
    expressions = [*forms.EXPRESSIONS, *forms.EXPRESSIONS_312, *EXPRESSIONS_314]
    statements = [*forms.STATEMENTS, *forms.STATEMENTS_312, *forms.STATEMENTS_313, *STATEMENTS_314]
    sources = [
        *(
            (form, place, forms.placed(form, place))
            for form in expressions
            for place in forms.PLACES
        ),
        *((form, home, forms.housed(form, home)) for form in statements for home in forms.HOMES),
    ]
    count = 0
    for form, place, source in sources:
        if not forms.compiles(source):
            continue
        count += 1
        try:
            same(source)
        except BaseException as error:
            print(f"differs: {form!r} in {place}: {type(error).__name__}: {str(error)[:300]}")
    for form in (*EXPRESSIONS_314, *STATEMENTS_314):
        ast.parse(form)  # Python has them all
    return count


def texts() -> int:
    """Compare the golden texts, recorded and written; return how many there were."""
    count = 0
    for name in golden.NAMES:
        if name == "asynchronous":
            continue  # Pyodide's event loop is the browser's: asyncio.run does not wait there
        kept = golden.read(name)
        for style, expected in kept.texts.items():
            count += 1
            try:
                if kept.traced().response(style) != expected:
                    print(f"differs: {name}, {style}, recorded")
                if kept.written(style).response != expected:
                    print(f"differs: {name}, {style}, written")
                parse(kept.rule, expected, style)
            except BaseException as error:
                print(f"differs: {name}, {style}: {type(error).__name__}: {str(error)[:300]}")
    return count


def main() -> None:
    print(f"{texts()} texts on {sys.version_info.major}.{sys.version_info.minor}")
    print(f"{checked()} forms")
