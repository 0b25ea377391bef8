def navigate(instructions: list[str]) -> bool:
    """You face north and follow the instructions {instructions} one by one. Do you return to the starting point?"""
    # Initialize Location
    loc = [0, 0]
    # Initialize Direction
    dx = 0
    dy = 1
    # Follow Instructions
    while instructions:
        instruction = instructions.pop(0)
        if instruction == "Turn left":
            dx, dy = -dy, dx
        elif instruction == "Turn right":
            dx, dy = dy, -dx
        elif instruction == "Turn around":
            dx = -dx
            dy = -dy
        else:
            steps = int(instruction.split()[1])
            loc[0] += dx * steps
            loc[1] += dy * steps
    # Compare with the Start
    return loc == [0, 0]
