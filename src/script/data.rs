//! The part of a program that makes the rows: drawn by the source's own recipe or written out, then
//! split, scaled, and their targets turned into numbers.
//!
//! Invariant: the same rows in the same order as the lane's. Generated sources are drawn again;
//! tables (own points, CSV files, those that come with Downhill) stand in the program.

use crate::data::{self, Dataset, HeldOut, Opener, Scaling, Targets};

use super::lane::{Lane, Learning};
use super::text::{Code, comment, number, quoted, seed};
use super::{Part, ScriptError, table};

pub(super) fn parts(
    lane: &Lane<'_>,
    learning: &Learning<'_>,
    opener: &dyn Opener,
) -> Result<Vec<Part>, ScriptError> {
    let Some(task) = lane.experiment.learn() else { return Ok(Vec::new()) };
    let entry = task.data.entry();
    let generated = entry.card.is_some_and(|card| !card.numpy.trim().is_empty());
    let mut code = if generated {
        format!("{}\n\nX, y = data()\n", lane.rule(&task.data, None)?)
    } else {
        written_out(&data::load(&task.data, opener)?)?
    };
    code.put("print(f\"{len(X)} rows of {X.shape[1]} features\")\n");
    let words = format!("{}. {}", entry.label, entry.summary);
    let mut parts = vec![Part::new("The data", words, code)];
    parts.push(rows_part(learning, task.held_out, task.scale));
    Ok(parts)
}

/// A table as it was read, before it is split and scaled.
fn written_out(dataset: &Dataset) -> Result<String, ScriptError> {
    let mut code = comment(&format!(
        "{}: a row a line, its features in this order: {}.",
        dataset.name,
        dataset.feature_names.join(", ")
    ));
    code.put(table::matrix("X", &dataset.features.view())?);
    match &dataset.targets {
        Targets::Classes { labels, names } => {
            code.put(comment("The class of each row, by its place in the list of names."));
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            code.put(format!("class_names = [{}]\n", names.join(", ")));
            let labels = labels.mapv(|label| label as f64).insert_axis(ndarray::Axis(1));
            code.put(table::matrix("y", &labels.view())?);
            code.put("y = y[:, 0].astype(int)\n");
        }
        Targets::Values { values, .. } => {
            code.put(comment("What is to be predicted for each row."));
            code.put(table::matrix("y", &values.view())?);
        }
    }
    Ok(table::unpacker(&code).to_owned() + &code)
}

/// Which rows train, how they are scaled, and their targets as numbers.
fn rows_part(learning: &Learning<'_>, held_out: Option<HeldOut>, scale: Option<Scaling>) -> Part {
    let mut code = String::new();
    let parts: &[&str] = if held_out.is_some() { &["train", "held_out"] } else { &["train"] };
    match held_out {
        None => code.put("X_train, y_train = X, y\n"),
        Some(held_out) => code.put(split(held_out)),
    }
    match scale {
        None => {}
        Some(Scaling::Standard) => code.put(STANDARD),
        Some(Scaling::MinMax) => code.put(MIN_MAX),
    }
    if scale.is_some() {
        for part in parts {
            code.put(format!("X_{part} = (X_{part} - shift) / scale\n"));
        }
    }
    code.push('\n');
    code.put(reading(learning, parts));
    code.put(targets(learning, parts));
    code.put("\nX_train, T_train = X_train.astype(dtype), T_train.astype(dtype)\n");
    if held_out.is_some() {
        code.put("X_held_out, T_held_out = X_held_out.astype(dtype), T_held_out.astype(dtype)\n");
    }
    let mut words = String::from(match held_out {
        None => "All rows train.",
        Some(_) => {
            "Some rows are held out: no update sees them, so they tell how well the model does \
            on rows it has not learned from."
        }
    });
    if scale.is_some() {
        words.put(" Features are scaled, so that none counts more than another only for its unit.");
    }
    if scale.is_some() && held_out.is_some() {
        words.put(
            " The scaling is measured on the training rows alone and then applied to all, so that \
             nothing of the held-out rows leaks into training.",
        );
    }
    Part::new("Rows to train on", words, code)
}

fn split(held_out: HeldOut) -> String {
    let HeldOut { fraction, seed: own, stratified } = held_out;
    let head = format!(
        "generator = np.random.RandomState({})\ncount = math.ceil({} * len(X))\n",
        seed(own),
        number(fraction)
    );
    let choice = if stratified {
        STRATIFIED
    } else {
        "order = generator.permutation(len(X))\nheld_out, train = order[:count], order[count:]\n"
    };
    let rows = "X_train, y_train = X[train], y[train]\nX_held_out, y_held_out = X[held_out], y[held_out]\n";
    if stratified {
        format!("{STRATIFIED_SHARES}{head}{choice}{rows}")
    } else {
        format!("{head}{choice}{rows}")
    }
}

/// As scikit-learn's `StratifiedShuffleSplit` does it.
const STRATIFIED_SHARES: &str = "\
def shares(sizes, draws):
    \"\"\"How many of `draws` rows each class gives, as evenly as possible; ties are drawn.\"\"\"
    exact = sizes / sizes.sum() * draws
    share = np.floor(exact).astype(int)
    missing = draws - share.sum()
    remainder = exact - share
    for level in sorted(set(remainder), reverse=True):
        if missing <= 0:
            break
        tied = np.flatnonzero(remainder == level)
        share[generator.permutation(tied)[:missing]] += 1
        missing -= len(tied)
    return share


";

const STRATIFIED: &str = "\
members = [np.flatnonzero(y == label) for label in np.unique(y)]
sizes = np.array([len(rows) for rows in members])
train_share = shares(sizes, len(X) - count)
held_out_share = shares(sizes - train_share, count)
train, held_out = [], []
for rows, n, m in zip(members, train_share, held_out_share):
    rows = rows[generator.permutation(len(rows))]
    train.extend(rows[:n])
    held_out.extend(rows[n:n + m])
train, held_out = generator.permutation(train), generator.permutation(held_out)
";

const STANDARD: &str = "
# To mean 0 and standard deviation 1; a constant column is only shifted.
shift, variance = X_train.mean(axis=0), X_train.var(axis=0)
n, eps = len(X_train), np.finfo(float).eps
constant = variance <= n * eps * variance + (n * shift * eps) ** 2
scale = np.where(constant, 1.0, np.sqrt(variance))
";

const MIN_MAX: &str = "
# To the range 0 to 1; a constant column is only shifted.
shift, height = X_train.min(axis=0), X_train.max(axis=0) - X_train.min(axis=0)
scale = np.where(height < 10 * np.finfo(float).eps, 1.0, height)
";

/// Where the lane's loss reads targets in another way than the source gives them.
fn reading(learning: &Learning<'_>, parts: &[&str]) -> String {
    let mut code = String::new();
    for part in parts {
        if learning.targets().classes().is_some() {
            // Own points and tables may have numbers that are meant as classes.
            code.put(format!("y_{part} = y_{part}.reshape(len(y_{part})).astype(int)\n"));
        } else {
            code.put(format!("y_{part} = numbers_of(y_{part})\n"));
        }
    }
    if learning.targets().classes().is_some() { code } else { format!("{NUMBERS_OF}{code}") }
}

const NUMBERS_OF: &str = "\
def numbers_of(y):
    \"\"\"Targets as numbers, a row a row; classes that are called by numbers as those numbers.\"\"\"
    if y.ndim == 2:
        return y
    try:
        return np.array([[float(class_names[label])] for label in y])
    except ValueError:
        return y.reshape(-1, 1).astype(float)


";

fn targets(learning: &Learning<'_>, parts: &[&str]) -> String {
    let mut code = String::new();
    let width = learning.head().width;
    let (note, told): (&str, fn(&str, usize) -> String) = match learning.targets().classes() {
        None => ("", |part, _| format!("T_{part} = y_{part}\n")),
        Some(_) if width == 1 => {
            ("# One output: the target is the class itself, 0 or 1.\n", |part, _| {
                format!("T_{part} = y_{part}.reshape(-1, 1)\n")
            })
        }
        Some(_) => (
            "# One output a class: the target is 1 for the true class and 0 for the others.\n",
            |part, width| format!("T_{part} = np.eye({width})[y_{part}]\n"),
        ),
    };
    code.put(note);
    for part in parts {
        code.put(told(part, width));
    }
    code
}
