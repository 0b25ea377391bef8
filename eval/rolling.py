"""Rolls a model through runs: what it says of the state after a step goes into its next prompt.

The rows of a corpus of unit `step` are the steps of runs. A question is a whole run, asked step by
step: the first prompt is that of its first row; each further one has the state that the model has
stated. A run ends with the first answer without a state, with a text that was cut or refused, or
when as many steps have been asked as the true run has. All runs of a round are asked together,
through whatever back end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rfft.rules.corpus.steps import parted

from .backends import Answer, Backend
from .questions import Question


class _Run:
    """A run that is being asked: how many steps have been answered, and the state to ask with."""

    def __init__(self, question: Question, known: Mapping[str, Answer]) -> None:
        self.question = question
        self.answers: list[Answer] = []
        self._head, self._state = parted(question.prompt)
        while self.goes_on and self.id in known:
            self.take(known[self.id])

    @property
    def id(self) -> str:
        """The id of the step that is asked next."""
        return f"{self.question.id}.{len(self.answers)}"

    @property
    def goes_on(self) -> bool:
        """Whether there is a state to go on with, and a step to ask for."""
        return bool(self._state) and len(self.answers) < len(self.question.steps)

    @property
    def asked(self) -> Question:
        """The question of the next step."""
        return replace(
            self.question,
            id=self.id,
            prompt=self._head + self._state,
            completion=self.question.steps[len(self.answers)],
            steps=(),
        )

    def take(self, answer: Answer) -> None:
        """Go on with an answer."""
        self.answers.append(answer)
        self._state = parted(answer.text)[1] if answer.finish == "stop" else ""

    def whole(self) -> Answer:
        """Return the answers as one, without the states."""
        bodies = [parted(answer.text)[0] for answer in self.answers]
        last = self.answers[-1]
        return Answer(
            self.question.id,
            "".join(body if body.endswith("\n") else f"{body}\n" for body in bodies if body),
            "length" if self._state else last.finish,
            sum(answer.read for answer in self.answers),
            sum(answer.written for answer in self.answers),
            last.note,
        )


def left(questions: Sequence[Question], known: Mapping[str, Answer]) -> list[_Run]:
    """Return the runs that have not come to their end with what is known."""
    return [run for q in questions if (run := _Run(q, known)).goes_on]


def roll(backend: Backend, going: Sequence[_Run]) -> Iterator[Answer]:
    """Yield the answer to each step of these runs as soon as it is there. Raises RunFailed."""
    while going:
        by_id = {run.id: run for run in going}
        for answer in backend.answers([run.asked for run in going]):
            by_id[answer.id].take(answer)
            yield answer
        going = [run for run in going if run.goes_on]


def whole(questions: Sequence[Question], known: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answer to each question whose steps have been answered, as one text."""
    return {question.id: _Run(question, known).whole() for question in questions}


def wrong_step(question: Question, known: Mapping[str, Answer]) -> int:
    """Return the number, from 0, of the step in which a run with a wrong answer went wrong.

    That is the first after which another state is stated than the true one, or none. Where all
    states are right it is the last one that was asked.
    """
    answers = _Run(question, known).answers
    for number, (answer, true) in enumerate(zip(answers, question.steps, strict=False)):
        if answer.finish != "stop" or parted(answer.text)[1] != parted(true)[1]:
            return number
    return len(answers) - 1
