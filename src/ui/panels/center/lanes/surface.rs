//! A lane on a surface: the map with the lane's path.

use eframe::egui::{Pos2, Rect, Sense, Ui};

use crate::catalog::Chosen;
use crate::experiment::TaskPlan;
use crate::numeric::{Range, comparable, fillable, roomy};
use crate::objective::{SurfaceFunction, Surfaces, surface_info, surface_value};
use crate::session::Lane;
use crate::ui::theme::{lane_look, theme_of, tokens};
use crate::ui::tiles::{Contour, Plane, paint_inherited, paint_trail};
use crate::ui::widgets::with_minus;

/// What is kept between frames: the map of the surface it was made of.
#[derive(Debug)]
pub(super) struct SurfaceMap {
    function: Chosen<Surfaces>,
    ranges: [Range; 2],
    contour: Contour,
}

/// Draws the map and the path.
pub(super) fn ui(ui: &mut Ui, map: &mut Option<SurfaceMap>, lane: &Lane, rect: Rect) {
    let TaskPlan::Surface { function, start, .. } = &lane.plan.task else { return };
    let theme = theme_of(ui);
    let info = surface_info(function);
    let seen = [with(info.x, start[0]), with(info.y, start[1])];
    let unit = Some([1.0, 1.0]).filter(|unit| comparable(seen, *unit));
    let plane = Plane::with_nearly_equal_axes(ui, rect, seen, unit, ["x", "y"]);
    let shape = f64::from(plane.rect.width() / plane.rect.height());
    // Somewhat more than is seen now: the map serves while the tile grows a little.
    let ranges = unit.map_or(seen, |unit| roomy(seen, unit, fillable(seen, unit, shape)));
    let is_fresh = |map: &SurfaceMap| {
        map.function == *function && map.ranges == ranges && map.contour.is_for(theme)
    };
    if !map.as_ref().is_some_and(is_fresh) {
        let computed = SurfaceFunction::<f64>::new(function);
        let value = |x, y| computed.value(x, y);
        let contour = Contour::new(ui.ctx(), theme, ranges.into(), info.lowest, value);
        *map = Some(SurfaceMap { function: function.clone(), ranges, contour });
    }
    let Some(map) = map else { return };
    let painter = ui.painter().with_clip_rect(plane.rect);
    map.contour.paint(&painter, &plane.beside(ranges));
    for minimum in info.minima {
        let place = plane.at(minimum[0], minimum[1]);
        cross(&painter, place, ui);
    }
    let color = lane_look(lane.color).color(theme);
    let trail = lane.shown_trail();
    let start = std::iter::once(*start).filter(|_| trail.is_empty());
    let [before, own] = lane.parted(trail);
    let places =
        |part: &[(u64, [f64; 2])]| part.iter().map(|(_, place)| *place).collect::<Vec<_>>();
    paint_inherited(&painter, &plane, places(before).into_iter(), theme);
    let path = start.chain(places(own));
    paint_trail(&painter, &plane, path, color, theme);
    let response = ui.interact(plane.rect, ui.scope_id().with("map"), Sense::hover());
    if let Some(pointer) = response.hover_pos() {
        let [x, y] = plane.point(pointer);
        let value = surface_value(function, x, y);
        let words = with_minus(&format!("f({x:.3}, {y:.3}) = {value:.4e}"));
        response.on_hover_text_at_pointer(words);
    }
}

/// The range, wide enough to hold a place with room around it.
fn with((low, high): (f64, f64), place: f64) -> (f64, f64) {
    let room = (high - low) * 0.08;
    (low.min(place - room), high.max(place + room))
}

fn cross(painter: &eframe::egui::Painter, place: Pos2, ui: &Ui) {
    let stroke = eframe::egui::Stroke::new(1.5, tokens(ui).ink);
    let arm = 4.0;
    for (dx, dy) in [(arm, arm), (arm, -arm)] {
        let d = eframe::egui::vec2(dx, dy);
        painter.line_segment([place - d, place + d], stroke);
    }
}
