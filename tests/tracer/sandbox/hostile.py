"""Hostile rules by class: the body of the rule, and the statuses that hold it back.

The body stands in a function `f` without parameters. None of these may be `ok`, unless what it has
found out is nothing: then it returns `'nothing'`.
"""

NOTHING = "ok: 'nothing'"
OUT = "blocked"

ENDLESS = {
    "a loop": ("while True:\n    pass", "limit_steps"),
    "a loop in a helper": ("def g():\n    while True: pass\ng()", "limit_steps"),
    "swallows every exception": (
        "while True:\n    try:\n        while True: x = 1\n    except BaseException: pass",
        "limit_steps",
    ),
    "in finally": (
        "try:\n    return 1\nfinally:\n    while True:\n        x = 1",
        "limit_steps",
    ),
    "in C": ("return sum(iter(int, 1))", "limit_time"),
    "a power": ("return 7 ** 7 ** 11", "limit_time limit_memory"),
    "an expression": ("import re\nreturn re.match('(a*)*b', 'a' * 99)", "limit_time"),
    "a comprehension": ("return [1 for _ in iter(int, 1) if _]", "limit_time"),
    "in __del__": (
        "class A:\n    def __del__(self):\n        for x in iter(int, 1): pass\na = A()\ndel a",
        "limit_steps",
    ),
    "in __del__, not traced": (
        "class A: pass\nA.__del__ = eval('lambda self: sum(iter(int, 1))')\na = A()\ndel a",
        "limit_time",
    ),
    "in __del__, when all is over": (
        (
            "global a\nclass A: pass\nA.__del__ = eval('lambda self: sum(iter(int, 1))')\n"
            "a = A()\na.a = a\nreturn 1"
        ),
        "ok limit_time",
    ),
    "sleeps": ("import time\nwhile True:\n    time.sleep(9)", "limit_time"),
    "waits for a lock": (
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        "limit_time",
    ),
    "keeps other threads from running": (
        "import sys\nsys.setswitchinterval(1e9)\nexec('while True: pass')",
        "limit_time",
    ),
    "joins a generator to itself": (
        "import itertools\nreturn max(itertools.cycle([1]))",
        "limit_time",
    ),
    "ignores signals": (
        (
            "import signal\nfor n in range(1, 65):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n"
            "    except (OSError, ValueError): pass\nwhile True: pass"
        ),
        "limit_steps blocked",
    ),
    "asks for a timer": ("import signal\nsignal.alarm(1)\nwhile True: pass", "limit_steps blocked"),
}
EXPLOSIONS = {
    "one allocation": ("return len(b'x' * 10 ** 12)", "limit_memory"),
    "one allocation, swallowed": (
        "try:\n    x = [0] * 10 ** 11\nexcept MemoryError:\n    return 'swallowed'",
        "limit_memory",
    ),
    "one allocation, swallowed in finally": (
        "try:\n    x = [0] * 10 ** 11\nfinally:\n    return 'swallowed'",
        "limit_memory",
    ),
    "many allocations": (
        "x = []\nwhile True:\n    x.append(' ' * 10 ** 6)",
        "limit_memory limit_output",
    ),
    "doubling a list": (
        "x = [1]\nwhile True:\n    x = x + x",
        "limit_memory limit_output limit_time",
    ),
    "hidden from the trace": (
        "x = eval('[bytes(10 ** 6) for _ in iter(int, 1)]')\nreturn 1",
        "limit_memory limit_time",
    ),
    "shared memory": ("import mmap\nm = mmap.mmap(-1, 10 ** 9)", OUT),
    "prints much": ("while True:\n    print('x' * 10 ** 6)", "limit_steps limit_output"),
    "a long text": ("x = 'a'\nwhile True:\n    x += x", "limit_output limit_memory"),
    "a long result": ("return 'a' * (3 << 20)", "limit_output ok"),
    "many lines": ("x = 'a' * 10 ** 5\nwhile True:\n    x += 'b'", "limit_output"),
    "a long exception": ("raise ValueError('a' * (3 << 20))", "rule_error limit_output"),
}
DEEP = {
    "recursion": ("return f()", "limit_depth"),
    "recursion, swallowed": (
        "try:\n    return f()\nexcept RecursionError:\n    return 1",
        "limit_depth",
    ),
    "recursion, swallowed in finally": ("try:\n    f()\nfinally:\n    return 1", "limit_depth"),
    "recursion without a limit": (
        "import sys\nsys.setrecursionlimit(10 ** 9)\nreturn f()",
        "limit_depth",
    ),
    "recursion in C": (
        (
            "import sys\nsys.setrecursionlimit(10 ** 9)\nclass A: pass\n"
            "A.__getattr__ = eval('lambda self, n: getattr(self, n + n[:1])')\nreturn A().x"
        ),
        "limit_depth crashed limit_time limit_memory",
    ),
    "a nested list": (
        "x = []\nfor n in range(5000):\n    x = [x]\nreturn x",
        "limit_time limit_steps limit_output",
    ),
    "a nested list, repr": (
        (
            "import sys\nsys.setrecursionlimit(10 ** 9)\nx = []\n"
            "exec('for n in range(10 ** 6): x = [x]', {'x': x})\nreturn 1"
        ),
        "ok crashed limit_time limit_memory",  # it takes about as much as there is
    ),
    "a nested source": ("return eval('(' * 10 ** 5 + ')' * 10 ** 5)", "rule_error limit_memory"),
    "a nested type": (
        "import typing\nx = int\nfor n in range(3000):\n    x = list[x]\nreturn 1",
        "limit_steps limit_output limit_time",
    ),
    "a nested JSON": ("import json\nreturn json.loads('[' * 10 ** 6)", "limit_depth rule_error"),
}
PROCESSES = {
    "fork": ("import os\nos.fork()", OUT),
    "a bomb": ("import os\nwhile True:\n    try: os.fork()\n    except: pass", OUT),
    "forkpty": ("import os\nos.forkpty()", OUT),
    "a thread": ("import _thread\n_thread.start_new_thread(print, ())", OUT),
    "threads": ("import threading\nwhile True:\n    threading.Thread(target=f).start()", OUT),
    "a program": ("import os\nos.execv('/bin/sh', ['sh', '-c', 'true'])", OUT),
    "a shell": ("import os\nos.system('true')", OUT),
    "a spawn": ("import os\nos.posix_spawn('/bin/true', ['true'], {})", OUT),
    "subprocess": ("import subprocess\nsubprocess.run(['true'])", OUT),
    "multiprocessing": ("import multiprocessing\nmultiprocessing.Process(target=f).start()", OUT),
    "a signal to itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", OUT),
    "a signal to the parent": ("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)", OUT),
    "a signal to all": ("import os, signal\nos.kill(-1, signal.SIGKILL)", OUT),
    "a stop": ("import signal\nsignal.raise_signal(signal.SIGSTOP)", OUT),
    "a stop of the thread": (
        "import signal, threading\nsignal.pthread_kill(threading.get_ident(), signal.SIGSTOP)",
        OUT,
    ),
    "an abort": ("import os\nos.abort()", "blocked crashed"),
    "exit": ("import os\nos._exit(0)", "crashed"),
    "exit, politely": ("raise SystemExit(0)", "rule_error"),
    "interrupt": ("raise KeyboardInterrupt", "rule_error"),
    "a new session": ("import os\nos.setsid()", OUT),
    "a priority": ("import os\nos.nice(-5)", OUT),
    "limits": ("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))", OUT),
    "a scheduler": ("import os\nos.sched_setaffinity(0, {0})", OUT),
}
FILES = {
    "reads": ("return open('/etc/passwd').read()", OUT),
    "reads, low": ("import os\nreturn os.read(os.open('/etc/passwd', 0), 99)", OUT),
    "reads, swallowed": (
        "try:\n    open('/etc/passwd')\nexcept BaseException:\n    pass\nreturn 1",
        OUT,
    ),
    "reads, by io": ("import io\nreturn io.FileIO('/etc/passwd').read()", OUT),
    "reads, by a library": (
        "import linecache\nreturn linecache.getlines('/etc/passwd') or 'nothing'",
        NOTHING,
    ),
    "reads, by tokenize": ("import tokenize\nreturn tokenize.open('/etc/passwd').read()", OUT),
    "reads, by code": ("import io\nreturn io.open_code('/etc/passwd').read()", OUT),
    "writes": ("open('/tmp/hostile', 'w').write('x')", OUT),
    "appends": ("open('/tmp/hostile', 'a').write('x')", OUT),
    "deletes": ("import os\nos.remove('/tmp/hostile')", OUT),
    "makes a folder": ("import os\nos.mkdir('/tmp/hostile')", OUT),
    "lists": ("import os\nreturn os.listdir('/')", OUT),
    "scans": ("import os\nreturn list(os.scandir('/'))", OUT),
    "links": ("import os\nos.symlink('/etc/passwd', '/tmp/hostile')", OUT),
    "follows": ("import os\nreturn os.readlink('/proc/self/exe')", OUT),
    "its own memory": ("open('/proc/self/mem', 'r+b')", OUT),
    "its environment": ("return open('/proc/self/environ').read()", OUT),
    "its descriptors": ("import os\nreturn os.listdir('/proc/self/fd')", OUT),
    "asks": ("import os\nreturn os.path.exists('/etc/passwd') or 'nothing'", NOTHING),
    "asks for a time": ("import os\nreturn os.stat('/etc/passwd').st_mtime", OUT),
    "where it is": ("import os\nreturn os.getcwd()", OUT),
    "moves": ("import os\nos.chdir('/tmp')", OUT),
    "a new root": ("import os\nos.chroot('/tmp')", OUT),
    "rights": ("import os\nos.chmod('/tmp', 0)", OUT),
    "a FIFO": ("import os\nos.mkfifo('/tmp/hostile')", OUT),
    "a device": ("open('/dev/zero').read()", OUT),
    "a terminal": ("open('/dev/tty', 'w').write('x')", OUT),
    "a device, made": ("import os\nos.mknod('/tmp/hostile')", OUT),
    "a temporary file": ("import tempfile\nreturn tempfile.mkdtemp()", OUT),
    "memory as a file": ("import os\nreturn os.memfd_create('x')", OUT),
    "shared memory": ("open('/dev/shm/hostile', 'w')", OUT),
    "pathlib": ("import pathlib\nreturn pathlib.Path('/etc/passwd').read_text()", OUT),
    "a module from a file": ("import sys\nsys.path.append('/tmp')\nimport hostile", "rule_error"),
    "a library not loaded": ("import ctypes\nctypes.CDLL(None)", OUT),
    "the tracer": ("import rfft.tracer", "rule_error"),
}
NETWORK = {
    "TCP": ("import socket\nsocket.create_connection(('127.0.0.1', 80))", OUT),
    "UDP": ("import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)", OUT),
    "a name": ("import socket\nsocket.getaddrinfo('localhost', 80)", OUT),
    "UNIX": ("import socket\nsocket.socket(socket.AF_UNIX).connect('\\0x')", OUT),
    "netlink": ("import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", OUT),
    "a pair": ("import socket\nsocket.socketpair()", OUT),
    "low": ("import _socket\n_socket.socket()", OUT),
    "http": ("import urllib.request\nurllib.request.urlopen('http://localhost')", OUT),
    "a server": ("import http.server", OUT),
    "asyncio": (
        (
            "import asyncio\nasync def g():\n    await asyncio.open_connection('127.0.0.1', 80)\n"
            "asyncio.run(g())"
        ),
        OUT,
    ),
}
IDENTITY = {
    "environment": ("import os\nreturn dict(os.environ) or 'nothing'", NOTHING),
    "environment, low": ("import posix\nreturn list(posix.environ) or 'nothing'", NOTHING),
    "host": ("import os\nreturn os.uname()", OUT),
    "host, by socket": ("import socket\nreturn socket.gethostname()", OUT),
    "host, by platform": ("import platform\nreturn platform.node()", OUT),
    "user": ("import os\nreturn 'nothing' if os.getuid() > 2 ** 31 else os.getuid()", NOTHING),
    "login": ("import os\nreturn os.getlogin()", OUT),
    "home": ("import os\nreturn os.path.expanduser('~')", OUT),
    "parent": ("import os\nreturn 'nothing' if os.getppid() < 0 else os.getppid()", "tainted"),
    "the interpreter": (
        "import sys\nreturn sys.executable or sys.prefix or sys.path or 'nothing'",
        NOTHING,
    ),
    "the command": (
        "import sys\nreturn ''.join(sys.argv + sys.orig_argv).replace('rule', '') or 'nothing'",
        NOTHING,
    ),
    "files of modules": (
        (
            "import sys\nreturn [m.__file__ for m in sys.modules.values() if hasattr(m, '__file__')]"
            " or 'nothing'"
        ),
        NOTHING,
    ),
    "the main module": (
        "import __main__\nreturn [n for n in vars(__main__) if n[0] != '_'] or 'nothing'",
        NOTHING,
    ),
    "time zone": ("import time\nreturn 'nothing' if time.timezone == 0 else time.tzname", NOTHING),
    "descriptors": (
        (
            "import os\nfound = []\nfor n in range(3, 99):\n    try:\n        os.read(n, 1)\n        found.append(n)\n"
            "    except OSError: pass\nreturn found or 'nothing'"
        ),
        NOTHING,
    ),
}
TAMPERING = {
    "its frame": ("import sys\nreturn sys._getframe().f_lineno", "tainted"),
    "the tracer's frames": ("import sys\nreturn sys._getframe(1).f_locals", "tainted limit_time"),
    "frames of all threads": ("import sys\nreturn len(sys._current_frames())", "tainted"),
    "frames, by inspect": ("import inspect\nreturn len(inspect.stack())", "tainted blocked"),
    "frames, by a traceback": (
        "try:\n    1 / 0\nexcept Exception as e:\n    return e.__traceback__.tb_frame.f_back",
        "tainted",
    ),
    "frames, by traceback": (
        "import traceback\nreturn len(list(traceback.walk_stack(None)))",
        "tainted",
    ),
    "frames, by a generator": ("g = (x for x in [1])\nreturn g.gi_frame.f_back", "tainted"),
    "frames, by operator": (
        "import operator\ng = (x for x in [1])\nreturn operator.attrgetter('gi_' + 'frame')(g)",
        "tainted",
    ),
    "frames, under a false name": (
        (
            "import enum\nc = compile('import sys; x = sys._getframe(1)', enum.__spec__.name, 'exec')\n"
            "exec(c, vars(enum))\nreturn 1"
        ),
        "tainted",
    ),
    "frames, under a name of a kind of its own": (
        (
            "class S(str):\n    def startswith(self, *a): return True\n"
            "exec(compile('import sys; sys._getframe(1)', S('x'), 'exec'), {})\nreturn 1"
        ),
        "tainted",
    ),
    "frames, under a library's name of a kind of its own": (
        (
            "class S(str): pass\n"
            "exec(compile('import sys; sys._getframe(1)', S('<frozen os>'), 'exec'), {})\nreturn 1"
        ),
        "tainted",
    ),
    "objects, with names of a kind of their own": (
        (
            "class D(dict):\n    def get(self, *a): return ''\n"
            "class S(str):\n    def startswith(self, *a): return True\n"
            "exec(compile('import gc; gc.get_referrers(1)', S('x'), 'exec'), D())\nreturn 1"
        ),
        "tainted",
    ),
    "frames, by logging": (
        "import logging\nreturn logging.currentframe().f_back.f_lineno",
        "tainted",
    ),
    "frames, by asyncio": (
        (
            "import asyncio\nasync def g(): return asyncio.current_task().get_stack()[0].f_back.f_lineno\n"
            "return asyncio.run(g())"
        ),
        "tainted",
    ),
    "the guard itself": (
        (
            "import sys\ncells = getattr(sys._getframe, '__clo' + 'sure__')\n"
            "return len([getattr(c, 'cell_con' + 'tents') for c in cells])"
        ),
        "tainted",
    ),
    "the steps recorded": (
        (
            "kinds = getattr(object, '__subcl' + 'asses__')()\n"
            "recorder = [k for k in kinds if k.__name__ == 'Recorder'][0]\n"
            "names = getattr(recorder.call, '__glo' + 'bals__')\n"
            "names['active'].recorder.steps[0].source = 'forged'\nreturn 1"
        ),
        "tainted",
    ),
    "the names of a function, by format": (
        "return len(('{0.__glo' + 'bals__}').format(f))",
        "tainted",
    ),
    "the names of a function, by its type": (
        "return len(vars(type(f))['__glo' + 'bals__'].__get__(f))",
        "tainted",
    ),
    "the names of a function, by operator": (
        "import operator\nreturn len(operator.attrgetter('__glo' + 'bals__')(f))",
        "tainted",
    ),
    "what writes the record": (
        "import json\njson._default_encoder.encode = lambda record: '{}'\nreturn 1",
        "tainted",
    ),
    "finders": ("import sys\nsys.meta_path.insert(0, f)\nreturn 1", "tainted"),
    "what runs when garbage is collected": (
        "import gc\ngc.callbacks.append(print)\nreturn 1",
        "tainted",
    ),
    "the places of objects": ("return 'nothing' if id(f) == id(f) else 1", "tainted"),
    "objects": ("import gc\nreturn len(gc.get_objects())", "tainted limit_time"),
    "referrers": ("import gc\nreturn len(gc.get_referrers(f))", "tainted"),
    "settrace": ("import sys\nsys.settrace(lambda *a: None)\nreturn 1", "tainted"),
    "setprofile": ("import sys\nsys.setprofile(lambda *a: None)\nreturn 1", "tainted"),
    "threading.settrace": (
        "import threading\nthreading.settrace(lambda *a: None)\nreturn 1",
        "tainted",
    ),
    "a code object": ("f.__code__.replace(co_name='g')\nreturn 1", "tainted"),
    "code swapped": ("def g(): return 1\nf.__code__ = g.__code__\nreturn 1", "tainted"),
    "code made": (
        "import types\nreturn types.FunctionType(compile('1', 'x', 'eval'), {})()",
        "tainted",
    ),
    "code loaded": (
        "import marshal\nreturn eval(marshal.loads(marshal.dumps(compile('1', 'x', 'eval'))))",
        "tainted",
    ),
    "an audit hook": ("import sys\nsys.addaudithook(lambda *a: None)\nreturn 1", "tainted"),
    "a built-in function": (
        "import builtins\nbuiltins.len = lambda x: 7\nreturn len([])",
        "tainted",
    ),
    "a built-in function, by the back door": (
        "print.__self__.len = lambda x: 7\nreturn len([])",
        "tainted",
    ),
    "the type of all": (
        "import builtins\nbuiltins.type = lambda x: int\nx = [1]\nreturn x",
        "tainted",
    ),
    "a new built-in": ("import builtins\nbuiltins.spam = 1\nreturn spam", "tainted"),
    "a built-in less": ("import builtins\ndel builtins.repr\nreturn 1", "tainted"),
    "a library function": ("import json\njson.dumps = lambda *a, **k: '{}'\nreturn 1", "tainted"),
    "a constant": ("import math\nmath.pi = 3\nreturn math.pi", "tainted"),
    "a library class": (
        "import random\nrandom.Random.random = lambda self: 0.5\nreturn 1",
        "tainted",
    ),
    "a module replaced": ("import sys\nsys.modules['math'] = sys\nreturn 1", "tainted"),
    "the exit": ("import os\nos._exit = print\nreturn 1", "tainted"),
    "the writer": ("import os\nos.write = lambda *a: 0\nreturn 1", "tainted"),
    "the recorder": (
        (
            "for c in object.__subclasses__():\n    if c.__name__ == 'Recorder':\n"
            "        c.before = lambda *a: None\nreturn 1"
        ),
        "tainted",
    ),
    "the recorder, in disguise": (
        (
            "name = '__sub' + 'classes__'\nfor c in getattr(object, name)():\n"
            "    if c.__name__ == 'Recorder':\n        c.before = lambda *a: None\nreturn 1"
        ),
        "tainted",
    ),
    "the streams": ("import sys\nreturn type(sys.stdout).write.__globals__['sys']", "tainted"),
    "exit codes": ("import atexit\natexit.register(print)\nreturn 1", "ok rule_error blocked"),
}
TRACEBACK = (
    "try:\n    1 / 0\nexcept Exception as e:\n    t = e.__traceback__\nn = 'tb_' + 'frame'\n"
)
agents = {
    "functools.update_wrapper": (
        "import functools\ndef h(): pass\n"
        "return vars(functools.update_wrapper(h, t, assigned=(n,), updated=()))[n]"
    ),
    "string.Formatter": "import string\nreturn string.Formatter().get_field('0.' + n, [t], {})",
    "str.format": "return ('{0.' + n + '}').format(t)",
    "heapq.nlargest": "import heapq, operator\nreturn heapq.nlargest(1, [t], operator.attrgetter(n))",
    "heapq.merge": "import heapq, operator\nreturn list(heapq.merge([t], key=operator.attrgetter(n)))",
    "itertools.groupby": "import itertools, operator\nreturn list(itertools.groupby([t], operator.attrgetter(n)))",
    "itertools.starmap": "import itertools\nreturn list(itertools.starmap(getattr, [(t, n)]))",
    "map": "import operator\nreturn list(map(operator.attrgetter(n), [t]))",
    "sorted": "import operator\nreturn sorted([t], key=operator.attrgetter(n))",
    "functools.reduce": "import functools\nreturn functools.reduce(getattr, [n], t)",
    "functools.singledispatch": "import functools\nreturn functools.singledispatch(getattr)(t, n)",
    "functools.lru_cache": "import functools\nreturn functools.lru_cache(getattr)(t, n)",
    "property": (
        "import operator\nclass P: x = property(operator.attrgetter('t.' + n))\n"
        "p = P()\np.t = t\nreturn p.x"
    ),
    "reprlib": (
        "import reprlib\nr = reprlib.Repr()\n"
        "r.repr_traceback = lambda x, level: str(getattr(x, n))\nreturn r.repr(t)"
    ),
    "contextlib.ExitStack": "import contextlib, sys\nwith contextlib.ExitStack() as s: s.callback(sys._getframe, 1)",
    "collections.defaultdict": (
        "import collections, functools, sys\n"
        "return collections.defaultdict(functools.partial(sys._getframe, 0))[1]"
    ),
    "weakref.finalize": (
        "import sys, weakref\nclass A: pass\na = A()\nw = weakref.finalize(a, sys._getframe, 0)\ndel a"
    ),
    "inspect.getmembers": "import inspect\nreturn len(inspect.getmembers(t))",
    "inspect.getattr_static": "import inspect\nreturn inspect.getattr_static(type(t), n).__get__(t)",
    "inspect.getinnerframes": "import inspect\nreturn inspect.getinnerframes(t)",
    "inspect.getclosurevars": "import inspect\nreturn inspect.getclosurevars(f)",
    "inspect.getgeneratorlocals": "import inspect\nreturn inspect.getgeneratorlocals(x for x in [1])",
    "traceback.walk_tb": "import traceback\nreturn list(traceback.walk_tb(t))",
    "traceback, half way": "import traceback\nreturn list(traceback._walk_tb_with_full_positions(t))",
    "traceback, by a class of the rule": (
        "import traceback\nclass S(traceback.StackSummary):\n    @classmethod\n"
        "    def _extract_from_extended_frame_gen(c, g, **k): return list(g)\n"
        "return S.extract(traceback.walk_tb(t))"
    ),
    "logging": "import asyncio, logging\nasync def g(): pass\nreturn logging.currentframe()",
    "dis": "import dis\nreturn dis.Bytecode(f).codeobj",
    "types.coroutine": "import types\ndef g(): yield 1\nreturn types.coroutine(g)",
    "types, a wrapped generator": (
        "import types\nreturn getattr(types._GeneratorWrapper(x for x in [1]), 'gi_' + 'frame')"
    ),
    "match": "match f:\n    case object(__code__=c): return c",
    "a built-in module made anew": (
        "import importlib.machinery, sys\n"
        "return importlib.machinery.BuiltinImporter.create_module(sys.__spec__)._getframe(0)"
    ),
    "garbage": "import gc\ngc.set_debug(32)",
    "the hints of a function of the tracer": (
        "import sys, typing\nclass F(typing.ForwardRef, _root=True):\n"
        "    def _evaluate(self, names, *a, **k): seen.append(names)\n"
        "seen = []\nsys._getframe.__annotations__['x'] = F('int')\n"
        "typing.get_type_hints(sys._getframe)"
    ),
}
TAMPERING |= {f"by {a}": (TRACEBACK + b, "tainted blocked") for a, b in agents.items()}

VALUES = {
    "repr that exits": (
        "class A:\n    def __repr__(self):\n        import os\n        os._exit(0)\nreturn A()",
        "ok",
    ),
    "every method": (
        (
            "class A:\n    def __getattribute__(self, n): raise SystemExit\n"
            "    __eq__ = __hash__ = __bool__ = __len__ = __iter__ = __str__ = __repr__ = __getattribute__\n"
            "x = A()\nreturn [x, {1: x}, (x,)]"
        ),
        "ok",
    ),
    "a class that lies": (
        "class A:\n    @property\n    def __class__(self):\n        while True: pass\nreturn A()",
        "ok",
    ),
    "a metaclass": (
        (
            "class M(type):\n    def __repr__(cls): raise SystemExit\n    def __eq__(cls, o): raise SystemExit\n"
            "    def __hash__(cls): return 1\nclass A(metaclass=M): pass\nreturn A(), A"
        ),
        "ok",
    ),
    "a text that lies": (
        (
            "class S(str):\n    def __eq__(self, o): return True\n    def __hash__(self): return 0\n"
            "    def encode(self, *a): raise SystemExit\nreturn S('a')"
        ),
        "ok",
    ),
    "an exception that lies": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\n    args = property(lambda s: 1 / 0)\nraise E",
        "rule_error",
    ),
    "an exception with a long name": ("raise type('E' * 10 ** 5, (Exception,), {})", "rule_error"),
    "half a character": ("return '\\ud800'", "ok"),
    "control characters": ("return '\\x1b[2J\\x00'", "ok"),
    "a file of nothing": ("import io\nreturn io.StringIO()", "ok"),
    "a huge integer": ("return 1 << (1 << 22)", "ok limit_output"),
    "not a number": ("return float('nan'), float('inf')", "ok"),
    "itself": ("x = []\nx.append(x)\nreturn x", "ok"),
    "a returned module": ("import sys\nreturn sys", "ok"),
}
