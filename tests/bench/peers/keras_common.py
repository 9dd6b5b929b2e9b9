"""What both Keras peers train."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

from common import BATCH, data, widths

import keras
import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def built(workload):
    """The model, its loss and optimizer, and at most 400 batches."""
    x, y = data(workload)
    size, sizes = BATCH[workload], widths(workload)
    keras.backend.set_floatx(str(x.dtype))
    hidden = "tanh" if workload == "W4" else "relu"
    layers = [keras.layers.Dense(n, activation=hidden) for n in sizes[1:-1]]
    model = keras.Sequential([keras.Input((sizes[0],)), *layers, keras.layers.Dense(sizes[-1])])
    rules = {"W3": keras.losses.MeanSquaredError(), "W5": keras.losses.CategoricalCrossentropy(from_logits=True)}
    rule = rules.get(workload, keras.losses.BinaryCrossentropy(from_logits=True))
    method = keras.optimizers.Adam if workload == "W5" else keras.optimizers.SGD
    batches = [(x[i:i + size], y[i:i + size]) for i in range(0, len(x), size)][:400]
    if y.ndim == 1:
        batches = [(x, np.reshape(y, (-1, 1))) for x, y in batches]
    return model, rule, method(0.001), batches
