//! Laws of the series, against brute force.

use proptest::prelude::*;

use super::*;
use crate::numeric::Precision;
use crate::train::{LossSink, SEGMENT_LEN};

/// A series of the given samples in segments of `capacity`.
fn series_of(samples: &[f64], capacity: usize) -> Series {
    let mut series = Series::new();
    append(&mut series, samples, capacity);
    series
}

fn append(series: &mut Series, samples: &[f64], capacity: usize) {
    let mut first = series.len();
    for part in samples.chunks(capacity) {
        let segment = Arc::new(Segment::with_capacity(Precision::F64, capacity));
        for (i, x) in part.iter().enumerate() {
            segment.store_bits(i, x.to_bits());
        }
        segment.publish(part.len());
        series.adopt(first, segment);
        first += part.len() as u64;
    }
    series.refresh();
}

/// A segment of just these samples.
fn segment_of(samples: &[f64]) -> Arc<Segment> {
    let segment = Segment::with_capacity(Precision::F64, samples.len());
    for (i, x) in samples.iter().enumerate() {
        segment.store_bits(i, x.to_bits());
    }
    segment.publish(samples.len());
    Arc::new(segment)
}

/// The bucket of `samples[start..end]` by looking at each.
fn brute(samples: &[f64], start: u64, end: u64) -> (f64, f64, u64, u64) {
    let part = &samples[start as usize..end as usize];
    let finite = part.iter().copied().filter(|x| x.is_finite());
    let min = finite.clone().fold(f64::INFINITY, f64::min);
    let max = finite.clone().fold(f64::NEG_INFINITY, f64::max);
    let count = finite.count() as u64;
    (min, max, count, part.len() as u64 - count)
}

fn assert_all_exact(samples: &[f64], buckets: &[Bucket]) {
    for bucket in buckets {
        assert_exact(samples, bucket);
    }
}

fn assert_exact(samples: &[f64], bucket: &Bucket) {
    let (min, max, finite, non_finite) = brute(samples, bucket.first_step, bucket.last_step + 1);
    assert_eq!((bucket.finite, bucket.non_finite), (finite, non_finite), "{bucket:?}");
    if finite > 0 {
        assert_eq!((bucket.min, bucket.max), (min, max), "{bucket:?}");
        assert!(bucket.min <= bucket.mean && bucket.mean <= bucket.max, "{bucket:?}");
    } else {
        assert!(bucket.min.is_nan() && bucket.max.is_nan() && bucket.mean.is_nan());
    }
    assert_eq!(bucket.breaks, !samples[bucket.last_step as usize].is_finite(), "{bucket:?}");
}

fn sample() -> impl Strategy<Value = f64> {
    prop_oneof![
        20 => -1e3..1e3_f64,
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_range_and_view_equals_brute_force(
        samples in prop::collection::vec(sample(), 1..3000),
        capacity in 1..700_usize,
        ends in prop::collection::vec((0..3000_u64, 0..3000_u64, 1..80_usize), 12),
    ) {
        let series = series_of(&samples, capacity);
        let mut out = Vec::new();
        for (a, b, columns) in ends {
            let len = samples.len() as u64;
            let (a, b) = (a.min(b).min(len), a.max(b).min(len));
            let bucket = series.range(a..b);
            prop_assert_eq!(bucket.is_none(), a == b);
            assert_all_exact(&samples, bucket.as_slice());
            series.view(a..b, columns, &mut out);
            prop_assert!(out.len() <= columns + 2);
            assert_all_exact(&samples, &out);
            let mut next = out.first().map_or(a, |bucket| bucket.first_step);
            prop_assert!(next <= a);
            for bucket in &out {
                prop_assert_eq!(bucket.first_step, next);
                next = bucket.last_step + 1;
            }
            prop_assert!(next >= b);
        }
    }

    #[test]
    fn a_branch_shares_what_came_before_and_replaces_what_came_after(
        samples in prop::collection::vec(sample(), 1..2000),
        back in 0..2000_usize,
        more in prop::collection::vec(sample(), 0..2000),
        capacity in 1..500_usize,
    ) {
        let mut series = series_of(&samples, capacity);
        let older = series.clone();
        let back = back.min(samples.len());
        series.truncate(back as u64);
        prop_assert_eq!(series.len(), back as u64);
        append(&mut series, &more, capacity);
        let expected: Vec<f64> = samples[..back].iter().chain(&more).copied().collect();
        prop_assert_eq!(series.len(), expected.len() as u64);
        let mut out = Vec::new();
        for columns in [1, 7, 100] {
            series.view(0..expected.len() as u64, columns, &mut out);
            assert_all_exact(&expected, &out);
            older.view(0..samples.len() as u64, columns, &mut out);
            assert_all_exact(&samples, &out);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_that_are_kept_are_those_that_would_be_found_anew(
        samples in prop::collection::vec(sample(), 1..2000),
        turns in prop::collection::vec((0..2000_u64, prop::bool::weighted(0.3), 1..300_usize), 1..40),
        start in 0..500_u64,
        columns in 1..60_usize,
    ) {
        let mut series = Series::new();
        let (mut kept, mut out) = (Columns::default(), Vec::new());
        let said = |buckets: &[Bucket]| buckets.iter().map(|b| format!("{b:?}")).collect::<Vec<_>>();
        for (place, goes_back, count) in turns {
            if goes_back {
                series.truncate(place);
            }
            append(&mut series, &samples[..count.min(samples.len())], 100);
            let before = said(kept.buckets());
            let steps = start..series.len().max(1_000);
            series.look(steps.clone(), columns, &mut kept);
            series.view(steps, columns, &mut out);
            let now = said(kept.buckets());
            prop_assert_eq!(&now, &said(&out));
            prop_assert_eq!(&now[..kept.fresh()], &before[..kept.fresh()]);
        }
    }
}

#[test]
fn columns_of_a_run_that_goes_on_are_folded_once() {
    let mut series = series_of(&vec![1.0; 5_000], 1_000);
    let mut other = series.clone();
    let mut kept = Columns::default();
    series.look(0..10_000, 100, &mut kept);
    assert_eq!((kept.buckets().len(), kept.fresh()), (40, 0));
    append(&mut series, &vec![2.0; 1_000], 1_000);
    series.look(0..10_000, 100, &mut kept);
    // The column that was only partly there is folded again.
    assert_eq!((kept.buckets().len(), kept.fresh()), (47, 39));
    append(&mut other, &vec![3.0; 1_000], 1_000);
    other.look(0..10_000, 100, &mut kept);
    assert_eq!(kept.fresh(), 0, "a copy goes its own way");
    assert_eq!(kept.buckets().last().map(|bucket| bucket.max), Some(3.0));
}

#[test]
fn a_view_that_is_moved_keeps_what_it_still_shows() {
    let samples: Vec<f64> = (0..20_000).map(|i| f64::from((i * 7919) % 1009)).collect();
    let series = series_of(&samples, 1_000);
    let (mut kept, mut out) = (Columns::default(), Vec::new());
    // To and fro, and wider and narrower.
    for (from, to) in [(4_000, 9_000), (5_000, 9_900), (3_000, 9_000), (0, 20_000), (3_000, 8_000)]
    {
        series.look(from..to, 300, &mut kept);
        series.view(from..to, 300, &mut out);
        assert_eq!(kept.buckets(), out, "{from} to {to}");
    }
}

#[test]
fn what_the_writer_summarised_is_what_would_be_found_anew() {
    let value = |step: u64| if step == 70_000 { f64::NAN } else { ((step * 7919) % 1009) as f64 };
    let (mut series, mut plain) = (Series::new(), Series::new());
    let mut first = 0;
    // Back to a step that is no multiple of a summary's length, and to one that is.
    for (until, back) in [(70_500, 12_345), (90_000, 64_000), (150_000, 150_000)] {
        let mut samples = Vec::new();
        while first < until {
            let sink = LossSink::new(first, Precision::F32);
            let end = sink.end().min(until);
            (first..end).for_each(|step| sink.store(step, value(step)));
            samples.extend((first..end).map(value));
            sink.publish(end);
            sink.segment().summarise();
            series.adopt(first, Arc::clone(sink.segment()));
            first = end;
        }
        series.refresh();
        append(&mut plain, &samples, 1_000);
        assert_eq!(series.len(), plain.len());
        let said = |s: &Series, range| format!("{:?}", s.range(range));
        for width in [64, 640, 4_096, 70_000] {
            for at in (0..until).step_by(width) {
                let range = at..at + width as u64;
                assert_eq!(said(&series, range.clone()), said(&plain, range));
            }
        }
        series.truncate(back);
        plain.truncate(back);
        first = back;
    }
}

#[test]
fn much_that_is_new_is_shown_bit_by_bit_and_then_all() {
    let samples: Vec<f64> = (0..5 * AT_ONCE + 77).map(|i| (i % 1000) as f64).collect();
    let mut series = Series::new();
    series.adopt(0, segment_of(&samples));
    let mut out = Vec::new();
    let mut steps = 1;
    while !series.refresh_for(Duration::ZERO) {
        assert_eq!(series.len(), steps * AT_ONCE);
        series.view(0..samples.len() as u64, 70, &mut out);
        assert_eq!(out.last().map(|bucket| bucket.last_step + 1), Some(series.len()));
        assert_all_exact(&samples, &out);
        steps += 1;
    }
    assert_eq!((steps, series.len()), (6, samples.len() as u64));
    assert!(series.refresh_for(Duration::ZERO) && !series.refresh());
    let half = segment_of(&samples);
    series.adopt(1_000, half);
    assert!(!series.refresh_for(Duration::ZERO));
    assert!(series.refresh());
    assert_eq!(series.len(), 1_000 + samples.len() as u64);
}

#[test]
fn a_spike_of_one_sample_in_ten_million_is_seen_at_every_zoom() {
    const LEN: usize = 10_000_000;
    const SPIKE: usize = 7_654_321;
    let mut samples = vec![1.0; LEN];
    samples[SPIKE] = 1e9;
    samples[SPIKE + 1] = f64::NAN;
    let series = series_of(&samples, SEGMENT_LEN);
    assert_eq!(series.len(), LEN as u64);
    let mut out = Vec::new();
    let mut reach = 1;
    while reach < 2 * LEN as u64 {
        let range = (SPIKE as u64).saturating_sub(reach)..SPIKE as u64 + reach + 1;
        for columns in [1, 300, 1920] {
            series.view(range.clone(), columns, &mut out);
            assert!(out.len() <= columns + 2);
            let highest = out.iter().map(|b| b.max).fold(0.0, f64::max);
            assert_eq!(highest, 1e9, "{range:?} in {columns}");
            assert_eq!(out.iter().map(|b| b.non_finite).sum::<u64>(), 1, "{range:?}");
        }
        reach *= 3;
    }
}

#[test]
fn samples_appear_as_they_are_published() {
    let segment = Arc::new(Segment::new(Precision::F32));
    let mut series = Series::new();
    series.adopt(0, Arc::clone(&segment));
    assert!(!series.refresh());
    for i in 0..100 {
        segment.store_bits(i, u64::from((i as f32).to_bits()));
    }
    segment.publish(100);
    assert_eq!(series.len(), 0, "a moment lasts until the next refresh");
    assert!(series.refresh());
    assert_eq!((series.len(), series.get(99), series.get(100)), (100, Some(99.0), None));
    assert_eq!(series.last(), Some(99.0));
}

#[test]
fn short_memory_keeps_the_ends_and_every_extreme() {
    let blocks = 2 * KEPT_BLOCKS as u64 + 24;
    let mut samples: Vec<f64> = (0..blocks * BLOCK).map(|i| (i % 1000) as f64).collect();
    let middle = (blocks / 2 * BLOCK) as usize + 12_345;
    samples[middle] = 1e6;
    let mut series = series_of(&samples, SEGMENT_LEN);
    let whole = series.bytes();
    let raw = KEPT_BLOCKS * 2 * SEGMENT_LEN * 8;
    for budget in [whole - 1_000_000, raw + 3_000_000, raw + 2_000_000, 0] {
        series.shrink_to(budget);
        assert!(series.bytes() <= budget || budget == 0, "{budget}");
        let mut out = Vec::new();
        for columns in [1, 77, 2000] {
            series.view(0..series.len(), columns, &mut out);
            assert_eq!(out.iter().map(|b| b.max).fold(0.0, f64::max), 1e6);
            assert!(out.iter().all(|b| b.min == 0.0), "every bucket has a zero");
        }
        assert_eq!(series.get(5), Some(5.0));
        assert_eq!(series.last(), samples.last().copied());
    }
    assert_eq!(series.get(middle as u64), None, "single samples of the middle are gone");

    let back = middle as u64 + 100;
    series.truncate(back);
    append(&mut series, &vec![3.0; 5000], SEGMENT_LEN);
    assert_eq!(series.len(), back + 5000);
    let bucket = series.range(0..series.len()).expect("samples");
    assert_eq!((bucket.min, bucket.max), (0.0, 1e6));
    let bucket = series.range(back..back + 5000).expect("samples");
    assert_eq!((bucket.min, bucket.max), (3.0, 3.0));
}

#[test]
fn what_short_memory_gave_up_is_asked_for_only_where_it_is_missed_and_comes_back_exactly() {
    let blocks = 2 * KEPT_BLOCKS as u64 + 24;
    let samples: Vec<f64> = (0..blocks * BLOCK).map(|i| ((i * 7919) % 1009) as f64).collect();
    let mut series = series_of(&samples, SEGMENT_LEN);
    let whole = series.clone();
    let middle = blocks / 2 * BLOCK + 777;
    let close = middle..middle + 3 * BLOCK / 2;
    assert_eq!(series.lacks(&close, usize::MAX), None, "nothing is missing yet");
    series.shrink_to(0);
    assert_eq!(series.lacks(&(0..series.len()), 10), None, "from afar nothing is missed");
    assert_eq!(series.lacks(&(5..500), 1000), None, "the ends are whole");
    let wanted = series.lacks(&close, 2_000_000).expect("single samples are missed");
    assert!(wanted.start <= close.start && wanted.end >= close.end);
    assert!(wanted.end - wanted.start <= 3 * BLOCK, "no more than the blocks that are looked at");

    let parts = |range: &Range<u64>| {
        let mut parts = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let end = (at + SEGMENT_LEN as u64).min(range.end);
            parts.push((at, segment_of(&samples[at as usize..end as usize])));
            at = end;
        }
        parts
    };
    series.recall(parts(&wanted));
    assert_eq!(series.lacks(&close, 2_000_000), None);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for columns in [700, 5000] {
        whole.view(close.clone(), columns, &mut before);
        series.view(close.clone(), columns, &mut after);
        assert_eq!(before, after, "{columns} columns");
    }
    let bytes = series.bytes();
    for k in 1..=9 {
        let near = (KEPT_BLOCKS as u64 + 2 * k) * BLOCK;
        if let Some(wanted) = series.lacks(&(near..near + 100), 1000) {
            series.recall(parts(&wanted));
            assert_eq!(series.get(near), Some(samples[near as usize]));
        }
    }
    let grown = series.bytes() - bytes;
    assert!(grown <= 4 * SEGMENT_LEN * 8, "older ones go when new ones come: {grown}");
    series.truncate(close.start + 10);
    assert_eq!(series.get(close.start + 9), Some(samples[close.start as usize + 9]));
}
