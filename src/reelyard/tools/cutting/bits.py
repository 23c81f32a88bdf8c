"""Reading the bits of a NAL unit's payload: fixed fields and Exp-Golomb codes (ITU-T H.264, 7.2 and 9.1)."""

from __future__ import annotations


class Bits:
    """A reader over a payload from which the emulation prevention bytes are taken out.

    Reading beyond the end raises ValueError: the unit is damaged.
    """

    def __init__(self, unit: bytes) -> None:
        """`unit` is a whole NAL unit; reading begins after its first byte."""
        self._data = unit[1:].replace(b"\x00\x00\x03", b"\x00\x00")
        self._at = 0

    def take(self, count: int) -> int:
        """An unsigned number of `count` bits."""
        end = self._at + count
        if end > 8 * len(self._data):
            raise ValueError("the parameter set ends early")
        first, last = self._at // 8, (end + 7) // 8
        whole = int.from_bytes(self._data[first:last], "big") >> (8 * last - end)
        self._at = end
        return whole & ((1 << count) - 1)

    def flag(self) -> bool:
        return bool(self.take(1))

    def unsigned(self) -> int:
        """ue(v)"""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 31:
                raise ValueError("a number of the parameter set is too long")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """se(v)"""
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)
