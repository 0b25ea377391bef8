def fibonacci(n: int) -> int:
    """In the Fibonacci sequence 0, 1, 1, 2, 3, ... each number is the sum of the two before it. Counted from 0, what is the number at position {n}?"""
    if n < 2:
        return n
    one_before = fibonacci(n - 1)
    two_before = fibonacci(n - 2)
    return one_before + two_before
