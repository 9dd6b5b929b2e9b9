//! Asking a network: what it says of rows that are none of its own, unit by unit if need be, and what
//! goes on inside it on some of its own.
//!
//! Invariant: asking changes nothing that training sees, and a row's answer does not depend on how many
//! are asked at once.

use std::ops::Range;

use ndarray::ArrayView2;

use crate::model::CHUNK_ROWS;
use crate::numeric::Real;

use super::super::{Inside, Outputs};
use super::{Chunk, Learning, Sums};

/// Of the units asked for those that there are.
fn within(asked: Option<&Range<usize>>, units: usize) -> Range<usize> {
    let (start, end) = asked.map_or((0, 0), |asked| (asked.start, asked.end));
    start.min(units)..end.clamp(start.min(units), units)
}

impl<R: Real> Learning<R> {
    /// For rows of unscaled features: what the units `shown` of each hidden layer say (none of a layer
    /// that is not named), and the activations. None if rows are not as wide as the data.
    pub(super) fn answers(
        &mut self,
        params: &[R],
        features: &ArrayView2<'_, f64>,
        shown: &[Range<usize>],
    ) -> Option<Outputs> {
        let (inputs, outputs) = (self.split.train.width(), self.machine.network.head().width);
        if features.ncols() != inputs {
            return None;
        }
        let widths = self.machine.network.widths();
        let hidden = widths.get(1..widths.len() - 1).unwrap_or_default();
        let shown: Vec<Range<usize>> = hidden
            .iter()
            .enumerate()
            .map(|(layer, units)| within(shown.get(layer), *units))
            .collect();
        let width = outputs + shown.iter().map(ExactSizeIterator::len).sum::<usize>();
        self.machine.prepare(params, features.nrows());
        let features = features.as_standard_layout();
        let features = features.as_slice().unwrap_or_default();
        let mut values = Vec::with_capacity(features.len() / inputs.max(1) * width);
        let mut x: Vec<R> = Vec::with_capacity((CHUNK_ROWS * inputs).min(features.len()));
        for chunk in features.chunks((CHUNK_ROWS * inputs).max(1)) {
            self.scale_rows(chunk, &mut x);
            let rows = chunk.len() / inputs.max(1);
            let machine = &mut self.machine;
            machine.forward(params, (&x, rows), None, true);
            for row in 0..rows {
                let hidden = machine.network.hidden_outputs(rows, &machine.workspace);
                for ((said, units), shown) in hidden.zip(&shown) {
                    let said = &said[row * units..][shown.clone()];
                    values.extend(said.iter().map(|a| a.to_f64()));
                }
                let said = &machine.activations[row * outputs..][..outputs];
                values.extend(said.iter().map(|a| a.to_f64()));
            }
        }
        Some(Outputs { values, width })
    }

    /// Rows of unscaled features, as the network reads them.
    fn scale_rows(&self, rows: &[f64], x: &mut Vec<R>) {
        x.clear();
        match &self.split.scaler {
            None => x.extend(rows.iter().map(|x| R::from_f64(*x))),
            Some(scaler) => {
                for row in rows.chunks_exact(self.split.train.width()) {
                    let by = scaler.shift.iter().zip(&scaler.scale);
                    let scaled = |(x, (shift, scale)): (&f64, _)| (x - shift) / scale;
                    x.extend(row.iter().zip(by).map(|one| R::from_f64(scaled(one))));
                }
            }
        }
    }

    /// Adds what `rows[part]` have to say to what was gathered of `rows` so far.
    pub(super) fn gather_part(
        &mut self,
        params: &[R],
        rows: &[u32],
        part: Range<usize>,
        inside: &mut Inside,
    ) {
        let mut gradient = std::mem::take(&mut self.gradient);
        let machine = &mut self.machine;
        let outputs = machine.network.head().width;
        let layers = machine.network.dense_parts().len();
        inside.activations.resize(layers, Vec::new());
        inside.gradient.resize(gradient.len(), 0.0);
        let targets = rows.iter().map(|row| self.train.targets_of(*row as usize));
        let divisor = machine.loss.divisor_of(targets, outputs);
        let mut sums = Sums::ZERO;
        machine.prepare(params, part.len());
        gradient.fill(R::ZERO);
        for chunk in rows[part.clone()].chunks(CHUNK_ROWS) {
            let data = Chunk::new(self.train.pick(chunk, &mut self.gathered), None);
            machine.descend(params, data, true, divisor, &mut sums, (&mut gradient, false));
            let said = machine.network.hidden_outputs(chunk.len(), &machine.workspace);
            let said = said.map(|(said, _)| said);
            let said = said.chain([&machine.activations[..chunk.len() * outputs]]);
            for (kept, said) in inside.activations.iter_mut().zip(said) {
                kept.extend(said.iter().map(|a| a.to_f64() as f32));
            }
        }
        if part.end == rows.len() {
            self.penalize(params, &mut gradient);
        }
        inside.gradient.iter_mut().zip(&gradient).for_each(|(sum, g)| *sum += g.to_f64());
        self.gradient = gradient;
    }
}
