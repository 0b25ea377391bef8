"""A ball that is moved around a ring; the length is how many times."""

SOURCE = "example"
LENGTH = "number of moves"


def inputs(length, rng):
    return rng.randrange(10), rng.choice([1, 3, 7, 9]), length


def ball(place: int, far: int, moves: int) -> int:
    """A ball lies on place {place} of a ring with the places 0 to 9. It is moved {moves} times, each time {far} places on. Where does it lie?"""
    while moves > 0:
        place = (place + far) % 10
        moves -= 1
    return place
