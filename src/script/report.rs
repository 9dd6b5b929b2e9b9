//! The last parts of a program: what came of it, and a picture for those who want one.

use crate::model::Link;

use super::Part;
use super::lane::Lane;
use super::model::tensor_names;
use super::text::{Code, quoted};

/// Prints how the run ended, the scores and the parameters.
pub(super) fn report(lane: &Lane<'_>) -> Part {
    let mut code = String::from("print(f\"{end} after {step} updates\")\n");
    let mut words =
        String::from("The parameters of the last update count, not the best ones seen on the way.");
    let Some(learning) = lane.learning() else {
        code.put("print(f\"loss={measure(params)[0]:.7f}\")\nprint(\"position:\", params[0])\n");
        return Part::new("What came of it", words, code);
    };
    let held_out = learning.plan.split.held_out.is_some();
    let classes = learning.targets().classes().is_some();
    for (part, told) in [("train", "training"), ("held_out", "held-out")] {
        if part == "train" || held_out {
            code.put(format!(
                "print(f\"{told} loss={{measure(params, X_{part}, T_{part})[1]:.7f}}\")\n"
            ));
            if classes {
                code.put(format!(
                    "print(f\"{told} accuracy={{accuracy(params, X_{part}, y_{part}):.4f}}\")\n"
                ));
            }
        }
    }
    let names: Vec<String> = tensor_names(learning).iter().map(|name| quoted(name)).collect();
    code.put(format!("for name, w in zip([{}], params):\n", names.join(", ")));
    code.put("    print(f\"{name} =\\n{w}\")\n");
    let plane = learning.plan.split.train.width() == 2 && learning.plan.model.hidden.is_empty();
    if plane && learning.head().width == 1 && learning.head().link == Link::Sigmoid {
        words.put(
            "\nWhere is the line between the classes? Where the sum w1·x1 + w2·x2 + b is zero, since the \
             sigmoid of zero is one half. Solved for x2, it is the line that is printed last.",
        );
        code.put("(w1, w2), b = params[0][0], params[1][0]\n");
        code.put("print(f\"boundary: x2 = {-b / w2:.6f} + {-w1 / w2:.6f} * x1\")\n");
    }
    Part::new("What came of it", words, code)
}

/// The curve as a picture, if it is asked for and matplotlib is there.
pub(super) fn plot(lane: &Lane<'_>) -> Part {
    let means = if lane.learning().is_some() {
        "    plt.plot(epoch_ends, epoch_losses, label=\"every epoch's mean\")\n"
    } else {
        ""
    };
    let code = format!(
        "show_curve = False  # True draws it, with matplotlib\n\n\
         if show_curve:\n    try:\n        import matplotlib.pyplot as plt\n    except ImportError:\n        \
         raise SystemExit(\"the curve needs matplotlib: pip install matplotlib\")\n    \
         plt.plot(batch_losses, alpha=0.4, label=\"every update\")\n{means}    \
         plt.xlabel(\"updates\")\n    plt.ylabel(\"loss\")\n    plt.legend()\n    plt.show()\n"
    );
    Part::new("The curve", "Faint: every update's loss, noisy. Bold: the calm mean.", code)
}
