"""Keras, a step of its own in a GradientTape, as tutorials write it: `python keras_peer.py W3`."""
from common import measure
from keras_common import built

from sys import argv

import tensorflow as tf

workload = argv[1]
model, rule, optimizer, batches = built(workload)


def train():
    losses = []
    for x, y in batches:
        with tf.GradientTape() as tape:
            loss = rule(y, model(x, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        losses.append(float(loss))
    return len(batches)


measure(workload, "keras", train)
