"""The numbers of system calls are the kernel's, and the filter is well formed."""

import re
import struct
from pathlib import Path

import pytest

from rfft.tracer.sandbox.syscalls import (
    ALLOWED,
    CONTROL,
    LANDLOCK,
    NUMBERS,
    REFUSED,
    filter_program,
)

HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}


@pytest.mark.parametrize("machine", NUMBERS)
def test_numbers_are_those_of_the_installed_headers(machine):
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip("no kernel headers")
    found = {}
    for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()):
        found.setdefault(name, int(number))
    found.setdefault("newfstatat", found.get("fstatat"))
    ours = {**NUMBERS[machine], **CONTROL[machine]}
    ours |= {f"landlock_{name}": number for name, number in LANDLOCK.items()}
    assert {name: found.get(name) for name in ours} == ours


@pytest.mark.parametrize("machine", NUMBERS)
def test_every_jump_stays_inside_and_every_way_ends(machine):
    program, place = filter_program(machine, 23)
    code = list(struct.iter_unpack("<HBBI", program))
    assert len(code) < 4096
    assert struct.unpack_from("<I", program, place) == (0xFFFFFFFF,)
    for position, (operation, if_true, if_false, _) in enumerate(code):
        if operation in (0x15, 0x35, 0x45):
            assert position + 1 + max(if_true, if_false) < len(code)
    assert code[-1] == (0x06, 0, 0, 0x80000000)


@pytest.mark.parametrize("machine", NUMBERS)
def test_what_the_filter_does(machine):
    numbers = NUMBERS[machine]
    for name in ALLOWED:
        if name in numbers and name != "tgkill":
            assert decide(machine, numbers[name]) == "allow"
    for name in REFUSED:
        if name in numbers:
            assert decide(machine, numbers[name]) == "errno"
    assert decide(machine, 9999) == decide(machine, 0x40000001) == "kill"
    assert decide("x86_64", 59) == decide("x86_64", 56) == decide("x86_64", 435) == "kill"
    assert decide(machine, numbers["write"], architecture=0x40000003) == "kill"
    assert decide(machine, numbers["mmap"], 0, 4096, 3) == "allow"
    assert decide(machine, numbers["mmap"], 0, 4096, 7) == "kill"
    assert decide(machine, numbers["mprotect"], 0, 4096, 5) == "kill"
    assert decide(machine, numbers["tgkill"], 77, 1, 23) == "allow"
    assert decide(machine, numbers["tgkill"], 77, 1, 9) == "kill"
    assert decide(machine, numbers["tgkill"], 78, 1, 23) == "kill"


def decide(machine, number, *arguments, architecture=None):
    """Run the filter as the kernel does."""
    program, place = filter_program(machine, 23)
    program = program[:place] + struct.pack("<I", 77) + program[place + 4 :]
    code = list(struct.iter_unpack("<HBBI", program))
    own = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", number, architecture or own, 0, *padded)
    position, value = 0, 0
    while True:
        operation, if_true, if_false, k = code[position]
        position += 1
        if operation == 0x20:
            (value,) = struct.unpack_from("<I", data, k)
        elif operation == 0x06:
            return {0x7FFF0000: "allow", 0x80000000: "kill"}.get(k, "errno")
        else:
            true = {0x15: value == k, 0x35: value >= k, 0x45: bool(value & k)}[operation]
            position += if_true if true else if_false
