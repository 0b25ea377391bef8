"""The words for Python's own functions and methods, and the types for which they hold.

``{0}`` is the first operand; of a method it is the object. The words of a method that several types
have hold for an object of unknown type only if all of these are in the same row.
"""

from collections.abc import Iterable, Mapping, Set

FUNCTIONS = {
    ("abs", 1): "the absolute value of {0}",
    ("bin", 1): "the binary text of {0} (with 0b before the digits)",
    ("bool", 1): "the truth value of {0}",
    ("chr", 1): "the character with code {0}",
    ("dict", 1): "the dictionary of the pairs of {0}",
    ("divmod", 2): "the quotient and the remainder of {0} divided by {1} (rounded down)",
    ("enumerate", 1): "the items of {0} with their indices",
    ("enumerate", 2): "the items of {0} with their numbers from {1} on",
    ("filter", 2): "the items of {1} for which {0} holds",
    ("float", 1): "the floating-point value of {0}",
    ("frozenset", 1): "the fixed set of the items of {0}",
    ("hash", 1): "the hash of {0}",
    ("hex", 1): "the hexadecimal text of {0} (with 0x before the digits)",
    ("input", 0): "the next line of input",
    ("int", 1): "the integer value of {0}",
    ("int", 2): "the integer value of {0} in base {1}",
    ("iter", 1): "an iterator over {0}",
    ("len", 1): "the length of {0}",
    ("list", 1): "the list of the items of {0}",
    ("map", 2): "the results of {0} for each item of {1}",
    ("map", 3): "the results of {0} for the items of {1} and {2} side by side",
    ("max", 1): "the largest of the items of {0}",
    ("min", 1): "the smallest of the items of {0}",
    ("next", 1): "the next item of {0}",
    ("next", 2): "the next item of {0} ({1} if there is none)",
    ("oct", 1): "the octal text of {0} (with 0o before the digits)",
    ("open", 1): "the file {0}",
    ("open", 2): "the file {0} opened in mode {1}",
    ("ord", 1): "the character code of {0}",
    ("pow", 2): "{0} to the power of {1}",
    ("pow", 3): "the remainder of ({0} to the power of {1}) divided by {2}",
    ("repr", 1): "the representation of {0}",
    ("reversed", 1): "{0} in reverse order",
    ("round", 1): "{0} rounded to the nearest integer (a half to the even one)",
    ("round", 2): "{0} rounded to {1} decimal places",
    ("set", 1): "the set of the items of {0}",
    ("sorted", 1): "the sorted list of the items of {0}",
    ("str", 1): "the text of {0}",
    ("sum", 1): "the sum of the items of {0}",
    ("sum", 2): "{1} plus the items of {0}",
    ("super", 0): "the parent class",
    ("tuple", 1): "the tuple of the items of {0}",
    ("type", 1): "the type of {0}",
    ("zip", 2): "the items of {0} and {1} side by side",
    ("zip", 3): "the items of {0}, {1} and {2} side by side",
    # of modules
    ("collections.Counter", 0): "an empty counter",
    ("collections.Counter", 1): "the counts of the items of {0}",
    ("collections.deque", 0): "an empty deque",
    ("collections.deque", 1): "the deque of the items of {0}",
    ("collections.defaultdict", 1): "an empty dictionary that calls {0} for a missing key",
    ("copy.copy", 1): "a copy of {0}",
    ("copy.deepcopy", 1): "a deep copy of {0}",
    ("heapq.heappop", 1): "the top of the heap {0} (which is removed)",
    ("heapq.nlargest", 2): "the list of the {0} largest of the items of {1}",
    ("heapq.nsmallest", 2): "the list of the {0} smallest of the items of {1}",
    ("math.ceil", 1): "{0} rounded up",
    ("math.comb", 2): "the number of ways to choose {1} of {0}",
    ("math.factorial", 1): "the factorial of {0}",
    ("math.floor", 1): "{0} rounded down",
    ("math.gcd", 2): "the greatest common divisor of {0} and {1}",
    ("math.isqrt", 1): "the square root of {0} rounded down",
    ("math.pow", 2): "{0} to the power of {1}",
    ("math.sqrt", 1): "the square root of {0}",
    ("re.findall", 2): "the matches of {0} in {1}",
    ("re.fullmatch", 2): "the match of {0} with the whole of {1}",
    ("re.match", 2): "the match of {0} at the start of {1}",
    ("re.search", 2): "the first match of {0} in {1}",
    ("re.split", 2): "the parts of {1} separated by matches of {0}",
    ("re.sub", 3): "{2} with every match of {0} replaced by {1}",
}

OWN_WAYS = {  # the methods by which an object may do a function's work in its own way
    "abs": "__abs__", "divmod": "__divmod__ __rdivmod__", "float": "__float__", "hash": "__hash__",
    "int": "__int__ __index__ __trunc__", "iter": "__iter__", "len": "__len__",
    "max": "__lt__ __gt__", "min": "__lt__ __gt__", "next": "__next__", "pow": "__pow__ __rpow__",
    "reversed": "__reversed__", "round": "__round__", "sorted": "__lt__ __gt__",
    "sum": "__add__ __radd__", "heapq.nlargest": "__lt__",
    "heapq.nsmallest": "__lt__", "math.ceil": "__ceil__", "math.floor": "__floor__",
    "copy.copy": "__copy__", "copy.deepcopy": "__deepcopy__",
}  # fmt: skip

_TEXTS = "text bytes"
_LISTS = "list deque"
_MAPS = "dict counter"
_SERIES = "text bytes list tuple range deque"

Row = tuple[str, str, int, str]  # types, name, number of arguments, words

METHODS: list[Row] = [
    # of texts
    (_TEXTS, "capitalize", 0, "{0} with the first character in upper case and the rest in lower"),
    ("text", "casefold", 0, "the case-folded form of {0}"),
    (_TEXTS, "center", 1, "{0} filled up at both ends with spaces to at least {1} characters"),
    (_TEXTS, "center", 2, "{0} filled up at both ends with {2} to at least {1} characters"),
    ("bytes", "decode", 0, "the text of the bytes {0}"),
    ("bytes", "decode", 1, "the text of the bytes {0} in the encoding {1}"),
    ("text", "encode", 0, "the bytes of {0}"),
    ("text", "encode", 1, "the bytes of {0} in the encoding {1}"),
    (_TEXTS, "find", 1, "the first index of {1} in {0} (-1 if it is not there)"),
    (_TEXTS, "find", 2, "the first index of {1} in {0} from index {2} on (-1 if it is not there)"),
    ("text", "format", 1, "{0} filled in with {1}"),
    ("text", "format", 2, "{0} filled in with {1} and {2}"),
    ("text", "format", 3, "{0} filled in with {1}, {2} and {3}"),
    (_TEXTS, "join", 1, "{1} joined with {0} in between"),
    (_TEXTS, "ljust", 1, "{0} filled up at the end with spaces to at least {1} characters"),
    (_TEXTS, "ljust", 2, "{0} filled up at the end with {2} to at least {1} characters"),
    (_TEXTS, "lower", 0, "the lower-case form of {0}"),
    (_TEXTS, "lstrip", 0, "{0} without white space at the start"),
    (_TEXTS, "lstrip", 1, "{0} without any of the characters of {1} at the start"),
    (_TEXTS, "partition", 1, "the parts of {0} before, at and after the first {1}"),
    (_TEXTS, "removeprefix", 1, "{0} without {1} at the start (if it is there)"),
    (_TEXTS, "removesuffix", 1, "{0} without {1} at the end (if it is there)"),
    (_TEXTS, "replace", 2, "{0} with every {1} replaced by {2}"),
    (_TEXTS, "replace", 3, "{0} with at most the first {3} occurrences of {1} replaced by {2}"),
    (_TEXTS, "rfind", 1, "the last index of {1} in {0} (-1 if it is not there)"),
    (_TEXTS, "rindex", 1, "the last index of {1} in {0}"),
    (_TEXTS, "rjust", 1, "{0} filled up at the start with spaces to at least {1} characters"),
    (_TEXTS, "rjust", 2, "{0} filled up at the start with {2} to at least {1} characters"),
    (_TEXTS, "rpartition", 1, "the parts of {0} before, at and after the last {1}"),
    (_TEXTS, "rsplit", 0, "the parts of {0} separated by white space"),
    (_TEXTS, "rsplit", 1, "the parts of {0} separated by {1}"),
    (
        _TEXTS,
        "rsplit",
        2,
        "the parts of {0} separated by {1} (split at most {2} times, from the end)",
    ),
    (_TEXTS, "rstrip", 0, "{0} without white space at the end"),
    (_TEXTS, "rstrip", 1, "{0} without any of the characters of {1} at the end"),
    (_TEXTS, "split", 0, "the parts of {0} separated by white space"),
    (_TEXTS, "split", 1, "the parts of {0} separated by {1}"),
    (_TEXTS, "split", 2, "the parts of {0} separated by {1} (split at most {2} times)"),
    (_TEXTS, "splitlines", 0, "the lines of {0}"),
    (_TEXTS, "strip", 0, "{0} without white space at both ends"),
    (_TEXTS, "strip", 1, "{0} without any of the characters of {1} at both ends"),
    (_TEXTS, "swapcase", 0, "{0} with upper and lower case exchanged"),
    (_TEXTS, "title", 0, "the title-case form of {0}"),
    (_TEXTS, "translate", 1, "{0} translated by the table {1}"),
    (_TEXTS, "upper", 0, "the upper-case form of {0}"),
    (_TEXTS, "zfill", 1, "{0} filled up with zeros (after any sign) to at least {1} characters"),
    # of texts and others
    (_SERIES, "count", 1, "the number of times {1} occurs in {0}"),
    (_SERIES, "index", 1, "the first index of {1} in {0}"),
    ("text bytes list tuple deque", "index", 2, "the first index of {1} in {0} from index {2} on"),
    ("list dict set deque counter", "copy", 0, "a copy of {0}"),
    # of lists, dictionaries and sets
    (_LISTS, "pop", 0, "the last item of {0} (which is removed)"),
    ("set", "pop", 0, "some item of {0} (which is removed)"),
    ("list", "pop", 1, "the item of {0} at index {1} (which is removed)"),
    (_MAPS, "pop", 1, "the value of {0} for key {1} (which is removed)"),
    ("", "pop", 1, "the item of {0} at {1} (which is removed)"),
    (_MAPS, "pop", 2, "the value of {0} for key {1} (removed; {2} if there is none)"),
    ("deque", "popleft", 0, "the first item of {0} (which is removed)"),
    (_MAPS, "get", 1, "the value of {0} for key {1} (None if there is none)"),
    (_MAPS, "get", 2, "the value of {0} for key {1} ({2} if there is none)"),
    (_MAPS, "items", 0, "the key-value pairs of {0}"),
    (_MAPS, "keys", 0, "the keys of {0}"),
    (_MAPS, "popitem", 0, "the last key-value pair of {0} (which is removed)"),
    (_MAPS, "setdefault", 2, "the value of {0} for key {1} (set to {2} if there is none)"),
    (_MAPS, "values", 0, "the values of {0}"),
    ("counter", "most_common", 0, "the items of {0} with their counts, the most frequent first"),
    ("counter", "most_common", 1, "the {1} most frequent items of {0} with their counts"),
    ("set", "union", 1, "the items of {0} together with those of {1}"),
    ("set", "intersection", 1, "the items of both {0} and {1}"),
    ("set", "difference", 1, "{0} without the items of {1}"),
    ("set", "symmetric_difference", 1, "the items of only one of {0} and {1}"),
    # of matches
    ("match", "group", 0, "the whole of the match {0}"),
    ("match", "group", 1, "group {1} of the match {0}"),
    ("match", "groups", 0, "the groups of the match {0}"),
    ("match", "start", 0, "the index where the match {0} starts"),
    ("match", "end", 0, "the index where the match {0} ends"),
    # of numbers
    ("number bool", "bit_count", 0, "the number of ones in the binary digits of {0}"),
    ("number bool", "bit_length", 0, "the number of binary digits of {0}"),
]

TYPE_METHODS = {  # of the types themselves
    ("dict", "fromkeys", 1): "a dictionary with the items of {0} as keys, all with the value None",
    ("dict", "fromkeys", 2): "a dictionary with the items of {0} as keys, all with the value {1}",
    ("str", "maketrans", 1): "the translation table of {0}",
    ("str", "maketrans", 2): "the table that translates each character of {0} into that of {1}",
}

CONDITIONS = {  # if true, if false
    ("all", 1): ("every item of {0} counts as true", "not every item of {0} counts as true"),
    ("any", 1): ("some item of {0} counts as true", "no item of {0} counts as true"),
    ("callable", 1): ("{0} can be called", "{0} cannot be called"),
    ("hasattr", 2): ("{0} has the attribute {1}", "{0} does not have the attribute {1}"),
    ("isinstance", 2): ("{0} is an instance of {1}", "{0} is not an instance of {1}"),
    ("issubclass", 2): ("{0} is a subclass of {1}", "{0} is not a subclass of {1}"),
}

METHOD_CONDITIONS: list[Row] = [  # the words if true
    (_TEXTS, "endswith", 1, "{0} ends with {1}"),
    (_TEXTS, "isalnum", 0, "{0} consists of one or more letters or digits"),
    (_TEXTS, "isalpha", 0, "{0} consists of one or more letters"),
    (_TEXTS, "isascii", 0, "{0} has only ASCII characters"),
    ("text", "isdecimal", 0, "{0} consists of one or more decimal digits"),
    (_TEXTS, "isdigit", 0, "{0} consists of one or more digits"),
    ("text", "isidentifier", 0, "{0} is a valid name"),
    (_TEXTS, "islower", 0, "{0} is in lower case"),
    ("text", "isnumeric", 0, "{0} consists of one or more numeric characters"),
    ("text", "isprintable", 0, "{0} has only printable characters"),
    (_TEXTS, "isspace", 0, "{0} consists of one or more white-space characters"),
    (_TEXTS, "istitle", 0, "{0} is in title case"),
    (_TEXTS, "isupper", 0, "{0} is in upper case"),
    (_TEXTS, "startswith", 1, "{0} starts with {1}"),
    ("set", "isdisjoint", 1, "{0} has no item in common with {1}"),
    ("set", "issubset", 1, "{0} has no item that is not in {1}"),
    ("set", "issuperset", 1, "{0} has every item of {1}"),
    ("number", "is_integer", 0, "{0} is a whole number"),
]

NEGATED = {  # how the verb of a condition is negated
    "ends": "does not end", "consists": "does not consist", "is": "is not",
    "has": "does not have", "starts": "does not start",
}  # fmt: skip

STATEMENTS: list[Row] = [  # calls of methods that stand alone
    ("set", "add", 1, "Add {1} to {0}"),
    (_LISTS, "append", 1, "Append {1} to {0}"),
    ("deque", "appendleft", 1, "Insert {1} at the front of {0}"),
    ("list dict set deque counter", "clear", 0, "Remove everything from {0}"),
    ("set", "difference_update", 1, "Remove the items of {1} from {0}"),
    ("set", "discard", 1, "Remove {1} from {0} if it is there"),
    (_LISTS, "extend", 1, "Append the items of {1} to {0}"),
    ("deque", "extendleft", 1, "Insert the items of {1} at the front of {0}, one after the other"),
    (_LISTS, "insert", 2, "Insert {2} into {0} before index {1}"),
    ("set", "intersection_update", 1, "Keep only the items of {0} that are in {1}"),
    (_LISTS, "pop", 0, "Remove the last item from {0}"),
    ("list", "pop", 1, "Remove the item at index {1} from {0}"),
    (_MAPS, "pop", 1, "Remove key {1} from {0}"),
    (_MAPS, "pop", 2, "Remove key {1} from {0} if it is there"),
    ("set", "pop", 0, "Remove some item from {0}"),
    ("", "pop", 1, "Remove the item at {1} from {0}"),
    (_MAPS, "popitem", 0, "Remove the last key-value pair from {0}"),
    ("deque", "popleft", 0, "Remove the first item from {0}"),
    (_LISTS, "remove", 1, "Remove the first item equal to {1} from {0}"),
    ("set", "remove", 1, "Remove {1} from {0}"),
    ("", "remove", 1, "Remove {1} from {0} (once)"),
    (_LISTS, "reverse", 0, "Reverse {0}"),
    ("deque", "rotate", 1, "Rotate {0} by {1} places to the right"),
    (_MAPS, "setdefault", 2, "Set the value of {0} for key {1} to {2} if there is none"),
    ("list", "sort", 0, "Sort {0}"),
    ("set", "update", 1, "Add the items of {1} to {0}"),
    (_MAPS, "update", 1, "Update {0} with {1}"),
    ("", "update", 1, "Update {0} with {1}"),
]

ORDINALS = {
    "0": "first", "1": "second", "2": "third", "-1": "last", "-2": "second-to-last",
}  # fmt: skip


class Table:
    """The rows of a table by the name and the number of arguments."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: dict[tuple[str, int], list[tuple[Set[str], str]]] = {}
        for types, name, number, words in rows:
            self.rows.setdefault((name, number), []).append((frozenset(types.split()), words))

    def words(self, kinds: Set[str], name: str, number: int) -> str | None:
        """Return the words that hold for a method of whichever of some types an object has."""
        rows = self.rows.get((name, number), ())
        found = [words for types, words in rows if not kinds.isdisjoint(types)]
        if len(found) == 1:
            return found[0]
        return next((words for types, words in rows if not types), None) if found else None


BY_METHOD: Mapping[str, Table] = {
    "noun": Table(METHODS),
    "condition": Table(METHOD_CONDITIONS),
    "statement": Table(STATEMENTS),
}
