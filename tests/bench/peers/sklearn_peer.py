"""scikit-learn, one call of `partial_fit` a batch: `python sklearn_peer.py W2`."""
import sys
import warnings

from common import BATCH, data, measure, np

from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor

warnings.filterwarnings("ignore")
workload = sys.argv[1]
x, y = data(workload)
size = BATCH[workload]
classes = np.arange(10 if workload == "W5" else 2)
y = y.argmax(1) if workload == "W5" else y[:, 0]
common = {"batch_size": size, "learning_rate_init": 0.001, "momentum": 0.0, "nesterovs_momentum": False}
if workload in ("W1", "W2"):
    model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.01, alpha=0.0)
elif workload == "W3":
    model = MLPRegressor(hidden_layer_sizes=(64, 64), solver="sgd", alpha=0.0, **common)
elif workload == "W4":
    model = MLPClassifier(hidden_layer_sizes=(8, 8), activation="tanh", solver="sgd", alpha=0.0, **common)
else:
    model = MLPClassifier(hidden_layer_sizes=(128,), solver="adam", alpha=0.0, batch_size=size)
batches = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)][:400]
kept = {} if workload == "W3" else {"classes": classes}


def train():
    for batch_x, batch_y in batches:
        model.partial_fit(batch_x, batch_y, **kept)
    return len(batches)


measure(workload, "scikit-learn", train)
