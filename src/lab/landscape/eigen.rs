//! Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.
//!
//! Slow in principle (about ten passes of n³) and right to the last digits; the matrices here have at most
//! a hundred rows. Source: Golub and Van Loan, "Matrix computations", 8.5.

/// Passes over all pairs, at most; some ten are enough.
const MOST_SWEEPS: usize = 60;

/// The eigenvalues of the symmetric matrix `a` (n × n, row by row), largest first, each with its
/// eigenvector of length one.
///
/// # Panics
/// If `a` has not n² numbers.
#[must_use]
pub fn eigen(mut a: Vec<f64>, n: usize) -> Vec<(f64, Vec<f64>)> {
    assert_eq!(a.len(), n * n, "the matrix is square");
    // Row k holds the eigenvector that belongs to the diagonal's k-th number.
    let mut vectors = vec![0.0; n * n];
    for i in 0..n {
        vectors[i * n + i] = 1.0;
    }
    let size: f64 = a.iter().map(|x| x * x).sum::<f64>().sqrt();
    for _ in 0..MOST_SWEEPS {
        let off: f64 = (0..n)
            .flat_map(|p| (0..p).map(move |q| (p, q)))
            .map(|(p, q)| a[p * n + q].powi(2))
            .sum();
        if off.sqrt() <= 1e-15 * size {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, n, (p, q));
            }
        }
    }
    let mut found: Vec<(f64, Vec<f64>)> =
        (0..n).map(|k| (a[k * n + k], vectors[k * n..(k + 1) * n].to_vec())).collect();
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found
}

/// Turns the plane of coordinates p and q so that the number between them becomes 0.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, (p, q): (usize, usize)) {
    let between = a[p * n + q];
    if between == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * between);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let cos = 1.0 / t.hypot(1.0);
    let sin = t * cos;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (cos * x - sin * y, sin * x + cos * y);
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        (a[p * n + k], a[q * n + k]) = (cos * x - sin * y, sin * x + cos * y);
        let (x, y) = (vectors[p * n + k], vectors[q * n + k]);
        (vectors[p * n + k], vectors[q * n + k]) = (cos * x - sin * y, sin * x + cos * y);
    }
    (a[p * n + q], a[q * n + p]) = (0.0, 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_case_by_hand() {
        // (2, 1; 1, 2): 3 along (1, 1), 1 along (1, −1).
        let found = eigen(vec![2.0, 1.0, 1.0, 2.0], 2);
        assert!((found[0].0 - 3.0).abs() < 1e-14 && (found[1].0 - 1.0).abs() < 1e-14);
        let [x, y] = found[0].1[..] else { panic!("two numbers") };
        assert!((x - y).abs() < 1e-14 && (x.abs() - 0.5f64.sqrt()).abs() < 1e-14);
        assert_eq!(eigen(vec![5.0], 1), [(5.0, vec![1.0])]);
        assert!(eigen(Vec::new(), 0).is_empty());
    }

    #[test]
    fn vectors_are_orthonormal_and_give_the_matrix_back() {
        let n = 30;
        let mut a = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let x = ((i * 7 + j * 13) as f64 * 0.37).sin() / (1.0 + (i - j) as f64);
                (a[i * n + j], a[j * n + i]) = (x, x);
            }
        }
        let found = eigen(a.clone(), n);
        assert!(found.windows(2).all(|pair| pair[0].0 >= pair[1].0));
        for i in 0..n {
            for j in 0..n {
                let product: f64 = (0..n).map(|k| found[i].1[k] * found[j].1[k]).sum();
                let expected = if i == j { 1.0 } else { 0.0 };
                assert!((product - expected).abs() < 1e-12, "{i} {j}: {product}");
                let back: f64 = found.iter().map(|(x, v)| x * v[i] * v[j]).sum();
                assert!((back - a[i * n + j]).abs() < 1e-12);
            }
        }
    }
}
