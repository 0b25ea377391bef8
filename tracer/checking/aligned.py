"""Which lines of a wrong text are lines of the true trace all the same, and which of its steps."""

from collections import Counter
from collections.abc import Sequence

from ..styles import Style
from ..styles.render import render_placed
from ..tracing import Trace
from ..values.characters import BLANKS

_MOST = 4  # lines that are looked past
_AGREE = 3  # lines that must be the same behind them
_MOVES = sorted(
    ((given, true) for given in range(_MOST + 1) for true in range(_MOST + 1) if given or true),
    key=lambda move: (max(move), move[0] != move[1], sum(move)),
)


class Aligned:
    """The lines of a text beside those of the true trace, whose first `wrong` ones it has.

    A step of the trace is whole if all of its lines stand in the text, where they belong; steps
    that share a recital are one here. `right` steps are whole, and `whole` tells which lines are
    theirs; `steps` are the others that lines are of or stand in, and `lacking` is how many lines of
    each step the text does not have where they belong. `slips` are the step of the first wrong line
    and those that lack lines, if they are not whole. `gaps` counts the places where whole steps are
    left out. From line `end` on, all lines are those of the trace.
    """

    def __init__(
        self, trace: Trace, style: Style, given: Sequence[str], true: Sequence[str], wrong: int
    ) -> None:
        stands_for, same, self.end = _pairs(given, true, wrong)
        steps, weights = _steps(trace, style)
        self.lacking = lacking = Counter(steps)
        begun = {steps[i] for i in stands_for if i is not None}
        slip = steps[wrong] if wrong < min(len(given), len(true)) else None
        self.gaps, slips = 0, {slip}
        before: int | None = None  # the line of the trace that was met last
        for n, i in enumerate(stands_for):
            if i is None or not same[n]:
                continue
            # Nothing may stand between two lines of a step that belong one behind the other.
            parted = i and before == i - 1 != stands_for[n - 1] and steps[i - 1] == steps[i]
            lacking[steps[i]] -= not parted
            if n and before is not None and before == stands_for[n - 1] and before + 1 < i:
                passed_over = begun.intersection(steps[before + 1 : i])
                self.gaps += not passed_over
                slips |= passed_over
            before = i
        whole = {step for step, lines in lacking.items() if not lines}
        self.right = sum(weights[step] for step in whole)
        self.slips = slips - whole - {None}
        self.steps = [None if i is None or steps[i] in whole else steps[i] for i in stands_for]
        if wrong < len(given):
            self.steps[wrong] = slip if slip in self.slips else None
        self.whole = [
            i is not None and same[n] and steps[i] in whole for n, i in enumerate(stands_for)
        ]


def _pairs(
    given: Sequence[str], true: Sequence[str], wrong: int
) -> tuple[list[int | None], list[bool], int]:
    """Return for each line of a text the index of the line of the true trace that it stands for.

    Also return whether it is that line, and the first line from which on all are so. A few lines
    that are others, too many or missing are passed over, but not what goes another way for long.
    """
    same, most = 0, min(len(given), len(true)) - wrong
    while same < most and given[-1 - same] == true[-1 - same]:
        same += 1
    end, shift = len(given) - same, len(true) - len(given)
    stands_for: list[int | None] = [
        *range(wrong),
        *[None] * (end - wrong),
        *range(end + shift, len(true)),
    ]
    g = t = wrong
    while g < end and t < end + shift:
        if given[g] == true[t]:
            stands_for[g] = t
            g, t = g + 1, t + 1
            continue
        for more, less in _MOVES:
            ahead = given[g + more : g + more + _AGREE]
            if ahead == true[t + less : t + less + (len(ahead) or _AGREE)]:
                break
        else:
            break
        for n in range(min(more, less, end - g, end + shift - t)):
            stands_for[g + n] = t + n
        g, t = g + more, t + less
    same_line = [i is not None and given[n] == true[i] for n, i in enumerate(stands_for)]
    return stands_for, same_line, end


def _steps(trace: Trace, style: Style) -> tuple[list[int], Counter[int]]:
    """Return the step that each line of a trace is of, and how many share each step's lines."""
    text, places = render_placed(trace.steps, style, trace.exception)
    steps: dict[int, int] = {}
    weights: Counter[int] = Counter()
    for step, numbers in enumerate(places):
        if numbers:
            first = steps.get(numbers[0], step)
            weights[first] += 1
            steps.update(dict.fromkeys(numbers, first))
    lines = enumerate(text.split("\n"), 1)
    return [steps.get(number, -1) for number, line in lines if line.strip(BLANKS)], weights
