"""Fit the polynomials and the pi/2 split of cpp/include/dromos/math.hpp.

Prints the constants as C++ hexadecimal literals. Everything is computed in 60-digit decimals:

* P with sin(r) ~ r - r^3 P(r^2) and Q with cos(r) ~ 1 - r^2/2 + r^4 Q(r^2) on |r| <= pi/4, minimax
  in relative (sin) and absolute (cos) error by the Remez exchange on z = r^2;
* pi/2 = A + B + C with A and B of 37 significant bits, so that a quadrant number of up to 16 bits
  times A or B is exact in double precision (Cody and Waite, "Software Manual for the Elementary
  Functions", 1980).

Usage: python tools/fit_sincos.py
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, getcontext
from fractions import Fraction
from math import cos, frexp, pi

getcontext().prec = 60

# pi to 60 digits (OEIS A000796).
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
TERMS = 6
SPLIT_BITS = 37

Function = Callable[[Decimal], Decimal]


def series(z: Decimal, first: int) -> Decimal:
    """Return sum over k of (-z)^k / (first + 2k)!, the tail of the sine or cosine series."""
    factorial = 1
    for i in range(2, first + 1):
        factorial *= i
    term = Decimal(1) / factorial
    total, n = Decimal(0), first
    while abs(term) > Decimal("1e-58"):
        total += term
        term *= -z / ((n + 1) * (n + 2))
        n += 2
    return total


def solve(matrix: list[list[Decimal]], rhs: list[Decimal]) -> list[Decimal]:
    """Solve a small dense linear system by elimination with partial pivoting."""
    size = len(rhs)
    rows = [[*row, value] for row, value in zip(matrix, rhs, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for j in range(i + 1, size):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    x = [Decimal(0)] * size
    for i in reversed(range(size)):
        x[i] = (rows[i][size] - sum(rows[i][j] * x[j] for j in range(i + 1, size))) / rows[i][i]
    return x


def horner(coefficients: list[Decimal], z: Decimal) -> Decimal:
    """Evaluate a polynomial, lowest power first."""
    total = Decimal(0)
    for c in reversed(coefficients):
        total = total * z + c
    return total


def remez(f: Function, weight: Function, high: Decimal) -> tuple[list[Decimal], Decimal]:
    """Return the polynomial of TERMS terms minimising max |weight (f - p)| on [0, high]."""
    nodes = [high * (1 - Decimal(cos(pi * i / TERMS))) / 2 for i in range(TERMS + 1)]
    nodes[0], nodes[-1] = high * Decimal("1e-6"), high
    grid = [high * i / 2000 for i in range(1, 2001)]
    for _ in range(8):
        matrix = [
            [*(z**k for k in range(TERMS)), (-1) ** i / weight(z)] for i, z in enumerate(nodes)
        ]
        *coefficients, _ = solve(matrix, [f(z) for z in nodes])
        error = [weight(z) * (f(z) - horner(coefficients, z)) for z in grid]
        nodes = extrema(grid, error)
    return coefficients, max(abs(e) for e in error)


def extrema(grid: list[Decimal], error: list[Decimal]) -> list[Decimal]:
    """Return where the error is largest between its changes of sign."""
    runs: list[list[int]] = [[0]]
    for i in range(1, len(grid)):
        if (error[i] > 0) != (error[i - 1] > 0):
            runs.append([])
        runs[-1].append(i)
    peaks = [max(run, key=lambda i: abs(error[i])) for run in runs]
    while len(peaks) > TERMS + 1:
        peaks.pop(0 if abs(error[peaks[0]]) < abs(error[peaks[-1]]) else -1)
    return [grid[i] for i in peaks]


def truncate(value: Decimal, bits: int) -> Decimal:
    """Return value cut to its leading significant bits."""
    exponent = frexp(float(value))[1]
    scaled = int(Fraction(value) * Fraction(2) ** (bits - exponent))
    exact = Fraction(scaled) / Fraction(2) ** (bits - exponent)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def main() -> None:
    """Print the constants."""
    high = (PI / 4) ** 2
    sine, sine_error = remez(lambda z: series(z, 3), lambda z: z, high)
    cosine, cosine_error = remez(lambda z: series(z, 4), lambda z: z * z, high)
    print("sin", [float(c).hex() for c in sine], f"relative error {sine_error:.2e}")
    print("cos", [float(c).hex() for c in cosine], f"absolute error {cosine_error:.2e}")
    a = truncate(PI / 2, SPLIT_BITS)
    b = truncate(PI / 2 - a, SPLIT_BITS)
    print("pi/2", [float(p).hex() for p in (a, b, PI / 2 - a - b)])
    print("2/pi", float(2 / PI).hex())


if __name__ == "__main__":
    main()
