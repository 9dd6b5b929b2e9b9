//! Splitting so that every class keeps its share: the part of `train_test_split(stratify=y)`.
//!
//! Source: scikit-learn, `StratifiedShuffleSplit` and `_approximate_mode`, draw for draw.

use crate::numeric::RandomState;

use super::split::fraction_error;
use super::{DataError, Dataset, HeldOut, Targets};

/// The training rows and the `count` held-out rows.
pub(super) fn parts(
    dataset: &Dataset,
    held_out: HeldOut,
    count: usize,
    generator: &mut RandomState,
) -> Result<(Vec<usize>, Vec<usize>), DataError> {
    let members = members_of_classes(dataset)?;
    let train_count = dataset.rows() - count;
    if members.len() > count.min(train_count) {
        return Err(fraction_error(
            held_out,
            format!(
                "a number that leaves both parts a row for each of the {} classes",
                members.len()
            ),
        ));
    }
    let sizes: Vec<usize> = members.iter().map(Vec::len).collect();
    let train_share = shares(&sizes, train_count, generator);
    let remaining: Vec<usize> = sizes.iter().zip(&train_share).map(|(n, t)| n - t).collect();
    let held_out_share = shares(&remaining, count, generator);

    let mut train = Vec::with_capacity(train_count);
    let mut rest = Vec::with_capacity(count);
    for (class, rows) in members.iter().enumerate() {
        let order = generator.permutation(rows.len());
        let mut chosen = order.into_iter().map(|index| rows[index]);
        train.extend(chosen.by_ref().take(train_share[class]));
        rest.extend(chosen.take(held_out_share[class]));
    }
    generator.shuffle(&mut train);
    generator.shuffle(&mut rest);
    Ok((train, rest))
}

/// The rows of each class that has any, in the order of the dataset.
fn members_of_classes(dataset: &Dataset) -> Result<Vec<Vec<usize>>, DataError> {
    let Targets::Classes { labels, names } = &dataset.targets else {
        return Err(stratified_error("`false` for targets that are no classes".to_owned()));
    };
    let mut members = vec![Vec::new(); names.len()];
    for (row, &label) in labels.iter().enumerate() {
        members[label].push(row);
    }
    if let Some(lonely) = members.iter().position(|rows| rows.len() == 1) {
        return Err(stratified_error(format!(
            "`false` here: class {} has a single row, which cannot be in both parts",
            names[lonely]
        )));
    }
    members.retain(|rows| !rows.is_empty());
    Ok(members)
}

fn stratified_error(allowed: String) -> DataError {
    DataError::NotAllowed { field: "stratified", found: "true".to_owned(), allowed }
}

/// How many of `draws` rows each class gives: its share rounded down, and one more for the classes
/// with the largest remainders. Ties are broken by the generator.
fn shares(sizes: &[usize], draws: usize, generator: &mut RandomState) -> Vec<usize> {
    let total: usize = sizes.iter().sum();
    let exact: Vec<f64> =
        sizes.iter().map(|&size| size as f64 / total as f64 * draws as f64).collect();
    let mut share: Vec<usize> = exact.iter().map(|x| x.floor() as usize).collect();
    let remainder: Vec<f64> = exact.iter().map(|x| x - x.floor()).collect();
    let mut missing = draws - share.iter().sum::<usize>();
    let mut levels = remainder.clone();
    levels.sort_by(|a, b| b.total_cmp(a));
    levels.dedup();
    for level in levels {
        if missing == 0 {
            break;
        }
        let tied: Vec<usize> = (0..sizes.len()).filter(|&i| remainder[i] == level).collect();
        let order = generator.permutation(tied.len());
        for &index in order.iter().take(missing) {
            share[tied[index]] += 1;
        }
        missing -= tied.len().min(missing);
    }
    share
}
