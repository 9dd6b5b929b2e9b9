//! A surface that is typed as a formula of x and y.
//!
//! Not here: reading, computing and differentiating formulas ([`super::super::formula`]).

use crate::catalog::{Card, Entry, Field, Form, Given, Kind};

use super::Sight;

pub(super) static ENTRY: Entry = Entry {
    name: "Custom",
    label: "Custom",
    summary: "Any function of x and y, typed: `Custom(\"x^2 + 3*y^2\")`.",
    details: "Numbers, x, y, pi, e, + - * / ^ and brackets; sin cos tan asin acos atan sinh cosh tanh \
              exp log (natural, also ln) log2 log10 sqrt abs sign floor, and of two arguments min \
              max pow atan2. Powers bind from the right and before a sign: -x^2 is -(x^2). The \
              gradient is exact, by dual numbers. At kinks a slope is chosen: 0 for abs and sign at \
              0, the mean of both for min and max of equals, 0 for floor everywhere.",
    source: "Griewank and Walther 2008, Evaluating Derivatives (forward mode)",
    fields: &[Field {
        name: "formula",
        label: "Formula",
        meaning: "The function that is minimised, of x and y. Steep terms need small learning rates; \
                  where it has no value (the logarithm of 0, a division by 0) the lane diverges, and \
                  one without a lower end has no minimum to find.",
        kind: Kind::Text,
        default: Given::Text("(1 - x)^2 + 100*(y - x^2)^2"),
        live: false,
    }],
    form: Form::Positional,
    card: Some(&Card {
        equation: "f = what is typed\n\
                   ∂f/∂x, ∂f/∂y: each operation carries its derivatives along with its value",
        shines: "For a question of your own: two wells with a wall between them, a kink, a plateau, a \
                 spiral. Change one number and look what it does to every method.",
        hurts: "Kinks and flat parts: a gradient method sees the slope chosen at a kink, and nothing \
                at all where the formula is flat. Nothing is known of its minima, so there is no gap \
                to draw.",
        differs: "`^` is a power, as in mathematics; `log` is natural, as in NumPy. PyTorch gives the \
                  same slopes at the kinks of abs, min and max.",
        call: "",
        numpy: PYTHON,
    }),
};

/// What to look at where nothing is known; the picture grows to hold the start.
pub(super) const SIGHT: Sight =
    Sight { start: [-1.5, 1.0], x: (-3.0, 3.0), y: (-3.0, 3.0), minima: &[] };

/// Dual numbers, so that the gradient is as exact as here.
const PYTHON: &str = r#"class Dual:
    def __init__(self, value, dx=0.0, dy=0.0):
        self.value, self.dx, self.dy = value, dx, dy

    def chain(self, value, rate, other=None, other_rate=0.0):
        scaled = lambda rate, slope: rate * slope if slope else 0.0
        other = other or Dual(0.0)
        dx = scaled(rate, self.dx) + scaled(other_rate, other.dx)
        dy = scaled(rate, self.dy) + scaled(other_rate, other.dy)
        return Dual(value, dx, dy)

    def __neg__(self):
        return self.chain(-self.value, -1.0)

    def __pos__(self):
        return self

    def __add__(self, o):
        return self.chain(self.value + o.value, 1.0, o, 1.0)

    def __sub__(self, o):
        return self.chain(self.value - o.value, 1.0, o, -1.0)

    def __mul__(self, o):
        return self.chain(self.value * o.value, o.value, o, self.value)

    def __truediv__(self, o):
        value = np.divide(self.value, o.value)
        return self.chain(value, np.divide(1.0, o.value), o, -np.divide(value, o.value))

    def __pow__(self, o):
        a, n = self.value, o.value
        value = np.power(a, n)
        rate = n * np.power(a, n - 1) if n else 0.0
        steep = value * np.log(a) if (o.dx or o.dy) and a else 0.0
        return self.chain(value, rate, o, steep)


def smooth(value, rate):
    return lambda a: a.chain(value(a.value), rate(a.value))


def pick(first, a, b):
    share = 0.5 if a.value == b.value else float(first(a.value, b.value))
    return a.chain(a.value if first(a.value, b.value) else b.value, share, b, 1 - share)


def angle(a, b):
    square = a.value**2 + b.value**2
    return a.chain(np.arctan2(a.value, b.value), b.value / square, b, -a.value / square)


FUNCTIONS = dict(
    sin=smooth(np.sin, np.cos),
    cos=smooth(np.cos, lambda v: -np.sin(v)),
    tan=smooth(np.tan, lambda v: 1 + np.tan(v) ** 2),
    asin=smooth(np.arcsin, lambda v: 1 / np.sqrt(1 - v * v)),
    acos=smooth(np.arccos, lambda v: -1 / np.sqrt(1 - v * v)),
    atan=smooth(np.arctan, lambda v: 1 / (1 + v * v)),
    sinh=smooth(np.sinh, np.cosh),
    cosh=smooth(np.cosh, np.sinh),
    tanh=smooth(np.tanh, lambda v: 1 - np.tanh(v) ** 2),
    exp=smooth(np.exp, np.exp),
    log=smooth(np.log, lambda v: np.divide(1.0, v)),
    ln=smooth(np.log, lambda v: np.divide(1.0, v)),
    log2=smooth(np.log2, lambda v: np.divide(1.0, v * np.log(2))),
    log10=smooth(np.log10, lambda v: np.divide(1.0, v * np.log(10))),
    sqrt=smooth(np.sqrt, lambda v: np.divide(0.5, np.sqrt(v))),
    abs=smooth(np.abs, np.sign),
    sign=smooth(np.sign, lambda v: 0.0),
    floor=smooth(np.floor, lambda v: 0.0),
    min=lambda a, b: pick(lambda u, v: u < v, a, b),
    max=lambda a, b: pick(lambda u, v: u > v, a, b),
    pow=lambda a, b: a**b,
    atan2=angle,
    pi=Dual(np.pi),
    e=Dual(np.e),
)

import re

# Every number of the formula becomes a dual number; powers are written as Python writes them.
NUMBER = r"(?<![\w.])(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
FORMULA = " ".join(re.sub(NUMBER, r"Dual(\g<0>)", {formula}).replace("^", "**").split())
PROGRAM = compile(FORMULA.replace("Dual(", "Dual(1.0*"), "formula", "eval")


def surface(x, y):
    names = dict(FUNCTIONS, Dual=Dual, x=Dual(x, 1.0, 0.0), y=Dual(y, 0.0, 1.0))
    result = eval(PROGRAM, names)
    return result.value, result.dx, result.dy
"#;
