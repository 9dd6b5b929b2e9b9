//! Every path against the plain definition, over many shapes.

use super::*;

/// Numbers without pattern, different for each seed.
fn numbers<R: Real>(count: usize, seed: usize) -> Vec<R> {
    (0..count).map(|i| R::from_f64(((i * 37 + seed * 101) as f64 * 0.618).sin())).collect()
}

/// x·y + z as a path does it: rounded once, or twice.
fn multiply_add<R: Real>(path: KernelPath, x: R, y: R, z: R) -> R {
    let fused = |x: f64, y: f64, z: f64| match R::PRECISION {
        crate::numeric::Precision::F64 => x.mul_add(y, z),
        crate::numeric::Precision::F32 => f64::from((x as f32).mul_add(y as f32, z as f32)),
    };
    match path {
        KernelPath::Portable => x * y + z,
        KernelPath::Avx2 | KernelPath::Avx512 => {
            R::from_f64(fused(x.to_f64(), y.to_f64(), z.to_f64()))
        }
    }
}

fn paths() -> impl Iterator<Item = KernelPath> {
    KernelPath::available()
}

fn check_products<R: Real>(path: KernelPath, [rows, inner, columns]: [usize; 3]) {
    let kernels = Kernels::<R>::of(Runner::of(path));
    let (a, b) = (numbers(rows * inner, 1), numbers(inner * columns, 2));
    let (start, bias) = (numbers::<R>(rows * columns, 3), numbers::<R>(columns, 4));
    let mut a_transposed = vec![R::ZERO; a.len()];
    kernels.transpose((&a, inner), [rows, inner], &mut a_transposed);
    for (p, x) in a_transposed.iter().enumerate() {
        assert_eq!(*x, a[(p % rows) * inner + p / rows], "transpose {rows} x {inner} on {path}");
    }
    let sums: Vec<R> = (0..rows * columns)
        .map(|at| {
            let (i, j) = (at / columns, at % columns);
            (0..inner).fold(R::ZERO, |sum, p| {
                multiply_add(path, a[i * inner + p], b[p * columns + j], sum)
            })
        })
        .collect();
    let shape = [rows, inner, columns];
    for left in [Left::rows(&a, inner), Left::transposed(&a_transposed, rows)] {
        for end in [End::Set, End::Add, End::Bias(&bias)] {
            let mut c = start.clone();
            kernels.product(&mut c, left, &b, shape, end);
            for (at, (found, sum)) in c.iter().zip(&sums).enumerate() {
                let expected = match end {
                    End::Set => *sum,
                    End::Add => start[at] + *sum,
                    End::Bias(bias) => *sum + bias[at % columns],
                };
                assert_eq!(*found, expected, "{shape:?}, element {at}, {end:?} on {path}");
            }
        }
    }
}

#[test]
fn products_of_every_small_shape_are_sums_in_ascending_order_bit_for_bit() {
    for path in paths() {
        for rows in 1..=13 {
            for inner in 1..=5 {
                for columns in 1..=37 {
                    check_products::<f64>(path, [rows, inner, columns]);
                    check_products::<f32>(path, [rows, inner, columns]);
                }
            }
        }
    }
}

#[test]
fn products_of_large_shapes_are_too() {
    for path in paths() {
        let large = [[32, 64, 64], [33, 300, 41], [9, 1025, 17], [64, 32, 10], [129, 7, 100]];
        // Few columns: where A is transposed, so is the product, in parts.
        let narrow = [[150, 21, 11], [100, 270, 20], [65, 9, 6], [130, 33, 25]];
        for shape in large.into_iter().chain(narrow) {
            check_products::<f64>(path, shape);
            check_products::<f32>(path, shape);
        }
    }
}

#[test]
fn a_row_has_the_same_sums_in_any_company() {
    for path in paths() {
        let kernels = Kernels::<f32>::of(Runner::of(path));
        for inputs in [1, 2, 7, 8, 10, 28, 64] {
            for outputs in [1, 2, 3, 8, 10, 33] {
                let (x, rows) = (numbers(19 * inputs, 1), numbers(outputs * inputs, 2));
                let biases = numbers(outputs, 3);
                let mut transposed = vec![0.0; rows.len()];
                kernels.transpose((&rows, inputs), [outputs, inputs], &mut transposed);
                let weights =
                    Weights { rows: &rows, transposed: Some(&transposed), biases: &biases };
                let mut all = vec![0.0; 19 * outputs];
                kernels.affine(&mut all, &x, weights, [19, inputs, outputs], &Team::alone());
                for (row, together) in all.chunks_exact(outputs).enumerate() {
                    let x = &x[row * inputs..][..inputs];
                    let mut alone = vec![0.0; outputs];
                    let single = Weights { transposed: None, ..weights };
                    kernels.affine(&mut alone, x, single, [1, inputs, outputs], &Team::alone());
                    assert_eq!(alone, together, "row {row}, {inputs} to {outputs} on {path}");
                }
            }
        }
    }
}

#[test]
fn sums_of_a_layer_are_right_on_every_path() {
    for path in paths() {
        let kernels = Kernels::<f64>::of(Runner::of(path));
        for (inputs, outputs) in [(1, 1), (3, 1), (28, 1), (64, 3), (10, 64), (65, 2)] {
            let (x, rows) = (numbers::<f64>(11 * inputs, 1), numbers::<f64>(outputs * inputs, 2));
            let biases = numbers::<f64>(outputs, 3);
            let weights = Weights { rows: &rows, transposed: None, biases: &biases };
            let mut out = vec![0.0; 11 * outputs];
            kernels.affine(&mut out, &x, weights, [11, inputs, outputs], &Team::alone());
            for (at, found) in out.iter().enumerate() {
                let (i, j) = (at / outputs, at % outputs);
                let terms = (0..inputs).map(|p| x[i * inputs + p] * rows[j * inputs + p]);
                let expected: f64 = terms.sum::<f64>() + biases[j];
                assert!((found - expected).abs() < 1e-14 * inputs as f64, "{found} ≠ {expected}");
            }
        }
    }
}

#[test]
fn column_sums_are_sums_of_columns() {
    for path in paths() {
        for width in 1..=37 {
            let matrix: Vec<f64> = numbers(5 * width, 4);
            let mut sums = vec![1.0; width];
            Kernels::of(Runner::of(path)).add_column_sums(&mut sums, &matrix);
            for (j, sum) in sums.iter().enumerate() {
                let column = (0..5).map(|i| matrix[i * width + j]);
                assert_eq!(*sum, 1.0 + column.fold(0.0, |sum, x| sum + x), "on {path}");
            }
        }
    }
}

fn check_rows<R: Real>(path: KernelPath, width: usize, rows: usize, tolerance: f64) {
    let Some(kernels) = RowKernels::<R>::of(Runner::of(path)) else { return };
    let (x, params) = (numbers::<R>(width * 40, 1), numbers::<R>(width + 1, 2));
    let picked: Vec<u32> = (0..rows as u32).map(|i| i * 7 % 40).collect();
    let row = |i: usize| &x[picked[i] as usize * width..][..width];
    let mut sums = numbers::<R>(rows + 1, 3);
    let beyond = sums[rows];
    kernels.dots(&mut sums, &picked, (&x, &params), &[0, u32::MAX, 1, 2, 3, 4, 5, 6]);
    assert_eq!(sums[rows], beyond, "no sum of a row that was not picked");
    let mut along = kernels.along(width);
    let slopes = numbers::<R>(rows, 4);
    kernels.add(&mut along, &picked, &x, &slopes);
    let near = |found: R, expected: f64, size: f64| {
        (found.to_f64() - expected).abs() <= tolerance * size.max(1.0)
    };
    for (i, sum) in sums[..rows].iter().enumerate() {
        let terms = row(i).iter().zip(&params).map(|(x, w)| x.to_f64() * w.to_f64());
        let expected = terms.sum::<f64>() + params[width].to_f64();
        assert!(near(*sum, expected, width as f64), "{path}, {width}, row {i}: {sum} ≠ {expected}");
    }
    assert_eq!(along.sums().count(), width);
    for (j, sum) in along.sums().enumerate() {
        let expected: f64 = (0..rows).map(|i| row(i)[j].to_f64() * slopes[i].to_f64()).sum();
        assert!(near(sum, expected, rows as f64), "{path}, {rows}, along {j}: {sum} ≠ {expected}");
    }
}

#[test]
fn picked_rows_are_summed_and_their_slopes_added_at_every_width() {
    for path in paths() {
        for width in ROW_WIDTHS {
            for rows in [1, 2, 3, 4, 7, 8, 9, 33] {
                check_rows::<f64>(path, width, rows, 1e-15);
                check_rows::<f32>(path, width, rows, 1e-6);
            }
        }
    }
}
