//! Rules whose tables do not tell them yet.

/// The rule of the entry called `name`.
#[expect(clippy::too_many_lines, reason = "a table of texts")]
pub(super) fn rule(name: &str) -> &'static str {
    match name {
        "Sgd" => {
            "\
def update(w, g, s, t, lr, momentum):
    mu = {momentum} if momentum is None else momentum
    g = g + {weight_decay} * w
    if mu:
        s[\"b\"] = mu * s[\"b\"] + (1 - {dampening}) * g if \"b\" in s else g
        g = g + mu * s[\"b\"] if {nesterov} else s[\"b\"]
    else:
        s.clear()
    return w - lr * g
"
        }
        "Adam" => {
            "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    g = g + {weight_decay} * w
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"p2\"] = s.get(\"p2\", 1.0) * {beta2}
    s[\"m\"] = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    v = s[\"v\"] = {beta2} * s.get(\"v\", 0.0) + (1 - {beta2}) * g * g
    if {amsgrad}:
        v = s[\"top\"] = np.maximum(s.get(\"top\", 0.0), v)
    else:
        s.pop(\"top\", None)
    m_hat, v_hat = s[\"m\"] / (1 - s[\"p1\"]), v / (1 - s[\"p2\"])
    return w - lr * m_hat / (np.sqrt(v_hat) + {epsilon})
"
        }
        "Identity" => {
            "def identity(x):\n    return x\n\n\ndef identity_slope(x, y):\n    return np.ones_like(x)\n"
        }
        "Relu" => {
            "def relu(x):\n    return np.maximum(x, 0)\n\n\ndef relu_slope(x, y):\n    return (x > 0) * 1.0\n"
        }
        "Tanh" => {
            "def tanh(x):\n    return np.tanh(x)\n\n\ndef tanh_slope(x, y):\n    return 1 - y * y\n"
        }
        "Sigmoid" => {
            "def sigmoid(x):\n    e = np.exp(-np.abs(x))\n    return np.where(x < 0, e, 1) / (1 + e)\n\n\ndef sigmoid_slope(x, y):\n    return y * (1 - y)\n"
        }
        "CrossEntropy" => {
            "\
def loss(z, a, t):
    if z.shape[1] == 1:
        total = np.sum(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))
    else:
        high = z.max(axis=1, keepdims=True)
        log_p = z - high - np.log(np.exp(z - high).sum(axis=1, keepdims=True))
        total = -np.sum(t * log_p)
    return total, a - t
"
        }
        "MeanSquaredError" | "SquaredErrorSum" => {
            "def loss(z, a, t):\n    return np.sum((a - t) ** 2), 2 * (a - t)\n"
        }
        "Zeros" => "def start(rng, outputs, inputs):\n    return np.zeros((outputs, inputs))\n",
        "Uniform" => {
            "def start(rng, outputs, inputs):\n    return rng.uniform({low}, {high}, size=(outputs, inputs))\n"
        }
        "Normal" => {
            "def start(rng, outputs, inputs):\n    return rng.normal(0, {std}, size=(outputs, inputs))\n"
        }
        "XavierUniform" => {
            "def start(rng, outputs, inputs):\n    limit = np.sqrt(6 / (inputs + outputs))\n    return rng.uniform(-limit, limit, size=(outputs, inputs))\n"
        }
        "XavierNormal" => {
            "def start(rng, outputs, inputs):\n    return rng.normal(0, np.sqrt(2 / (inputs + outputs)), size=(outputs, inputs))\n"
        }
        "HeUniform" => {
            "def start(rng, outputs, inputs):\n    limit = np.sqrt(6 / inputs)\n    return rng.uniform(-limit, limit, size=(outputs, inputs))\n"
        }
        "HeNormal" => {
            "def start(rng, outputs, inputs):\n    return rng.normal(0, np.sqrt(2 / inputs), size=(outputs, inputs))\n"
        }
        "Constant" => "def rate(base, t, length):\n    return base\n",
        "Cosine" => {
            "def rate(base, t, length):\n    half = 0.0 if t >= length else (1 + math.cos(math.pi * t / length)) / 2\n    return {min} + (base - {min}) * half\n"
        }
        "Norm" => {
            "def clip(gradients):\n    norm = np.sqrt(sum(np.sum(g.astype(float) ** 2) for g in gradients))\n    factor = min(1.0, {limit} / (norm + 1e-6))\n    return [g * g.dtype.type(factor) for g in gradients]\n"
        }
        "Value" => {
            "def clip(gradients):\n    return [np.clip(g, -{limit}, {limit}) for g in gradients]\n"
        }
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
