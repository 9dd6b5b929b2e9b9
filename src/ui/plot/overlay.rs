//! What happened, over and above the lines: stems where it did, and labels on a strip above the plot.
//!
//! Invariant: a label lies over no line and no other label, and its stem begins at it. What finds no room
//! keeps its stem with a sign, and speaks when pointed at, as labels do.

use eframe::egui::{
    Color32, Galley, Painter, Rangef, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use egui_plot::{PlotPoint, PlotTransform};
use std::sync::Arc;

use super::marks::{MarkGroup, group};
use super::scene::{CurveScene, MarkerKind};
use crate::ui::theme::{Tokens, paint_marker, small_style, tokens};
use crate::ui::widgets::elided_middle;

/// Rows of labels at most, and the share of the plot's height that they take at most.
const ROWS: usize = 3;
const SHARE: f32 = 0.2;
/// Letters of a lane's name in a label.
const NAME: usize = 20;
/// Lanes whose signs stand in one label; more are told when it is pointed at.
const SIGNS: usize = 4;
/// Between two labels of a row, in points.
const GAP: f32 = 6.0;

/// What happened at one place of the screen.
pub(super) struct Placed<'a> {
    pub(super) group: MarkGroup<'a>,
    pub(super) color: Color32,
}

impl Placed<'_> {
    /// Where it was over, which is where its stem stands.
    fn x(&self) -> f32 {
        self.group.ends()[1]
    }
}

/// Paints over the lines. What is clipped exactly as they are would go into their mesh and make it grow,
/// which copies all of it: a hair apart, it goes into one of its own.
pub(super) fn over(ui: &Ui, frame: Rect) -> Painter {
    ui.painter_at(frame.expand(1.0 / 64.0))
}

/// What happened, as far as it can be seen, from left to right.
pub(super) fn placed<'a>(
    ui: &Ui,
    scene: &CurveScene<'a>,
    transform: &PlotTransform,
) -> Vec<Placed<'a>> {
    let seen = transform.frame().x_range();
    let groups = group(scene.markers, |marker| {
        let lane = scene.lanes.get(marker.lane).filter(|lane| lane.shown)?;
        let x = lane.axes.x(marker.step as f64, scene.axes.x);
        let place = scene.axes.x_scale.place(x)?;
        Some(transform.position_from_point(&PlotPoint::new(place, 0.0)).x)
    });
    let is_seen = |group: &MarkGroup<'_>| seen.contains(group.ends()[1]);
    let visible = groups.into_iter().filter(is_seen);
    visible.map(|group| Placed { color: color_of(scene, &group, tokens(ui)), group }).collect()
}

/// That of its lane; of several, that of none.
fn color_of(scene: &CurveScene<'_>, group: &MarkGroup<'_>, t: &Tokens) -> Color32 {
    match (group.kind(), group.lanes().as_slice()) {
        (MarkerKind::Diverged | MarkerKind::Failed, _) => t.bad,
        (_, [lane]) => scene.lanes[*lane].color,
        _ => t.dim,
    }
}

/// The height of a row of labels.
pub(super) fn row_height(ui: &Ui) -> f32 {
    ui.text_style_height(&small_style()) + 8.0
}

/// Rows of labels that a plot so high has room for.
pub(super) fn most_rows(ui: &Ui, height: f32) -> usize {
    ((height * SHARE / row_height(ui)) as usize).min(ROWS)
}

/// Draws the marks, with labels in the rows of `strip`, above the plot. The answer is how many rows, up to
/// `most`, would hold them.
pub(super) fn markers_ui(
    ui: &mut Ui,
    scene: &CurveScene<'_>,
    transform: &PlotTransform,
    strip: Rect,
    most: usize,
) -> usize {
    let t = tokens(ui);
    let frame = *transform.frame();
    let (pauses, placed): (Vec<_>, Vec<_>) = placed(ui, scene, transform)
        .into_iter()
        .partition(|mark| matches!(mark.group.kind(), MarkerKind::Pause(_)));
    pauses_ui(&over(ui, frame), &pauses, frame, t);
    let (labels, places) = labels(ui, scene, &placed, frame.x_range(), most);
    let row_height = row_height(ui);
    let top = |row: usize| strip.bottom() - row_height * (row + 1) as f32;
    let rows = ((strip.height() + 0.5) / row_height) as usize;
    // Stems first: labels lie over those that come from above.
    let painter = ui.painter_at(frame.union(strip).expand(1.0 / 64.0));
    for (mark, place) in placed.iter().zip(&places) {
        let from = place.filter(|(row, _)| *row < rows).map_or(frame.top(), |(row, _)| top(row));
        stem_ui(&painter, mark, frame, from);
    }
    for (index, ((mark, label), place)) in placed.iter().zip(labels).zip(&places).enumerate() {
        let rect = match place.filter(|(row, _)| *row < rows) {
            Some((row, left)) => {
                let rect = Rect::from_min_size(pos2(left, top(row)), vec2(label.width, row_height));
                let rect = rect.shrink2(vec2(0.0, 1.0));
                label_ui(&painter, scene, mark, rect, label, t);
                rect
            }
            None => sign_ui(&over(ui, frame), mark, frame),
        };
        let response = ui.interact(rect, ui.make_persistent_id(("mark", index)), Sense::hover());
        let whole = mark.group.whole(|lane| scene.lanes[lane].name);
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, &whole));
        response.on_hover_text(whole);
    }
    places.iter().flatten().map(|(row, _)| row + 1).max().unwrap_or(0)
}

/// A label, laid out.
struct Label {
    galley: Arc<Galley>,
    signs: usize,
    width: f32,
}

/// What labels say and where they lie: with the lanes' names if all find room so, else without.
#[allow(clippy::type_complexity, reason = "a label and its place, for each mark")]
fn labels(
    ui: &Ui,
    scene: &CurveScene<'_>,
    placed: &[Placed<'_>],
    frame: Rangef,
    most: usize,
) -> (Vec<Label>, Vec<Option<(usize, f32)>>) {
    let font = small_style().resolve(ui.style());
    let sign = sign_width(ui);
    let lay = |named: bool| {
        let label = |mark: &Placed<'_>| {
            let (lanes, words) = (mark.group.lanes(), mark.group.label());
            let text = match lanes.as_slice() {
                [lane] if named => {
                    format!("{}: {words}", elided_middle(scene.lanes[*lane].name, NAME))
                }
                _ => words,
            };
            let galley = ui.painter().layout_no_wrap(text, font.clone(), tokens(ui).text);
            let signs = lanes.len().min(SIGNS);
            Label { width: galley.size().x + sign * signs as f32 + 12.0, galley, signs }
        };
        let labels: Vec<Label> = placed.iter().map(label).collect();
        let wishes: Vec<(f32, f32)> =
            placed.iter().zip(&labels).map(|(mark, label)| (mark.x(), label.width)).collect();
        let places = places(&wishes, frame, most);
        (labels, places)
    };
    let (labels, at) = lay(scene.lanes.len() > 1);
    if at.iter().all(Option::is_some) { (labels, at) } else { lay(false) }
}

/// Rows and left ends of labels with stems at these places and of these widths, the newest first: below
/// each other where they would hide one another, beginning at their stems, else ending there.
fn places(wishes: &[(f32, f32)], frame: Rangef, rows: usize) -> Vec<Option<(usize, f32)>> {
    let mut taken: Vec<Vec<Rangef>> = vec![Vec::new(); rows];
    let mut places = vec![None; wishes.len()];
    for (index, (x, width)) in wishes.iter().enumerate().rev() {
        if *width > frame.span() {
            continue;
        }
        let inside = |left: f32| left.min(frame.max - width).max(frame.min);
        let lefts = [x - 4.0, x - width * 0.5, x - width + 4.0].map(inside);
        let mut ways = taken.iter().enumerate().flat_map(|(row, taken)| {
            let is_free = |left: &f32| {
                let own = Rangef::new(left - GAP, left + width + GAP);
                taken.iter().all(|other| !own.intersects(*other))
            };
            lefts.into_iter().find(is_free).map(|left| (row, left))
        });
        places[index] = ways.next();
        if let Some((row, left)) = places[index] {
            taken[row].push(Rangef::new(left, left + width));
        }
    }
    places
}

fn sign_width(ui: &Ui) -> f32 {
    ui.text_style_height(&small_style())
}

fn label_ui(
    painter: &Painter,
    scene: &CurveScene<'_>,
    mark: &Placed<'_>,
    rect: Rect,
    label: Label,
    t: &Tokens,
) {
    let stroke = Stroke::new(1.0, mark.color);
    painter.rect(rect, 4.0, t.card, stroke, eframe::egui::StrokeKind::Inside);
    let sign = (label.width - label.galley.size().x - 12.0) / label.signs.max(1) as f32;
    let mut x = rect.left() + 5.0;
    for lane in mark.group.lanes().into_iter().take(label.signs) {
        let lane = &scene.lanes[lane];
        let at = pos2(x + sign * 0.4, rect.center().y);
        paint_marker(painter, lane.look.marker, at, sign * 0.26, lane.color);
        x += sign;
    }
    let at = pos2(x + 1.0, rect.center().y - label.galley.size().y * 0.5);
    painter.galley(at, label.galley, t.text);
}

/// Two short strokes at the lower edge wherever lanes were held; those of several lanes at one place, in
/// the colour of none.
fn pauses_ui(painter: &Painter, pauses: &[Placed<'_>], frame: Rect, t: &Tokens) {
    for mark in pauses {
        let x = mark.x();
        let y = frame.bottom() - 12.0..=frame.bottom() - 1.0;
        let behind = Rect::from_x_y_ranges(x - 5.0..=x + 5.0, y.clone());
        painter.rect_filled(behind, 2.0, t.panel);
        for side in [-2.0, 2.0] {
            painter.vline(x + side, y.clone(), Stroke::new(2.0, mark.color));
        }
    }
}

/// The stem down through the plot, and a faint stretch back to where it began.
fn stem_ui(painter: &Painter, mark: &Placed<'_>, frame: Rect, from: f32) {
    let [first, last] = mark.group.ends();
    if last - first > 2.0 {
        let first = first.max(frame.left());
        let stretch = Rect::from_x_y_ranges(first..=last, frame.y_range());
        painter.rect_filled(stretch, 0.0, mark.color.gamma_multiply(0.12));
    }
    let (width, dash, gap) = match mark.group.kind() {
        MarkerKind::Edit { .. } | MarkerKind::Fork(_) | MarkerKind::Pause(_) => (1.0, 3.0, 4.0),
        MarkerKind::Stop(_) => (1.0, 8.0, 4.0),
        MarkerKind::Diverged | MarkerKind::Failed => (1.5, 8.0, 3.0),
    };
    let ends = [pos2(last, frame.top()), pos2(last, frame.bottom())];
    let stroke = Stroke::new(width, mark.color);
    painter.extend(Shape::dashed_line(&ends, stroke, dash, gap));
    painter.vline(last, from..=frame.top(), stroke);
}

/// A sign at the upper edge, for a stem without a label; where it lies.
fn sign_ui(painter: &Painter, mark: &Placed<'_>, frame: Rect) -> Rect {
    let tip = pos2(mark.x(), frame.top() + 9.0);
    let points = vec![tip, tip + vec2(-5.0, -8.0), tip + vec2(5.0, -8.0)];
    painter.add(Shape::convex_polygon(points, mark.color, Stroke::NONE));
    Rect::from_center_size(tip - vec2(0.0, 4.0), vec2(10.0, 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_hide_each_other_and_begin_at_their_stems() {
        let frame = Rangef::new(50.0, 650.0);
        let crowds = [1.0, 17.0, 60.0, 200.0];
        for (rows, apart) in (0..4).flat_map(|rows| crowds.map(|apart| (rows, apart))) {
            let marks = (600.0 / apart) as usize;
            let wishes: Vec<(f32, f32)> = (0..marks)
                .map(|i| (50.0 + apart * i as f32, 60.0 + ((i * 37) % 90) as f32))
                .collect();
            let places = places(&wishes, frame, rows);
            let all: Vec<(usize, Rangef)> = places
                .iter()
                .zip(&wishes)
                .filter_map(|(place, (x, width))| {
                    let (row, left) = (*place)?;
                    let own = Rangef::new(left, left + width);
                    assert!(row < rows && own.contains(*x), "{own:?} is not at its stem {x}");
                    assert!(own.min >= frame.min && own.max <= frame.max, "{own:?} lies outside");
                    Some((row, own))
                })
                .collect();
            for (i, (row, own)) in all.iter().enumerate() {
                let hides = |(other, at): &(usize, Rangef)| other == row && at.intersects(*own);
                assert!(!all[i + 1..].iter().any(hides), "{own:?} hides another");
            }
            let is_last_told = places.last().is_none_or(Option::is_some);
            assert!(rows == 0 || is_last_told, "the newest is told first");
        }
        let apart = [(100.0, 80.0), (300.0, 80.0), (640.0, 80.0)];
        let rows: Vec<Option<usize>> =
            places(&apart, frame, 3).into_iter().map(|p| p.map(|(row, _)| row)).collect();
        assert_eq!(rows, [Some(0); 3], "what has room lies in one row");
    }
}
