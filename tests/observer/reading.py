"""Reads the text of a trace line by line, along the run, and says where the two part."""

from .describing import agrees
from .equations import splits
from .findings import Finding
from .headings import due
from .lines import Group
from .phrases import ANSWER, BARE, CALL, HEADING, RAISES, RETURNS, SIMPLE, STRANGE, VERDICTS
from .program import Program, Statement
from .records import Call, Step
from .steps import in_class, shown, tell
from .timeline import Moment


def judge_text(
    program: Program, moments: list[Moment], text: str, result: str | None, error: str | None
) -> list[Finding]:
    """Return what is wrong in the text of a trace in style `rfft`."""
    reader = _Reader(program, [m for m in moments if not in_class(m)], text)
    return reader.judge(result, error)


class _Reader:
    def __init__(self, program: Program, moments: list[Moment], text: str) -> None:
        self.program, self.moments = program, moments
        self.lines = text.removesuffix("\n").split("\n")
        self.at = 0  # the line that is read
        self.due = 0  # the moment that is told next
        self.stack: list[Call] = []
        self.groups: dict[Call, Group] = {}
        self.told: dict[Call, dict[str, str]] = {}
        self.items: dict[tuple[Call, Statement], int] = {}
        self.found: list[Finding] = []
        self.titles: dict[Call, list[str]] = {}  # since the last step of a call
        self.last: dict[Call, Step] = {}
        self.recited_at = -1  # where the last recital ended
        self.over = False

    def add(self, kind: str, expected: str, found: str = "", line: int | None = None) -> None:
        self.found.append(Finding(kind, (self.at if line is None else line) + 1, expected, found))

    def judge(self, result: str | None, error: str | None) -> list[Finding]:
        if self.moments:
            self.enter(self.moments[0].call)
            self.due = 1
        while self.at < len(self.lines) and len(self.found) < 60:
            line = self.lines[self.at]
            if STRANGE.search(line):
                self.add("unwritable line", "a line without control characters", repr(line))
            if self.over or not self.stack:
                self.add("control", "the end of the text", line)
                break
            self.at += self.read(line, result, error)
        if not self.over and len(self.found) < 60:
            self.add("control", "the answer, or the exception that leaves the rule")
        return self.found

    # What is told next

    def next(self) -> Moment | None:
        """Return the moment that is told next."""
        return self.moments[self.due] if self.due < len(self.moments) else None

    def enter(self, call: Call) -> None:
        self.group.nested = True
        self.stack.append(call)
        if call not in self.groups:
            self.groups[call] = Group(self.program, call=call, line=self.at)
            self.told[call] = {}

    def close(self, call: Call) -> None:
        """Judge what a group of steps should have stated."""
        group = self.groups[call]
        self.found += group.finish(self.told[call])
        self.groups[call] = Group(self.program)

    @property
    def group(self) -> Group:
        """The group of steps that the lines are about."""
        return self.groups[self.stack[-1]] if self.stack else Group(self.program)

    # One line

    def read(self, line: str, result: str | None, error: str | None) -> int:
        """Judge a line; return how many lines it was."""
        call = CALL.fullmatch(line)
        if call:
            self.called(call[1], int(call[2]), line)
            return 1
        if line.startswith(ANSWER):
            self.answered(line.removeprefix(ANSWER), result)
            return 1
        if line.startswith(RAISES):
            self.raised(line.removeprefix(RAISES), error)
            return 1
        returns = RETURNS.fullmatch(line)
        if returns and not self.recital(line):
            self.returned(returns[1], returns[2], line)
            return 1
        if line.startswith("back in "):
            self.back(line.removeprefix("back in "))
            return 1
        if line in VERDICTS:
            self.decided(line)
            return 1
        if self.phrase(line):
            return 1
        if HEADING.fullmatch(line) and not self.group.is_due(line):
            self.titles.setdefault(self.stack[-1], []).append(line)
            return 1
        if self.group.is_due(line):
            self.state(line)
            return 1
        recited = self.recital(line)
        if recited:
            return recited
        return self.other(line)

    def state(self, line: str) -> None:
        """Judge a line that states something."""
        call, group = self.stack[-1], self.group
        if bool(self.titles.get(call)) is bool(group.steps):
            self.add("control", "a title before what it is of, or none", line)
        self.found += group.state(line, self.at, self.told[call])

    def titled(self, call: Call, step: Step | None) -> None:
        """Judge the titles before a step, or before the end of a call."""
        want = due(self.program, call, self.last.get(call), step)
        told = self.titles.pop(call, [])
        if want is not None and want != told:
            self.add("control", f"the titles {want}", str(told))
        if step is not None:
            self.last[call] = step

    def phrase(self, line: str) -> bool:
        """Read a fixed phrase; tell whether it was one."""
        group = self.group
        if line == "now,":
            if group.now or not group.steps:
                self.add("control", "no such phrase here", line)
            group.now = True
        elif line == "no change":
            group.no_change = self.at
        elif line == "no more items":
            if not group.steps or group.steps[-1].truth or group.no_more:
                self.add("control", "an item", line)
            group.no_more = True
        elif line.startswith("item ") and line[5:].isdigit():
            self.item(int(line[5:]))
        elif line.startswith("the exception is "):
            step = group.steps[-1] if group.steps else None
            name = line.removeprefix("the exception is ")
            if step is None or step.caught != name:
                self.add("control", f"the exception is {step.caught if step else '?'}", line)
        elif line in ("else:", "finally:", "enter else", "enter finally"):
            part = "orelse" if "else" in line else "finalbody"
            moment = self.next()
            step = moment.step if moment else None
            self.titles.setdefault(self.stack[-1], []).append(line)
            if step is None or not _is_in(step.statement, part) or group.is_undecided():
                self.add("control", f"next is {tell(moment) if moment else 'the end'}", line)
        else:
            return False
        return True

    def item(self, number: int) -> None:
        step = self.group.steps[-1] if self.group.steps else None
        if step is None or step.statement.kind != "for":
            self.add("control", "no item", f"item {number}")
            return
        if not step.truth:
            self.add("control", "no more items", f"item {number}")
        key = (step.call, step.statement)
        self.items[key] = self.items.get(key, 0) + 1 if step.again else 1
        if self.items[key] != number:
            self.add("control", f"item {self.items[key]}", f"item {number}")

    def decided(self, line: str) -> None:
        kinds, truth = VERDICTS[line]
        step = self.group.steps[-1] if self.group.steps else None
        if step is None or step.statement.kind not in kinds:
            self.add("control", "no such phrase here", line)
            return
        elif_ = step.statement.source.startswith("elif")
        if truth is not None and (step.truth is not truth or (
            step.statement.kind == "if" and elif_ is not line.endswith("elif"))):  # fmt: skip
            self.add("control", f"{tell_step(step)} is {step.truth}", line)
        if step.statement.kind == "for" and not step.truth and not self.group.no_more:
            self.add("control", "no more items", line)
        moment = self.next()
        tested = step.statement.kind not in ("break", "continue")
        within = moment is not None and moment.kind == "call" and moment.at < step.ended
        if tested and moment is not None and within and step.after is not None:
            self.add("control", f"call {moment.call.code.name} before what it decides", line)
        group = self.groups[step.call]
        group.decided = True
        self.close(step.call)

    # Calls

    def called(self, name: str, depth: int, line: str) -> None:
        self.skip_to("call")
        moment = self.next()
        if moment is None or moment.kind != "call":
            self.add("control", f"next is {tell(moment) if moment else 'the end'}", line)
            return
        if (moment.call.code.name, moment.call.depth) != (name, depth):
            call = moment.call
            self.add("control", f"call {call.code.name}, depth {call.depth}", line)
        self.enter(moment.call)
        self.due += 1

    def skip_to(self, kind: str) -> None:
        """Pass what has no line of its own, up to a moment of a kind."""
        at = self.due
        while at < len(self.moments) and self.moments[at].kind in ("pause", "resume", "raise"):
            at += 1
        if at < len(self.moments) and self.moments[at].kind == kind:
            while self.due < at:
                self.silent()

    def silent(self) -> None:
        """Pass a moment that has no line of its own."""
        moment = self.moments[self.due]
        self.due += 1
        if moment.kind == "resume":
            self.enter(moment.call)
        elif self.stack and self.stack[-1] is moment.call:
            if moment.kind != "pause":  # then its step goes on later
                self.close(moment.call)
            self.stack.pop()

    def returned(self, name: str, text: str, line: str) -> None:
        self.skip_to("end")
        moment = self.next()
        if moment is None or moment.kind != "end":
            self.add("control", f"next is {tell(moment) if moment else 'the end'}", line)
            return
        if moment.call.code.name != name:
            self.add("control", f"{moment.call.code.name} returns", line)
        if moment.implicit:
            self.titled(moment.call, None)
        if not agrees(moment.value, text):
            self.add("control" if text else "empty value", f"{name} returns {shown(moment.value)}",
                     line)  # fmt: skip
        self.leave(moment)

    def leave(self, moment: Moment) -> None:
        self.due += 1
        if moment.call in self.stack:
            self.close(moment.call)
            del self.stack[self.stack.index(moment.call) :]

    def answered(self, text: str, result: str | None) -> None:
        moment = self.next()
        if result is None:
            self.add("control", "the rule raises", f"the answer is {text}")
        elif moment is None or moment.kind != "end":
            self.add("control", f"next is {tell(moment) if moment else 'the end'}", "the answer")
        elif not agrees(result, text):
            self.add("control", f"the answer is {shown(result)}", text)
        if moment is not None and moment.kind == "end":
            if moment.implicit:
                self.titled(moment.call, None)
            self.leave(moment)
        self.over = True

    def raised(self, name: str, error: str | None) -> None:
        while self.due < len(self.moments) and self.moments[self.due].kind == "raise":
            self.silent()
        moment = self.next()
        if error != name or moment is not None:
            due = tell(moment) if moment else f"{RAISES}{error}"
            self.add("control", f"next is {due}", f"{RAISES}{name}")
        self.over = True

    def back(self, name: str) -> None:
        while (moment := self.next()) and moment.kind in ("pause", "resume", "raise"):
            self.silent()
        if not self.stack or self.stack[-1].code.name != name:
            if any(code.name == name for code in self.program.codes.values()):
                return
            self.add("control", "no such function is gone back to", name)

    # Recitals

    def recital(self, line: str) -> int:
        """Read the recital of the step that is told next; return how many lines it has."""
        while (moment := self.next()) and moment.kind in ("pause", "resume"):
            known = [m for m in self.moments[self.due + 1 : self.due + 3] if m.kind == "step"]
            if not known or not known[0].step or not self.matches(known[0].step, line):
                break
            self.silent()
        moment = self.next()
        if moment is None or moment.step is None or moment.kind != "step":
            return 0
        count = self.matches(moment.step, line)
        if count:
            self.recite(moment.step, count)
        return count

    def matches(self, step: Step, line: str) -> int:
        """Return how many lines from here on recite a step's statement."""
        for source in (step.statement.source, self.program.whole(step.statement)):
            wanted = [w.strip() for w in source.split("\n")]
            if wanted[0] != line.strip():
                continue
            at = self.at
            for want in wanted:
                if at < len(self.lines) and self.lines[at].strip() == want:
                    at += 1
                elif want and not want.startswith("#"):
                    break
            else:
                return at - self.at
        if line.strip() == step.statement.source.split("\n")[0].strip():
            self.add("recital", f"all of {step.statement.source!r}", line)
            return 1
        return 0

    def recite(self, step: Step, count: int) -> None:
        self.due += 1
        call = step.call
        self.titled(call, step)
        group = self.groups[call]
        joined = (
            self.at == self.recited_at
            and group.steps
            and step.statement.kind in SIMPLE
            and group.steps[-1].statement.kind in SIMPLE
        )
        rest = group.after_literals(step) if joined else []
        if not joined or rest is not None:
            self.close(call)
            self.groups[call].line = self.at
            self.groups[call].steps = rest or []
        self.groups[call].steps.append(step)
        self.recited_at = self.at + count

    def other(self, line: str) -> int:
        """Judge a line that is not due: a state, or a step at the wrong place."""
        moment = self.next()
        if moment is not None and moment.kind == "step" and moment.step is not None:
            first = tell_step(moment.step).strip()
            if len(line) > 4 and (first.startswith(line.strip()) or line.strip().startswith(first)):
                self.add("recital", first, line)
                self.recite(moment.step, 1)
                return 1
        if self.group.knows(line):
            self.state(line)
            return 1
        for at in range(self.due + 1, min(self.due + 12, len(self.moments))):
            step = self.moments[at].step
            if self.moments[at].kind == "step" and step and self.matches(step, line):
                for moment in self.moments[self.due : at]:
                    if moment.kind in ("step", "call", "end"):
                        self.add("control", f"{tell(moment)} is missing", f"before {line}")
                    self.move(moment)
                return self.recital(line)
        moment = self.next()
        next_ = f"next is {tell(moment) if moment else 'the end'}"
        if line.strip() in self.program.recited or line in BARE:
            self.add("control", next_, line)
        elif splits(line) and splits(line)[0][1].startswith("<"):
            pass  # a function, a class, a module: no data
        elif splits(line) and self.group.steps:
            self.state(line)
        else:
            self.add("recital", f"a line of the rule; {next_}", line)
        return 1

    def move(self, moment: Moment) -> None:
        """Pass a moment that the text does not tell."""
        if moment.kind == "call":
            self.enter(moment.call)
            self.due += 1
        elif moment.kind == "end":
            self.leave(moment)
        elif moment.kind == "step":
            self.due += 1
        else:
            self.silent()


def _is_in(statement: Statement, part: str) -> bool:
    at: Statement | None = statement
    while at is not None:
        if at.part == part:
            return True
        at = at.parent
    return False


def tell_step(step: Step) -> str:
    """Return the first line of a step's statement."""
    return step.statement.source.split("\n")[0]
