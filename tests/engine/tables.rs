//! Tables from files, bundled sets and rows in the experiment: what becomes of them, and what is
//! refused, with its place.

use std::io::{self, Read};
use std::sync::Arc;

use downhill::catalog::{Chosen, Family};
use downhill::data::{
    ColumnKind, DataError, Dataset, NoFiles, Opener, Sources, Split, Targets, check, csv_preview,
    load,
};
use downhill::experiment::TaskPlan;

fn source(text: &str) -> Chosen<Sources> {
    ron::from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// Gives the same contents for every path.
struct Contents(&'static [u8]);

impl Opener for Contents {
    fn open(&self, _path: &str) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(self.0))
    }
}

/// Loads a table with target `t` and more fields.
fn table(text: &'static str, fields: &str) -> Result<Dataset, DataError> {
    let target = if fields.contains("target") { "" } else { ", target: \"t\"" };
    let source = source(&format!("Csv(path: \"data/rows.csv\"{target}{fields})"));
    load(&source, &Contents(text.as_bytes()))
}

fn classes(dataset: &Dataset) -> (Vec<usize>, Vec<&str>) {
    match &dataset.targets {
        Targets::Classes { labels, names } => {
            (labels.to_vec(), names.iter().map(String::as_str).collect())
        }
        Targets::Values { .. } => panic!("values, not classes"),
    }
}

fn values(dataset: &Dataset) -> Vec<f64> {
    match &dataset.targets {
        Targets::Values { values, .. } => values.iter().copied().collect(),
        Targets::Classes { .. } => panic!("classes, not values"),
    }
}

fn row(dataset: &Dataset, row: usize) -> Vec<f64> {
    dataset.features.row(row).to_vec()
}

/// The table is refused with this message.
#[track_caller]
fn refused(text: &'static str, fields: &str, message: &str) {
    match table(text, fields) {
        Ok(dataset) => panic!("{text:?} was read: {dataset:?}"),
        Err(error) => assert_eq!(error.to_string(), message),
    }
}

#[test]
fn numbers_stay_and_texts_become_one_feature_a_category() {
    let text = "a,colour,t\n1,red,cat\n2.5, blue ,dog\n-3e1,red,ant\n";
    let dataset = table(text, "").expect("a table");
    assert_eq!(dataset.name, "rows.csv");
    assert_eq!(dataset.feature_names, ["a", "colour=blue", "colour=red"]);
    assert_eq!(row(&dataset, 0), [1.0, 0.0, 1.0]);
    assert_eq!(row(&dataset, 1), [2.5, 1.0, 0.0]);
    assert_eq!(row(&dataset, 2), [-30.0, 0.0, 1.0]);
    assert_eq!(classes(&dataset), (vec![1, 2, 0], vec!["ant", "cat", "dog"]));
}

#[test]
fn other_delimiters_marks_and_line_ends_are_understood() {
    let semicolons = "\u{feff}t;a b;\"c;d\"\r\n1,5;2,25;3\r\n2,5;1.5;4\r\n3;1;5\r\n";
    let dataset = table(semicolons, "").expect("semicolons and decimal commas");
    assert_eq!(dataset.feature_names, ["a b", "c;d"]);
    assert_eq!(row(&dataset, 0), [2.25, 3.0]);
    assert_eq!(values(&dataset), [1.5, 2.5, 3.0]);
    let returns = table("a,t\r1,0.5\r2,0.25\r", "").expect("carriage returns");
    assert_eq!(values(&returns), [0.5, 0.25]);
    let tabs = table("a\tt\n1\t0.5\n2\t0.25\n", "").expect("tabs");
    assert_eq!(values(&tabs), [0.5, 0.25]);
    let quoted = table("a,t\n\"1\",\"x\ny\"\n2,z\n", "").expect("quotes");
    assert_eq!(classes(&quoted).1, ["x\ny", "z"]);
}

#[test]
fn which_targets_are_classes_follows_the_stated_rule() {
    let two = "a,t\n1,1\n2,-1\n3,1\n";
    assert_eq!(classes(&table(two, "").expect("two numbers")), (vec![1, 0, 1], vec!["-1", "1"]));
    assert_eq!(values(&table(two, ", kind: Values").expect("as values")), [1.0, -1.0, 1.0]);
    let three = "a,t\n1,0\n2,1\n3,2\n";
    assert_eq!(values(&table(three, "").expect("too few of each")), [0.0, 1.0, 2.0]);
    assert_eq!(classes(&table(three, ", kind: Classes").expect("as classes")).0, [0, 1, 2]);
    let grades = "a,t\n1,10\n2,9\n3,10\n4,9\n5,2\n6,2.0\n7,2\n8,9\n9,10\n";
    let (labels, names) = (vec![2, 1, 2, 1, 0, 0, 0, 1, 2], vec!["2", "9", "10"]);
    assert_eq!(classes(&table(grades, "").expect("three of each")), (labels, names));
}

#[test]
fn missing_values_are_dropped_or_filled() {
    let text = "a,c,empty,t\n1,x,,u\nNA,x,,v\n5,?,,u\n3,y,,\n4,y,,v\n2,x,,v\n";
    let dropped = table(text, "").expect("rows left");
    assert_eq!(dropped.feature_names, ["a", "c=x", "c=y"], "the empty column is left out");
    assert_eq!(dropped.features.column(0).to_vec(), [1.0, 4.0, 2.0]);
    assert_eq!(classes(&dropped).0, [0, 1, 1]);
    let filled = table(text, ", missing: Fill").expect("rows left");
    assert_eq!(filled.features.column(0).to_vec(), [1.0, 3.0, 5.0, 4.0, 2.0]);
    assert_eq!(row(&filled, 2), [5.0, 1.0, 0.0], "x is the most frequent");
}

#[test]
fn a_table_may_be_gzipped() {
    let zipped = include_bytes!("../../assets/datasets/digits.csv.gz");
    let source = source("Csv(path: \"digits.csv.gz\", target: \"digit\")");
    let dataset = load(&source, &Contents(zipped)).expect("a zipped table");
    assert_eq!((dataset.rows(), dataset.width(), dataset.targets.classes()), (1797, 64, Some(10)));
}

#[test]
fn mistakes_are_named_with_line_and_column() {
    refused(
        "a,t\n1,x\n2,y\nthree,x\n4,y\n",
        "",
        "line 4, column `a`: `three` is not a number, as the other cells of the column are",
    );
    refused(
        "a,t\r\n1,x\r\n2,y\r\n\"3,000\",x\r\n",
        "",
        "line 4, column `a`: `3,000` is not a number; write numbers with a decimal point and \
         nothing between the thousands",
    );
    refused("a,t\n1,x\n1e999,y\n", "", "line 3, column `a`: `1e999` is not a finite number");
    refused("a,t\n1,x\n2\n", "", "line 3: this row has 1 cell, the header names 2 columns");
    refused("a,t\n\n\n1,x,5\n", "", "line 4: this row has 3 cells, the header names 2 columns");
    refused(
        "a,t\n1,0.5\n2,x\n",
        ", kind: Values",
        "line 3, column `t`: `x` is not a number, as the other cells of the column are",
    );
    refused(
        "1,2\n3,4\n",
        "",
        "line 1: this line holds only numbers: the first line must name the columns",
    );
    refused(
        "a,t\n\n\"1\",\"x\n\ny\"\n  \n\n2,\"z\n\"\nq,\"\n\n\"",
        "",
        "line 10, column `a`: `q` is not a number, as the other cells of the column are",
    );
    refused("a,t\r1,x\r2\r", "", "line 3: this row has 1 cell, the header names 2 columns");
    refused("", "", "the file is empty: its first line names the columns");
    refused("a,t\n", "", "there are no rows");
    refused("a,t\n,1\n2,\n", "", "there are no rows left: each of them has a missing value");
    refused("a,target\n1,2\n", "", "the table has no column `t`: its columns are a, target");
    refused(
        "a,b,target\n1,2,3\n",
        ", target: \"tagret\"",
        "the table has no column `tagret`: did you mean `target`?",
    );
    refused(
        "a,t\n1,2\n",
        ", ignore: \"b\"",
        "`ignore` takes names of columns, separated by commas (its columns are a, t), not b",
    );
    refused(
        "a,t\n1,2\n",
        ", ignore: \"a\"",
        "column `t`: there is no other column with values to predict this one from",
    );
    refused(
        "a,t\n1,x\n2,x\n",
        "",
        "column `t`: every row has the same class `x` (2 rows), so there is nothing to tell apart",
    );
}

#[test]
fn what_is_no_text_is_refused() {
    let csv = source("Csv(path: \"a.xlsx\", target: \"t\")");
    for contents in [b"PK\x03\x04rest".as_slice(), b"a,t\n\0,1\n"] {
        let error = load(&csv, &Contents(contents)).expect_err("no text");
        assert!(error.to_string().contains("save the table as CSV"), "{error}");
    }
    let error = load(&csv, &Contents(b"a,t\n\xff\xfe,1\n")).expect_err("not UTF-8");
    assert_eq!(error.to_string(), "line 2: cell 1 is not UTF-8 text: save the table in UTF-8");
    let error = load(&csv, &Contents(&[0x1f, 0x8b, 1, 2, 3])).expect_err("broken gzip");
    assert!(matches!(error, DataError::Unreadable { .. }), "{error}");
    let error = load(&csv, &NoFiles).expect_err("no files");
    assert_eq!(error.field(), Some("path"));
}

#[test]
fn many_different_texts_are_refused_as_a_feature() {
    let rows: Vec<String> = (0..101).map(|row| format!("person {row},{}", row % 2)).collect();
    let text = format!("name,t\n{}\n", rows.join("\n"));
    let error = table(text.leak(), "").expect_err("too many");
    assert!(error.to_string().starts_with("column `name`: 101 different texts"), "{error}");
}

#[test]
fn a_preview_shows_rows_and_what_columns_hold() {
    let text = "id,species,mass,note\n1,a,2.5,\n2,b,x,\n3,a,4,\n";
    let preview = csv_preview(text.as_bytes(), 2).expect("a preview");
    assert_eq!(preview.headers, ["id", "species", "mass", "note"]);
    assert_eq!(preview.rows, [["1", "a", "2.5", ""], ["2", "b", "x", ""]]);
    let kinds = [ColumnKind::Number, ColumnKind::Text, ColumnKind::Mixed, ColumnKind::Empty];
    assert_eq!(preview.kinds, kinds);
    assert_eq!(preview.likely_target(), Some(1));
}

#[test]
fn bundled_sets_are_scikit_learns_rows() {
    let iris = load(&source("Iris"), &NoFiles).expect("iris");
    let sums: Vec<f64> = iris.features.columns().into_iter().map(|column| column.sum()).collect();
    for (ours, theirs) in sums.iter().zip([876.5, 458.6, 563.7, 179.9]) {
        assert!((ours - theirs).abs() < 1e-9, "{sums:?}");
    }
    let (labels, names) = classes(&iris);
    assert_eq!(names, ["setosa", "versicolor", "virginica"]);
    assert!(labels.into_iter().eq((0..150).map(|row| row / 50)));

    let digits = load(&source("Digits"), &NoFiles).expect("digits");
    let (labels, names) = classes(&digits);
    assert_eq!(digits.features.sum(), 561_718.0);
    assert_eq!(labels.iter().sum::<usize>(), 8070);
    assert_eq!(names, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert_eq!(row(&digits, 1)[..8], [0.0, 0.0, 0.0, 12.0, 13.0, 5.0, 0.0, 0.0]);

    let penguins = load(&source("Penguins"), &NoFiles).expect("penguins");
    assert_eq!((penguins.rows(), penguins.width()), (342, 4));
    assert_eq!(classes(&penguins).1, ["Adelie", "Chinstrap", "Gentoo"]);
}

#[test]
fn inline_targets_are_classes_or_values_as_the_loss_asks() {
    let load = |text: &str| load(&source(text), &NoFiles);
    let xor = load("Inline(rows: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0])");
    let xor = xor.expect("inline rows");
    assert_eq!(classes(&xor), (vec![0, 1, 1, 0], vec!["0", "1"]));
    let as_values = Dataset { targets: xor.targets.to_values(), ..xor };
    assert_eq!(values(&as_values), [0.0, 1.0, 1.0, 0.0]);
    let line = load("Inline(rows: [[1], [3]], targets: [1, 3])").expect("inline rows");
    assert_eq!(values(&line), [1.0, 3.0], "no row has the classes 0 and 2");
    assert_eq!(line.targets.to_classes().expect("classes").classes(), Some(4));
    let pairs = load("Inline(rows: [[1], [3]], targets: [[1, 2], [3, 4.5]])").expect("pairs");
    assert_eq!(values(&pairs), [1.0, 2.0, 3.0, 4.5]);
    assert!(pairs.targets.to_classes().is_err());
}

#[test]
fn fields_that_disagree_are_refused_by_name_before_any_row_is_made() {
    for (text, field) in [
        ("Blobs(samples: 3, centers: 4)", "samples"),
        ("Blobs(samples: 10000000, features: 10000)", "samples"),
        ("Blobs(samples: 99999999)", "samples"),
        ("Blobs(samples: 0)", "samples"),
        ("Moons(noise: -1.0)", "noise"),
        ("Regression(features: 10000, targets: 10000)", "features"),
        ("Classification(features: 3, informative: 2, redundant: 2)", "features"),
        ("Classification(features: 5, informative: 1, redundant: 0, classes: 3)", "informative"),
        ("GaussianQuantiles(samples: 2, classes: 3)", "samples"),
        ("Spirals(samples: 1)", "samples"),
        ("Inline(rows: [], targets: [])", "rows"),
        ("Inline(rows: [[1.0]], targets: [1, 2])", "targets"),
        ("Csv(path: \"\", target: \"t\")", "path"),
    ] {
        let error = check(&source(text)).expect_err(text);
        assert_eq!(error.field(), Some(field), "{text}: {error}");
    }
}

#[test]
fn every_source_with_defaults_loads() {
    for entry in Sources::entries() {
        if entry.fields.iter().any(|f| f.default == downhill::catalog::Given::Nothing) {
            continue;
        }
        let dataset = load(&Chosen::of(entry), &NoFiles);
        let dataset = dataset.unwrap_or_else(|e| panic!("{}: {e}", entry.name));
        assert!(dataset.rows() >= 100, "{}", entry.name);
    }
}

#[test]
fn each_lanes_loss_reads_open_targets_its_own_way() {
    let text = r#"(version: 1, task: Learn(
        data: Inline(rows: [[0], [1], [2], [3], [4], [5]], targets: [0, 1, 2, 0, 1, 2]),
        held_out: (fraction: 0.3),
        loss: MeanSquaredError,
    ), lanes: [
        (name: "numbers", optimizer: Sgd(learning_rate: 0.01)),
        (name: "classes", optimizer: Sgd(learning_rate: 0.01), loss: CrossEntropy),
        (name: "classes too", optimizer: Adam(learning_rate: 0.01), loss: CrossEntropy),
    ])"#;
    let prepare = |text: &str| {
        let valid = downhill::experiment::check(text).unwrap_or_else(|p| panic!("{p:?}"));
        let plans = valid.prepare(&NoFiles).unwrap_or_else(|p| panic!("{p:?}"));
        plans.into_iter().map(|plan| match plan.task {
            TaskPlan::Learn(learn) => learn.split,
            TaskPlan::Surface { .. } => panic!("no surface"),
        })
    };
    let splits: Vec<_> = prepare(text).collect();
    let classes = |split: &Split| {
        let held_out = split.held_out.as_ref().expect("held-out rows");
        assert_eq!(split.train.targets.classes(), held_out.targets.classes());
        split.train.targets.classes()
    };
    assert_eq!(classes(&splits[0]), None);
    assert_eq!(classes(&splits[1]), Some(3));
    assert!(Arc::ptr_eq(&splits[1], &splits[2]), "lanes share their rows");
    let gap = text.replace("[0, 1, 2, 0, 1, 2]", "[0, 1, 3, 0, 1, 3]");
    let splits: Vec<_> = prepare(&gap).collect();
    assert_eq!((classes(&splits[0]), classes(&splits[1])), (None, Some(4)));
    let text = text.replace("[0, 1, 2, 0, 1, 2]", "[0, 1, 1, 0, 1, 1]");
    assert!(prepare(&text).all(|split| classes(&split) == Some(2)));
}
