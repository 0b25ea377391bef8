"""The unit of work of the sandbox: one rule with its inputs."""

from dataclasses import dataclass

from ..run import MAX_SOURCE, Crashed, Job, Limits, Record


@dataclass(frozen=True)
class Task:
    """A rule and the inputs to trace it on; one process runs them one after the other.

    `inputs` are texts of what stands between the parentheses of a call. `styles` are names that
    the sandbox was made with: a record's ``prompt`` and ``response`` are of the first, its
    ``texts`` of the others. `questions`, if there are any, go with the inputs; None stands for the
    rule's own question. Without `steps`, records have only texts and counts, which is much cheaper.
    With `texts`, one for each input, the record of a run that has ended by itself has a
    ``verdict``, which says whether the text is its trace (`rfft.tracer.checking.Verdict`); that
    takes a sandbox for `checking`.
    """

    source: str
    inputs: tuple[str, ...]
    function: str | None = None
    styles: tuple[str, ...] = ("rfft",)
    questions: tuple[str | None, ...] = ()
    steps: bool = True
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.questions and len(self.questions) != len(self.inputs):
            raise ValueError("a task needs as many questions as inputs, or none")
        if self.texts and len(self.texts) != len(self.inputs):
            raise ValueError("a task needs as many texts as inputs, or none")
        if not self.styles:
            raise ValueError("a task needs a style")

    def question(self, index: int) -> str | None:
        """Return the question that goes with an input."""
        return self.questions[index] if self.questions else None

    def text(self, index: int) -> str | None:
        """Return the text to check that goes with an input."""
        return self.texts[index] if self.texts else None

    def record(self, index: int, status: str, problem: Exception | None = None) -> Record:
        """Return a record without a trace for an input; `problem` says why there is none."""
        style, *more = self.styles
        job = Job(
            self.source, self.inputs[index], self.function, style, self.question(index), Limits(),
            tuple(more), self.steps,
        )  # fmt: skip
        record = job.record(status, problem)
        if more:
            record["texts"] = {name: {"prompt": "", "response": ""} for name in more}
        return record

    def refusal(self) -> Exception | None:
        """Return why the source is not even looked at, if so."""
        size = len(self.source.encode("utf-8", "surrogatepass"))
        if size > MAX_SOURCE:
            return Crashed(f"the source is longer than {MAX_SOURCE:,} bytes, too long for a rule")
        return None
