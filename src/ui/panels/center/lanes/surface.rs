//! A lane on a surface: the map with the lane's path.

use eframe::egui::{Pos2, Rect, Sense, Ui};

use crate::catalog::Chosen;
use crate::experiment::TaskPlan;
use crate::objective::{SurfaceFunction, Surfaces, surface_info, surface_value};
use crate::session::Lane;
use crate::ui::theme::{lane_look, theme_of, tokens};
use crate::ui::tiles::{Contour, Plane, paint_trail};

/// What is kept between frames: the map of the surface it was made of.
#[derive(Debug)]
pub(super) struct SurfaceMap {
    function: Chosen<Surfaces>,
    x: (f64, f64),
    y: (f64, f64),
    contour: Contour,
}

/// Draws the map and the path.
pub(super) fn ui(ui: &mut Ui, map: &mut Option<SurfaceMap>, lane: &Lane, rect: Rect) {
    let TaskPlan::Surface { function, start, .. } = &lane.plan.task else { return };
    let theme = theme_of(ui);
    let fresh = map
        .as_ref()
        .is_some_and(|m| m.function == *function && m.contour.theme() == theme && holds(m, *start));
    if !fresh {
        let info = surface_info(function);
        let (x, y) = (with(info.x, start[0]), with(info.y, start[1]));
        let computed = SurfaceFunction::<f64>::new(function);
        let value = |x, y| computed.value(x, y);
        let contour = Contour::new(ui.ctx(), theme, (x, y), info.lowest, value);
        *map = Some(SurfaceMap { function: function.clone(), x, y, contour });
    }
    let Some(map) = map else { return };
    let plane = Plane::with_axes(ui, rect, map.x, map.y, ["x", "y"]);
    let painter = ui.painter().with_clip_rect(plane.rect);
    map.contour.paint(&painter, &plane);
    for minimum in surface_info(function).minima {
        let place = plane.at(minimum[0], minimum[1]);
        cross(&painter, place, ui);
    }
    let color = lane_look(lane.color).color(theme);
    let trail = lane.shown_trail();
    let start = std::iter::once(*start).filter(|_| trail.is_empty());
    let path = start.chain(trail.iter().map(|(_, place)| *place));
    paint_trail(&painter, &plane, path, color, theme);
    let response = ui.interact(plane.rect, ui.scope_id().with("map"), Sense::hover());
    if let Some(pointer) = response.hover_pos() {
        let [x, y] = plane.point(pointer);
        let value = surface_value(function, x, y);
        response.on_hover_text_at_pointer(format!("f({x:.3}, {y:.3}) = {value:.4e}"));
    }
}

fn holds(map: &SurfaceMap, [x, y]: [f64; 2]) -> bool {
    (map.x.0..=map.x.1).contains(&x) && (map.y.0..=map.y.1).contains(&y)
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
