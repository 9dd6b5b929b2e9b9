//! Eigenvalues and eigenvectors of symmetric matrices, by Jacobi's rotations.
//!
//! Each rotation makes one pair of off-diagonal entries zero; sweeps over all pairs go on until nothing
//! is left that a number could hold. Slower than tridiagonal methods (about 50·n³ operations: 10 ms at
//! n = 64), but short, and as exact for small eigenvalues as for large ones. Rotations come in a fixed
//! order, so a result is the same bit for bit wherever it is computed.
//!
//! Deliberately not here: what the matrix stands for (covariances, products of paths), and methods for
//! matrices too large to be rotated as a whole.

/// Sweeps at most; ten are enough for matrices of a thousand rows.
const SWEEPS: usize = 64;

/// What a symmetric matrix does to space: directions that only stretch, and by how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigen {
    /// The eigenvalues, the largest first.
    pub values: Vec<f64>,
    /// The eigenvectors, one a row in the order of the values: of length one, at right angles, and with
    /// the largest of their entries positive. Where values are equal, any basis of their space.
    pub vectors: Vec<Vec<f64>>,
}

/// The eigenvalues and eigenvectors of the symmetric `n` × `n` matrix given row by row; what is below
/// the diagonal is not read. None if the length is not n² or a number is not finite.
pub fn symmetric_eigen(matrix: &[f64], n: usize) -> Option<Eigen> {
    if n.checked_mul(n) != Some(matrix.len()) || !matrix.iter().all(|x| x.is_finite()) {
        return None;
    }
    // Near the largest number squares overflow, near the least they vanish: both are kept away.
    let largest = matrix.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let mut rows: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| matrix[i.min(j) * n + i.max(j)] / unit).collect()).collect();
    let mut vectors: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS {
        let mut is_diagonal = true;
        for p in 0..n {
            for q in p + 1..n {
                // Beside both of its diagonal entries such a number adds nothing.
                let least = f64::EPSILON * 1e-2 * rows[p][p].abs().min(rows[q][q].abs());
                if rows[p][q].abs() > least.max(f64::MIN_POSITIVE) {
                    is_diagonal = false;
                    rotate(&mut rows, &mut vectors, p, q);
                }
            }
        }
        if is_diagonal {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| rows[*b][*b].total_cmp(&rows[*a][*a]));
    let values = order.iter().map(|i| rows[*i][*i] * unit).collect();
    let vectors = order.iter().map(|i| upright(std::mem::take(&mut vectors[*i]))).collect();
    Some(Eigen { values, vectors })
}

/// Turns the plane of `p` and `q` so that their off-diagonal entry becomes zero.
fn rotate(rows: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    let (at_p, at_q, off) = (rows[p][p], rows[q][q], rows[p][q]);
    let (cosine, sine, tangent) = angle(at_p, at_q, off);
    turn(rows, p, q, (cosine, sine));
    turn(vectors, p, q, (cosine, sine));
    for k in (0..rows.len()).filter(|k| *k != p && *k != q) {
        rows[k][p] = rows[p][k];
        rows[k][q] = rows[q][k];
    }
    rows[p][p] = at_p - tangent * off;
    rows[q][q] = at_q + tangent * off;
    rows[p][q] = 0.0;
    rows[q][p] = 0.0;
}

/// Cosine, sine and tangent of the smaller angle that makes the off-diagonal entry zero.
fn angle(at_p: f64, at_q: f64, off: f64) -> (f64, f64, f64) {
    let theta = (at_q - at_p) / (2.0 * off);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    (cosine, tangent * cosine, tangent)
}

/// Rows p and q become c·p − s·q and s·p + c·q.
fn turn(rows: &mut [Vec<f64>], p: usize, q: usize, (cosine, sine): (f64, f64)) {
    let (upper, lower) = rows.split_at_mut(q);
    for (x, y) in upper[p].iter_mut().zip(&mut lower[0]) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}

/// The vector or its opposite, whichever has its largest entry positive.
fn upright(mut vector: Vec<f64>) -> Vec<f64> {
    let largest =
        vector.iter().fold(0.0_f64, |most, x| if x.abs() > most.abs() { *x } else { most });
    if largest < 0.0 {
        for x in &mut vector {
            *x = -*x;
        }
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::{RandomState, dot};

    fn symmetric(n: usize, seed: u32) -> Vec<f64> {
        let mut random = RandomState::new(seed);
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            for j in i..n {
                let x = random.standard_normal();
                (matrix[i * n + j], matrix[j * n + i]) = (x, x);
            }
        }
        matrix
    }

    #[test]
    fn a_matrix_is_made_again_of_its_values_and_vectors() {
        for n in [1, 2, 3, 7, 40] {
            let matrix = symmetric(n, 5);
            let Eigen { values, vectors } = symmetric_eigen(&matrix, n).expect("finite");
            assert!(values.windows(2).all(|two| two[0] >= two[1]));
            for i in 0..n {
                for j in 0..n {
                    let terms = values.iter().zip(&vectors);
                    let again: f64 = terms.map(|(value, v)| value * v[i] * v[j]).sum();
                    assert!((again - matrix[i * n + j]).abs() < 1e-12, "{n}: {i}, {j}");
                    let wanted = f64::from(u8::from(i == j));
                    assert!((dot(&vectors[i], &vectors[j]) - wanted).abs() < 1e-13);
                }
                let largest = vectors[i].iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs()));
                assert!(largest > Some(0.0), "upright");
            }
        }
    }

    #[test]
    fn the_values_of_hilberts_matrix_are_numpys() {
        let matrix: Vec<f64> = (0..25).map(|i| 1.0 / f64::from(i / 5 + i % 5 + 1)).collect();
        let found = symmetric_eigen(&matrix, 5).expect("finite");
        // numpy.linalg.eigvalsh of the same matrix, NumPy 2.4.6, reversed.
        let wanted = [
            1.567_050_691_098_230_7,
            0.208_534_218_611_013_46,
            0.011_407_491_623_419_842,
            0.000_305_898_040_151_176_47,
            3.287_928_772_175_417e-06,
        ];
        for (value, wanted) in found.values.iter().zip(wanted) {
            assert!((value - wanted).abs() < 1e-15, "{value} {wanted}");
        }
    }

    #[test]
    fn large_small_and_equal_numbers_do_no_harm() {
        for unit in [1e-300, 1.0, 1e300] {
            let matrix = [2.0, 1.0, 1.0, 2.0].map(|x| x * unit);
            let found = symmetric_eigen(&matrix, 2).expect("finite");
            assert!((found.values[0] / unit - 3.0).abs() < 1e-14);
            assert!((found.values[1] / unit - 1.0).abs() < 1e-14);
        }
        let same = symmetric_eigen(&[4.0, 0.0, 0.0, 4.0], 2).expect("finite");
        assert_eq!(same.values, [4.0, 4.0]);
        let none = symmetric_eigen(&[0.0; 9], 3).expect("finite");
        assert_eq!(none.values, [0.0; 3]);
        assert_eq!(symmetric_eigen(&[], 0).map(|found| found.values.len()), Some(0));
        assert_eq!(symmetric_eigen(&[1.0, f64::NAN, f64::NAN, 1.0], 2), None);
        assert_eq!(symmetric_eigen(&[1.0; 3], 2), None);
    }
}
