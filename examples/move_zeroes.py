def move_zeroes(nums: list[int]) -> list[int]:
    """Given an integer array {nums}, move all zeros to the end and keep the order of the other numbers. What is the array then?"""
    result = []
    zeros = 0
    while nums:
        num = nums.pop(0)
        if num == 0:
            zeros += 1
        else:
            result.append(num)
    while zeros > 0:
        result.append(0)
        zeros -= 1
    return result
