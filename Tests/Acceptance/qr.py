"""Reads a QR code (ISO/IEC 18004, byte mode) out of its modules. Tables are those of another encoder, the package qrcode."""

from qrcode import base, util


def read(modules):
    """The text of a code that is drawn without damage: dark modules are true. Errors are not corrected."""
    side = len(modules)
    version = (side - 17) // 4
    # Format information beside the upper left finder: level and mask under a fixed mask (section 7.9).
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    bits = int("".join(str(int(modules[y][x])) for y, x in places), 2) ^ 0b101010000010010
    # The library numbers levels as the standard does.
    level, mask = bits >> 13, bits >> 10 & 0b111
    is_masked = util.mask_func(mask)
    fixed = function_patterns(version, side)
    stream = []
    columns = [x for x in range(side - 1, 0, -2) if x > 6] + [5, 3, 1]
    for number, right in enumerate(columns):
        rows = range(side - 1, -1, -1) if number % 2 == 0 else range(side)
        for y in rows:
            for x in (right, right - 1):
                if (y, x) not in fixed:
                    stream.append(int(modules[y][x]) ^ int(is_masked(y, x)))
    words = [int("".join(map(str, stream[i : i + 8])), 2) for i in range(0, len(stream) - 7, 8)]
    blocks = base.rs_blocks(version, level)
    parts = [[] for _ in blocks]
    position = 0
    for index in range(max(block.data_count for block in blocks)):
        for part, block in zip(parts, blocks):
            if index < block.data_count:
                part.append(words[position])
                position += 1
    data = "".join(f"{word:08b}" for part in parts for word in part)
    if data[:4] != "0100":
        raise ValueError(f"mode {data[:4]} is not that of bytes")
    width = 8 if version < 10 else 16
    length = int(data[4 : 4 + width], 2)
    start = 4 + width
    return bytes(int(data[i : i + 8], 2) for i in range(start, start + length * 8, 8)).decode()


def function_patterns(version, side):
    """The places that hold no data: finders with format information, timing, alignment, version."""
    fixed = {(y, x) for y in range(9) for x in range(9)}
    fixed |= {(y, x) for y in range(9) for x in range(side - 8, side)} | {(y, x) for y in range(side - 8, side) for x in range(9)}
    fixed |= {(6, i) for i in range(side)} | {(i, 6) for i in range(side)}
    centres = util.pattern_position(version)
    for y in centres:
        for x in centres:
            if (y, x) in [(6, 6), (6, centres[-1]), (centres[-1], 6)]:
                continue
            fixed |= {(y + i, x + j) for i in range(-2, 3) for j in range(-2, 3)}
    if version >= 7:
        fixed |= {(y, x) for y in range(6) for x in range(side - 11, side - 8)}
        fixed |= {(x, y) for y in range(6) for x in range(side - 11, side - 8)}
    return fixed
