def symbol_value(symbol: str) -> int:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    return values[symbol]


def next_value(numeral: str) -> int:
    if len(numeral) < 2:
        return 0
    return symbol_value(numeral[1])


def roman_to_int(numeral: str) -> int:
    """Which number does the Roman numeral {numeral} stand for?"""
    total = 0
    while numeral:
        value = symbol_value(numeral[0])
        if value < next_value(numeral):
            total -= value
        else:
            total += value
        numeral = numeral[1:]
    return total
