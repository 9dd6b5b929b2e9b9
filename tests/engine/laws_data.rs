//! What holds for all data: nothing a file contains makes the program panic, a split loses no row, a
//! scaling can be undone, an order visits every row.

use std::io::{self, Read};

use downhill::catalog::Chosen;
use downhill::data::{
    Dataset, HeldOut, Opener, Orders, RowOrder, Scaler, Scaling, Shuffle, Sources, Targets,
    csv_preview, load, split,
};
use ndarray::{Array1, Array2};
use proptest::prelude::*;

struct Contents(Vec<u8>);

impl Opener for Contents {
    fn open(&self, _path: &str) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(io::Cursor::new(self.0.clone())))
    }
}

fn table(fields: &str) -> Chosen<Sources> {
    ron::from_str(&format!("Csv(path: \"t.csv\", target: \"t\"{fields})")).expect("a source")
}

/// Every way to read the table ends in rows or in an error, and all rows are sound.
fn read_in_all_ways(bytes: &[u8]) {
    for fields in ["", ", missing: Fill", ", kind: Classes", ", kind: Values, missing: Fill"] {
        if let Ok(dataset) = load(&table(fields), &Contents(bytes.to_vec())) {
            assert!(dataset.features.iter().all(|x| x.is_finite()));
            assert_eq!(dataset.features.ncols(), dataset.feature_names.len());
            assert_eq!(dataset.rows(), dataset.targets.rows());
            assert!(dataset.rows() > 0);
        }
    }
    if let Ok(preview) = csv_preview(bytes, 20) {
        assert!(preview.rows.len() <= 20);
        assert!(preview.rows.iter().all(|row| row.len() == preview.headers.len()));
        assert!(preview.likely_target().is_none_or(|column| column < preview.headers.len()));
    }
}

fn classes(labels: Vec<usize>) -> Dataset {
    let count = labels.iter().max().map_or(1, |last| last + 1);
    let features = Array2::from_shape_fn((labels.len(), 1), |(row, _)| row as f64);
    let names = (0..count).map(|class| class.to_string()).collect();
    let targets = Targets::Classes { labels: Array1::from_vec(labels), names };
    Dataset::new("rows".to_owned(), features, vec!["x".to_owned()], targets).expect("rows")
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_in_all_ways(&bytes);
        let zipped: Vec<u8> = [0x1f, 0x8b].into_iter().chain(bytes).collect();
        read_in_all_ways(&zipped);
    }

    #[test]
    fn any_cells_are_read_or_refused(
        text in "(t|a),(t|b| )[,;]?\n(([0-9.,;\"\n]|-?[0-9]{1,3}|NA|nan|inf|x|y| |1e999|,|,|\n){0,60})",
    ) {
        read_in_all_ways(text.as_bytes());
    }

    #[test]
    fn cells_come_back_as_they_were_written(
        rows in prop::collection::vec(prop::collection::vec("[ -~é\n\r]{0,6}", 3), 1..12),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).expect("a header");
        for row in &rows {
            writer.write_record(row).expect("a row");
        }
        let bytes = writer.into_inner().expect("bytes");
        let preview = csv_preview(bytes.as_slice(), 100).expect("a preview");
        let trimmed: Vec<Vec<&str>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.trim()).collect()).collect();
        prop_assert_eq!(preview.rows, trimmed);
    }

    #[test]
    fn a_split_loses_no_row_and_repeats_none(
        labels in prop::collection::vec(0_usize..4, 1..80),
        fraction in 0.001_f64..0.999,
        seed in any::<u64>(),
        stratified in any::<bool>(),
    ) {
        let n = labels.len();
        let dataset = classes(labels.clone());
        let Ok(parts) = split(&dataset, Some(HeldOut { fraction, seed, stratified }), None) else {
            return Ok(());
        };
        prop_assert_eq!(parts.held_out_rows.len(), (fraction * n as f64).ceil() as usize);
        let mut all = parts.train_rows.clone();
        all.extend(&parts.held_out_rows);
        all.sort_unstable();
        prop_assert!(all.into_iter().eq(0..n));
        if stratified {
            for class in 0..4 {
                let of = |rows: &[usize]| rows.iter().filter(|row| labels[**row] == class).count();
                let exact = of(&parts.train_rows) as f64 + of(&parts.held_out_rows) as f64;
                let share = parts.held_out_rows.len() as f64 / n as f64 * exact;
                let off = (of(&parts.held_out_rows) as f64 - share).abs();
                prop_assert!(off <= 2.0, "class {}: off by {}", class, off);
            }
        }
    }

    #[test]
    fn a_scaling_can_be_undone(
        numbers in prop::collection::vec(-1e6_f64..1e6, 1..40),
        standard in any::<bool>(),
    ) {
        let features = Array2::from_shape_vec((numbers.len(), 1), numbers.clone()).expect("rows");
        let dataset = Dataset { features, ..classes(vec![0; numbers.len()]) };
        let scaling = if standard { Scaling::Standard } else { Scaling::MinMax };
        let scaler = Scaler::fit(scaling, &dataset).expect("a scaling");
        let mut scaled = dataset.features;
        scaler.transform(&mut scaled);
        if !standard {
            prop_assert!(scaled.iter().all(|x| (0.0..=1.0).contains(x)));
        }
        scaler.inverse(&mut scaled);
        for (back, x) in scaled.iter().zip(&numbers) {
            prop_assert!((back - x).abs() <= 1e-9 * x.abs().max(1.0), "{} became {}", x, back);
        }
    }

    #[test]
    fn an_order_visits_every_row(n in 1_usize..300, seed in any::<u64>(), epoch in any::<u64>()) {
        for shuffle in [Shuffle::Never, Shuffle::Once, Shuffle::EachEpoch] {
            let mut rows = vec![u32::MAX; n];
            let order = RowOrder::new(shuffle, seed, n);
            order.fill(epoch, &mut rows);
            if order.is_fixed() {
                let mut first = vec![u32::MAX; n];
                order.fill(0, &mut first);
                prop_assert_eq!(&rows, &first);
            }
            rows.sort_unstable();
            prop_assert!(rows.into_iter().eq(0..n as u32));
        }
        let order = RowOrder::new(Shuffle::EachEpoch, seed, n);
        let mut ahead = Orders::new(order);
        // On, back again, and far away.
        for epoch in (epoch / 2..).take(10).chain([epoch, 0, epoch]) {
            let (mut one, mut other) = (vec![u32::MAX; n], vec![u32::MAX; n]);
            order.fill(epoch, &mut one);
            ahead.fill(epoch, &mut other);
            prop_assert_eq!(one, other);
        }
        let mut rows = vec![u32::MAX; n];
        RowOrder::new(Shuffle::WithReplacement, seed, n).fill(epoch, &mut rows);
        prop_assert!(rows.into_iter().all(|row| (row as usize) < n));
    }
}

/// A gzip file that unpacks to far more than a table may hold is refused without being held.
#[test]
fn what_unpacks_without_end_is_refused() {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(b"a,t\n").expect("packed");
    let line = vec![b'1'; 1 << 20];
    for _ in 0..300 {
        packer.write_all(&line).expect("packed");
    }
    let error = load(&table(""), &Contents(packer.finish().expect("packed")));
    let message = error.expect_err("too large").to_string();
    assert!(message.contains("larger than the 256 MiB"), "{message}");
}

/// Numbers near the end of the range are refused where a sum or a square of them overflows.
#[test]
fn numbers_too_large_to_be_scaled_are_refused() {
    for scaling in [Scaling::Standard, Scaling::MinMax] {
        let mut dataset = classes(vec![0, 1, 0]);
        dataset.features =
            Array2::from_shape_vec((3, 1), vec![1e308, -1e308, 1e308]).expect("rows");
        let error = split(&dataset, None, Some(scaling)).expect_err("an overflow");
        assert!(error.to_string().contains("too large"), "{error}");
    }
}
