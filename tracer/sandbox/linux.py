"""What Linux offers to hold a process back, called through ctypes.

Each function does one thing to the calling process for good, and raises `OSError` if the system
will not do it.
"""

import ctypes
import os
import struct

from .syscalls import CONTROL, LANDLOCK, filter_program

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_NEW_USER, _NEW_NETWORK, _NEW_IPC, _NEW_UTS = 0x10000000, 0x40000000, 0x08000000, 0x04000000
_NOBODY = 65534
_CAPABILITIES_3 = 0x20080522
_FILTER_MODE, _ALL_THREADS, _ACTION_AVAILABLE, _KILL_PROCESS = 1, 1, 2, 0x80000000
# The rights each version of Landlock can take away: how many for files, then for the network and
# for what is outside of the ruleset (abstract sockets, signals).
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_FILE_RIGHTS = 16

_c = ctypes.CDLL(None, use_errno=True)
_c.prctl.argtypes = (ctypes.c_int, *4 * (ctypes.c_ulong,))


def forget() -> None:
    """Do nothing of all this any more: what calls into the system is gone."""
    globals()["_c"] = None


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def _prctl(option: int, value: int) -> None:
    _checked(_c.prctl(option, value, 0, 0, 0))


def end_with_parent(signal: int) -> None:
    """Have a signal sent to this process when the one that made it ends."""
    _prctl(_PR_SET_PDEATHSIG, signal)


def hide_from_others() -> None:
    """Let no other process look into this one."""
    _prctl(_PR_SET_DUMPABLE, 0)


def gain_no_privileges() -> None:
    """Give up gaining rights by running programs; seccomp and Landlock ask for it."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def enter_namespaces() -> None:
    """Leave the network, the host's name and shared memory behind; be nobody.

    This process may have no other thread.
    """
    user, group = os.geteuid(), os.getegid()
    _checked(_c.unshare(_NEW_USER | _NEW_NETWORK | _NEW_IPC | _NEW_UTS))
    name = b"sandbox"
    _checked(_c.sethostname(name, len(name)))
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{_NOBODY} {user} 1"),
        ("gid_map", f"{_NOBODY} {group} 1"),
    ):
        with open(f"/proc/self/{file}", "w", encoding="ascii") as rights:  # noqa: PTH123
            rights.write(text)


def drop_capabilities() -> None:
    """Give up what root, or the first process of a namespace, may do beyond others."""
    header = struct.pack("<Ii", _CAPABILITIES_3, 0)
    number = CONTROL[os.uname().machine]["capset"]
    _checked(_c.syscall(number, header, bytes(24)))


def forbid_files() -> None:
    """Enter a Landlock domain in which no path may be opened, made or removed."""
    version = _checked(_c.syscall(LANDLOCK["create_ruleset"], None, ctypes.c_size_t(0), 1))
    files = (1 << _FILE_RIGHTS.get(version, _ALL_FILE_RIGHTS)) - 1
    rules = struct.pack("<QQQ", files, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _checked(_c.syscall(LANDLOCK["create_ruleset"], rules, ctypes.c_size_t(size), 0))
    try:
        _checked(_c.syscall(LANDLOCK["restrict_self"], ruleset, 0))
    finally:
        os.close(ruleset)


class SystemCallFilter:
    """Takes nearly all system calls away from a process, once it is loaded there.

    Raise `OSError` if there is none for this machine or this kernel.
    """

    def __init__(self, signal: int) -> None:
        machine = os.uname().machine
        try:
            program, self._place = filter_program(machine, signal)
        except KeyError:
            raise OSError(f"no system-call filter for {machine}") from None
        self._number = CONTROL[machine]["seccomp"]
        _checked(_c.syscall(self._number, _ACTION_AVAILABLE, 0, struct.pack("<I", _KILL_PROCESS)))
        self._program = ctypes.create_string_buffer(program, len(program))
        # struct sock_fprog: the number of instructions of eight bytes, then a pointer.
        self._header = struct.pack("@HP", len(program) // 8, ctypes.addressof(self._program))

    def load(self) -> None:
        """Load the filter into all threads of this process."""
        struct.pack_into("<I", self._program, self._place, os.getpid())
        # A positive result names a thread that could not follow.
        if _c.syscall(self._number, _FILTER_MODE, _ALL_THREADS, self._header) != 0:
            raise OSError(ctypes.get_errno(), "the system-call filter was not accepted")
