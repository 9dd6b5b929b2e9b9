//! The images that a lane takes for another class, the worst first.
//!
//! Invariant: they stand in the order of their cross-entropy ([`mistakes`]); the line above counts all of
//! them. What is chosen and its pixels are made anew with the outputs.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use eframe::egui::{Rect, Sense, Ui};

use crate::data::{Dataset, ImageShape, Scaler};
use crate::experiment::TaskPlan;
use crate::metrics::{Mistake, mistakes};
use crate::session::Lane;
use crate::train::RowSet;
use crate::ui::panels::fields::text_width;
use crate::ui::theme::small_style;
use crate::ui::tiles::{Sheet, SheetImage, SheetPlan, sheet_ui};
use crate::ui::widgets::{elided, short};

use super::judged::{Judged, captioned, describe};
use super::plane::percent;
use super::points::unscaled;
use crate::ui::frame::Frame;

/// Images on a sheet at most.
const MOST: usize = 60;
/// Letters of a class's name below an image, at most.
const LETTERS: usize = 8;
/// Rows that tell how dark the darkest pixel is, at most.
const SAMPLE: usize = 500;

/// What a tile keeps of a sheet between frames.
#[derive(Debug, Default)]
pub(super) struct SheetCache {
    worst: Option<Worst>,
    sheet: Sheet,
}

/// The worst mistakes, and the outputs they were made of.
#[derive(Debug)]
struct Worst {
    outputs: Arc<[f64]>,
    of: RowSet,
    /// All of them, the worst first.
    all: Vec<Mistake>,
    images: Vec<SheetImage>,
    /// The widest words that there can be below an image.
    widest: String,
    /// "held out, 450 rows".
    rows: String,
    judged: usize,
}

/// Draws the sheet.
pub(super) fn ui(ui: &mut Ui, frame: &Frame<'_>, cache: &mut SheetCache, lane: &Lane, rect: Rect) {
    let Some(judged) = Judged::of(lane, frame.window.center.choice.of) else { return };
    let Some(shape) = judged.data.image else { return };
    refresh(&mut cache.worst, lane, &judged, shape);
    let Some(worst) = &cache.worst else { return };
    let pixels = [shape.width, shape.height];
    let line = ui.text_style_height(&small_style()) + 2.0;
    let room = Rect::from_min_max(rect.min + eframe::egui::vec2(0.0, line + 2.0), rect.max);
    let widest = text_width(ui, &worst.widest, &small_style());
    let plan = SheetPlan::of(room, worst.images.len(), pixels, (widest, line));
    let shown = plan.map_or(0, |plan| plan.count);
    let count = worst.all.len();
    let (long, brief) = match (count, shown) {
        (0, _) => (format!("no mistakes, {}", worst.rows), "no mistakes".to_owned()),
        _ if shown < count => (
            format!("the {shown} worst of {count} mistakes, {}", worst.rows),
            format!("{shown} worst of {count} of {}", worst.judged),
        ),
        _ => (
            format!("{count} mistakes, the worst first, {}", worst.rows),
            format!("{count} mistakes of {}", worst.judged),
        ),
    };
    let told: Vec<&str> =
        worst.images.iter().take(shown.min(5)).map(|i| i.words.as_str()).collect();
    let name = format!("Mistakes of {}: {long}: {}", lane.name(), told.join(", "));
    describe(ui, rect, "sheet", &name);
    captioned(ui, rect, &[&long, &brief]);
    let Some(plan) = plan else { return };
    sheet_ui(ui, &plan, &worst.images, pixels, &mut cache.sheet);
    let response = ui.interact(room, ui.scope_id().with("images"), Sense::hover());
    let under = response.hover_pos().and_then(|at| plan.at(at));
    if let Some(text) = under.and_then(|index| said(worst, &judged, index)) {
        response.on_hover_text_at_pointer(text);
    }
}

/// Chooses the worst mistakes anew where the outputs are others than before.
fn refresh(cache: &mut Option<Worst>, lane: &Lane, judged: &Judged<'_>, shape: ImageShape) {
    let outputs = judged.said.outputs;
    let is_known = |worst: &Worst| Arc::ptr_eq(&worst.outputs, outputs) && worst.of == judged.set;
    if cache.as_ref().is_some_and(is_known) {
        return;
    }
    let (Some((labels, names)), TaskPlan::Learn(learn)) = (judged.classes(), &lane.plan.task)
    else {
        return;
    };
    let all = mistakes(labels.zip(judged.said.rows()));
    let scaler = learn.split.scaler.as_ref();
    let range = range_of(judged.data, scaler);
    let name = |class: usize| names.get(class).map_or("?", String::as_str);
    let images = all.iter().take(MOST).map(|row| {
        let said = judged.said.rows().nth(row.place).unwrap_or_default();
        let [truth, taken] = [row.truth, row.said].map(|class| elided(name(class), LETTERS));
        let pixels = pixels_of(judged.data, scaler, row.place * judged.said.every, range, shape);
        SheetImage {
            id: told_by(&pixels),
            pixels,
            words: format!("{truth} → {taken} · {}", brief(said, row.said)),
        }
    });
    let images = images.collect();
    let longest = names.iter().max_by_key(|name| name.chars().count()).map_or("", String::as_str);
    let longest = elided(longest, LETTERS);
    *cache = Some(Worst {
        outputs: Arc::clone(outputs),
        of: judged.set,
        all,
        images,
        widest: format!("{longest} → {longest} · {WIDEST}"),
        rows: judged.caption(),
        judged: judged.rows(),
    });
}

/// Images of equal pixels look the same, whatever rows they are.
fn told_by(pixels: &[f32]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for pixel in pixels {
        pixel.to_bits().hash(&mut hasher);
    }
    hasher.finish()
}

/// The widest of what [`brief`] says of probabilities.
const WIDEST: &str = ">99 %";

/// How probable a class is in as few letters as can be.
fn brief(said: &[f64], class: usize) -> String {
    let text = percent(said, class, 0);
    // With more decimals where it would be rounded to certainty.
    if text.contains('.') && text.ends_with('%') { WIDEST.to_owned() } else { text }
}

/// From the lightest to the darkest pixel of some rows, unscaled.
fn range_of(data: &Dataset, scaler: Option<&Scaler>) -> (f64, f64) {
    let rows = (0..data.rows()).step_by(data.rows().div_ceil(SAMPLE).max(1));
    let pixels = rows.flat_map(|row| {
        (0..data.width()).map(move |column| unscaled(scaler, column, data.features[[row, column]]))
    });
    pixels.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)))
}

fn pixels_of(
    data: &Dataset,
    scaler: Option<&Scaler>,
    row: usize,
    (low, high): (f64, f64),
    shape: ImageShape,
) -> Vec<f32> {
    let pixel = |column: usize| {
        let x = unscaled(scaler, column, data.features[[row, column]]);
        (((x - low) / (high - low).max(f64::MIN_POSITIVE)) as f32).clamp(0.0, 1.0)
    };
    (0..shape.width * shape.height).map(pixel).collect()
}

/// "row 17, held out: 7, taken for 1 with 93 %", the likeliest classes, and the loss.
fn said(worst: &Worst, judged: &Judged<'_>, index: usize) -> Option<String> {
    let mistake = worst.all.get(index)?;
    let (_, names) = judged.classes()?;
    let name = |class: usize| names.get(class).map_or("?", String::as_str);
    let outputs = judged.said.rows().nth(mistake.place)?;
    let classes = outputs.len().max(2);
    let mut order: Vec<usize> = (0..classes).collect();
    let of = |class: usize| match outputs {
        [one] if class == 0 => 1.0 - one,
        [one] => *one,
        many => many[class],
    };
    order.sort_by(|a, b| of(*b).total_cmp(&of(*a)));
    let likeliest: Vec<String> = order
        .iter()
        .take(3)
        .map(|class| format!("{} {}", name(*class), percent(outputs, *class, 1)))
        .collect();
    let kind = if judged.set == RowSet::HeldOut { "held out" } else { "training" };
    Some(format!(
        "row {}, {kind}: {}, taken for {}\n{}\nloss {}",
        mistake.place * judged.said.every,
        name(mistake.truth),
        name(mistake.said),
        likeliest.join(", "),
        short(mistake.loss)
    ))
}
