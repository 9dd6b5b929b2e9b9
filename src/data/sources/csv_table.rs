//! The user's own table, from a file.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Kind};
use crate::data::source::{Opener, SourceRow};
use crate::data::table::{self, Missing, TableOptions, TargetKind};
use crate::data::{DataError, Dataset, Sources, said_of_file};

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Csv",
        label: "CSV table",
        summary: "A table from a file: one row a sample, the first line names the columns.",
        details: "Columns of numbers become features as they are; columns of texts become one feature \
                  a category, 1 or 0. Comma, semicolon, tab and bar are recognised, and gzip. A \
                  cell that is empty, `NA`, `NaN`, `null`, `none` or `?` is a missing value. \
                  Columns without any value are left out. Features of very different size should \
                  be scaled: `scale: Standard`.",
        source: "",
        fields: &[
            Field {
                name: "path",
                label: "File",
                meaning: "Where the table is; a relative path starts from the experiment's folder.",
                kind: Kind::Text,
                default: Given::Nothing,
                live: false,
            },
            Field {
                name: "target",
                label: "Target",
                meaning: "The name of the column that is to be predicted.",
                kind: Kind::Text,
                default: Given::Nothing,
                live: false,
            },
            Field {
                name: "kind",
                label: "Target is",
                meaning: "Classes or values. Auto: texts are classes; so are whole numbers, if there \
                          are just two different ones, or at most twenty that come three times \
                          each on average; all else is values.",
                kind: Kind::Word(&["Auto", "Classes", "Values"]),
                default: Given::Text("Auto"),
                live: false,
            },
            Field {
                name: "missing",
                label: "Missing values",
                meaning: "DropRows leaves out each row that misses a value. Fill puts the mean of a \
                          column of numbers, or the most frequent text, over all rows, held-out \
                          ones too; only rows without a target are left out then.",
                kind: Kind::Word(&["DropRows", "Fill"]),
                default: Given::Text("DropRows"),
                live: false,
            },
            Field {
                name: "ignore",
                label: "Leave out",
                meaning: "Columns that must not be learned from, separated by commas: row numbers, \
                          names, anything that is known only after the target.",
                kind: Kind::Text,
                default: Given::Text(""),
                live: false,
            },
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "a row a sample, a column a feature; texts become a column a category, 0 or 1",
            shines: "Your own question: any table with a header, as spreadsheets write it.",
            hurts: "Whatever stands in it is learned from: row numbers, names, or a column that is \
                only known after the target. Leave such columns out.",
            differs: "pandas.read_csv leaves texts and missing values to you; here categories become \
                columns and rows with gaps are dropped or filled.",
            call: "pandas.read_csv({path})",
            numpy: "",
        }),
    },
    check,
    load,
};

fn check(source: &Chosen<Sources>) -> Result<(), DataError> {
    for (field, allowed) in
        [("path", "the path of a table"), ("target", "the name of one of its columns")]
    {
        if source.text(field).trim().is_empty() {
            return Err(DataError::NotAllowed {
                field,
                found: "nothing".to_owned(),
                allowed: allowed.to_owned(),
            });
        }
    }
    Ok(())
}

fn load(source: &Chosen<Sources>, opener: &dyn Opener) -> Result<Dataset, DataError> {
    let path = source.text("path");
    let file = opener.open(path).map_err(|error| DataError::Unreadable {
        path: path.to_owned(),
        reason: said_of_file(&error),
    })?;
    let options = TableOptions {
        name: path.rsplit(['/', '\\']).next().unwrap_or(path),
        path,
        target: source.text("target"),
        ignore: source.text("ignore"),
        missing: match source.text("missing") {
            "Fill" => Missing::Fill,
            _ => Missing::DropRows,
        },
        kind: match source.text("kind") {
            "Classes" => TargetKind::Classes,
            "Values" => TargetKind::Values,
            _ => TargetKind::Auto,
        },
    };
    table::dataset(file, &options)
}
