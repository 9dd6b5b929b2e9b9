//! Rules of surfaces whose cards do not tell them yet.

/// The rule of the surface called `name`.
pub(super) fn rule(name: &str) -> &'static str {
    match name {
        "Sphere" => "def surface(x, y):\n    return x * x + y * y, 2 * x, 2 * y\n",
        "Rosenbrock" => {
            "def surface(x, y):\n    a, b = 1 - x, y - x * x\n    return a * a + 100 * b * b, -2 * a - 400 * x * b, 200 * b\n"
        }
        "Ravine" => {
            "def surface(x, y):\n    k = {condition}\n    return (x * x + k * y * y) / 2, x, k * y\n"
        }
        "Saddle" => "def surface(x, y):\n    return x * x - y * y, 2 * x, -2 * y\n",
        "Himmelblau" => {
            "def surface(x, y):\n    a, b = x * x + y - 11, x + y * y - 7\n    return a * a + b * b, 4 * x * a + 2 * b, 2 * a + 4 * y * b\n"
        }
        "Beale" => {
            "def surface(x, y):\n    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y**3\n    dx = 2 * (a * (y - 1) + b * (y * y - 1) + c * (y**3 - 1))\n    return a * a + b * b + c * c, dx, 2 * (a * x + 2 * b * x * y + 3 * c * x * y * y)\n"
        }
        _ => "",
    }
}
