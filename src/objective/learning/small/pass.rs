//! The pass over a batch: everything between rows and gradient, in one piece of work.
//!
//! The units of a layer stand side by side in [`LANES`] lanes, rows follow each other. Weights are laid
//! out for that once a batch: by inputs for the way forward, by units for the way back. Lanes and rows
//! that nothing fills are computed along and never read by others.

use crate::model::Inlined;
use crate::numeric::{Arithmetic, Kernels, Real, Stands, Work};

use super::super::Sums;
use super::super::rules::{Logistic, PerRow, Squares};
use super::{AT_ONCE, LANES, MOST_FEATURES, ROWS, Rule, Shape, Space, Stage};

/// Rows that go through a layer at once.
const BLOCK: usize = 2;
/// Units whose weights' gradients are summed at once.
const UNITS: usize = AT_ONCE;
/// The same of features.
const FEATURES: usize = 2;

/// A number a lane.
type Lanes<X> = [X; LANES];

/// What is done with a batch.
pub(super) struct Pass<'a, R: 'static> {
    pub(super) kernels: &'static Kernels<R>,
    pub(super) shape: &'a Shape,
    pub(super) space: &'a mut Space<R>,
    pub(super) params: &'a [R],
    /// Features and targets of all rows.
    pub(super) rows: (&'a [R], &'a [R]),
    pub(super) picked: &'a [u32],
    pub(super) gradient: Option<&'a mut [R]>,
}

impl<R: Real> Work for Pass<'_, R> {
    type Output = Sums<R>;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> Sums<R> {
        match self.shape.rule {
            Rule::Squares => self.all::<A::Number<R>, Squares>(),
            Rule::Logistic => self.all::<A::Number<R>, Logistic<true>>(),
        }
    }
}

impl<R: Real> Pass<'_, R> {
    #[inline(always)]
    fn all<X: Real + Stands<R>, P: PerRow>(self) -> Sums<R> {
        let Self { kernels, shape, space, params, rows, picked, gradient } = self;
        for stage in shape.stages.iter().filter(|stage| is_transposed(stage)) {
            let &Stage { inputs, units, .. } = stage;
            let matrix = &params[stage.params..][..units * inputs];
            let by_input = &mut space.weights[(stage.at + 1) * LANES..][..inputs * LANES];
            kernels.transpose((matrix, inputs), [units, inputs], by_input);
        }
        let mut net = Net::<X> {
            weights: lanes(&mut space.weights),
            values: lanes(&mut space.values),
            deltas: lanes(&mut space.deltas),
            sums: lanes(&mut space.sums),
            features: X::all_mut(&mut space.features).as_chunks_mut().0,
        };
        net.load(shape, X::all(params), gradient.is_some());
        let share = X::ONE / X::from_f64(picked.len() as f64);
        let mut totals = Totals::ZERO;
        let mut first = true;
        for picked in picked.chunks(ROWS) {
            let filled = picked.len().next_multiple_of(BLOCK);
            let targets = net.gather(shape, (X::all(rows.0), X::all(rows.1)), picked);
            net.forward(shape, filled);
            let slopes = totals.add::<P>(&net.outputs(shape), &targets, picked.len(), share);
            if gradient.is_some() {
                net.backward(shape, &slopes, (picked.len(), filled), first);
            }
            first = false;
        }
        if let Some(gradient) = gradient {
            net.store(shape, first, X::all_mut(gradient));
        }
        Sums { loss: in_pairs(totals.loss).bare(), report: in_pairs(totals.report).bare() }
    }
}

#[inline(always)]
fn lanes<R: Real, X: Real + Stands<R>>(numbers: &mut [R]) -> &mut [Lanes<X>] {
    X::all_mut(numbers).as_chunks_mut().0
}

/// The space with its lanes: see [`Stage`] for what lies where.
struct Net<'a, X> {
    weights: &'a mut [Lanes<X>],
    values: &'a mut [Lanes<X>],
    deltas: &'a mut [Lanes<X>],
    sums: &'a mut [Lanes<X>],
    features: &'a mut [[X; MOST_FEATURES]],
}

impl<X: Real> Net<'_, X> {
    /// Lays out the weights, for the way `back` too if there is one.
    #[inline(always)]
    fn load(&mut self, shape: &Shape, params: &[X], back: bool) {
        for (layer, stage) in shape.stages.iter().enumerate() {
            let &Stage { inputs, units, .. } = stage;
            let ours = &params[stage.params..][..units * inputs + units];
            let (matrix, biases) = ours.split_at(units * inputs);
            let lanes = &mut self.weights[stage.at..][..1 + inputs + units];
            copy(biases, &mut lanes[0]);
            let (by_input, by_unit) = lanes[1..].split_at_mut(inputs);
            if back && layer > 0 {
                for (lanes, row) in by_unit.iter_mut().zip(matrix.chunks_exact(inputs)) {
                    copy(row, lanes);
                }
            }
            if !is_transposed(stage) {
                lay_by_input(matrix, inputs, units, by_input);
            }
        }
    }

    /// Lays the features of some rows side by side; gives their targets.
    #[inline(always)]
    fn gather(&mut self, shape: &Shape, rows: (&[X], &[X]), picked: &[u32]) -> [X; ROWS] {
        let width = shape.features;
        let mut targets = [X::ZERO; ROWS];
        for ((row, target), to) in picked.iter().zip(&mut targets).zip(&mut *self.features) {
            let row = *row as usize;
            *target = rows.1[row];
            let from = &rows.0[row * width..][..width];
            if let Some(plane) = from.as_array::<2>() {
                [to[0], to[1]] = *plane;
                continue;
            }
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from;
            }
        }
        targets
    }

    /// Runs `filled` rows through the layers.
    #[inline(always)]
    fn forward(&mut self, shape: &Shape, filled: usize) {
        for (layer, stage) in shape.stages.iter().enumerate() {
            let weights = &self.weights[stage.at..][..=stage.inputs];
            let (before, ours) = self.values.split_at_mut(layer * ROWS);
            let ours = &mut ours[..filled];
            if layer == 0 {
                up(&self.features[..filled], weights, ours, stage.activation);
            } else {
                up(&before[(layer - 1) * ROWS..][..filled], weights, ours, stage.activation);
            }
        }
    }

    /// What came out of the last layer.
    #[inline(always)]
    fn outputs(&self, shape: &Shape) -> [X; ROWS] {
        let mut outputs = [X::ZERO; ROWS];
        let values = &self.values[(shape.stages.len() - 1) * ROWS..][..ROWS];
        for (output, values) in outputs.iter_mut().zip(values) {
            *output = values[0];
        }
        outputs
    }

    /// Adds to the sums what some rows give, by the slopes at their outputs; the `first` ones set them.
    #[inline(always)]
    fn backward(
        &mut self,
        shape: &Shape,
        slopes: &[X; ROWS],
        (rows, filled): (usize, usize),
        first: bool,
    ) {
        let last = shape.stages.len() - 1;
        for (delta, slope) in self.deltas[last * ROWS..].iter_mut().zip(slopes) {
            delta[0] = *slope;
        }
        for (layer, stage) in shape.stages.iter().enumerate().rev() {
            let (below, ours) = self.deltas.split_at_mut(layer * ROWS);
            let sums = &mut self.sums[stage.sums..];
            let deltas = &ours[..rows];
            column_sums(deltas, &mut sums[0], first);
            let sums = &mut sums[1..];
            if layer == 0 {
                let sums = &mut sums[..stage.inputs.next_multiple_of(FEATURES)];
                outer::<_, MOST_FEATURES, FEATURES>(&self.features[..rows], deltas, sums, first);
                break;
            }
            let values = &self.values[(layer - 1) * ROWS..];
            if stage.units == 1 {
                outer::<_, LANES, 1>(deltas, &values[..rows], &mut sums[..1], first);
            } else {
                let sums = &mut sums[..stage.units.next_multiple_of(UNITS)];
                outer::<_, LANES, UNITS>(deltas, &values[..rows], sums, first);
            }
            let by_unit = &self.weights[stage.at + 1 + stage.inputs..][..stage.units];
            let below = &mut below[(layer - 1) * ROWS..][..filled];
            let activation = shape.stages[layer - 1].activation;
            down(&ours[..filled], by_unit, below, (activation, &values[..filled]));
        }
    }

    /// Writes the gradient from the sums, which is zero where there were no rows.
    #[inline(always)]
    fn store(&self, shape: &Shape, no_rows: bool, gradient: &mut [X]) {
        if no_rows {
            gradient.fill(X::ZERO);
            return;
        }
        for (layer, stage) in shape.stages.iter().enumerate() {
            let &Stage { inputs, units, .. } = stage;
            let (biases, sums) = (&self.sums[stage.sums], &self.sums[stage.sums + 1..]);
            let ours = &mut gradient[stage.params..][..units * inputs + units];
            let (matrix, to) = ours.split_at_mut(units * inputs);
            paste(biases, to);
            if layer > 0 {
                for (row, sums) in matrix.chunks_exact_mut(inputs).zip(sums) {
                    paste(sums, row);
                }
                continue;
            }
            unlay_by_input(sums, inputs, matrix);
        }
    }
}

/// Whether the kernels lay a layer's weights by inputs: without gaps that is their transpose.
fn is_transposed(stage: &Stage) -> bool {
    stage.units == LANES && stage.inputs >= LANES / 2
}

/// Lays a matrix of a row a unit by inputs.
#[inline(always)]
fn lay_by_input<X: Real>(matrix: &[X], inputs: usize, units: usize, by_input: &mut [Lanes<X>]) {
    if units == 1 {
        for (lanes, w) in by_input.iter_mut().zip(matrix) {
            lanes[0] = *w;
        }
        return;
    }
    let plane = matrix.as_chunks::<2>().0.as_array::<LANES>();
    if let (2, Some(rows), Some(by_input)) = (inputs, plane, by_input.as_mut_array::<2>()) {
        for (unit, [first, second]) in rows.iter().enumerate() {
            by_input[0][unit] = *first;
            by_input[1][unit] = *second;
        }
        return;
    }
    for (unit, row) in matrix.chunks_exact(inputs).enumerate().take(LANES) {
        for (lanes, w) in by_input.iter_mut().zip(row) {
            lanes[unit] = *w;
        }
    }
}

/// The way back: from rows an input to a matrix of a row a unit.
#[inline(always)]
fn unlay_by_input<X: Real>(by_input: &[Lanes<X>], inputs: usize, matrix: &mut [X]) {
    let by_input = &by_input[..inputs];
    let plane = matrix.as_chunks_mut::<2>().0.as_mut_array::<LANES>();
    if let (Some(rows), Some(by_input)) = (plane, by_input.as_array::<2>()) {
        for (unit, row) in rows.iter_mut().enumerate() {
            *row = [by_input[0][unit], by_input[1][unit]];
        }
        return;
    }
    for (unit, row) in matrix.chunks_exact_mut(inputs).enumerate().take(LANES) {
        for (w, lanes) in row.iter_mut().zip(by_input) {
            *w = lanes[unit];
        }
    }
}

/// Copies some numbers to the first lanes, and zeros to the others. (One by one, because a call to copy
/// a few numbers costs more than copying them.)
#[inline(always)]
fn copy<X: Real>(from: &[X], to: &mut Lanes<X>) {
    if let Ok(whole) = from.try_into() {
        *to = whole;
        return;
    }
    let mut lanes = [X::ZERO; LANES];
    for (lane, x) in lanes.iter_mut().zip(from) {
        *lane = *x;
    }
    *to = lanes;
}

/// Copies the first lanes to some numbers.
#[inline(always)]
fn paste<X: Real>(from: &Lanes<X>, to: &mut [X]) {
    if let Ok(whole) = <&mut Lanes<X>>::try_from(&mut *to) {
        *whole = *from;
        return;
    }
    for (lane, from) in from.iter().enumerate() {
        if let Some(to) = to.get_mut(lane) {
            *to = *from;
        }
    }
}

/// sum + factor·row.
#[inline(always)]
fn plus<X: Real>(factor: X, row: &Lanes<X>, sum: &mut Lanes<X>) {
    for (sum, x) in sum.iter_mut().zip(row) {
        *sum = factor.multiply_add(*x, *sum);
    }
}

/// start + Σ left[j]·weights[j] for each row of a block.
#[inline(always)]
fn product<X: Real, const N: usize>(
    start: Lanes<X>,
    left: &[[X; N]; BLOCK],
    weights: &[Lanes<X>],
) -> [Lanes<X>; BLOCK] {
    let mut sums = [start; BLOCK];
    if let (Some(weights), true) = (weights.as_array::<LANES>(), N >= LANES) {
        // So many that no loop is left.
        for (j, weights) in weights.iter().enumerate() {
            for (sum, left) in sums.iter_mut().zip(left) {
                plus(left[j], weights, sum);
            }
        }
        return sums;
    }
    for (j, weights) in weights.iter().enumerate().take(N) {
        for (sum, left) in sums.iter_mut().zip(left) {
            plus(left[j], weights, sum);
        }
    }
    sums
}

/// Writes what a layer makes of rows: whole blocks of them.
#[inline(always)]
fn up<X: Real, const N: usize>(
    left: &[[X; N]],
    weights: &[Lanes<X>],
    out: &mut [Lanes<X>],
    activation: Inlined,
) {
    let blocks = left.as_chunks::<BLOCK>().0.iter().zip(out.as_chunks_mut::<BLOCK>().0);
    for (left, out) in blocks {
        *out = product(weights[0], left, &weights[1..]);
    }
    activation.values(out.as_flattened_mut());
}

/// Writes the deltas of the layer below, by its values: whole blocks of rows.
#[inline(always)]
fn down<X: Real>(
    deltas: &[Lanes<X>],
    by_unit: &[Lanes<X>],
    out: &mut [Lanes<X>],
    (activation, values): (Inlined, &[Lanes<X>]),
) {
    let blocks = deltas.as_chunks::<BLOCK>().0.iter().zip(out.as_chunks_mut::<BLOCK>().0);
    for (deltas, out) in blocks {
        *out = product([X::ZERO; LANES], deltas, by_unit);
    }
    activation.slopes(values.as_flattened(), out.as_flattened_mut());
}

/// sums[i] += Σ left[i]·right over rows, I sums at a time; the `first` rows set them.
#[inline(always)]
fn outer<X: Real, const N: usize, const I: usize>(
    left: &[[X; N]],
    right: &[Lanes<X>],
    sums: &mut [Lanes<X>],
    first: bool,
) {
    let (sums, _) = sums.as_chunks_mut::<I>();
    for (block, sums) in sums.iter_mut().enumerate().take(N / I) {
        let mut here = if first { [[X::ZERO; LANES]; I] } else { *sums };
        for (left, right) in left.iter().zip(right) {
            for (i, sum) in here.iter_mut().enumerate() {
                plus(left[block * I + i], right, sum);
            }
        }
        *sums = here;
    }
}

/// sums += the rows; the `first` set them.
#[inline(always)]
fn column_sums<X: Real>(rows: &[Lanes<X>], sums: &mut Lanes<X>, first: bool) {
    let mut here = if first { [X::ZERO; LANES] } else { *sums };
    for row in rows {
        for (sum, x) in here.iter_mut().zip(row) {
            *sum += *x;
        }
    }
    *sums = here;
}

/// Sums over rows, side by side.
struct Totals<X> {
    loss: [X; ROWS],
    report: [X; ROWS],
}

impl<X: Real> Totals<X> {
    const ZERO: Self = Self { loss: [X::ZERO; ROWS], report: [X::ZERO; ROWS] };

    /// Adds `rows` rows, each to a lane of its own; gives their slopes times `share`, and 0 for lanes
    /// without a row.
    #[inline(always)]
    fn add<P: PerRow>(&mut self, z: &[X; ROWS], t: &[X; ROWS], rows: usize, share: X) -> [X; ROWS] {
        let mut slopes = [X::ZERO; ROWS];
        for lane in 0..ROWS {
            let (loss, report, slope) = P::of(z[lane], t[lane]);
            let live = |number: X| if lane < rows { number } else { X::ZERO };
            self.loss[lane] += live(loss);
            self.report[lane] += live(report);
            slopes[lane] = live(slope * share);
        }
        slopes
    }
}

#[inline(always)]
fn in_pairs<X: Real>(mut lanes: [X; ROWS]) -> X {
    let mut width = ROWS;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
    }
    lanes[0]
}
