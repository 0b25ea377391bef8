"""Traces of five example rules, each written by a script made by hand for that one rule.

This is the way without the tracer: the rule's algorithm, with an f-string for each statement and
branch of it. The texts are those of style `rfft`, byte for byte; `test_handwritten.py` compares.
"""

from collections.abc import Callable


def move_zeroes(nums: list[int]) -> str:
    """Return the trace of `examples/move_zeroes.py`."""
    out = [f"1. Initialize\nnums = {nums}\nresult = []\nzeros = 0\n2. Main loop\n"]
    result: list[int] = []
    zeros = 0
    while nums:
        out.append(f"while nums:\nnums = {nums}\nenter the loop\n2.1 One iteration\n")
        out.append(f"num = nums.pop(0)\nnums = {nums}\n")
        num = nums.pop(0)
        out.append(f"now,\nnum = {num}\nnums = {nums}\n")
        if num == 0:
            out.append(f"if num == 0:\nnum = {num}\nenter if\n")
            out.append(f"zeros += 1\nzeros = {zeros}\nnow,\nzeros = {zeros} + 1 = {zeros + 1}\n")
            zeros += 1
        else:
            out.append(f"if num == 0:\nnum = {num}\ndo not enter if\nelse:\nenter else\n")
            out.append(f"result.append(num)\nresult = {result}\nnum = {num}\n")
            result.append(num)
            out.append(f"now,\nresult = {result}\n")
    out.append(f"while nums:\nnums = {nums}\ndo not enter\n3. Main loop\n")
    while zeros > 0:
        out.append(f"while zeros > 0:\nzeros = {zeros}\nenter the loop\n3.1 One iteration\n")
        out.append(f"result.append(0)\nzeros -= 1\nresult = {result}\nzeros = {zeros}\n")
        result.append(0)
        out.append(f"now,\nresult = {result}\nzeros = {zeros} - 1 = {zeros - 1}\n")
        zeros -= 1
    out.append(f"while zeros > 0:\nzeros = {zeros}\ndo not enter\n")
    out.append(f"4. Return\nreturn result\nresult = {result}\nSo the answer is {result}\n")
    return "".join(out)


def long_addition(num1: str, num2: str) -> str:
    """Return the trace of `examples/long_addition.py`."""
    out = [f"1. Initialize\nnum1 = {num1!r}\nnum2 = {num2!r}\n"]
    out.append('result = ""\ncarry = 0\n2. Main loop\n')
    result = ""
    carry = 0
    while num1 or num2:
        out.append(f"while num1 or num2:\nnum1 = {num1!r}\n")
        if not num1:
            out.append(f"num2 = {num2!r}\n")
        out.append("enter the loop\n2.1 One iteration\n")
        out.append(
            "digit1 = int(num1[-1]) if num1 else 0\n"
            "digit2 = int(num2[-1]) if num2 else 0\n"
            f"num1 = {num1!r}\n"
        )
        if num1:
            out.append(f"num1[-1] = {num1[-1]!r}\n")
        out.append(f"num2 = {num2!r}\n")
        if num2:
            out.append(f"num2[-1] = {num2[-1]!r}\n")
        digit1 = int(num1[-1]) if num1 else 0
        digit2 = int(num2[-1]) if num2 else 0
        out.append(f"now,\ndigit1 = {digit1}\ndigit2 = {digit2}\n")
        digits = digit1 + digit2
        total = digits + carry
        out.append(
            "total = digit1 + digit2 + carry\n"
            f"digit1 = {digit1}\ndigit2 = {digit2}\ndigit1 + digit2 = {digits}\ncarry = {carry}\n"
            f"now,\ntotal = {digits} + {carry} = {total}\n"
        )
        last = str(total % 10)
        out.append(
            "result = str(total % 10) + result\n"
            "carry = total // 10\nnum1 = num1[:-1]\nnum2 = num2[:-1]\n"
            f"total = {total}\ntotal % 10 = {total % 10}\nstr(total % 10) = {last!r}\n"
            f"result = {result!r}\nnum1 = {num1!r}\nnum2 = {num2!r}\n"
            f"now,\nresult = {last!r} + {result!r} = "
        )
        result = last + result
        carry = total // 10
        num1 = num1[:-1]
        num2 = num2[:-1]
        out.append(
            f"{result!r}\ncarry = {total} // 10 = {carry}\nnum1 = {num1!r}\nnum2 = {num2!r}\n"
        )
    out.append(f"while num1 or num2:\nnum1 = {num1!r}\nnum2 = {num2!r}\ndo not enter\n")
    if carry:
        first = str(carry)
        out.append(
            f"if carry:\ncarry = {carry}\nenter if\nresult = str(carry) + result\n"
            f"carry = {carry}\nstr(carry) = {first!r}\nresult = {result!r}\n"
            f"now,\nresult = {first!r} + {result!r} = {first + result!r}\n"
        )
        result = first + result
    else:
        out.append(f"if carry:\ncarry = {carry}\ndo not enter if\n")
    out.append(f"3. Return\nreturn result\nresult = {result!r}\nSo the answer is {result!r}\n")
    return "".join(out)


def navigate(instructions: list[str]) -> str:
    """Return the trace of `examples/navigate.py`."""
    out = [f"1. Initialize\ninstructions = {instructions}\n"]
    out.append("2. Initialize Location\nloc = [0, 0]\n")
    out.append("3. Initialize Direction\ndx = 0\ndy = 1\n4. Follow Instructions\n")
    loc = [0, 0]
    dx = 0
    dy = 1
    while instructions:
        out.append(f"while instructions:\ninstructions = {instructions}\nenter the loop\n")
        out.append("4.1 One iteration\n")
        out.append(f"instruction = instructions.pop(0)\ninstructions = {instructions}\n")
        instruction = instructions.pop(0)
        out.append(f"now,\ninstruction = {instruction!r}\ninstructions = {instructions}\n")
        out.append(f'if instruction == "Turn left":\ninstruction = {instruction!r}\n')
        if instruction == "Turn left":
            out.append(f"enter if\ndx, dy = -dy, dx\ndy = {dy}\n-dy = {-dy}\ndx = {dx}\n")
            dx, dy = -dy, dx
            out.append(f"now,\ndx = {dx}\ndy = {dy}\n")
            continue
        out.append("do not enter if\n")
        out.append(f'elif instruction == "Turn right":\ninstruction = {instruction!r}\n')
        if instruction == "Turn right":
            out.append(f"enter elif\ndx, dy = dy, -dx\ndy = {dy}\ndx = {dx}\n-dx = {-dx}\n")
            dx, dy = dy, -dx
            out.append(f"now,\ndx = {dx}\ndy = {dy}\n")
            continue
        out.append("do not enter elif\n")
        out.append(f'elif instruction == "Turn around":\ninstruction = {instruction!r}\n')
        if instruction == "Turn around":
            out.append(f"enter elif\ndx = -dx\ndy = -dy\ndx = {dx}\ndy = {dy}\n")
            dx = -dx
            dy = -dy
            out.append(f"now,\ndx = {dx}\ndy = {dy}\n")
            continue
        out.append("do not enter elif\nelse:\nenter else\n")
        words = instruction.split()
        steps = int(words[1])
        out.append(
            f"steps = int(instruction.split()[1])\ninstruction = {instruction!r}\n"
            f"instruction.split() = {words}\ninstruction.split()[1] = {words[1]!r}\n"
            f"now,\nsteps = {steps}\n"
        )
        distance = dx * steps
        out.append(f"loc[0] += dx * steps\ndx = {dx}\nsteps = {steps}\ndx * steps = {distance}\n")
        out.append(f"loc = {loc}\n")
        out.append(f"now,\nloc[0] = {loc[0]} + {distance} = {loc[0] + distance}\n")
        loc[0] += distance
        if distance:
            out.append(f"loc = {loc}\n")
        distance = dy * steps
        out.append(f"loc[1] += dy * steps\ndy = {dy}\nsteps = {steps}\ndy * steps = {distance}\n")
        out.append(f"loc = {loc}\n")
        out.append(f"now,\nloc[1] = {loc[1]} + {distance} = {loc[1] + distance}\n")
        loc[1] += distance
        if distance:
            out.append(f"loc = {loc}\n")
    out.append(f"while instructions:\ninstructions = {instructions}\ndo not enter\n")
    back = loc == [0, 0]
    out.append(
        "5. Compare with the Start\nreturn loc == [0, 0]\n"
        f"loc = {loc}\nloc == [0, 0] = {back}\nSo the answer is {back}\n"
    )
    return "".join(out)


def coin_flip(turns: list[tuple[str, bool]]) -> str:
    """Return the trace of `examples/coin_flip.py`."""
    out = [f"1. Initialize\nturns = {turns}\nheads_up = True\n"]
    out.append(f"2. Main loop\nfor name, flips in turns:\nturns = {turns}\n")
    heads_up = True
    for number, (name, flips) in enumerate(turns, 1):
        out.append(
            f"item {number}\nnow,\nname = {name!r}\nflips = {flips}\n"
            "enter the loop\n2.1 One iteration\n"
        )
        if flips:
            out.append(f"if flips:\nflips = {flips}\nenter if\n")
            out.append(f"heads_up = not heads_up\nheads_up = {heads_up}\n")
            heads_up = not heads_up
            out.append(f"now,\nheads_up = {heads_up}\n")
        else:
            out.append(f"if flips:\nflips = {flips}\ndo not enter if\n")
        out.append("for name, flips in turns:\n")
    out.append("no more items\ndo not enter\n")
    out.append(f"3. Return\nreturn heads_up\nheads_up = {heads_up}\nSo the answer is {heads_up}\n")
    return "".join(out)


def add_digits(num: int) -> str:
    """Return the trace of `examples/add_digits.py`, whose unused `self` is not traced."""
    out = [f"1. Initialize\nnum = {num}\n2. Outer loop\n"]
    while num > 9:
        out.append(f"while num > 9:\nnum = {num}\nenter the loop\n2.1 One iteration\n")
        out.append("sum = 0\n3. Inner loop\n")
        total = 0
        while num:
            out.append(f"while num:\nnum = {num}\nenter the loop\n3.1 One iteration\n")
            digit = num % 10
            out.append(
                f"sum += num % 10\nnum //= 10\nnum = {num}\nnum % 10 = {digit}\nsum = {total}\n"
                f"now,\nsum = {total} + {digit} = {total + digit}\nnum = {num} // 10 = "
            )
            total += digit
            num //= 10
            out.append(f"{num}\n")
        out.append(f"while num:\nnum = {num}\ndo not enter\n")
        out.append(f"num = sum\nsum = {total}\n")
        num = total
        out.append(f"now,\nnum = {num}\n")
    out.append(f"while num > 9:\nnum = {num}\ndo not enter\n")
    out.append(f"4. Return\nreturn num\nnum = {num}\nSo the answer is {num}\n")
    return "".join(out)


SCRIPTS: dict[str, Callable[..., str]] = {
    "move_zeroes": move_zeroes,
    "long_addition": long_addition,
    "navigate": navigate,
    "coin_flip": coin_flip,
    "add_digits": add_digits,
}
