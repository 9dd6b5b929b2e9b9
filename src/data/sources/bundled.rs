//! Small real datasets that come with the program.
//!
//! The files stand in `assets/datasets`, each with a notice of where it comes from and under which
//! licence.

use crate::catalog::{Card, Chosen, Entry, Form};
use crate::data::source::SourceRow;
use crate::data::table::{self, Missing, TableOptions, TargetKind};
use crate::data::{DataError, Dataset, Sources};

pub(in crate::data) static IRIS: SourceRow = SourceRow {
    entry: Entry {
        name: "Iris",
        label: "Iris",
        summary: "150 iris flowers of three species, by four measurements of their leaves.",
        details: "The classic of classics (Fisher, 1936). Setosa stands apart; versicolor and \
                  virginica overlap a little, so that the last few flowers stay wrong. All four \
                  features are in centimetres and need no scaling to learn from.",
        source: "Fisher (1936), the copy of scikit-learn; assets/datasets/iris.NOTICE.txt",
        fields: &[],
        form: Form::Named,
        card: Some(&Card {
            equation: "150 flowers, 4 lengths in cm, 3 species, 50 each",
            shines: "Known to everybody, small enough to be looked at row by row, and learned in a \
                second.",
            hurts: "With 150 rows one held-out flower is a percent or more: differences between \
                lanes of a few flowers mean nothing.",
            differs: "The copy of scikit-learn, in which two rows that differ from Fisher's paper in \
                the UCI copy are right.",
            call: "sklearn.datasets.load_iris(return_X_y=True)",
            numpy: "",
        }),
    },
    check: |_| Ok(()),
    load: |source, _| {
        bundled(source, include_bytes!("../../../assets/datasets/iris.csv"), "species", "")
    },
};

pub(in crate::data) static PENGUINS: SourceRow = SourceRow {
    entry: Entry {
        name: "Penguins",
        label: "Palmer penguins",
        summary: "342 penguins of three species, by bill, flipper and body mass.",
        details: "The four measurements differ widely in size (bill depth about 17, body mass about \
                  4200), so that learning stumbles without `scale: Standard`: worth seeing once. \
                  Island, sex and year are left out, and two penguins without measurements.",
        source: "Gorman, Williams & Fraser (2014); Horst, Hill & Gorman (2020), CC0; \
                 assets/datasets/penguins.NOTICE.txt",
        fields: &[],
        form: Form::Named,
        card: Some(&Card {
            equation: "342 penguins, 4 measurements, 3 species of 151, 68 and 123",
            shines: "Features of very different size: the plainest demonstration of what scaling is \
                for.",
            hurts: "Without `scale: Standard` the body mass drowns everything else, and learning \
                crawls or diverges.",
            differs: "The table of palmerpenguins without island, sex and year, and without the two \
                birds that were not measured.",
            call: "seaborn.load_dataset(\"penguins\")",
            numpy: "",
        }),
    },
    check: |_| Ok(()),
    load: |source, _| {
        let file = include_bytes!("../../../assets/datasets/penguins.csv");
        bundled(source, file, "species", "island, sex, year")
    },
};

pub(in crate::data) static DIGITS: SourceRow = SourceRow {
    entry: Entry {
        name: "Digits",
        label: "Handwritten digits",
        summary: "1797 handwritten digits as images of 8×8 grey pixels, ten classes.",
        details: "Each of the 64 features is a pixel from 0 to 16; `scale: MinMax` brings them to 0 \
                  to 1. A linear model reaches about 96 % on held-out digits, a small net about \
                  98 %.",
        source: "Alpaydin & Kaynak (1998), UCI, CC BY 4.0, the copy of scikit-learn; \
                 assets/datasets/digits.NOTICE.txt",
        fields: &[],
        form: Form::Named,
        card: Some(&Card {
            equation: "1797 images of 8 × 8 pixels from 0 to 16, 10 digits",
            shines: "The smallest real images: a linear model already reads most of them, so each \
                percent beyond is earned.",
            hurts: "Far from modern images: no shifts, no colour. Unscaled pixels up to 16 ask for \
                small learning rates.",
            differs: "The copy of scikit-learn: the test part of the UCI set. MNIST has 28 × 28 \
                pixels and 70,000 rows.",
            call: "sklearn.datasets.load_digits(return_X_y=True)",
            numpy: "",
        }),
    },
    check: |_| Ok(()),
    load: |source, _| {
        bundled(source, include_bytes!("../../../assets/datasets/digits.csv.gz"), "digit", "")
    },
};

fn bundled(
    source: &Chosen<Sources>,
    file: &[u8],
    target: &str,
    ignore: &str,
) -> Result<Dataset, DataError> {
    let options = TableOptions {
        name: source.entry().label,
        path: source.name(),
        target,
        ignore,
        missing: Missing::DropRows,
        kind: TargetKind::Classes,
    };
    table::dataset(file, &options)
}
