"""Tasks with one defect each, and the start of the line that tells it."""

DEFECTS = {
    r"oracle: length 7: \[.*\] gives \d+, the oracle says \d+; mend .* \(and 9 more\)": """
def f(nums: list[int]) -> int:
    total = 0
    while nums:
        total += nums.pop(0)
    return total

def oracle(nums):
    return sum(nums) + (len(nums) == 7)
""",
    r"oracle: length 1: \[\d+\] gives \d+, the oracle says \d+\.0; mend .* \(and 299 more\)": """
def f(nums: list[int]) -> int:
    total = 0
    while nums:
        total += nums.pop(0)
    return total

def oracle(nums):
    return float(sum(nums))
""",
    r"the rule raised IndexError: list index out of range: length 1: \[\d+\]": """
def f(nums: list[int]) -> int:
    while len(nums) > 3:
        nums.pop()
    return nums[2]
""",
    r"no end after 200,000 branches: length 1: \d; narrow the inputs": """
def f(n: int) -> int:
    while n >= 0:
        n = n + 0
    return n
""",
    r"inputs\(5, rng\) raised ZeroDivisionError: .* in line 7": """
def f(nums: list[int]) -> int:
    while nums:
        last = nums.pop(0)
    return last
def inputs(length, rng):
    return [rng.randrange(20 // (5 - length)) for _ in range(length)]
""",
    r"oracle raised ValueError: .* in line 7": """
def f(nums: list[int]) -> int:
    while nums:
        last = nums.pop(0)
    return last
def oracle(nums):
    return nums.index(max(nums) + 1)
""",
    r"not deterministic: length 2: the same instance differs; let inputs .* \(and \d+ more\)": """
SEEN = []
def f(nums: list[int]) -> int:
    total = 0
    while nums:
        total += nums.pop(0)
    return total
def inputs(length, rng):
    SEEN.append(length)
    return SEEN[-length:]
""",
    r"question: length 1: \{nums\} is not filled in; write an f before its string": """
def f(nums: list[int]) -> int:
    total = 0
    while nums:
        total += nums.pop(0)
    return total
def question(nums):
    return "What is the sum of {nums}?"
""",
    r"arguments: length 1: .* not a literal": """
def f(nums: range) -> int:
    total = 0
    for num in nums:
        total += num
    return total
def inputs(length, rng):
    return range(rng.randrange(9 * length))
""",
    r"question: length 1: \[\d+\] and \[\d+\] have the same one": """
def f(nums: list[int]) -> int:
    total = 0
    while nums:
        total += nums.pop(0)
    return total
def question(nums):
    return f"What is the sum of these {len(nums)} numbers?"
""",
    r"steps do not grow: short, middle and long inputs take 2.0, 2.0, 2.0 steps": """
def f(n: int) -> int:
    return n % 10
""",
    r"answers hardly vary: length 2: \d+ of \d+ answers are False": """
def f(nums: list[int]) -> bool:
    found = False
    while nums:
        if nums.pop(0) == 7:
            found = True
    return found
""",
    r"answers hardly vary: length 20: \d+ of \d+ answers are False; .* has another": """
def f(text: str) -> bool:
    found = False
    while text:
        if text[0] == "a":
            found = True
        text = text[1:]
    return found
def inputs(length, rng):
    text = rng.choices("bcde", k=length)
    if length < 20 and rng.random() < 0.5:
        text[rng.randrange(length)] = "a"
    return "".join(text)
""",
    r"answers hardly vary: all lengths: \d+ of \d+ answers are True": """
def f(n: int) -> bool:
    text = str(n)
    while text:
        text = text[1:]
    return True
""",
    r"branch never reached: line 6, `if total > 10000` holds; .* reaches it": """
def f(nums: list[int]) -> str:
    total = 0
    while nums:
        total += nums.pop(0)
    if total > 10000:
        return "big"
    return "odd" if total % 2 else "even"
""",
    r"^the source has no function to follow": """
TITLE = "nothing"
""",
    r"^no input can be made for nums: add a type hint": """
def f(nums):
    return nums
""",
}
