"""Generators are advanced, and coroutines suspended, by the rule alone."""

from typing import Any

import pytest

from .forms import with_parts
from .semantics import FILE, instrumented, record, recording_into, same, same_failing, step


@pytest.mark.parametrize(
    "made",
    [
        "count()",
        "(n for n in count())",
        "map(log, count())",
        "filter(None, count())",
        "zip(count(), count())",
        "enumerate(count())",
        "iter(lambda: log('called'), None)",
        "itertools.count()",
        "itertools.cycle([1, 2])",
        "itertools.islice(count(), 3)",
        "itertools.chain.from_iterable(count() for _ in [1])",
        "itertools.tee(count())",
        "iter([1, 2, 3])",
        "iter({1: 2})",
        "iter({1})",
        "reversed([1, 2, 3])",
        "iter(range(3))",
        "iter('abc')",
        "Endless()",
        "iter(Endless())",
        "open('/dev/null')",
        "csv.reader(count())",
        "re.finditer('a', 'aaa')",
    ],
)
def test_iterators_are_never_advanced(made: str) -> None:
    source = f"""
        import csv, itertools, re
        def count():
            n = 0
            while n < 100:
                yield log(n)
                n += 1
            raise AssertionError('advanced too far')
        class Endless:
            def __iter__(self): log('iter'); return self
            def __next__(self): return log('next')
        def rule():
            it = {made}
            log('made')
            kept = [it, {{'it': it}}, (it,)]
            other = it
            kept.append(it)
            if it is not None: log('there')
            other, again = it, [it][0]
            def use(a): b = a; return b
            use(it)
            x = use(it), [use(i) for i in [it]]
            return log('end')
    """
    log = same(source).log
    assert log[log.index("'made'") :] == ["'made'", "'there'", "'end'"]


def test_a_generator_is_advanced_only_by_the_rule() -> None:
    source = """
        def squares():
            n = 0
            while True:
                got = yield n * n
                log(got)
                n += 1
        def rule():
            g = squares()
            a = next(g)
            b = [next(g), g.send(5), next(g)]
            for c in g:
                if c > 30: break
            d, e = next(g), g.gi_frame.f_lineno
            g.close()
            return a, b, c, d, e, next(g, 'closed')
    """
    assert same(source).result.endswith("'closed')")


def test_a_generator_that_looks_at_itself_while_it_runs() -> None:
    source = """
        def rule():
            def f():
                me = g
                yield [me.gi_running, g]
                x = me.gi_running
                try: next(me)
                except ValueError as e: log(str(e))
                yield x
            g = f()
            return list(g)[1], g
    """
    same(source)


def test_a_generator_is_finalised_at_the_same_time() -> None:
    source = """
        def g():
            try: yield 1; yield 2
            finally: log('closed')
        def rule():
            for i in g():
                log(i)
                break
            log('after the loop')
            it = g()
            next(it)
            it = None
            log('after the name')
            a, b = g()
            log('after unpacking')
            next(g())
            log('after the expression')
            def f():
                j = g()
                x = next(j)
                return x
            f()
            log('after the call')
    """
    log = same(source).log
    assert log.index("'closed'") < log.index("'after the loop'")


def test_generators_and_recorded_steps_of_their_callers_may_interleave() -> None:
    source = """
        def g(n):
            for i in range(n):
                x = i * 2
                y = yield x
        def rule():
            a, b = g(3), g(2)
            total = 0
            for i in a:
                total += i + next(b, 0)
            return total
    """
    steps = record(source)
    assert [s.after["x"] for s in steps if s.source == "x = i * 2"] == list("00224")
    assert step(steps, "return total").before == {"total": "8"}


def test_a_generator_started_while_recording_may_go_on_after_it() -> None:
    source = "def g():\n    for i in range(4):\n        x = i\n        yield x\n"
    names: dict[str, Any] = {}
    exec(instrumented(source, FILE), names)
    steps: list[Any] = []
    early, late = names["g"](), names["g"]()
    assert next(late) == 0
    with recording_into(steps):
        assert [next(early), next(early), next(late)] == [0, 1, 1]
    assert [*early, *late] == [2, 3, 2, 3]
    assert len(steps) > 3


def test_suspensions_are_those_of_the_plain_run() -> None:
    source = """
        async def leaf(n):
            x = await Pause()
            return log(n)
        async def branch(n):
            total = 0
            for i in range(n):
                total += await leaf(i)
                if await leaf(i) > 1: break
            else: await Pause()
            async with AsyncManager(n) as name:
                total = total + await leaf(name) + (await leaf(1) if await leaf(0) else 5)
            async for left in Countdown(2): total += left
            return [await leaf(i) for i in range(2)], [i async for i in Countdown(2)], total
        def rule(): return drive(branch(3))
    """
    assert same_failing(with_parts(source)).result.count("'pause'") > 15


def test_awaitables_are_awaited_once() -> None:
    source = """
        class Once:
            def __await__(self): log('await'); return iter([1, 2])
        async def f():
            a = Once()
            b = [a]
            x = await a
            return b
        def rule(): return drive(f())
    """
    assert same_failing(with_parts(source)).log == ["'await'"]


def test_a_coroutine_that_is_never_awaited_warns_once() -> None:
    source = """
        async def f(): return 1
        def rule():
            c = f()
            d = [c]
            del c, d
            log('after')
    """
    assert len([w for w in same(source).warnings if "never awaited" in w]) == 1


def test_tasks_interleave_as_in_the_plain_run() -> None:
    source = """
        import asyncio
        async def worker(name, n):
            for i in range(n):
                log((name, i))
                await asyncio.sleep(0)
            return name
        async def main():
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(worker(name, n)) for name, n in [('a', 3), ('b', 2)]]
            queue = asyncio.Queue()
            await queue.put(1)
            return [t.result() for t in tasks], await queue.get()
        def rule(): return asyncio.run(main())
    """
    assert same(source).log[1] == "tuple('b', 0)"


def test_an_exception_thrown_into_a_coroutine() -> None:
    source = """
        async def f():
            try:
                x = await Pause()
            except KeyError as e:
                y = log(e.args)
                await Pause()
                raise ValueError(y) from e
            finally: log('finally')
        def rule():
            c = f()
            c.send(None)
            c.throw(KeyError(1))
            c.send(None)
    """
    assert same_failing(with_parts(source)).log == ["tuple(1)", "'finally'"]


def test_context_variables_and_threads() -> None:
    source = """
        import contextvars, threading
        v = contextvars.ContextVar('v', default=0)
        def change():
            v.set(log(v.get() + 1))
            return v.get()
        def rule():
            contextvars.copy_context().run(change)
            threads = [threading.Thread(target=change) for _ in range(2)]
            for t in threads:
                t.start()
                t.join()
            return v.get()
    """
    assert same(source).log == ["1", "1", "1"]
