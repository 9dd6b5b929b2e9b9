"""JAX with optax, an epoch compiled into one `lax.scan`: `python jax_peer.py W3`."""
import sys

from common import BATCH, data, measure, start

import jax

if sys.argv[1] == "W1":
    jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import optax

workload = sys.argv[1]
x, y = data(workload)
size = BATCH[workload]
whole = len(x) // size * size
whole = min(whole, 400 * size)
batches = (
    jnp.asarray(x[:whole].reshape(-1, size, x.shape[1])),
    jnp.asarray(y[:whole].reshape(-1, size, y.shape[1])),
)
params = [(jnp.asarray(w), jnp.asarray(b)) for w, b in start(workload)]
rule = optax.adam(0.001) if workload == "W5" else optax.sgd(0.001)


def loss(params, batch_x, batch_y):
    h = batch_x
    for place, (w, b) in enumerate(params):
        h = h @ w + b
        if place + 1 < len(params):
            h = jnp.tanh(h) if workload == "W4" else jax.nn.relu(h)
    if workload == "W3":
        return jnp.mean((h - batch_y) ** 2)
    if workload == "W5":
        return optax.softmax_cross_entropy(h, batch_y).mean()
    return optax.sigmoid_binary_cross_entropy(h, batch_y).mean()


def logistic(state, batch):
    """The tutorial's closed form: less work than the general rule finds."""
    ([(w, b)], memory), (batch_x, batch_y) = state, batch
    error = jax.nn.sigmoid(batch_x @ w + b) - batch_y
    w = w - 0.001 / size * (batch_x.T @ error)
    b = b - 0.001 / size * error.sum(0)
    return ([(w, b)], memory), (error * error).sum()


def update(state, batch):
    if workload in ("W1", "W2"):
        return logistic(state, batch)
    params, memory = state
    value, gradient = jax.value_and_grad(loss)(params, *batch)
    moves, memory = rule.update(gradient, memory, params)
    return (optax.apply_updates(params, moves), memory), value


EPOCHS = max(1, 2000 // len(batches[0]))


@jax.jit
def epochs(state):
    return jax.lax.scan(lambda s, _: jax.lax.scan(update, s, batches), state, None, length=EPOCHS)


state = (params, rule.init(params))


def train():
    global state
    state, losses = epochs(state)
    losses.block_until_ready()
    return EPOCHS * len(batches[0])


measure(workload, "jax", train)
