//! Paths on a plane: cut where they leave it, and never bent.
//!
//! Invariant: what is seen of a step lies on the straight line between its two ends, however far off they are.
//! Where that cannot be told any more, as both ends are too far off for their digits, nothing is drawn.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Theme, Vec2, pos2, vec2};

use super::super::theme::{line_width, tokens_of};
use super::plane::Plane;

/// A path is drawn somewhat past the edge, where its cut end is not seen; in parts of the plane.
const ROOM: f64 = 0.1;
/// Steps between places farther off than so many planes cross it nobody knows where.
const FAR: f64 = 1e9;
/// How far an arrow at the edge lies inside it.
const INSIDE: f32 = 8.0;

/// The pieces of a path that are seen on a plane, on the screen. Places nearer than `short` to the one before
/// are left out, and so are those that are no numbers.
pub fn pieces(plane: &Plane, points: impl Iterator<Item = [f64; 2]>, short: f32) -> Vec<Vec<Pos2>> {
    let mut pieces: Vec<Vec<Pos2>> = Vec::new();
    let mut last: Option<[f64; 2]> = None;
    let mut is_open = false;
    for point in points {
        let now = part(plane, point);
        if !now.iter().all(|x| x.is_finite()) {
            continue;
        }
        let Some(before) = last else {
            last = Some(now);
            continue;
        };
        let (width, height) = (f64::from(plane.rect.width()), f64::from(plane.rect.height()));
        if ((now[0] - before[0]) * width).hypot((now[1] - before[1]) * height) < f64::from(short) {
            continue;
        }
        last = Some(now);
        let Some([from, to]) = cut(before, now) else {
            is_open = false;
            continue;
        };
        match pieces.last_mut().filter(|_| is_open && from == before) {
            Some(piece) => piece.push(on_screen(plane, to)),
            None => pieces.push(vec![on_screen(plane, from), on_screen(plane, to)]),
        }
        is_open = to == now;
    }
    pieces
}

/// Where an arrow stands at the edge of a plane towards a point beyond it, and which way it points; none
/// towards a point on the plane, or where it lies no one knows.
pub fn beyond(plane: &Plane, point: [f64; 2]) -> Option<(Pos2, Vec2)> {
    let [x, y] = part(plane, point).map(|part| part - 0.5);
    let far = x.abs().max(y.abs());
    if !far.is_finite() || far <= 0.5 {
        return None;
    }
    let out = vec2((x / far) as f32, (-y / far) as f32) * 0.5;
    let place = plane.rect.center() + out * plane.rect.shrink(INSIDE).size();
    Some((place, (out * plane.rect.size()).normalized()))
}

/// Paints an arrow at the edge: there is more that way.
pub fn paint_beyond(painter: &Painter, (place, way): (Pos2, Vec2), color: Color32, theme: Theme) {
    let (tip, back, side) = (place + way * 7.0, place - way * 5.0, way.rot90() * 4.5);
    let halo = Stroke::new(1.5, tokens_of(theme).halo);
    painter.add(Shape::convex_polygon(vec![tip, back + side, back - side], color, halo));
}

/// How the part of a path is drawn that a fork has from its parent: thin, and in no lane's colour.
pub fn inherited_stroke(theme: Theme) -> Stroke {
    Stroke::new(line_width(1.0), tokens_of(theme).ink.gamma_multiply(0.35))
}

/// Paints the part of a path that a fork has from its parent.
pub fn paint_inherited(
    painter: &Painter,
    plane: &Plane,
    trail: impl Iterator<Item = [f64; 2]>,
    theme: Theme,
) {
    for piece in pieces(plane, trail, 0.4) {
        painter.line(piece, inherited_stroke(theme));
    }
}

/// Paints a path with its start as a ring and its end as a ball; an end beyond the plane as an arrow.
pub fn paint_trail(
    painter: &Painter,
    plane: &Plane,
    trail: impl Iterator<Item = [f64; 2]>,
    color: Color32,
    theme: Theme,
) {
    let halo = tokens_of(theme).halo;
    let points: Vec<[f64; 2]> = trail.filter(|p| p[0].is_finite() && p[1].is_finite()).collect();
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else {
        return;
    };
    // Steps far below a pixel add nothing to the picture.
    let pieces = pieces(plane, points.iter().copied(), 0.4);
    for piece in &pieces {
        let stroke = Stroke::new(line_width(4.0), halo.gamma_multiply(0.6));
        painter.line(piece.clone(), stroke);
    }
    // Dots that would run into each other say nothing of the steps.
    let places: usize = pieces.iter().map(Vec::len).sum();
    let steps = pieces.iter().flat_map(|piece| piece.windows(2));
    let length: f32 = steps.map(|two| two[0].distance(two[1])).sum();
    if length > 5.0 * places as f32 {
        for point in points.iter().filter(|point| plane.holds(**point)) {
            painter.circle_filled(plane.at(point[0], point[1]), 2.2, color);
        }
    }
    for piece in pieces {
        painter.line(piece, Stroke::new(line_width(2.0), color));
    }
    if plane.holds(first) {
        painter.circle_stroke(plane.at(first[0], first[1]), 4.0, Stroke::new(2.0, color));
    }
    if plane.holds(last) {
        painter.circle(plane.at(last[0], last[1]), 5.0, color, Stroke::new(1.5, halo));
    } else if let Some(arrow) = beyond(plane, last) {
        paint_beyond(painter, arrow, color, theme);
    }
}

/// A point in parts of a plane.
fn part(plane: &Plane, [x, y]: [f64; 2]) -> [f64; 2] {
    let part = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low);
    [part(x, plane.x), part(y, plane.y)]
}

fn on_screen(plane: &Plane, [x, y]: [f64; 2]) -> Pos2 {
    let Rect { min, max } = plane.rect;
    pos2(min.x + x as f32 * plane.rect.width(), max.y - y as f32 * plane.rect.height())
}

/// What of the step from `a` to `b` lies on a plane, both in parts of it.
fn cut(a: [f64; 2], b: [f64; 2]) -> Option<[[f64; 2]; 2]> {
    let far = |at: [f64; 2]| at[0].abs().max(at[1].abs());
    // From the nearer end, whose digits tell more.
    let is_turned = far(b) < far(a);
    let (near, other) = if is_turned { (b, a) } else { (a, b) };
    let way = [other[0] - near[0], other[1] - near[1]];
    if far(near) > FAR || !far(way).is_finite() {
        return None;
    }
    // Liang and Barsky: the part of the way that is inside all four edges.
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let ends = [-ROOM - near[axis], 1.0 + ROOM - near[axis]];
        if way[axis] == 0.0 {
            if ends[0] > 0.0 || ends[1] < 0.0 {
                return None;
            }
            continue;
        }
        let [one, two] = ends.map(|end| end / way[axis]);
        (enter, leave) = (enter.max(one.min(two)), leave.min(one.max(two)));
    }
    if enter > leave {
        return None;
    }
    let at = |along: f64| match along {
        0.0 => near,
        1.0 => other,
        _ => [near[0] + along * way[0], near[1] + along * way[1]],
    };
    Some(if is_turned { [at(leave), at(enter)] } else { [at(enter), at(leave)] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane() -> Plane {
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(200.0, 100.0));
        Plane { rect, x: (-2.0, 2.0), y: (-1.0, 1.0) }
    }

    /// All places lie on one line through the middle; what is seen of them does, too.
    #[test]
    fn steps_that_leave_the_plane_keep_their_direction() {
        let points = (0..60).map(|k| {
            let far = 0.1 * (-1.7_f64).powi(k);
            [3.0 * far, -2.0 * far]
        });
        let plane = plane();
        let pieces = pieces(&plane, points, 0.4);
        assert!(!pieces.is_empty());
        for place in pieces.iter().flatten() {
            let off = *place - plane.rect.center();
            // 50 points a unit along both axes, y upwards.
            assert!((off.y - off.x * 2.0 / 3.0).abs() < 0.01, "{off:?}");
            assert!(off.x.abs() < 200.0 && off.y.abs() < 100.0, "{off:?}");
        }
    }

    #[test]
    fn a_path_comes_back_as_another_piece() {
        let points = [[0.0, 0.0], [10.0, 0.0], [10.0, 0.5], [0.0, 0.5], [0.5, 0.5]];
        let pieces = pieces(&plane(), points.into_iter(), 0.0);
        let counts: Vec<usize> = pieces.iter().map(Vec::len).collect();
        assert_eq!(counts, [2, 3]);
        assert_eq!(pieces[0][0], plane().rect.center());
    }

    #[test]
    fn what_is_too_far_to_tell_is_left_out_and_what_is_beyond_has_an_arrow() {
        let plane = plane();
        let far = [[1e77, -1e30], [-1e150, 1e151], [f64::NAN, 0.0]];
        assert!(pieces(&plane, far.into_iter(), 0.4).is_empty());
        let one = pieces(&plane, [[0.0, 0.0], [1e200, 0.0]].into_iter(), 0.4);
        assert!(one[0].iter().all(|place| (place.y - 70.0).abs() < 1e-3 && place.x.is_finite()));
        let (place, way) = beyond(&plane, [1e200, 0.0]).expect("it is far off");
        assert!(plane.rect.contains(place) && place.x > 190.0 && way == vec2(1.0, 0.0));
        assert_eq!(beyond(&plane, [1.0, 0.5]), None, "it is there");
        assert_eq!(beyond(&plane, [f64::INFINITY, 0.5]), None, "no one knows where");
    }
}
