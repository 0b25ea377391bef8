"""The system calls a traced rule may make, and the filter program made from them.

The numbers are those of the kernel's own tables: for x86_64
``arch/x86/entry/syscalls/syscall_64.tbl`` (installed as ``asm/unistd_64.h``), for aarch64
``include/uapi/asm-generic/unistd.h``. A call that an architecture does not have is left out.
"""

import struct

NUMBERS: dict[str, dict[str, int]] = {
    "x86_64": {
        "futex": 202,
        "write": 1,
        "read": 0,
        "mmap": 9,
        "munmap": 11,
        "mprotect": 10,
        "mremap": 25,
        "madvise": 28,
        "brk": 12,
        "close": 3,
        "lseek": 8,
        "clock_gettime": 228,
        "clock_nanosleep": 230,
        "nanosleep": 35,
        "clock_getres": 229,
        "gettimeofday": 96,
        "time": 201,
        "getpid": 39,
        "gettid": 186,
        "getrusage": 98,
        "times": 100,
        "getrandom": 318,
        "sched_yield": 24,
        "rt_sigreturn": 15,
        "rt_sigprocmask": 14,
        "sigaltstack": 131,
        "restart_syscall": 219,
        "set_robust_list": 273,
        "rseq": 334,
        "exit": 60,
        "exit_group": 231,
        "pselect6": 270,
        "select": 23,
        "ppoll": 271,
        "poll": 7,
        "tgkill": 234,
        "open": 2,
        "openat": 257,
        "openat2": 437,
        "creat": 85,
        "stat": 4,
        "lstat": 6,
        "fstat": 5,
        "newfstatat": 262,
        "statx": 332,
        "access": 21,
        "faccessat": 269,
        "faccessat2": 439,
        "readlink": 89,
        "readlinkat": 267,
        "getcwd": 79,
        "chdir": 80,
        "fchdir": 81,
        "getdents": 78,
        "getdents64": 217,
        "statfs": 137,
        "fstatfs": 138,
        "uname": 63,
        "sysinfo": 99,
        "getuid": 102,
        "geteuid": 107,
        "getgid": 104,
        "getegid": 108,
        "getresuid": 118,
        "getresgid": 120,
        "getgroups": 115,
        "getppid": 110,
        "getpgrp": 111,
        "getpgid": 121,
        "getsid": 124,
        "sched_getaffinity": 204,
        "sched_getparam": 143,
        "sched_getscheduler": 145,
        "getpriority": 140,
        "getcpu": 309,
        "ioctl": 16,
        "fcntl": 72,
        "dup": 32,
        "dup2": 33,
        "dup3": 292,
        "pipe": 22,
        "pipe2": 293,
        "rt_sigaction": 13,
        "setitimer": 38,
        "getitimer": 36,
        "alarm": 37,
        "prlimit64": 302,
        "getrlimit": 97,
        "prctl": 157,
        "umask": 95,
        "pread64": 17,
        "fadvise64": 221,
    },
    "aarch64": {
        "futex": 98,
        "write": 64,
        "read": 63,
        "mmap": 222,
        "munmap": 215,
        "mprotect": 226,
        "mremap": 216,
        "madvise": 233,
        "brk": 214,
        "close": 57,
        "lseek": 62,
        "clock_gettime": 113,
        "clock_nanosleep": 115,
        "nanosleep": 101,
        "clock_getres": 114,
        "gettimeofday": 169,
        "getpid": 172,
        "gettid": 178,
        "getrusage": 165,
        "times": 153,
        "getrandom": 278,
        "sched_yield": 124,
        "rt_sigreturn": 139,
        "rt_sigprocmask": 135,
        "sigaltstack": 132,
        "restart_syscall": 128,
        "set_robust_list": 99,
        "rseq": 293,
        "exit": 93,
        "exit_group": 94,
        "pselect6": 72,
        "ppoll": 73,
        "tgkill": 131,
        "openat": 56,
        "openat2": 437,
        "fstat": 80,
        "newfstatat": 79,
        "statx": 291,
        "faccessat": 48,
        "faccessat2": 439,
        "readlinkat": 78,
        "getcwd": 17,
        "chdir": 49,
        "fchdir": 50,
        "getdents64": 61,
        "statfs": 43,
        "fstatfs": 44,
        "uname": 160,
        "sysinfo": 179,
        "getuid": 174,
        "geteuid": 175,
        "getgid": 176,
        "getegid": 177,
        "getresuid": 148,
        "getresgid": 150,
        "getgroups": 158,
        "getppid": 173,
        "getpgid": 155,
        "getsid": 156,
        "sched_getaffinity": 123,
        "sched_getparam": 121,
        "sched_getscheduler": 120,
        "getpriority": 141,
        "getcpu": 168,
        "ioctl": 29,
        "fcntl": 25,
        "dup": 23,
        "dup3": 24,
        "pipe2": 59,
        "rt_sigaction": 134,
        "setitimer": 103,
        "getitimer": 102,
        "prlimit64": 261,
        "getrlimit": 163,
        "prctl": 167,
        "umask": 166,
        "pread64": 67,
        "fadvise64": 223,
    },
}
"""Machine (as in ``os.uname().machine``) -> name -> number."""

CONTROL = {
    "x86_64": {"seccomp": 317, "capset": 126},
    "aarch64": {"seccomp": 277, "capset": 91},
}
"""Calls that the sandbox itself makes by number and that the C library does not wrap."""

LANDLOCK = {"create_ruleset": 444, "restrict_self": 446}
"""Calls added since Linux 5.1 have one number on every machine."""

ALLOWED = (
    "futex write read mmap munmap mprotect mremap madvise brk close lseek clock_gettime "
    "clock_nanosleep nanosleep clock_getres gettimeofday time getpid gettid getrusage times "
    "getrandom sched_yield rt_sigreturn rt_sigprocmask sigaltstack restart_syscall "
    "set_robust_list rseq exit exit_group pselect6 select ppoll poll tgkill "
).split()
"""What the interpreter needs to compute, to wait, to send its reply and to exit."""

REFUSED = (
    "open openat openat2 creat stat lstat fstat newfstatat statx access faccessat faccessat2 "
    "readlink readlinkat getcwd chdir fchdir getdents getdents64 statfs fstatfs uname sysinfo "
    "getuid geteuid getgid getegid getresuid getresgid getgroups getppid getpgrp getpgid "
    "getsid sched_getaffinity sched_getparam sched_getscheduler getpriority getcpu ioctl "
    "fcntl dup dup2 dup3 pipe pipe2 rt_sigaction setitimer getitimer alarm prlimit64 "
    "getrlimit prctl umask pread64 fadvise64 "
).split()
"""Questions and openings that fail with EACCES: libraries ask them and go on without an answer.

Every other call ends the process with SIGSYS.
"""

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000  # calls of the x32 interface begin here
_LOAD, _JUMP_EQUAL, _JUMP_FROM, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EACCES = 13
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in the kernel's `struct seccomp_data`
_PROT_EXEC = 4
_OWN_ID = 0xFFFFFFFF  # stands for the id of the process until that is known


def _argument(n: int) -> int:
    """Return the offset of the low half of a call's argument (both machines are little-endian)."""
    return 16 + 8 * n


def filter_program(machine: str, signal: int) -> tuple[bytes, int]:
    """Return the filter, an array of the kernel's ``struct sock_filter``, and a place in it.

    The process that loads it has to put its own id there, four bytes: the one signal that its
    threads may send, and only each other, is `signal`. Memory that can be executed cannot be made.
    Raise `KeyError` if there is no table for `machine`.
    """
    numbers = NUMBERS[machine]
    code: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_FROM, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
    ]
    for name in ALLOWED:
        if name not in numbers:
            continue
        rest: list[tuple[int, int, int, int]] = [(_RETURN, 0, 0, _ALLOW)]
        if name in ("mmap", "mprotect"):
            rest = [
                (_LOAD, 0, 0, _argument(2)),
                (_JUMP_SET, 0, 1, _PROT_EXEC),
                (_RETURN, 0, 0, _KILL),
                (_RETURN, 0, 0, _ALLOW),
            ]
        elif name == "tgkill":
            rest = [
                (_LOAD, 0, 0, _argument(0)),
                (_JUMP_EQUAL, 0, 2, _OWN_ID),
                (_LOAD, 0, 0, _argument(2)),
                (_JUMP_EQUAL, 1, 0, signal),
                (_RETURN, 0, 0, _KILL),
                (_RETURN, 0, 0, _ALLOW),
            ]
        code += [(_JUMP_EQUAL, 0, len(rest), numbers[name]), *rest]
    for name in REFUSED:
        if name in numbers:
            code += [(_JUMP_EQUAL, 0, 1, numbers[name]), (_RETURN, 0, 0, _ERRNO | _EACCES)]
    code.append((_RETURN, 0, 0, _KILL))
    place = next(n for n, instruction in enumerate(code) if instruction[3] == _OWN_ID)
    program = b"".join(struct.pack("<HBBI", *instruction) for instruction in code)
    return program, 8 * place + 4
