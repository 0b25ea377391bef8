def coin_flip(turns: list[tuple[str, bool]]) -> bool:
    """A coin is heads up. Each pair in {turns} names a person and says whether this person flips the coin. Is the coin still heads up?"""
    heads_up = True
    for name, flips in turns:
        if flips:
            heads_up = not heads_up
    return heads_up
