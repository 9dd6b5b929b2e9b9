//! What is drawn over the landscape: the lanes' paths, where they are, and what drives them.

use eframe::egui::{
    Color32, Painter, Pos2, Rect, RichText, Sense, Shape, Stroke, StrokeKind, Theme, Ui, Vec2, vec2,
};

use crate::experiment::TaskPlan;
use crate::lab::{Spot, Window};
use crate::session::{DrawnThrust, Lane, Session};
use crate::ui::theme::{lane_look, paint_marker, small_style, tokens, tokens_of};
use crate::ui::tiles::{inherited_stroke, paint_beyond};

/// Points of a path that are drawn, at most.
const MOST: usize = 1_024;
/// Steps so short on the screen, in points, are not drawn one by one.
pub(super) const SHORT: f32 = 1.2;
/// How long the longest arrow of a kind is.
const LONGEST: f32 = 54.0;
/// How far the widest frame of accumulated squares reaches.
const WIDEST: f32 = 26.0;
/// The size of a lane's mark.
pub(super) const RADIUS: f32 = 5.0;

/// A lane on the plane.
pub(super) struct Track<'a> {
    pub(super) lane: &'a Lane,
    /// Its path up to where it is shown; of a fork from where it begins.
    pub(super) points: Vec<[f64; 2]>,
    /// What of its path a fork has from its parent, up to where it begins; of other lanes nothing.
    pub(super) inherited: Vec<[f64; 2]>,
    /// Where it is.
    pub(super) here: [f64; 2],
    /// How far off the plane.
    pub(super) off: f64,
    pub(super) thrust: Option<&'a DrawnThrust>,
    /// Whether it is in the part of the plane that is seen.
    pub(super) is_inside: bool,
}

impl<'a> Track<'a> {
    /// None of a lane that has no place on the plane, or whose place is not known.
    pub(super) fn of(session: &'a Session, lane: &'a Lane, seen: Window) -> Option<Self> {
        let landscape = session.landscape();
        let (inherited, mut points, here, off) =
            if let TaskPlan::Surface { start, .. } = &lane.plan.task {
                let trail = lane.shown_trail();
                let [before, own] = lane.parted(trail);
                let here = trail.last().map_or(*start, |(_, at)| *at);
                let of = |part: &[(u64, [f64; 2])]| thinned(part.len(), |index| part[index].1);
                (of(before), of(own), here, 0.0)
            } else {
                let path = landscape.path(lane);
                let spot = landscape.spot(lane)?;
                let [before, own] = lane.parted(path);
                let of = |part: &[(u64, Spot)]| thinned(part.len(), |index| part[index].1.at);
                (of(before), of(own), spot.at, spot.off)
            };
        points.push(here);
        let arrows = session.view().landscape.arrows;
        let thrust = landscape.thrusts().iter().find(|thrust| arrows && thrust.lane == lane.id);
        let is_inside = seen.holds(here);
        let known = here.iter().all(|x| x.is_finite());
        known.then_some(Self { lane, points, inherited, here, off, thrust, is_inside })
    }

    pub(super) fn color(&self, theme: Theme) -> Color32 {
        lane_look(self.lane.color).color(theme)
    }
}

/// At most about [`MOST`] of so many points, evenly, the first among them.
fn thinned(count: usize, point: impl Fn(usize) -> [f64; 2]) -> Vec<[f64; 2]> {
    let every = count.div_ceil(MOST).max(1);
    let points = (0..count).step_by(every).map(point);
    points.filter(|at| at.iter().all(|x| x.is_finite())).collect()
}

/// A piece of what a fork has from its parent.
pub(super) fn paint_inherited(painter: &Painter, places: Vec<Pos2>, theme: Theme) {
    painter.line(places, inherited_stroke(theme));
}

/// A piece of a path, so that it stands out of any background.
pub(super) fn paint_way(painter: &Painter, places: Vec<Pos2>, color: Color32, theme: Theme) {
    if places.len() < 2 {
        return;
    }
    let halo = tokens_of(theme).halo.gamma_multiply(0.6);
    painter.line(places.clone(), Stroke::new(3.6, halo));
    painter.line(places, Stroke::new(1.8, color));
}

/// Where a path begins; a fork's in its own colour.
pub(super) fn paint_start(painter: &Painter, track: &Track<'_>, place: Pos2, theme: Theme) {
    let t = tokens_of(theme);
    let color = if track.inherited.is_empty() { t.ink } else { track.color(theme) };
    painter.circle_stroke(place, 4.0, Stroke::new(3.0, t.halo.gamma_multiply(0.6)));
    painter.circle_stroke(place, 4.0, Stroke::new(1.5, color));
}

/// Where a lane is: its mark on a disc of the background, so that it is seen on any other.
pub(super) fn paint_here(painter: &Painter, track: &Track<'_>, place: Pos2, theme: Theme) {
    let t = tokens_of(theme);
    painter.circle(place, RADIUS + 3.0, t.panel, Stroke::new(1.5, track.color(theme)));
    let look = lane_look(track.lane.color);
    paint_marker(painter, look.marker, place, RADIUS - 0.5, look.color(theme));
}

/// A lane beyond the edge: its mark, and an arrow towards it.
pub(super) fn paint_gone(
    painter: &Painter,
    track: &Track<'_>,
    (place, way): (Pos2, Vec2),
    theme: Theme,
) {
    let look = lane_look(track.lane.color);
    paint_beyond(painter, (place, way), look.color(theme), theme);
    let beside = place - way * (RADIUS + 7.0);
    painter.circle_filled(beside, RADIUS + 1.0, tokens_of(theme).panel);
    paint_marker(painter, look.marker, beside, RADIUS - 1.5, look.color(theme));
}

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Gradient,
    Momentum,
    Step,
    Squares,
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::Gradient, "−gradient"),
    (Kind::Momentum, "−momentum"),
    (Kind::Step, "next step"),
    (Kind::Squares, "√squares"),
];

/// The factor by which vectors of a kind are drawn, so that the longest is as long as can be.
fn factor(vectors: impl Iterator<Item = Vec2>, most: f32) -> f32 {
    let longest = vectors.map(Vec2::length).filter(|l| l.is_finite()).fold(0.0, f32::max);
    if longest > 0.0 { most / longest } else { 0.0 }
}

/// Paints what drives the lanes; `direction` says where a vector of the plane points on the screen, and
/// `place` where a lane is.
pub(super) fn paint_thrusts(
    painter: &Painter,
    tracks: &[(&Track<'_>, Pos2)],
    theme: Theme,
    direction: impl Fn([f64; 2]) -> Vec2,
) {
    let back = |v: [f64; 2]| direction([-v[0], -v[1]]);
    // What drives a lane that has left says nothing of the others.
    let inside = || tracks.iter().filter(|(track, _)| track.is_inside);
    let all = || inside().filter_map(|(track, place)| Some((*track, *place, track.thrust?)));
    let of = |kind: Kind, thrust: &DrawnThrust| match kind {
        Kind::Gradient => Some(back(thrust.gradient)),
        Kind::Momentum => thrust.momentum.map(back),
        Kind::Step => Some(direction(thrust.step_taken)),
        Kind::Squares => thrust.squares.map(|[x, y]| {
            // How wide along each axis, whatever way the axes point.
            let [x, y] = [direction([x, 0.0]).length(), direction([0.0, y]).length()];
            // Sums of squares are hundreds of times their means: areas compare, not sides.
            vec2(x.sqrt(), y.sqrt())
        }),
    };
    for (kind, _) in KINDS {
        let most = if kind == Kind::Squares { WIDEST } else { LONGEST };
        let by = factor(all().filter_map(|(_, _, thrust)| of(kind, thrust)), most);
        for (track, place, thrust) in all() {
            if let Some(vector) = of(kind, thrust).map(|vector| vector * by)
                && vector.length() > 1.0
            {
                let color = track.color(theme);
                let vector = kept_inside(painter.clip_rect(), place, vector);
                paint_vector(painter, kind, place, (vector, RADIUS + 4.0), color, theme);
            }
        }
    }
}

/// An arrow's vector, so much shorter that its head is seen where it would leave the picture.
fn kept_inside(picture: Rect, from: Pos2, vector: Vec2) -> Vec2 {
    let seen = picture.shrink(4.0);
    let share = |from: f32, by: f32, (low, high): (f32, f32)| {
        let room = if by > 0.0 { high - from } else { low - from };
        if by == 0.0 { 1.0 } else { (room / by).clamp(0.0, 1.0) }
    };
    let x = share(from.x, vector.x, (seen.left(), seen.right()));
    vector * x.min(share(from.y, vector.y, (seen.top(), seen.bottom())))
}

fn paint_vector(
    painter: &Painter,
    kind: Kind,
    from: Pos2,
    (vector, rim): (Vec2, f32),
    color: Color32,
    theme: Theme,
) {
    let halo = tokens_of(theme).halo.gamma_multiply(0.7);
    if kind == Kind::Squares {
        let frame = Rect::from_center_size(from, vector * 2.0);
        painter.rect_stroke(frame, 1.0, Stroke::new(3.0, halo), StrokeKind::Middle);
        painter.rect_stroke(frame, 1.0, Stroke::new(1.5, color), StrokeKind::Middle);
        return;
    }
    let width = if kind == Kind::Step { 3.0 } else { 1.6 };
    let way = vector.normalized();
    // From the rim of the lane's mark, so that short ones are seen.
    let from = from + way * rim;
    let to = from + vector;
    let side = way.rot90();
    let wings = [to - way * 7.0 + side * 4.0, to - way * 7.0 - side * 4.0];
    for (stroke, is_halo) in
        [(Stroke::new(width + 2.0, halo), true), (Stroke::new(width, color), false)]
    {
        if kind == Kind::Momentum && !is_halo {
            painter.extend(Shape::dashed_line(&[from, to], stroke, 4.0, 3.0));
        } else {
            painter.line_segment([from, to], stroke);
        }
        painter.line(vec![wings[0], to, wings[1]], stroke);
    }
}

/// What the arrows are.
pub(super) fn legend_ui(ui: &mut Ui, theme: Theme) {
    ui.spacing_mut().item_spacing.x = 5.0;
    for (kind, name) in KINDS {
        let text = RichText::new(name).text_style(small_style()).color(tokens(ui).dim);
        let needed = crate::ui::panels::fields::text_width(ui, name, &small_style()) + 30.0;
        if ui.available_width() < needed {
            return;
        }
        let height = ui.text_style_height(&small_style());
        let (rect, _) = ui.allocate_exact_size(vec2(22.0, height), Sense::hover());
        let (from, vector) = match kind {
            Kind::Squares => (rect.center(), vec2(5.0, 4.0)),
            _ => (rect.left_center(), vec2(20.0, 0.0)),
        };
        paint_vector(ui.painter(), kind, from, (vector, 0.0), tokens(ui).text, theme);
        ui.label(text).on_hover_text(
            "Along the plane, of the next update. Each kind has its own scale: the longest arrow of a kind is \
             as long as the longest of another. Lengths of arrows and areas of frames compare lanes, within \
             a kind. An arrow that would leave the picture ends at its edge.",
        );
    }
    let note = "each to its own scale";
    if ui.available_width() > crate::ui::panels::fields::text_width(ui, note, &small_style()) + 8.0
    {
        ui.label(RichText::new(note).text_style(small_style()).color(tokens(ui).dim));
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;

    use super::*;

    #[test]
    fn long_paths_are_drawn_by_few_points() {
        let points = thinned(100_000, |i| [i as f64, if i % 3 == 0 { 1.0 } else { f64::NAN }]);
        assert!(points.len() <= MOST && points.len() > MOST / 4);
        assert_eq!(points[0], [0.0, 1.0]);
    }

    #[test]
    fn arrows_keep_their_heads_and_directions_at_the_edge() {
        let picture = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0));
        let kept = |vector| kept_inside(picture, pos2(90.0, 50.0), vector);
        assert_eq!(kept(vec2(-40.0, 10.0)), vec2(-40.0, 10.0));
        assert_eq!(kept(vec2(24.0, 8.0)), vec2(6.0, 2.0));
        assert_eq!(kept(vec2(0.0, -92.0)), vec2(0.0, -46.0));
    }

    #[test]
    fn the_longest_of_a_kind_is_as_long_as_can_be() {
        let vectors = [vec2(3.0, 4.0), vec2(0.1, 0.0), vec2(f32::NAN, 0.0)];
        assert_eq!(factor(vectors.into_iter(), 50.0), 10.0);
        assert_eq!(factor([Vec2::ZERO].into_iter(), 50.0), 0.0);
    }
}
