#: values: The number is {num}. Begin the process.
def add_digits(num: int) -> int:
    """Given an integer number {num}, repeatedly add up all its digits until the result has only one digit."""
    #: Begin outer loop:
    #: test: Check whether the number is a single-digit number. If it is not, enter the outer loop; otherwise, the loop is over, go to step ({next}).
    #: yes: The number is {num}, which is not a single-digit number.
    #: no: The number is {num}, which is a single-digit number.
    while num > 9:
        #: Initialize the sum of the digits of the number in this iteration as sum equals 0.
        #: values: Initialize sum = {new sum}.
        sum = 0
        #: Begin inner loop to calculate the digit sum:
        #: test: Check whether the number is 0. If the number is not 0, enter the inner loop; otherwise, the loop is over, go to step ({next}).
        #: yes: The number is {num}, which is not 0.
        #: no: The number is {num}.
        while num:
            #: Find the last digit of the number and add it to sum.
            #: values: number = {num}, the last digit of the number is {num % 10}. Add it to sum, sum = {sum} + {num % 10} = {new sum}.
            sum += num % 10
            #: Remove the last digit from the number.
            #: values: Remove the last digit from the number, number = {num} // 10 = {new num}.
            num //= 10
        #: After calculating the sum of all digits, update the number with the value of sum.
        #: values: sum = {sum}. Update the number with the value of sum, so number is {new num} now.
        num = sum
    #: Return the remaining single-digit number.
    #: values: The number is {num}.
    return num
