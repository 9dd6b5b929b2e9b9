"""PyTorch, the usual loop: `python torch_peer.py W3`."""
import sys

from common import BATCH, data, measure, widths

import torch

torch.set_num_threads(1)
workload = sys.argv[1]
x, y = (torch.from_numpy(a) for a in data(workload))
size = BATCH[workload]
if workload == "W5":
    y = y.argmax(1)
sizes = widths(workload)
modules = []
for a, b in zip(sizes, sizes[1:]):
    modules += [torch.nn.Linear(a, b), torch.nn.Tanh() if workload == "W4" else torch.nn.ReLU()]
model = torch.nn.Sequential(*modules[:-1]).to(x.dtype)
rules = {"W3": torch.nn.MSELoss(), "W5": torch.nn.CrossEntropyLoss()}
rule = rules.get(workload, torch.nn.BCEWithLogitsLoss())
method = torch.optim.Adam if workload == "W5" else torch.optim.SGD
optimizer = method(model.parameters(), lr=0.001)
batches = list(zip(x.split(size), y.split(size)))[:400]


def train():
    losses = []
    for batch_x, batch_y in batches:
        optimizer.zero_grad()
        loss = rule(model(batch_x), batch_y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return len(batches)


measure(workload, "torch", train)
