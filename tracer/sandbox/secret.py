"""Bytes that no Python object holds while a rule runs, so that none of the rule's can find them."""

import ctypes
import socket


class Secret:
    """Room for some bytes in memory of the process, outside of all objects."""

    def __init__(self, size: int) -> None:
        allocate = ctypes.pythonapi.PyMem_RawMalloc
        allocate.restype = ctypes.c_void_p
        place = allocate(ctypes.c_size_t(size))
        if not place:
            raise MemoryError
        self._place = (ctypes.c_char * size).from_address(place)

    def receive(self, supervisor: socket.socket) -> None:
        """Take the bytes from a socket. Raises EOFError."""
        view = memoryview(self._place)
        while view:
            count = supervisor.recv_into(view)
            if not count:
                raise EOFError
            view = view[count:]

    def reveal(self) -> bytes:
        """Return the bytes."""
        return self._place.raw
