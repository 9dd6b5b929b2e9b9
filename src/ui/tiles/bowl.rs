//! A relief as a surface in space: what is seen of it from a camera, as triangles from back to front.
//!
//! The ground is a square from −½ to ½ both ways, heights are shares of [`HEIGHT`]. The camera looks from
//! far away (parallel lines stay parallel), so what hides what follows from the ground alone: of two
//! pieces, the one farther back along the line of sight is painted first.

use std::sync::Arc;

use eframe::egui::{Color32, Mesh, Pos2, Rect, Theme, vec2};

use super::super::theme::{mix, tokens_of, viridis};
use super::relief::Relief;

/// How high a share of 1 stands, in widths of the ground.
const HEIGHT: f32 = 0.46;
/// Points along a side, at most.
const MOST_SIDE: usize = 81;
/// Pieces between two lines of the grid, on the finest relief.
const LINES: usize = 20;
/// The light comes from here: left, behind, above.
const LIGHT: [f32; 3] = [-0.45, 0.35, 0.82];

/// From where the surface is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// How far it is turned around the vertical, in radians.
    pub turn: f32,
    /// How high above the horizon, in radians: a quarter turn looks straight down.
    pub tilt: f32,
    /// How large; 1 shows all.
    pub zoom: f32,
}

impl Default for Camera {
    fn default() -> Self {
        Self { turn: 0.62, tilt: 0.72, zoom: 1.0 }
    }
}

impl Camera {
    /// Turned by a drag over so many points of the screen.
    pub fn drag(&mut self, by: eframe::egui::Vec2) {
        self.turn = (self.turn - by.x * 0.008).rem_euclid(std::f32::consts::TAU);
        self.tilt = (self.tilt + by.y * 0.008).clamp(0.12, 1.5);
    }

    /// Nearer or farther by a factor.
    pub fn scale(&mut self, by: f32) {
        self.zoom = (self.zoom * by).clamp(0.5, 8.0);
    }
}

/// A surface seen from a camera in a part of the screen.
#[derive(Debug)]
pub struct Bowl {
    relief: Relief,
    rect: Rect,
    sin_turn: f32,
    cos_turn: f32,
    sin_tilt: f32,
    cos_tilt: f32,
    scale: f32,
}

/// A point on the surface or near it: parts of the ground's width and depth, 0 to 1, and a share.
pub type Spatial = [f32; 3];

impl Bowl {
    /// The surface of a relief.
    pub fn new(relief: &Relief, camera: Camera, rect: Rect) -> Self {
        let (sin_turn, cos_turn) = camera.turn.sin_cos();
        let (sin_tilt, cos_tilt) = camera.tilt.sin_cos();
        // As wide as the ground's diagonal: turning does not make it larger or smaller.
        // A little room is for what stands beside it.
        let (wide, high) = (1.56, 1.56 * sin_tilt + HEIGHT * cos_tilt);
        let scale = (rect.width() / wide).min(rect.height() / high) * camera.zoom;
        let relief = relief.thinned(MOST_SIDE);
        Self { relief, rect, sin_turn, cos_turn, sin_tilt, cos_tilt, scale }
    }

    /// The ground turned: right on the screen, and away from the viewer.
    fn ground(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - 0.5, y - 0.5);
        (x * self.cos_turn - y * self.sin_turn, x * self.sin_turn + y * self.cos_turn)
    }

    /// How far back a point of the ground lies.
    pub fn depth(&self, x: f32, y: f32) -> f32 {
        self.ground(x, y).1
    }

    /// Where a point in space lies on the screen.
    pub fn place(&self, [x, y, share]: Spatial) -> Pos2 {
        let (right, back) = self.ground(x, y);
        let up = back * self.sin_tilt + (share - 0.5) * HEIGHT * self.cos_tilt;
        self.rect.center() + vec2(right, -up) * self.scale
    }

    /// The point of the surface above a point of the ground; none outside, where there is no height, and
    /// where it is cut off.
    pub fn surface(&self, x: f32, y: f32) -> Option<Spatial> {
        self.relief.at([x, y]).filter(|share| *share <= 1.0).map(|share| [x, y, share.max(0.0)])
    }

    /// Whether something of the surface stands between a point and the viewer.
    pub fn hides(&self, [x, y, share]: Spatial) -> bool {
        let step = 0.7 / (self.relief.side - 1) as f32;
        let (dx, dy) = (-self.sin_turn * step, -self.cos_turn * step);
        let rise = step * self.sin_tilt / self.cos_tilt.max(1e-3) / HEIGHT;
        let (mut x, mut y, mut ray) = (x, y, share + 0.01);
        while ray <= 1.0 {
            (x, y, ray) = (x + dx, y + dy, ray + rise);
            match self.relief.at([x, y]) {
                None => return false,
                Some(over) if over > ray && over <= 1.0 => return true,
                Some(_) => {}
            }
        }
        false
    }

    /// The point of the ground whose surface is seen at a place on the screen.
    pub fn pick(&self, place: Pos2) -> Option<[f32; 2]> {
        let at = (place - self.rect.center()) / self.scale;
        let (right, up) = (at.x, -at.y);
        let step = 0.3 / (self.relief.side - 1) as f32;
        // From the viewer into the depth, along the line of sight.
        let mut back = -0.75_f32;
        while back <= 0.75 {
            let x = right * self.cos_turn + back * self.sin_turn + 0.5;
            let y = -right * self.sin_turn + back * self.cos_turn + 0.5;
            let ray = (up - back * self.sin_tilt) / (HEIGHT * self.cos_tilt.max(1e-3)) + 0.5;
            if let Some([_, _, share]) = self.surface(x, y)
                && share >= ray
            {
                return Some([x, y]);
            }
            back += step;
        }
        None
    }

    /// The pieces of the surface from back to front: the lower left corner of each, as column and row.
    fn pieces(&self) -> Vec<(usize, usize)> {
        let count = self.relief.side - 1;
        let mut pieces: Vec<(usize, usize)> =
            (0..count * count).map(|i| (i % count, i / count)).collect();
        let depth = |(column, row): &(usize, usize)| {
            self.depth((*column as f32 + 0.5) / count as f32, (*row as f32 + 0.5) / count as f32)
        };
        pieces.sort_by(|a, b| depth(b).total_cmp(&depth(a)));
        pieces
    }

    /// Where the surface stands above the corners and edges of the ground, for lines around it: the floor,
    /// and a post at each corner where there is a surface.
    pub fn stand(&self) -> Vec<[Pos2; 2]> {
        let corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        let floor = |[x, y]: [f32; 2]| self.place([x, y, 0.0]);
        let mut lines: Vec<[Pos2; 2]> =
            (0..4).map(|i| [floor(corners[i]), floor(corners[(i + 1) % 4])]).collect();
        lines.extend(corners.iter().filter_map(|corner| {
            let share = self.relief.at(*corner).filter(|share| !share.is_nan())?;
            Some([floor(*corner), self.place([corner[0], corner[1], share.clamp(0.0, 1.0)])])
        }));
        lines
    }

    /// The surface as triangles, back to front, shaded, with the lines of a grid.
    pub fn mesh(&self, theme: Theme) -> Arc<Mesh> {
        let side = self.relief.side;
        let mut mesh = Mesh::default();
        mesh.reserve_vertices(side * side * 3);
        mesh.reserve_triangles(side * side * 4);
        for row in 0..side {
            for column in 0..side {
                mesh.colored_vertex(
                    self.place(self.node(column, row)),
                    self.color(theme, column, row),
                );
            }
        }
        let every = ((side - 1) / LINES).max(1);
        let ink = tokens_of(theme).halo.gamma_multiply(0.55);
        for (column, row) in self.pieces() {
            let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(c, r)| (column + c, row + r));
            let shares = corners.map(|(c, r)| self.relief.shares[r * side + c]);
            if shares.iter().any(|share| share.is_nan()) || shares.iter().all(|share| *share > 1.0)
            {
                continue;
            }
            if shares.iter().any(|share| *share > 1.0) {
                self.cut_piece(&mut mesh, theme, corners);
                continue;
            }
            let index = corners.map(|(c, r)| (r * side + c) as u32);
            mesh.add_triangle(index[0], index[1], index[2]);
            mesh.add_triangle(index[0], index[2], index[3]);
            let places = corners.map(|(c, r)| self.place(self.node(c, r)));
            let is_line = [row, column + 1, row + 1, column].map(|at| at.is_multiple_of(every));
            for edge in (0..4).filter(|edge| is_line[*edge]) {
                let [a, b] = [edge, (edge + 1) % 4];
                let inside = [(a + 3) % 4, (b + 1) % 4];
                line(&mut mesh, [places[a], places[b]], inside.map(|i| places[i]), ink);
            }
        }
        Arc::new(mesh)
    }

    /// A point of the grid in space.
    fn node(&self, column: usize, row: usize) -> Spatial {
        let pieces = (self.relief.side - 1) as f32;
        let share = self.relief.shares[row * self.relief.side + column];
        // What has no height is in no piece.
        let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        [column as f32 / pieces, row as f32 / pieces, share]
    }

    /// The colour of a point of the grid, by its height and by how it is turned to the light.
    fn color(&self, theme: Theme, column: usize, row: usize) -> Color32 {
        let side = self.relief.side;
        let share = |c: usize, r: usize| self.relief.shares[r * side + c].clamp(0.0, 1.0) * HEIGHT;
        let near = |at: usize| (at.saturating_sub(1), (at + 1).min(side - 1));
        let ((left, right), (low, high)) = (near(column), near(row));
        let pieces = (side - 1) as f32;
        let dx = (share(right, row) - share(left, row)) * pieces / (right - left).max(1) as f32;
        let dy = (share(column, high) - share(column, low)) * pieces / (high - low).max(1) as f32;
        let (dx, dy) = if dx.is_finite() && dy.is_finite() { (dx, dy) } else { (0.0, 0.0) };
        // The light stands still while the surface is turned.
        let (sin, cos) = (self.sin_turn, self.cos_turn);
        let (across, back) = (dx * cos - dy * sin, dx * sin + dy * cos);
        let length = (1.0 + dx * dx + dy * dy).sqrt();
        let light = (LIGHT[2] - across * LIGHT[0] - back * LIGHT[1]) / length;
        shaded(theme, self.relief.shares[row * side + column], light)
    }

    /// A piece that reaches above the scale, cut off there.
    fn cut_piece(&self, mesh: &mut Mesh, theme: Theme, corners: [(usize, usize); 4]) {
        let side = self.relief.side;
        let pieces = (side - 1) as f32;
        let corner = |(c, r): (usize, usize)| {
            let share = self.relief.shares[r * side + c];
            ([c as f32 / pieces, r as f32 / pieces, share], self.color(theme, c, r))
        };
        let first = mesh.vertices.len() as u32;
        for at in 0..4 {
            let (a, b) = (corner(corners[at]), corner(corners[(at + 1) % 4]));
            if a.0[2] <= 1.0 {
                mesh.colored_vertex(self.place([a.0[0], a.0[1], a.0[2].max(0.0)]), a.1);
            }
            if (a.0[2] <= 1.0) != (b.0[2] <= 1.0) {
                // An endless wall is cut off at its foot.
                let t = (1.0 - a.0[2]) / (b.0[2] - a.0[2]);
                let t = if t.is_finite() {
                    t
                } else if a.0[2] <= 1.0 {
                    0.0
                } else {
                    1.0
                };
                let between = |axis: usize| a.0[axis] + t * (b.0[axis] - a.0[axis]);
                mesh.colored_vertex(self.place([between(0), between(1), 1.0]), mix(a.1, b.1, t));
            }
        }
        for last in first + 2..mesh.vertices.len() as u32 {
            mesh.add_triangle(first, last - 1, last);
        }
    }
}

/// A colour of the ramp in more or less light.
fn shaded(theme: Theme, share: f32, light: f32) -> Color32 {
    let color = viridis(f64::from(share));
    let t = tokens_of(theme);
    let light = light.clamp(0.0, 1.0);
    let dark = mix(Color32::BLACK, t.background, 0.4);
    // In full light the colour itself, in the shade half of it; a little paler on the light theme.
    let lit = mix(dark, color, 0.45 + 0.55 * light);
    if theme == Theme::Light { mix(lit, t.panel, 0.12) } else { lit }
}

/// Half of a line of the grid, along one edge of a piece and fading into it.
fn line(mesh: &mut Mesh, edge: [Pos2; 2], inside: [Pos2; 2], ink: Color32) {
    let first = mesh.vertices.len() as u32;
    for (place, inner) in edge.into_iter().zip(inside) {
        let way = inner - place;
        let share = (0.9 / way.length().max(1e-3)).min(0.5);
        mesh.colored_vertex(place, ink);
        mesh.colored_vertex(place + way * share, Color32::TRANSPARENT);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first + 1, first + 2, first + 3);
}

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;

    use super::*;

    fn rect() -> Rect {
        Rect::from_min_size(pos2(10.0, 20.0), vec2(400.0, 300.0))
    }

    /// x² + y², lowest in the middle.
    fn round(side: usize) -> Relief {
        let at = |i: usize| i as f64 / (side - 1) as f64 - 0.5;
        let heights: Vec<f64> =
            (0..side * side).map(|i| at(i % side).powi(2) + at(i / side).powi(2)).collect();
        Relief::new(&heights, side, true, None)
    }

    #[test]
    fn pieces_are_painted_from_back_to_front_whatever_the_turn() {
        let relief = round(21);
        for turn in [0.0, 0.4, 1.6, 3.3, 5.0] {
            let bowl = Bowl::new(&relief, Camera { turn, ..Camera::default() }, rect());
            let pieces = bowl.pieces();
            assert_eq!(pieces.len(), 400);
            let depth = |(c, r): &(usize, usize)| {
                bowl.depth((*c as f32 + 0.5) / 20.0, (*r as f32 + 0.5) / 20.0)
            };
            assert!(pieces.windows(2).all(|pair| depth(&pair[0]) >= depth(&pair[1])), "{turn}");
            // Farther back on level ground is higher on the screen.
            let (first, last) = (pieces[0], pieces[399]);
            let place =
                |(c, r): (usize, usize)| bowl.place([c as f32 / 20.0, r as f32 / 20.0, 0.0]);
            assert!(place(first).y < place(last).y);
        }
    }

    #[test]
    fn what_is_seen_at_a_place_is_the_surface_there() {
        let bowl = Bowl::new(&round(81), Camera::default(), rect());
        for at in [[0.5, 0.5], [0.3, 0.6], [0.7, 0.8]] {
            let point = bowl.surface(at[0], at[1]).expect("inside");
            if bowl.hides(point) {
                continue;
            }
            let found = bowl.pick(bowl.place(point)).expect("there is something");
            assert!(
                (found[0] - at[0]).abs() < 0.02 && (found[1] - at[1]).abs() < 0.02,
                "{found:?} {at:?}"
            );
        }
        assert_eq!(bowl.pick(pos2(0.0, 0.0)), None, "beside the surface");
        assert!(rect().contains(bowl.place([0.5, 0.5, 0.5])));
        assert!(bowl.place([0.5, 0.5, 0.5]).distance(rect().center()) < 1.0);
    }

    #[test]
    fn a_wall_in_front_hides_and_one_behind_does_not() {
        // High along one side of the ground.
        let heights: Vec<f64> = (0..41 * 41).map(|i| if i / 41 < 6 { 1.0 } else { 0.0 }).collect();
        let relief = Relief::new(&heights, 41, true, None);
        let low = Camera { turn: 0.0, tilt: 0.3, zoom: 1.0 };
        let front = Bowl::new(&relief, low, rect());
        assert!(front.hides([0.5, 0.2, 0.0]), "the wall stands before it");
        assert!(!front.hides([0.5, 0.2, 1.0]), "but not before what is as high");
        let behind = Camera { turn: std::f32::consts::PI, ..low };
        assert!(!Bowl::new(&relief, behind, rect()).hides([0.5, 0.2, 0.0]));
    }

    #[test]
    fn what_is_too_high_is_cut_off_and_what_has_no_height_left_out() {
        let mut heights: Vec<f64> = (0..21 * 21).map(|i| f64::from(i % 21).powi(3)).collect();
        heights[0] = f64::NAN;
        heights[20] = f64::INFINITY;
        let relief = Relief::new(&heights, 21, false, None);
        let mesh = Bowl::new(&relief, Camera::default(), rect()).mesh(Theme::Dark);
        assert!(mesh.is_valid() && !mesh.indices.is_empty());
        let used: Vec<_> = mesh.indices.iter().map(|i| mesh.vertices[*i as usize].pos).collect();
        assert!(used.iter().all(|place| place.is_finite()));
        let whole = Bowl::new(&round(21), Camera::default(), rect()).mesh(Theme::Dark);
        assert!(mesh.indices.len() < whole.indices.len());
    }
}
