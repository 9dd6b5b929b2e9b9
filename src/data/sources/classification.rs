//! Clusters at the corners of a hypercube: scikit-learn's `make_classification`.

use std::collections::HashSet;

use ndarray::{Array2, ArrayViewMut2, Axis, s};

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::data::limits::{MAX_FEATURES, check_size};
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources};
use crate::numeric::RandomState;

use super::common;

const fn count(
    name: &'static str,
    label: &'static str,
    meaning: &'static str,
    range: [u64; 2],
    default: u64,
) -> Field {
    let [min, max] = range;
    Field {
        name,
        label,
        meaning,
        kind: Kind::Integer { min, max, scale: Scale::Linear(min as f64, 20.0) },
        default: Given::Integer(default),
        live: false,
    }
}

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Classification",
        label: "Classification",
        summary: "Clusters at the corners of a hypercube, among features that help and that do not.",
        details: "A task as real tables have it: some features carry the class, some repeat it in \
                  other words, the rest is noise, and a part of the labels is simply wrong. A good \
                  model finds the first and ignores the others.",
        source: "scikit-learn, sklearn.datasets.make_classification: the same rows within rounding",
        fields: &[
            common::samples(200),
            count("features", "Features", "How many numbers a row has.", [1, MAX_FEATURES], 10),
            count(
                "informative",
                "Informative",
                "How many features carry the class. With k of them there are 2^k corners.",
                [1, 30],
                2,
            ),
            count(
                "redundant",
                "Redundant",
                "How many features are random mixtures of the informative ones.",
                [0, MAX_FEATURES],
                2,
            ),
            count(
                "repeated",
                "Repeated",
                "How many features are copies of informative or redundant ones.",
                [0, MAX_FEATURES],
                0,
            ),
            count("classes", "Classes", "How many classes.", [1, 1000], 2),
            count(
                "clusters_per_class",
                "Clusters a class",
                "How many corners each class has; above 1 no line separates them.",
                [1, 1000],
                2,
            ),
            Field {
                name: "class_sep",
                label: "Separation",
                meaning: "Half the side of the hypercube. Larger is easier.",
                kind: Kind::Number(Interval::closed(0.0, 1e6), Scale::Linear(0.1, 4.0)),
                default: Given::Number(1.0),
                live: false,
            },
            Field {
                name: "flip_y",
                label: "Wrong labels",
                meaning: "The part of the rows that get a class at random.",
                kind: Kind::Number(Interval::UNIT, Scale::Linear(0.0, 0.5)),
                default: Given::Number(0.01),
                live: false,
            },
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "x = corner + A · N(0, 1), A ~ uniform(−1, 1)\nredundant = B · informative; the rest is noise; a part of the labels is drawn anew",
            shines: "Looks like a real table: useful features, mixtures of them, useless ones and \
                wrong labels, each as many as you like.",
            hurts: "With more than one cluster a class no line separates the classes. A small \
                class_sep beside many noisy features cannot be learned from few rows.",
            differs: "scikit-learn's own, draw for draw, with equal weights for all classes; \
                features agree within rounding, since matrix products add in another order.",
            call: "sklearn.datasets.make_classification(n_samples={samples}, n_features={features}, n_informative={informative}, n_redundant={redundant}, n_repeated={repeated}, n_classes={classes}, n_clusters_per_class={clusters_per_class}, class_sep={class_sep}, flip_y={flip_y}, random_state={seed})",
            numpy: "\
def choose(rng, population, count):
    if 0.01 < count / population < 0.99:
        return rng.permutation(population)[:count]
    if count / population < 0.2:
        chosen = []
        while len(chosen) < count:
            number = rng.randint(population)
            if number not in chosen:
                chosen.append(number)
        return chosen
    chosen = list(range(count))
    for number in range(count, population):
        place = rng.randint(number + 1)
        if place < count:
            chosen[place] = number
    return chosen


def data():
    n, informative, redundant, repeated = {samples}, {informative}, {redundant}, {repeated}
    rng = np.random.RandomState({seed})
    X, y = np.zeros((n, {features})), np.zeros(n, dtype=int)
    clusters = {classes} * {clusters_per_class}
    share = int(n * (1.0 / {classes}) / {clusters_per_class})
    corners = choose(rng, 2**informative, clusters)
    X[:, :informative] = rng.standard_normal((n, informative))
    left, start = n - share * clusters, 0
    for cluster, corner in enumerate(corners):
        stop = start + share + left // clusters + (cluster < left % clusters)
        y[start:stop] = cluster % {classes}
        A = 2 * rng.uniform(size=(informative, informative)) - 1
        bits = np.array([(corner >> (informative - 1 - i)) & 1 for i in range(informative)])
        X[start:stop, :informative] = X[start:stop, :informative] @ A
        X[start:stop, :informative] += bits * (2 * {class_sep}) - {class_sep}
        start = stop
    meaningful = informative + redundant
    if redundant > 0:
        B = 2 * rng.uniform(size=(informative, redundant)) - 1
        X[:, informative:meaningful] = X[:, :informative] @ B
    copied = ((meaningful - 1) * rng.uniform(size=repeated) + 0.5).astype(int)
    X[:, meaningful:meaningful + repeated] = X[:, copied]
    rest = {features} - meaningful - repeated
    X[:, meaningful + repeated:] = rng.standard_normal((n, rest))
    wrong = rng.uniform(size=n) < {flip_y}
    y[wrong] = rng.randint({classes}, size=wrong.sum())
    order = rng.permutation(n)
    X, y = X[order], y[order]
    return X[:, rng.permutation({features})], y
",
        }),
    },
    check,
    load,
};

fn check(source: &Chosen<Sources>) -> Result<(), DataError> {
    let features = source.integer("features");
    let used = ["informative", "redundant", "repeated"].map(|name| source.integer(name));
    if used.iter().sum::<u64>() > features {
        return Err(DataError::NotAllowed {
            field: "features",
            found: features.to_string(),
            allowed: format!(
                "at least the {} that are informative, redundant or repeated",
                used.iter().sum::<u64>()
            ),
        });
    }
    let clusters = source.integer("classes") * source.integer("clusters_per_class");
    if clusters > 1 << used[0] {
        return Err(DataError::NotAllowed {
            field: "informative",
            found: used[0].to_string(),
            allowed: format!("as many features as {clusters} clusters need corners for, 2^k"),
        });
    }
    common::needs_samples(source, clusters, "one a cluster")?;
    check_size(Some("samples"), source.integer("samples"), features)
}

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let size = |name: &str| source.integer(name) as usize;
    let (samples, width, informative) = (size("samples"), size("features"), size("informative"));
    let (redundant, repeated, classes) = (size("redundant"), size("repeated"), size("classes"));
    let mut generator = common::generator(source);
    let mut features = Array2::zeros((samples, width));

    let mut labels = clusters(source, &mut generator, features.slice_mut(s![.., ..informative]));
    if redundant > 0 {
        let mixture = signed_uniform(&mut generator, informative, redundant);
        let mixed = features.slice(s![.., ..informative]).dot(&mixture);
        features.slice_mut(s![.., informative..informative + redundant]).assign(&mixed);
    }
    let meaningful = informative + redundant;
    let copied: Vec<usize> = (0..repeated)
        .map(|_| ((meaningful - 1) as f64 * generator.uniform(0.0, 1.0) + 0.5) as usize)
        .collect();
    for (offset, from) in copied.into_iter().enumerate() {
        let column = features.column(from).to_owned();
        features.column_mut(meaningful + offset).assign(&column);
    }
    for x in features.slice_mut(s![.., meaningful + repeated..]) {
        *x = generator.standard_normal();
    }

    let flip = source.number("flip_y");
    let wrong: Vec<bool> = (0..samples).map(|_| generator.uniform(0.0, 1.0) < flip).collect();
    for (label, _) in labels.iter_mut().zip(wrong).filter(|(_, wrong)| *wrong) {
        *label = generator.bounded(classes as u64 - 1) as usize;
    }

    let (features, labels) = common::shuffled(&mut generator, &features, &labels);
    let columns = generator.permutation(width);
    common::classes(source, features.select(Axis(1), &columns), labels, classes)
}

/// Fills the informative features, cluster by cluster, and gives each row's class.
fn clusters(
    source: &Chosen<Sources>,
    generator: &mut RandomState,
    mut features: ArrayViewMut2<f64>,
) -> Vec<usize> {
    let (samples, informative) = features.dim();
    let classes = source.integer("classes") as usize;
    let per_class = source.integer("clusters_per_class") as usize;
    let count = classes * per_class;
    let share = (samples as f64 * (1.0 / classes as f64) / per_class as f64) as usize;
    let left = samples - share * count;

    let corners = sample_without_replacement(generator, 1 << informative, count);
    for x in &mut features {
        *x = generator.standard_normal();
    }
    let separation = source.number("class_sep");
    let mut labels = Vec::with_capacity(samples);
    for (cluster, corner) in corners.into_iter().enumerate() {
        let start = labels.len();
        let rows = share + left / count + usize::from(cluster < left % count);
        labels.resize(start + rows, cluster % classes);
        let covariance = signed_uniform(generator, informative, informative);
        let mut members = features.slice_mut(s![start..start + rows, ..]);
        let mut spread = members.dot(&covariance);
        for (column, mut values) in spread.columns_mut().into_iter().enumerate() {
            let bit = (corner >> (informative - 1 - column)) & 1;
            values += bit as f64 * (2.0 * separation) - separation;
        }
        members.assign(&spread);
    }
    labels
}

/// Numbers from −1 to 1.
fn signed_uniform(generator: &mut RandomState, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_simple_fn((rows, columns), || 2.0 * generator.uniform(0.0, 1.0) - 1.0)
}

/// `count` different numbers below `population`, as scikit-learn's `sample_without_replacement`
/// chooses them: by permutation, by drawing again, or from a reservoir, depending on how many.
fn sample_without_replacement(
    generator: &mut RandomState,
    population: usize,
    count: usize,
) -> Vec<usize> {
    let ratio = count as f64 / population as f64;
    if ratio > 0.01 && ratio < 0.99 {
        let mut order = generator.permutation(population);
        order.truncate(count);
        return order;
    }
    if ratio < 0.2 {
        let mut seen = HashSet::new();
        let mut draw = || loop {
            let number = generator.bounded(population as u64 - 1) as usize;
            if seen.insert(number) {
                return number;
            }
        };
        return (0..count).map(|_| draw()).collect();
    }
    let mut chosen: Vec<usize> = (0..count).collect();
    for number in count..population {
        let place = generator.bounded(number as u64) as usize;
        if place < count {
            chosen[place] = number;
        }
    }
    chosen
}
