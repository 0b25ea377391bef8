"""The words for Python's own functions and methods, and the types for which they hold.

``{0}`` is the first operand; of a method it is the object. ``[without|with]`` has the words without
an argument that may be missing, and those with it. The words of a method that several types have
hold for an object of unknown type only if all of these are in the same row, or in one of no type.
"""

import re
from collections.abc import Iterator, Mapping, Set

_OPTION = re.compile(r"\[(.*?)\|(.*?)\]")


def _by_number(words: str, first: int) -> Iterator[tuple[int, str]]:
    """Yield the words for each number of arguments, the first of which is ``{first}``."""
    numbers = re.findall(r"\{(\d)\}", _OPTION.sub(r"\1", words))
    number = max((int(n) + 1 for n in numbers), default=first) - first
    for more in range(words.count("|") + 1):
        yield number + more, _OPTION.sub(r"\1", words)
        words = _OPTION.sub(r"\2", words, count=1)


def _functions(rows: str) -> dict[tuple[str, int], str]:
    """Return words by the name of a function and the number of its arguments."""
    named = (row.split(": ", 1) for row in rows.strip().split("\n"))
    return {(name, number): text for name, words in named for number, text in _by_number(words, 0)}


class Table:
    """The words for methods by their name and the number of arguments, with their types."""

    def __init__(self, rows: str) -> None:
        self.rows: dict[tuple[str, int], list[tuple[Set[str], str]]] = {}
        for row in rows.strip().split("\n"):
            head, words = row.split(": ", 1)
            *types, name = head.split()
            for number, text in _by_number(words, 1):
                self.rows.setdefault((name, number), []).append((frozenset(types), text))

    def words(self, kinds: Set[str], name: str, number: int) -> str | None:
        """Return the words that hold for a method of whichever of some types an object has."""
        rows = self.rows.get((name, number), ())
        fitting = [words for types, words in rows if not kinds.isdisjoint(types)]
        if len(fitting) == 1:
            return fitting[0]
        return next((words for types, words in rows if not types), None) if fitting else None


FUNCTIONS = _functions("""
abs: the absolute value of {0}
bin: the binary text of {0} (with 0b before the digits)
bool: the truth value of {0}
chr: the character with code {0}
dict: the dictionary of the pairs of {0}
divmod: the quotient and the remainder of {0} divided by {1} (rounded down)
enumerate: the items of {0} with their [indices|numbers from {1} on]
filter: the items of {1} for which {0} holds
float: the floating-point value of {0}
frozenset: the fixed set of the items of {0}
hash: the hash of {0}
hex: the hexadecimal text of {0} (with 0x before the digits)
input: the next line of input
int: the integer value of {0}[| in base {1}]
iter: an iterator over {0}
len: the length of {0}
list: the list of the items of {0}
map: the results of {0} for each item of {1}
map: the results of {0} for the items of {1} and {2} side by side
max: the largest of the items of {0}
min: the smallest of the items of {0}
next: the next item of {0}[| ({1} if there is none)]
oct: the octal text of {0} (with 0o before the digits)
open: the file {0}[| opened in mode {1}]
ord: the character code of {0}
pow: {0} to the power of {1}
pow: the remainder of ({0} to the power of {1}) divided by {2}
repr: the representation of {0}
reversed: {0} in reverse order
round: {0} rounded to [the nearest integer (a half to the even one)|{1} decimal places]
set: the set of the items of {0}
sorted: the sorted list of the items of {0}
str: the text of {0}
sum: the sum of the items of {0}
sum: {1} plus the items of {0}
super: the parent class
tuple: the tuple of the items of {0}
type: the type of {0}
zip: the items of {0} and {1} side by side
zip: the items of {0}, {1} and {2} side by side
collections.Counter: an empty counter
collections.Counter: the counts of the items of {0}
collections.deque: an empty deque
collections.deque: the deque of the items of {0}
collections.defaultdict: an empty dictionary that calls {0} for a missing key
copy.copy: a copy of {0}
copy.deepcopy: a deep copy of {0}
heapq.heappop: the top of the heap {0} (which is removed)
heapq.nlargest: the list of the {0} largest of the items of {1}
heapq.nsmallest: the list of the {0} smallest of the items of {1}
math.ceil: {0} rounded up
math.comb: the number of ways to choose {1} of {0}
math.factorial: the factorial of {0}
math.floor: {0} rounded down
math.gcd: the greatest common divisor of {0} and {1}
math.isqrt: the square root of {0} rounded down
math.pow: {0} to the power of {1}
math.sqrt: the square root of {0}
re.findall: the matches of {0} in {1}
re.fullmatch: the match of {0} with the whole of {1}
re.match: the match of {0} at the start of {1}
re.search: the first match of {0} in {1}
re.split: the parts of {1} separated by matches of {0}
re.sub: {2} with every match of {0} replaced by {1}
dict.fromkeys: a dictionary with the items of {0} as keys, all with the value [None|{1}]
str.maketrans: the translation table of {0}
str.maketrans: the table that translates each character of {0} into that of {1}
""")

CONDITIONS = _functions("""
all: every item of {0} counts as true
any: some item of {0} counts as true
callable: {0} can be called
hasattr: {0} has the attribute {1}
isinstance: {0} is an instance of {1}
issubclass: {0} is a subclass of {1}
""")

BY_METHOD: Mapping[str, Table] = {
    "noun": Table("""
text bytes capitalize: {0} with the first character in upper case and the rest in lower
text casefold: the case-folded form of {0}
text bytes center: {0} filled up at both ends with [spaces|{2}] to at least {1} characters
bytes decode: the text of the bytes {0}[| in the encoding {1}]
text encode: the bytes of {0}[| in the encoding {1}]
text bytes find: the first index of {1} in {0}[| from index {2} on] (-1 if it is not there)
text format: {0} filled in with {1}[| and {2}]
text format: {0} filled in with {1}, {2} and {3}
text bytes join: {1} joined with {0} in between
text bytes ljust: {0} filled up at the end with [spaces|{2}] to at least {1} characters
text bytes lower: the lower-case form of {0}
text bytes lstrip: {0} without [white space|any of the characters of {1}] at the start
text bytes partition: the parts of {0} before, at and after the first {1}
text bytes removeprefix: {0} without {1} at the start (if it is there)
text bytes removesuffix: {0} without {1} at the end (if it is there)
text bytes replace: {0} with [every {1}|at most the first {3} occurrences of {1}] replaced by {2}
text bytes rfind: the last index of {1} in {0} (-1 if it is not there)
text bytes rindex: the last index of {1} in {0}
text bytes rjust: {0} filled up at the start with [spaces|{2}] to at least {1} characters
text bytes rpartition: the parts of {0} before, at and after the last {1}
text bytes rsplit: the parts of {0} separated by [white space|{1}]
text bytes rsplit: the parts of {0} separated by {1} (split at most {2} times, from the end)
text bytes rstrip: {0} without [white space|any of the characters of {1}] at the end
text bytes split: the parts of {0} separated by [white space|{1}][| (split at most {2} times)]
text bytes splitlines: the lines of {0}
text bytes strip: {0} without [white space|any of the characters of {1}] at both ends
text bytes swapcase: {0} with upper and lower case exchanged
text bytes title: the title-case form of {0}
text bytes translate: {0} translated by the table {1}
text bytes upper: the upper-case form of {0}
text bytes zfill: {0} filled up with zeros (after any sign) to at least {1} characters
text bytes list tuple range deque count: the number of times {1} occurs in {0}
text bytes list tuple range deque index: the first index of {1} in {0}
text bytes list tuple deque index: the first index of {1} in {0} from index {2} on
list dict set deque counter copy: a copy of {0}
list deque pop: the last item of {0} (which is removed)
set pop: some item of {0} (which is removed)
list pop: the item of {0} at index {1} (which is removed)
dict counter pop: the value of {0} for key {1} ([which is removed|removed; {2} if there is none])
pop: the item of {0} at {1} (which is removed)
deque popleft: the first item of {0} (which is removed)
dict counter get: the value of {0} for key {1} ([None|{2}] if there is none)
dict counter items: the key-value pairs of {0}
dict counter keys: the keys of {0}
dict counter popitem: the last key-value pair of {0} (which is removed)
dict counter setdefault: the value of {0} for key {1} (set to {2} if there is none)
dict counter values: the values of {0}
counter most_common: the items of {0} with their counts, the most frequent first
counter most_common: the {1} most frequent items of {0} with their counts
set union: the items of {0} together with those of {1}
set intersection: the items of both {0} and {1}
set difference: {0} without the items of {1}
set symmetric_difference: the items of only one of {0} and {1}
match group: the whole of the match {0}
match group: group {1} of the match {0}
match groups: the groups of the match {0}
match start: the index where the match {0} starts
match end: the index where the match {0} ends
number bool bit_count: the number of ones in the binary digits of {0}
number bool bit_length: the number of binary digits of {0}
"""),
    "condition": Table("""
text bytes endswith: {0} ends with {1}
text bytes isalnum: {0} consists of one or more letters or digits
text bytes isalpha: {0} consists of one or more letters
text bytes isascii: {0} has only ASCII characters
text isdecimal: {0} consists of one or more decimal digits
text bytes isdigit: {0} consists of one or more digits
text isidentifier: {0} is a valid name
text bytes islower: {0} is in lower case
text isnumeric: {0} consists of one or more numeric characters
text isprintable: {0} has only printable characters
text bytes isspace: {0} consists of one or more white-space characters
text bytes istitle: {0} is in title case
text bytes isupper: {0} is in upper case
text bytes startswith: {0} starts with {1}
set isdisjoint: {0} has no item in common with {1}
set issubset: {0} has no item that is not in {1}
set issuperset: {0} has every item of {1}
number bool is_integer: {0} is a whole number
"""),
    "statement": Table("""
set add: Add {1} to {0}
list deque append: Append {1} to {0}
deque appendleft: Insert {1} at the front of {0}
list dict set deque counter clear: Remove everything from {0}
set difference_update: Remove the items of {1} from {0}
set discard: Remove {1} from {0} if it is there
list deque extend: Append the items of {1} to {0}
deque extendleft: Insert the items of {1} at the front of {0}, one after the other
list deque insert: Insert {2} into {0} before index {1}
set intersection_update: Keep only the items of {0} that are in {1}
list deque pop: Remove the last item from {0}
list pop: Remove the item at index {1} from {0}
dict counter pop: Remove key {1} from {0}[| if it is there]
set pop: Remove some item from {0}
pop: Remove the item at {1} from {0}
dict counter popitem: Remove the last key-value pair from {0}
deque popleft: Remove the first item from {0}
list deque remove: Remove the first item equal to {1} from {0}
set remove: Remove {1} from {0}
remove: Remove {1} from {0} (once)
list deque reverse: Reverse {0}
deque rotate: Rotate {0} by {1} places to the right
dict counter setdefault: Set the value of {0} for key {1} to {2} if there is none
list sort: Sort {0}
set update: Add the items of {1} to {0}
dict counter update: Update {0} with {1}
update: Update {0} with {1}
"""),
}


def negated(condition: str) -> str:
    """Return the words of a condition that does not hold."""
    word = next(word for word in condition.split() if word in _NEGATED)
    return condition.replace(word, _NEGATED[word], 1)


_NEGATED = {
    "can": "cannot", "consists": "does not consist", "ends": "does not end",
    "every": "not every", "has": "does not have", "is": "is not", "some": "no",
    "starts": "does not start",
}  # fmt: skip

OWN_WAYS = {  # the methods by which an object may do a function's work in its own way
    "abs": "__abs__", "divmod": "__divmod__ __rdivmod__", "float": "__float__", "hash": "__hash__",
    "int": "__int__ __index__ __trunc__", "iter": "__iter__", "len": "__len__",
    "max": "__lt__ __gt__", "min": "__lt__ __gt__", "next": "__next__", "pow": "__pow__ __rpow__",
    "reversed": "__reversed__", "round": "__round__", "sorted": "__lt__ __gt__",
    "sum": "__add__ __radd__", "heapq.nlargest": "__lt__",
    "heapq.nsmallest": "__lt__", "math.ceil": "__ceil__", "math.floor": "__floor__",
    "copy.copy": "__copy__", "copy.deepcopy": "__deepcopy__",
}  # fmt: skip

ORDINALS = {
    "0": "first", "1": "second", "2": "third", "-1": "last", "-2": "second-to-last",
}  # fmt: skip
