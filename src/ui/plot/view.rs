//! The plot itself: axes, following, zooming, and what the pointer is over.

use std::ops::Range;
use std::time::Duration;

use eframe::egui::{
    CursorIcon, FontId, Pos2, Rect, Response, Role, Ui, UiBuilder, Vec2, Vec2b, WidgetInfo, pos2,
    vec2,
};
use egui_plot::{AxisHints, GridInput, GridMark, HPlacement, Plot, PlotBounds, VPlacement};

use super::baseline::baseline_ui;
use super::card::cursor_ui;
use super::columns::{Kept, lacking};
use super::curves::SceneItem;
use super::edges::edges_ui;
use super::overlay::{markers_ui, most_rows, row_height};
use super::range::{View, follow};
use super::scale::{AxisScale, ticks};
use super::scene::{AxisSettings, CurveScene};
use crate::experiment::XAxis;
use crate::ui::theme::{number_style, small_style, tokens};
use crate::ui::widgets::{AxisNumbers, Icon, button};

/// A plot's view, and what it keeps of its lines. It follows its data until it is dragged or zoomed for
/// the first time; then it stays where it was put, until *Follow* is pressed, the plot is double-clicked
/// or an axis changes.
#[derive(Debug, Clone, Default)]
pub struct CurvePlot {
    free: bool,
    axes: Option<(XAxis, AxisScale, AxisScale)>,
    /// How y is spread, as the values ask for.
    y_scale: Option<AxisScale>,
    kept: Kept,
    /// Rows of labels above the lines.
    rows: usize,
}

/// What a plot answers.
#[derive(Debug, Clone)]
pub struct CurveResponse {
    /// Where the pointer is on x, in the axis's unit.
    pub hovered_x: Option<f64>,
    /// Where the plot was clicked, in the axis's unit.
    pub clicked_x: Option<f64>,
    /// Of which lanes single samples are wanted that were given up for memory, and which.
    pub lacking: Vec<(usize, Range<u64>)>,
    /// What can be seen of x, in the axis's unit, where the view does not follow.
    pub zoomed_to: Option<[f64; 2]>,
    /// The rectangle the lines are drawn in.
    pub frame: Rect,
    /// egui's response of the plot.
    pub response: Response,
}

impl CurvePlot {
    /// Whether the view follows the data.
    pub fn follows(&self) -> bool {
        !self.free
    }

    /// Follows the data again, or stays.
    pub fn set_follow(&mut self, follow: bool) {
        self.free = !follow;
    }

    /// Draws the scene over `size`. `cursor` is where to show the values while the pointer is
    /// elsewhere, so that several plots can share one cursor.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        name: &str,
        size: Vec2,
        scene: &CurveScene<'_>,
        cursor: Option<f64>,
    ) -> CurveResponse {
        let axes = (scene.axes.x, scene.axes.x_scale, scene.axes.y_scale);
        let is_like = |before: (XAxis, AxisScale, AxisScale)| {
            before.0 == axes.0 && before.1.is_like(axes.1) && before.2.is_like(axes.2)
        };
        if self.axes.replace(axes).is_none_or(|before| !is_like(before)) {
            (self.free, self.y_scale) = (false, None);
        }
        self.kept.fit(scene);
        let asks = !self.free || self.y_scale.is_none();
        let followed = asks.then(|| follow(scene, &mut self.kept));
        let wanted = followed.map(|(view, _)| view).filter(|_| !self.free);
        let y_scale = followed.map(|(_, y_scale)| y_scale).or(self.y_scale);
        self.y_scale = y_scale;
        let y_scale = y_scale.unwrap_or(scene.axes.y_scale);
        let scene = &CurveScene { axes: AxisSettings { y_scale, ..scene.axes }, ..*scene };
        let kept = &mut self.kept;
        let most = most_rows(ui, size.y);
        let strip = vec2(size.x, row_height(ui) * self.rows.min(most) as f32);
        let mut above = Rect::NOTHING;
        let under = |ui: &mut Ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            above = ui.allocate_space(strip).1;
            plot_ui(ui, name, size - vec2(0.0, strip.y), (scene, kept), wanted)
        };
        let shown = ui.scope(under).inner;
        let response = shown.response;
        let (moved, reset) = (was_moved(ui, &response), response.double_clicked());
        if moved || reset {
            self.free = !reset;
        }
        let transform = shown.transform;
        let pointer = response.hover_pos().filter(|p| transform.frame().contains(*p));
        let x_at = |p: Pos2| scene.axes.x_scale.value(transform.value_from_position(p).x);
        let hovered_x = pointer.map(x_at);
        baseline_ui(ui, scene, &transform);
        let rows = markers_ui(ui, scene, &transform, above, most);
        // Where one looks around, nothing moves for labels that come and go.
        let rows = if self.free { rows.max(self.rows) } else { rows };
        if rows != self.rows {
            self.rows = rows;
            ui.ctx().request_repaint_after(Duration::ZERO);
        }
        edges_ui(ui, scene, &transform, &self.kept.beyond);
        if let Some(x) = hovered_x.or(cursor).filter(|_| !scene.is_empty()) {
            cursor_ui(ui, scene, &transform, &self.kept.beyond, pointer, x);
        }
        let clicked_x =
            response.clicked().then(|| response.interact_pointer_pos().map(x_at)).flatten();
        if scene.is_empty() {
            empty_ui(ui, *transform.frame());
        }
        if self.free && follow_button(ui, *transform.frame()) {
            self.free = false;
        }
        let (enabled, title) = (ui.is_enabled(), scene.axes.y_title);
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Canvas, enabled, format!("{title} of all lanes"))
        });
        let lacking = lacking(scene, &transform);
        let bounds = transform.bounds();
        let seen = [bounds.min()[0], bounds.max()[0]].map(|place| scene.axes.x_scale.value(place));
        let zoomed_to = self.free.then_some(seen);
        let frame = *transform.frame();
        CurveResponse { hovered_x, clicked_x, lacking, zoomed_to, frame, response }
    }
}

/// What the plot crate gave back.
struct Shown {
    response: Response,
    transform: egui_plot::PlotTransform,
}

fn plot_ui(
    ui: &mut Ui,
    name: &str,
    size: Vec2,
    (scene, kept): (&CurveScene<'_>, &mut Kept),
    wanted: Option<View>,
) -> Shown {
    let t = tokens(ui);
    let small = small_style().resolve(ui.style());
    let number = FontId::new(small.size, number_style().resolve(ui.style()).family);
    // The plot crate writes axis titles in the body style and the text colour.
    ui.style_mut().text_styles.insert(eframe::egui::TextStyle::Body, small);
    ui.visuals_mut().override_text_color = Some(t.dim);
    let (x_scale, y_scale) = (scene.axes.x_scale, scene.axes.y_scale);
    let text_scale = number.size / 11.0;
    let counts = matches!(scene.axes.x, XAxis::Step | XAxis::Samples | XAxis::Evaluations);
    let axis = |hints: AxisHints<'static>, scale: AxisScale| {
        hints
            .formatter(move |mark: GridMark, seen| {
                let [low, high] = [seen.start(), seen.end()].map(|place| scale.value(*place));
                AxisNumbers::between(low, high).text(scale.value(mark.value))
            })
            .tick_label_color(t.dim)
            .tick_label_font(number.clone())
    };
    let x_hints =
        axis(AxisHints::new_x().label(scene.axes.x_title_within(size.x / text_scale)), x_scale)
            .placement(VPlacement::Bottom);
    let y_hints = axis(AxisHints::new_y().label(scene.axes.y_title), y_scale)
        .placement(HPlacement::Left)
        // Room for labels such as 0.005 and −0.05, so that the edge stays when the metric changes.
        .min_thickness(56.0 * text_scale);
    let shown = Plot::new(("curves", name))
        .width(size.x - 14.0 * text_scale) // the last label of x reaches beyond the frame
        .height(size.y)
        .custom_x_axes(vec![x_hints])
        .custom_y_axes(vec![y_hints])
        .x_grid_spacer(move |input| {
            let mut marks = marks(x_scale, &input, 72.0 * text_scale);
            // There is no half of an update, and no half of a row.
            marks.retain(|mark| !counts || is_whole(x_scale.value(mark.value)));
            marks
        })
        .y_grid_spacer(move |input| marks(y_scale, &input, 26.0 * text_scale))
        .grid_color(t.grid)
        .grid_fade(0.0)
        .show_background(false)
        .show_crosshair(false)
        .allow_scroll(false)
        .allow_double_click_reset(false)
        .auto_bounds(Vec2b::FALSE)
        .show(ui, |plot| {
            if let Some(view) = wanted {
                plot.set_plot_bounds(PlotBounds::from_min_max(
                    [view.x[0], view.y[0]],
                    [view.x[1], view.y[1]],
                ));
            } else {
                wheel(plot);
            }
            plot.add(SceneItem::new(*scene, kept));
        });
    Shown {
        response: shown.response.on_hover_cursor(CursorIcon::Crosshair),
        transform: shown.transform,
    }
}

/// The wheel zooms around the pointer; sideways it moves along x.
fn wheel(plot: &mut egui_plot::PlotUi<'_>) {
    let response = plot.response().clone();
    if !response.contains_pointer() {
        return;
    }
    let scroll = plot.ctx().input(eframe::egui::InputState::smooth_scroll_delta);
    if scroll.y != 0.0 {
        plot.zoom_bounds_around_hovered(Vec2::splat((scroll.y / 240.0).exp()));
    }
    if scroll.x != 0.0 {
        let x = plot.plot_bounds().range_x();
        let per_point = (x.end() - x.start()) / f64::from(response.rect.width().max(1.0));
        plot.translate_bounds(vec2((-f64::from(scroll.x) * per_point) as f32, 0.0));
    }
}

fn was_moved(ui: &Ui, response: &Response) -> bool {
    let wheeled = response.contains_pointer()
        && ui.input(|i| {
            i.smooth_scroll_delta() != Vec2::ZERO || i.zoom_delta_2d() != Vec2::splat(1.0)
        });
    let dragged = response.dragged() && response.drag_delta() != Vec2::ZERO;
    wheeled || dragged
}

fn marks(scale: AxisScale, input: &GridInput, gap_points: f32) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    // `base_step_size` is the extent of the narrowest grid, 8 points.
    let gap = input.base_step_size / 8.0 * f64::from(gap_points);
    let far = high - low;
    ticks(scale, low, high, gap)
        .into_iter()
        .map(|value| GridMark { value, step_size: far })
        .collect()
}

/// Up to the dust of binary fractions.
fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6 * value.abs().max(1.0)
}

fn follow_button(ui: &mut Ui, frame: Rect) -> bool {
    let height = ui.spacing().interact_size.y;
    let rect = Rect::from_min_size(
        pos2(frame.right() - height * 3.6, frame.bottom() - height - 8.0),
        vec2(height * 3.5, height),
    );
    let layout = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        button(ui, Some(Icon::Follow), "Follow")
            .on_hover_text("Show all of the run again and stay with its newest steps")
            .clicked()
    })
    .inner
}

fn empty_ui(ui: &Ui, frame: Rect) {
    let t = tokens(ui);
    let font = eframe::egui::TextStyle::Body.resolve(ui.style());
    let text = "Nothing measured yet. Run, or take a single step.";
    let galley = ui.painter().layout(text.to_owned(), font, t.dim, frame.width() - 16.0);
    ui.painter().galley(frame.center() - galley.size() * 0.5, galley, t.dim);
}
