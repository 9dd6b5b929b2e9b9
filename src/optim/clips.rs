//! The two clippings: of the whole gradient's norm, and of each component.

use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::ClipRow;

pub(super) static NORM: ClipRow = ClipRow {
    entry: Entry {
        name: "Norm",
        label: "Norm",
        summary: "Shortens a gradient that is longer than the limit; its direction stays.",
        details: "g ← g · min(1, limit / (‖g‖ + 1e-6)), with the Euclidean norm over all parameters \
            together, as torch.nn.utils.clip_grad_norm_. Tames a cliff without changing where the \
            step points.",
        source: "torch.nn.utils.clip_grad_norm_; Pascanu et al. (2013)",
        form: Form::Positional,
        card: Some(&Card {
            equation: "g ← g · min(1, limit / (‖g‖ + 10⁻⁶)), ‖g‖ over all parameters",
            shines: "Where single batches have gradients many times the usual length: recurrent \
                networks, high learning rates, cliffs in the loss. One bad batch then costs one step.",
            hurts: "With a limit below the usual length every step is clipped, and the limit is a \
                second learning rate. It hides a rate that is too high instead of curing it. Under \
                Adam it matters less, which divides by the gradient's size anyway.",
            differs: "PyTorch adds 10⁻⁶ to the norm, as here; optax's clip_by_global_norm does not. \
                Keras's clipnorm takes each weight array by itself, its global_clipnorm all together.",
            call: "torch.nn.utils.clip_grad_norm_(params, max_norm={limit})",
            numpy: "\
def clip(gradients):
    norm = math.sqrt(sum(float(np.sum(g.astype(np.float64) ** 2)) for g in gradients))
    part = {limit} / (norm + 1e-6)
    return [g * g.dtype.type(part) for g in gradients] if part < 1 else gradients
",
        }),
        fields: &[Field {
            name: "limit",
            label: "Longest gradient",
            meaning: "The length a gradient may have. Too small makes every step tiny, so that only \
                the direction counts; too large never acts.",
            kind: Kind::Number(Interval::POSITIVE, Scale::Log(1e-3, 1e3)),
            default: Given::Nothing,
            live: true,
        }],
    },
    f32: norm,
    f64: norm,
};

pub(super) static VALUE: ClipRow = ClipRow {
    entry: Entry {
        name: "Value",
        label: "Value",
        summary: "Cuts each component of the gradient off at plus and minus the limit.",
        details: "g ← min(limit, max(−limit, g)) for each parameter by itself, as \
            torch.nn.utils.clip_grad_value_. A long gradient turns toward the diagonal.",
        source: "torch.nn.utils.clip_grad_value_",
        form: Form::Positional,
        card: Some(&Card {
            equation: "gᵢ ← min(limit, max(−limit, gᵢ))",
            shines: "Where a few components explode while the others are fine: the others keep their \
                full size, which clipping the norm would take from them.",
            hurts: "It changes the direction: what is cut no longer points downhill, only into the \
                same quadrant. With a small limit little is left but signs.",
            differs: "The same in PyTorch (clip_grad_value_), Keras (clipvalue) and optax (clip).",
            call: "torch.nn.utils.clip_grad_value_(params, clip_value={limit})",
            numpy: "\
def clip(gradients):
    return [np.clip(g, -{limit}, {limit}) for g in gradients]
",
        }),
        fields: &[Field {
            name: "limit",
            label: "Largest component",
            meaning: "How large a component may be. Too small leaves little but signs; too large \
                never acts.",
            kind: Kind::Number(Interval::POSITIVE, Scale::Log(1e-3, 1e3)),
            default: Given::Nothing,
            live: true,
        }],
    },
    f32: value,
    f64: value,
};

/// The Euclidean norm, summed in `f64` in the order of the vector.
fn length<R: Real>(gradient: &[R]) -> f64 {
    gradient.iter().map(|g| g.to_f64() * g.to_f64()).sum::<f64>().sqrt()
}

fn norm<R: Real>(limit: f64, gradient: &mut [R]) {
    let coefficient = limit / (length(gradient) + 1e-6);
    if coefficient < 1.0 {
        let coefficient = R::from_f64(coefficient);
        for g in gradient {
            *g *= coefficient;
        }
    }
}

fn value<R: Real>(limit: f64, gradient: &mut [R]) {
    let limit = R::from_f64(limit);
    for g in gradient {
        *g = Real::max(-limit, Real::min(limit, *g));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_gradients_pass_and_long_ones_keep_their_direction() {
        let mut short = [0.3, -0.4];
        norm(1.0, &mut short);
        assert_eq!(short, [0.3, -0.4]);
        let mut long = [30.0_f64, -40.0];
        norm(1.0, &mut long);
        assert!((length(&long) - 1.0).abs() < 1e-6);
        assert!((long[0] / long[1] + 0.75).abs() < 1e-15);
    }

    #[test]
    fn components_are_cut_off_on_both_sides() {
        let mut gradient = [0.1_f32, -7.0, 7.0];
        value(0.5, &mut gradient);
        assert_eq!(gradient, [0.1, -0.5, 0.5]);
    }
}
