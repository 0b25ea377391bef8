"""A ball that goes around a ring; the length is how many hours it goes."""

SOURCE = "example"
LENGTH = "number of hours"
_LATEST = 220


def inputs(length, rng):
    hour = rng.randrange(max(1, _LATEST - length))
    return rng.randrange(10), rng.choice([1, 3, 7, 9]), hour, hour + length


def ball(place: int, far: int, hour: int, end: int) -> int:
    """A ball lies on place {place} of a ring with the places 0 to 9. Each hour it goes {far} places on, from hour {hour} to hour {end}. Where does it lie then?"""
    while hour < end:
        place = (place + far) % 10
        hour += 1
    return place
