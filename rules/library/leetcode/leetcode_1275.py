"""Nine moves fill LeetCode's board, so for more moves the board has n rows and columns and n in a
line win. Up to nine moves are mostly made on the board of three rows, which is also the default.
"""

from functools import cache
from random import Random

TITLE = "find winner on a tic tac toe game"
SOURCE = "LeetCode"
SPLIT = "pretrain"
LENGTH = "number of moves"


def tictactoe(moves: list[list[int]], n: int = 3) -> str:
    """A and B play on an empty board of {n} rows and {n} columns. They mark one square in turn, A first, and whoever has all squares of a row, a column or a diagonal wins and ends the game. After the moves {moves}, each a row and a column counted from 0, what is the state of the game: A or B for the winner, Draw if the board is full without a winner, or else Pending?"""
    rows = [0] * n
    columns = [0] * n
    diagonal = 0
    other_diagonal = 0
    moves_made = 0
    player = 1
    while moves:
        row, column = moves.pop(0)
        moves_made += 1
        rows[row] = rows[row] + player
        columns[column] = columns[column] + player
        if row == column:
            diagonal += player
        if row + column == n - 1:
            other_diagonal += player
        if n * player in (rows[row], columns[column], diagonal, other_diagonal):
            if player == 1:
                return "A"
            return "B"
        player = -player
    if moves_made == n * n:
        return "Draw"
    return "Pending"


def inputs(length: int, rng: Random) -> tuple[list[list[int]], int]:
    """Return a game that the last move wins, or one without a winner, and the size of its board."""
    n = 3
    while n * n < length or (n < 5 and rng.random() < 0.1):
        n += 1
    wins = (length + 1) // 2 >= n and rng.random() < 0.5
    squares = _game(length, n, wins, rng)
    while squares is None:
        squares = _game(length, n, wins, rng)
    return [[square // n, square % n] for square in squares], n


def oracle(moves: list[list[int]], n: int = 3) -> str:
    """Return the first player whose squares after a move hold a line."""
    squares = [row * n + column for row, column in moves]
    for i in range(len(moves)):
        mine = set(squares[i % 2 : i + 1 : 2])
        if any(line <= mine for line in _lines(n)):
            return "AB"[i % 2]
    return "Draw" if len(moves) == n * n else "Pending"


def _game(length: int, n: int, wins: bool, rng: Random) -> list[int] | None:
    squares = rng.sample(range(n * n), n * n)
    if wins:
        line = rng.choice(_lines(n))
        last = rng.choice(sorted(line))
        others = [square for square in squares if square not in line]
        spare = (length + 1) // 2 - n
        winning = [square for square in squares if square in line and square != last]
        winning += others[:spare]
        rng.shuffle(winning)
        squares[(length + 1) % 2 : length : 2] = [*winning, last]
        squares[length % 2 : length : 2] = others[spare : spare + length // 2]
    squares = squares[:length]
    before = squares[:-1] if wins else squares
    for mine in (set(before[::2]), set(before[1::2])):
        if any(line <= mine for line in _lines(n)):
            return None
    return squares


@cache
def _lines(n: int) -> list[set[int]]:
    rows = [set(range(row * n, row * n + n)) for row in range(n)]
    columns = [set(range(column, n * n, n)) for column in range(n)]
    return [*rows, *columns, set(range(0, n * n, n + 1)), set(range(n - 1, n * n - 1, n - 1))]
