//! How much memory a model may take, computed before anything is allocated.

use super::ModelError;

/// The most memory a lane's data, parameters and intermediate values may take: 4 GiB.
pub const MEMORY_BUDGET: u64 = 4 << 30;

/// Checks that `count` numbers of eight bytes fit the budget. `count` is the product of `factors`,
/// added to `taken`; overflow counts as too large.
///
/// # Errors
/// [`ModelError::TooLarge`] with the size, blamed on `path`.
pub fn check_memory(
    path: &str,
    what: &'static str,
    taken: u64,
    factors: &[u64],
) -> Result<u64, ModelError> {
    let product = factors.iter().try_fold(1_u64, |product, f| product.checked_mul(*f));
    let bytes = product.and_then(|n| n.checked_mul(8)).and_then(|n| n.checked_add(taken));
    match bytes {
        Some(bytes) if bytes <= MEMORY_BUDGET => Ok(bytes),
        _ => Err(ModelError::TooLarge {
            path: path.to_owned(),
            what,
            needed: bytes.map_or_else(|| "more than 16 EiB".to_owned(), readable),
            allowed: readable(MEMORY_BUDGET),
        }),
    }
}

/// A number of bytes in the largest unit that keeps it at 1 or more: `4.0 GiB`.
fn readable(bytes: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < units.len() {
        size /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} bytes") } else { format!("{size:.1} {}", units[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_past_the_budget_or_past_arithmetic_are_refused_with_the_number() {
        assert_eq!(check_memory("p", "x", 16, &[2, 3]), Ok(64));
        let error = check_memory("model.hidden[0].units", "the parameters", 0, &[1 << 20, 1 << 20]);
        let error = error.unwrap_err();
        assert_eq!(error.path(), "model.hidden[0].units");
        assert_eq!(
            error.to_string(),
            "the parameters would take 8.0 TiB of memory; at most 4.0 GiB are allowed"
        );
        assert!(check_memory("p", "x", 0, &[u64::MAX, 2]).is_err());
        assert!(check_memory("p", "x", u64::MAX, &[1]).is_err());
    }
}
