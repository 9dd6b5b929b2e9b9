"""Keras, `model.fit`: `python keras_fit_peer.py W5`."""
from common import BATCH, measure
from keras_common import built

from sys import argv

import numpy as np

workload = argv[1]
model, rule, optimizer, batches = built(workload)
model.compile(optimizer=optimizer, loss=rule)
x, y = (np.concatenate([pair[side] for pair in batches]) for side in (0, 1))


def train():
    model.fit(x, y, batch_size=BATCH[workload], epochs=1, shuffle=False, verbose=0)
    return len(batches)


measure(workload, "keras_fit", train)
