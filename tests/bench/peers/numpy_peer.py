"""NumPy, as a tutorial writes it: `python numpy_peer.py W1`."""
import sys

from common import BATCH, data, measure, np, start

workload = sys.argv[1]
x, y = data(workload)
size = BATCH[workload]
batches = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]
losses = []


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def tutorial():
    """The tutorial's program: a column of ones for the bias, the squared error kept."""
    ones = np.ones((len(x), 1), x.dtype)
    features = np.c_[x, ones]
    w = np.zeros((features.shape[1], 1), x.dtype)
    pairs = [(features[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]
    pairs = pairs[:400] if workload == "W2" else pairs

    def train():
        nonlocal w
        losses.clear()
        for batch_x, batch_y in pairs:
            error = sigmoid(batch_x.dot(w)) - batch_y
            losses.append(np.sum(error**2))
            w -= 0.01 * (batch_x.T.dot(error) / len(batch_x))
        return len(pairs)

    return train


def stack():
    """A stack of dense layers, forward and backward by hand."""
    layers = [list(layer) for layer in start(workload)]
    moments = [[[np.zeros_like(p), np.zeros_like(p)] for p in layer] for layer in layers]
    step = 0

    def update(loss_and_delta, batch_x):
        nonlocal step
        step += 1
        outputs = [batch_x]
        for place, (w, b) in enumerate(layers):
            z = outputs[-1] @ w + b
            last = place + 1 == len(layers)
            outputs.append(z if last else np.tanh(z) if workload == "W4" else np.maximum(z, 0))
        loss, delta = loss_and_delta(outputs[-1])
        losses.append(loss)
        for place in reversed(range(len(layers))):
            w, b = layers[place]
            before, gradients = outputs[place], (outputs[place].T @ delta, delta.sum(0))
            if place:
                slope = 1 - before * before if workload == "W4" else before > 0
                delta = (delta @ w.T) * slope
            for p, g, (m, v) in zip((w, b), gradients, moments[place]):
                if workload == "W5":
                    m += 0.1 * (g - m)
                    v *= 0.999
                    v += 0.001 * g * g
                    root = np.sqrt(v / (1 - 0.999**step)) + 1e-8
                    p -= 0.001 / (1 - 0.9**step) * m / root
                else:
                    p -= 0.001 * g

    def train():
        losses.clear()
        for batch_x, batch_y in batches:
            if workload == "W3":
                rule = lambda z: (np.mean((z - batch_y) ** 2), 2 * (z - batch_y) / len(z))
            elif workload == "W4":
                rule = lambda z: (
                    np.mean(np.logaddexp(0, z) - z * batch_y),
                    (sigmoid(z) - batch_y) / len(z),
                )
            else:

                def rule(z):
                    e = np.exp(z - z.max(1, keepdims=True))
                    p = e / e.sum(1, keepdims=True)
                    return -np.mean(np.log((p * batch_y).sum(1))), (p - batch_y) / len(z)

            update(rule, batch_x)
        return len(batches)

    return train


measure(workload, "numpy", tutorial() if workload in ("W1", "W2") else stack())
