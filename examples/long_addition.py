def long_addition(num1: str, num2: str) -> str:
    """Add the two numbers {num1} and {num2}, which are given as strings of digits. What is their sum as a string?"""
    result = ""
    carry = 0
    while num1 or num2:
        digit1 = int(num1[-1]) if num1 else 0
        digit2 = int(num2[-1]) if num2 else 0
        total = digit1 + digit2 + carry
        result = str(total % 10) + result
        carry = total // 10
        num1 = num1[:-1]
        num2 = num2[:-1]
    if carry:
        result = str(carry) + result
    return result
