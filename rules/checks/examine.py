"""Looks at one task from all sides, in this process: the task is run.

For a number of instances of each length:

- the generator gives the same instance again;
- the arguments are plain data that can be read back from their text;
- different arguments have different questions;
- the rule ends and raises nothing;
- the oracle gives the same answer;
- the rule parsed back out of the prompt, run on the arguments parsed back out of their text, gives
  the same answer, and so does the trace.

And over all of them: no answer is given to nearly every input of a length, steps grow with the
length (of a rule that may end early: those of its longest runs), every name in braces in the
docstring is an argument, and every branch that is known to be reachable is reached.
"""

import copy
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import blake2b
from itertools import pairwise
from time import perf_counter
from typing import Any

from rfft.tracer import Rule
from rfft.tracer.errors import nearest
from rfft.tracer.inputs import parse_input
from rfft.tracer.styles import load
from rfft.tracer.values.show import show

from ..errors import TaskRejected
from ..same import same
from ..task import Task
from . import advice
from .coverage import Covered, TooLong
from .report import NOT_COMPILED, SHOWN_LENGTHS, BranchReport, Report
from .search import alike, find_inputs, find_other

LONGEST = 30
INPUTS = 300
"""How many inputs are run, over all lengths; the oracle answers all of them."""

_MORE = 60  # inputs of a length, where the first ones do not tell whether answers vary
_BRANCHES = 200_000  # that one run may pass before the rule is said not to end
_CONSTANT = 0.9  # of the inputs of a length may have the same answer


def examine(task: Task, tell: Callable[[str], None] = lambda at: None) -> Report:
    """Return what is found about a task; `tell` hears what is being looked at."""
    report = Report(task.id, str(task.path or ""))
    began = perf_counter()
    try:
        _Examination(task, report, tell).run()
    except TaskRejected as rejected:
        report.failures.append(str(rejected).removeprefix(f"{task.where}: "))
    report.seconds = round(perf_counter() - began, 3)
    return report


def lengths_of(task: Task) -> list[int]:
    """Return the lengths that are looked at: all up to 30, or the shortest ones above."""
    most = task.max_length if task.max_length is not None else max(LONGEST, task.min_length + 9)
    return list(range(task.min_length, min(most, max(LONGEST, task.min_length + 9)) + 1))


def digest(task: Task) -> str:
    """Return a hash of the instances and questions that are looked at. Raises TaskRejected."""
    lengths = lengths_of(task)
    made = blake2b(digest_size=16)
    for length in lengths:
        for index in range(_count(lengths)):
            arguments = task.arguments(length, 0, index)
            made.update(f"{_call(arguments)}\n{task.question(*arguments)}\n".encode())
    return made.hexdigest()


_PLACE = re.compile(r"\{[^\W\d]\w*\}")


def _count(lengths: Sequence[int]) -> int:
    return math.ceil(INPUTS / len(lengths))


def _call(arguments: tuple[Any, ...]) -> str:
    return ", ".join(map(show, arguments))


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:97]}..."


class _Examination:
    """One look at a task; what it finds goes into the report."""

    def __init__(self, task: Task, report: Report, tell: Callable[[str], None]) -> None:
        self.task = task
        self.report = report
        self.tell = tell
        self.covered = Covered(task.rule)
        self.write = task.rule.writer("rfft")
        self.back: Rule | None = None  # the rule parsed out of a prompt
        self.lengths = report.lengths = lengths_of(task)
        self.samples: dict[int, list[tuple[Any, ...]]] = {}  # by length
        self.answers: Counter[str] = Counter()  # at all lengths
        self.constant: dict[int, tuple[str, str]] = {}  # lengths with one answer, and a remark
        self.few: list[str] = []  # lengths with few different inputs
        self.slow: Counter[str] = Counter()  # inputs without compiled code, by the reason
        self.questions: dict[str, str] = {}
        self.longest: dict[int, int] = {}  # the most steps, by length
        self.reached: dict[int, set[int]] = {}  # the lengths at which each branch was reached
        self.found: dict[str, tuple[str, int]] = {}  # by kind: the first failure, how many

    def run(self) -> None:
        if not self.task.has_oracle:
            self.report.notes.append("no oracle: nothing confirms the answers")
        self._places()
        made = blake2b(digest_size=16)
        steps: dict[int, float] = {}
        for length in self.lengths:
            self.tell(f"length {length}")
            steps[length] = self._length(length, made)
        self.report.digest = made.hexdigest()
        chosen = {self.lengths[len(self.lengths) * n // 3 - 1] for n in (1, 2, 3)}
        self.report.again = [_call(self.samples[length][0]) for length in sorted(chosen)]
        self.report.steps = {str(n): round(steps[n], 1) for n in self.lengths}
        self._growth(steps)
        self._constant_answers()
        self.tell("branches")
        self._branches()
        if self.few:
            drawn = _count(self.lengths)
            self.report.notes.append(f"different inputs of {drawn} drawn: {', '.join(self.few)}")
        if self.slow:
            (reason, _), *_ = self.slow.most_common(1)
            total = _count(self.lengths) * len(self.lengths)
            some = "" if self.slow.total() == total else f", {self.slow.total()} of {total} inputs"
            self.report.notes.append(f"{NOT_COMPILED}{some}: {reason}")
        for kind, (first, count) in self.found.items():
            more = f" (and {count - 1} more)" if count > 1 else ""
            self.report.failures.append(f"{kind}: {first}{more}")

    def fail(self, kind: str, text: str) -> None:
        first, count = self.found.get(kind, (text, 0))
        self.found[kind] = (first, count + 1)

    def _told(self) -> str:
        """Return the end of a docstring that tells the arguments."""
        return " and ".join(
            f"{{{name}}}" for name in self.task.rule.parameters.signature.parameters
        )

    def _other_inputs(self) -> str:
        """Say what makes other inputs: the line to add, or that there is one to change."""
        if self.task.has_inputs:
            return "let inputs make such ones more often"
        example = next(iter(self.samples.values()))[0]
        return f"make such ones more often: {advice.inputs_line(self.task.rule, example)}"

    def _places(self) -> None:
        """See that the docstring names no argument that there is not."""
        if self.task.has_question:
            return
        known = list(self.task.rule.parameters.signature.parameters)
        for name in self.task.rule.unknown_places:
            meant = nearest(name, known) or f"; there are {', '.join(known)}"
            self.fail("question", f"{{{name}}} in the docstring is no argument{meant}")

    def _length(self, length: int, made: Any) -> float:
        """Look at the instances of a length; return the mean number of steps."""
        answers: list[str] = []
        different: set[str] = set()
        steps = characters = 0
        count = _count(self.lengths)
        for index in range(count):
            arguments = self.task.arguments(length, 0, index)
            text = _call(arguments)
            question = self.task.question(*arguments)
            made.update(f"{text}\n{question}\n".encode())
            self._asked(length, text, question)
            if _call(self.task.arguments(length, 0, index)) != text:
                self.fail(
                    "not deterministic",
                    f"length {length}: the same instance differs; let inputs draw from its rng "
                    "alone, as in rng.randint(0, 9)",
                )
            self.samples.setdefault(length, []).append(arguments)
            result = self._result(length, arguments, text)
            answers.append(show(result))
            different.add(text)
            self._compare(length, arguments, text, question, result)
            written = self.write(*copy.deepcopy(arguments))
            self.longest[length] = max(self.longest.get(length, 0), written.steps)
            if (reason := self.task.rule.why_slow()) is not None:
                self.slow[reason] += 1
            if written.answer != answers[-1]:
                self.fail("trace", f"length {length}: {_short(text)} has another answer")
            steps += written.steps
            characters += len(written.response)
        if len(different) < count:
            self.few.append(f"{len(different)} at length {length}")
        self._variety(length, answers, different)
        if length in SHOWN_LENGTHS:
            self.report.characters[str(length)] = round(characters / count)
        return steps / count

    def _asked(self, length: int, text: str, question: str) -> None:
        for place in _PLACE.findall(question) if self.task.has_question else ():
            if place not in text:
                self.fail(
                    "question",
                    f"length {length}: {place} is not filled in; write an f before its string, "
                    f"as in f'{self._told()}'",
                )
        if self.questions.setdefault(question, text) != text:
            other = _short(self.questions[question])
            self.fail(
                "question",
                f"length {length}: {_short(text)} and {other} have the same one; write the "
                f"arguments into the docstring: {self._told()}",
            )

    def _result(self, length: int, arguments: tuple[Any, ...], text: str) -> Any:
        """Run the rule on a copy of the arguments and note the branches. Raises TaskRejected."""
        self.report.inputs += 1
        try:
            result = self.covered(copy.deepcopy(arguments), _BRANCHES)
        except TooLong:
            line = advice.inputs_line(self.task.rule, arguments)
            raise TaskRejected(
                f"no end after {_BRANCHES:,} branches: length {length}: {_short(text)}; "
                f"narrow the inputs, or set MAX_LENGTH; such as {line}"
            ) from None
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            add = advice.narrower(self.task.rule, arguments, error)
            raise TaskRejected(
                f"the rule raised {reason}: length {length}: {_short(text)}; {add}"
            ) from None
        for number in self.covered.taken:
            self.reached.setdefault(number, set()).add(length)
        return result

    def _compare(
        self, length: int, arguments: tuple[Any, ...], text: str, question: str, result: Any
    ) -> None:
        """Compare the rule's result with the oracle's and with that of the rule in the prompt."""
        where = f"length {length}: {_short(text)} gives {_short(show(result))}"
        if self.task.has_oracle:
            expected = self.task.oracle(*copy.deepcopy(arguments))
            if same(result, expected):
                self.report.compared += 1
            else:
                said = f"{where}, the oracle says {_short(show(expected))}"
                self.fail("oracle", f"{said}; mend the one that is wrong")
        try:
            read, _ = parse_input(text)
        except ValueError as error:
            self.fail("arguments", f"length {length}: {_short(text)}: {error}")
            return
        if self.back is None:
            self.back = self._parsed(arguments, question)
        again = self.back.answer(*read)
        if not same(again, result):
            self.fail("prompt", f"{where}, the rule in the prompt gives {_short(show(again))}")

    def _parsed(self, arguments: tuple[Any, ...], question: str) -> Rule:
        """Return the rule as a reader of the prompt finds it."""
        prompt = self.task.prompt(arguments)
        before, after = load("rfft").task("\0", question).split("\0")
        head, _, tail = prompt.rpartition(after)
        source = head.partition(before)[2]
        if tail.strip() or not source:
            raise TaskRejected("the rule and the question cannot be told apart in the prompt")
        try:
            return Rule.from_source(source)
        except ValueError as error:
            raise TaskRejected(f"the rule in the prompt is not whole: {error}") from None

    # Over all inputs

    def _variety(self, length: int, answers: list[str], different: set[str]) -> None:
        """See that no answer is given to nearly every input; draw more where that is not plain."""
        self.answers.update(answers)
        while True:
            answer, most = Counter(answers).most_common(1)[0]
            if most <= 0.8 * len(answers) or len(answers) >= _MORE:
                break
            arguments = self.task.arguments(length, 0, len(answers))
            text = _call(arguments)
            answers.append(show(self._result(length, arguments, text)))
            different.add(text)
        if len(different) <= 3 or most <= _CONSTANT * len(answers):
            return
        said = f"length {length}: {most} of {len(answers)} answers are {_short(answer)}"
        if most == len(answers):
            self.constant[length] = (answer, said)
        else:
            self.fail("answers hardly vary", f"{said}; {self._other_inputs()}")

    def _constant_answers(self) -> None:
        """See whether lengths with one answer could have another; some leave no choice."""
        everywhere = [sample for of in self.samples.values() for sample in of]
        decided = []
        for length, (answer, said) in self.constant.items():
            seeds = self.samples[length]
            other = find_other(self.covered, answer, seeds, everywhere, self._right)
            if other is None:
                decided.append(str(length))
            else:
                text = f"{said}; {_short(_call(other))} has another; {self._other_inputs()}"
                self.fail("answers hardly vary", text)
        if decided:
            lengths = ", ".join(decided)
            self.report.notes.append(f"one answer, and no other found, at length {lengths}")
        answer, most = self.answers.most_common(1)[0]
        if len(self.lengths) > 1 and most > _CONSTANT * self.answers.total():
            share = f"{most} of {self.answers.total()} answers are {_short(answer)}"
            self.fail("answers hardly vary", f"all lengths: {share}; {self._other_inputs()}")

    def _right(self, arguments: tuple[Any, ...], result: Any) -> bool:
        """Tell whether the oracle, if there is one, says the same."""
        try:
            return not self.task.has_oracle or same(result, self.task.oracle(*arguments))
        except TaskRejected:
            return False

    def _growth(self, steps: dict[int, float]) -> None:
        """See that the steps grow from one third of the lengths to the next.

        A rule that may end early does so on most inputs; then those of its longest runs must grow.
        """
        if len(self.lengths) < 2 or _grows(means := _thirds([steps[n] for n in self.lengths])):
            return
        if _grows(_thirds([self._longest(length) for length in self.lengths])):
            return
        shown = ", ".join(f"{mean:.1f}" for mean in means)
        example = self.samples[self.lengths[-1]][0]
        self.fail(
            "steps do not grow",
            f"short, middle and long inputs take {shown} steps; let the size of what the rule goes "
            f"through be the length: {advice.inputs_line(self.task.rule, example)}",
        )

    def _longest(self, length: int) -> float:
        """Return the most steps of the instances of a length, and of others like them."""
        most = self.longest[length]
        for arguments in self.samples[length][:3]:
            for other in alike(arguments):
                try:
                    self.covered(copy.deepcopy(other), _BRANCHES)
                    most = max(most, self.write(*other).steps)
                except (Exception, TooLong):  # which the rule need not take
                    continue
        return most

    def _branches(self) -> None:
        branches = self.covered.branches
        missed = {n for n, b in enumerate(branches) if b.possible and n not in self.reached}
        index = 1000
        while missed and index < 1000 + 40:  # perhaps they are only rare
            for length in self.lengths:
                arguments = self.task.arguments(length, 0, index)
                self._result(length, arguments, _call(arguments))
            missed -= self.reached.keys()
            index += 1
        seeds = [sample for of in self.samples.values() for sample in of[:2]]
        inputs = find_inputs(self.task.rule, self.covered, missed, seeds, self._right)
        for number, branch in sorted(enumerate(branches), key=lambda pair: pair[1].line):
            lengths = sorted(self.reached.get(number, ()))
            example = _call(inputs[number]) if number in inputs else ""
            state = "reached" if lengths else "unsampled" if number in inputs else "unreached"
            if not branch.possible:
                state = "unreachable"
            told = BranchReport(branch.line, branch.source, branch.outcome, state, lengths, example)
            self.report.branches.append(told)
            if state == "unsampled":
                self.fail(
                    "branch never reached",
                    f"{told}; {_short(example)} reaches it; {self._other_inputs()}",
                )
            elif state == "unreached":
                self.report.notes.append(f"no input found for {told}: dead or very rare")


def _thirds(values: Sequence[float]) -> list[float]:
    """Return the means of the first values, those in the middle (if there are any) and the last."""
    third = max(1, len(values) // 3)
    groups = [values[:third], values[-third:]]
    if len(values) >= 3:
        groups.insert(1, values[third:-third])
    return [sum(group) / len(group) for group in groups]


def _grows(values: Sequence[float]) -> bool:
    return all(a < b for a, b in pairwise(values))
