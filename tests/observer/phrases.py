"""The fixed phrases of style `rfft`, and what each of them says."""

import re

HEADING = re.compile(r"\d+\. \S.*|\d+\.1 One iteration")
STRANGE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
CALL = re.compile(r"call (\S+), depth (\d+)")
RETURNS = re.compile(r"(\S+) returns (.*)", re.DOTALL)
ANSWER = "So the answer is "
RAISES = "The rule raises "
SIMPLE = ("assign", "augassign", "expr")
BARE = {"else:", "finally:", "try:"}
VERDICTS = {
    "enter the loop": (("while", "for"), True),
    "do not enter": (("while", "for"), False),
    "enter if": (("if",), True),
    "do not enter if": (("if",), False),
    "enter elif": (("if",), True),
    "do not enter elif": (("if",), False),
    "enter with": (("with",), True),
    "enter case": (("case",), True),
    "enter except": (("except",), True),
    "leave the loop": (("break",), None),
    "go to the next iteration": (("continue",), None),
}
