//! egui's meshes to pixels on the CPU: for pictures without a display, and for tests.
//!
//! It does what egui's own shaders do, no more: textured triangles, vertex colours multiplied by
//! the texture and blended with premultiplied alpha, all in gamma space, cut at each mesh's clip
//! rectangle. Corners lie on a grid of 1/256 pixel and coverage is decided in whole numbers with
//! the top-left rule, so that neighbouring triangles neither gap nor overlap, and a picture is the
//! same to the bit in every run. Paint callbacks (custom GPU code) are skipped; nothing here uses
//! them. No threads: a window of 1440×900 takes some tens of milliseconds.

use std::collections::HashMap;

use eframe::egui::{
    ClippedPrimitive, Color32, Rect, TextureFilter, TextureId, TextureOptions, TextureWrapMode,
    TexturesDelta,
    epaint::{ImageData, ImageDelta, Mesh, Primitive, Vertex},
};

/// A painted picture: rows from the top, four bytes (red, green, blue, alpha) a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// `width · height` pixels of RGBA, premultiplied.
    pub rgba: Vec<[u8; 4]>,
}

impl Picture {
    fn new(width: usize, height: usize, clear: Color32) -> Self {
        Self { width, height, rgba: vec![clear.to_array(); width * height] }
    }

    /// The pixel at column `x`, row `y`.
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 4] {
        self.rgba[y * self.width + x]
    }
}

#[derive(Debug)]
struct Texture {
    size: [usize; 2],
    texels: Vec<Color32>,
    options: TextureOptions,
}

/// Holds egui's textures and paints its meshes.
#[derive(Debug, Default)]
pub struct Rasterizer {
    textures: HashMap<TextureId, Texture>,
    to_free: Vec<TextureId>,
}

impl Rasterizer {
    /// For triangles of plain colours alone.
    pub fn plain() -> Self {
        let white = Texture {
            size: [1, 1],
            texels: vec![Color32::WHITE],
            options: TextureOptions::NEAREST,
        };
        Self { textures: HashMap::from([(TextureId::default(), white)]), to_free: Vec::new() }
    }

    /// Takes in what changed about the textures and leaves the delta empty. Textures the frame
    /// frees are still there for painting it; they go at the next call.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        for id in self.to_free.drain(..) {
            self.textures.remove(&id);
        }
        // Each texture's changes are in order; between textures order does not matter.
        #[allow(clippy::iter_over_hash_type, reason = "textures do not depend on each other")]
        for (id, changes) in delta.set.drain() {
            for change in changes {
                self.set(id, &change);
            }
        }
        self.to_free.extend(delta.free.drain());
    }

    fn set(&mut self, id: TextureId, change: &ImageDelta) {
        let ImageData::Color(image) = &change.image;
        let Some([left, top]) = change.pos else {
            let texture =
                Texture { size: image.size, texels: image.pixels.clone(), options: change.options };
            self.textures.insert(id, texture);
            return;
        };
        let Some(texture) = self.textures.get_mut(&id) else { return };
        texture.options = change.options;
        let [width, height] = image.size;
        for row in 0..height {
            let at = (top + row) * texture.size[0] + left;
            texture.texels[at..at + width]
                .copy_from_slice(&image.pixels[row * width..(row + 1) * width]);
        }
    }

    /// Paints tessellated meshes over a background of `clear`, `size` in pixels.
    pub fn paint(
        &self,
        primitives: &[ClippedPrimitive],
        size: [usize; 2],
        pixels_per_point: f32,
        clear: Color32,
    ) -> Picture {
        let mut picture = Picture::new(size[0], size[1], clear);
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            let clip = Clip::new(*clip_rect, pixels_per_point, size);
            paint_mesh(&mut picture, mesh, texture, &clip, pixels_per_point);
        }
        picture
    }
}

/// A clip rectangle in whole pixels, the ends excluded.
struct Clip {
    left: i64,
    top: i64,
    right: i64,
    bottom: i64,
}

impl Clip {
    fn new(rect: Rect, pixels_per_point: f32, size: [usize; 2]) -> Self {
        let pixel = |points: f32, limit: usize| {
            ((points * pixels_per_point).round() as i64).clamp(0, limit as i64)
        };
        Self {
            left: pixel(rect.min.x, size[0]),
            top: pixel(rect.min.y, size[1]),
            right: pixel(rect.max.x, size[0]),
            bottom: pixel(rect.max.y, size[1]),
        }
    }
}

fn paint_mesh(picture: &mut Picture, mesh: &Mesh, texture: &Texture, clip: &Clip, scale: f32) {
    if clip.left >= clip.right || clip.top >= clip.bottom {
        return;
    }
    for corners in mesh.indices.chunks_exact(3) {
        let vertex = |i: usize| mesh.vertices[corners[i] as usize];
        let triangle = Triangle::new([vertex(0), vertex(1), vertex(2)], scale);
        if let Some(triangle) = triangle {
            triangle.paint(picture, texture, clip);
        }
    }
}

/// Parts of a pixel that corners are held to.
const GRID: f32 = 256.0;

/// A triangle whose corners run so that its area is positive.
struct Triangle {
    /// Corners on the grid.
    x: [i64; 3],
    y: [i64; 3],
    vertices: [Vertex; 3],
    /// Twice the area, in grid units.
    area: i64,
}

/// One edge as a function that is not negative inside: `value = a · x + b · y + c`.
#[derive(Clone, Copy)]
struct Edge {
    a: i64,
    b: i64,
    c: i64,
    /// 0 for top and left edges, which own their pixels, else −1.
    bias: i64,
}

impl Edge {
    fn new(x0: i64, y0: i64, x1: i64, y1: i64) -> Self {
        let (a, b) = (y0 - y1, x1 - x0);
        let owns = a > 0 || (a == 0 && b > 0);
        Self { a, b, c: -(a * x0 + b * y0), bias: if owns { 0 } else { -1 } }
    }

    fn at(&self, x: i64, y: i64) -> i64 {
        self.a * x + self.b * y + self.c
    }
}

impl Triangle {
    fn new(mut vertices: [Vertex; 3], scale: f32) -> Option<Self> {
        let finite = vertices.iter().all(|v| {
            v.pos.x.is_finite() && v.pos.y.is_finite() && v.pos.x.abs().max(v.pos.y.abs()) < 1e6
        });
        if !finite {
            return None;
        }
        let snap = |points: f32| (points * scale * GRID).round() as i64;
        let place = |v: &[Vertex; 3]| (v.map(|v| snap(v.pos.x)), v.map(|v| snap(v.pos.y)));
        let (mut x, mut y) = place(&vertices);
        let mut area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
        if area == 0 {
            return None;
        }
        if area < 0 {
            vertices.swap(1, 2);
            (x, y) = place(&vertices);
            area = -area;
        }
        Some(Self { x, y, vertices, area })
    }

    fn paint(&self, picture: &mut Picture, texture: &Texture, clip: &Clip) {
        let cell = GRID as i64;
        let least = |v: [i64; 3]| v[0].min(v[1]).min(v[2]);
        let most = |v: [i64; 3]| v[0].max(v[1]).max(v[2]);
        let top = least(self.y).div_euclid(cell).max(clip.top);
        let bottom = (most(self.y).div_euclid(cell) + 1).min(clip.bottom);
        let left = least(self.x).div_euclid(cell).max(clip.left);
        let right = (most(self.x).div_euclid(cell) + 1).min(clip.right);
        if left >= right || top >= bottom {
            return;
        }
        let (x, y) = (self.x, self.y);
        // Opposite corners 0, 1, 2: the edge's value over the area is that corner's weight.
        let edges = [
            Edge::new(x[1], y[1], x[2], y[2]),
            Edge::new(x[2], y[2], x[0], y[0]),
            Edge::new(x[0], y[0], x[1], y[1]),
        ];
        let shader = Shader::new(self, texture);
        for row in top..bottom {
            let center_y = row * cell + cell / 2;
            if let Some((from, to)) = span(&edges, center_y, left, right) {
                shader.row(picture, &edges, row, from, to);
            }
        }
    }
}

/// The pixels of a row whose centres lie inside all edges, the end excluded.
fn span(edges: &[Edge; 3], center_y: i64, left: i64, right: i64) -> Option<(i64, i64)> {
    let cell = GRID as i64;
    let (mut from, mut to) = (left, right);
    for edge in edges {
        // value(column) = at_zero + step · column, and it must reach `-bias`.
        let at_zero = edge.at(cell / 2, center_y) + edge.bias;
        let step = edge.a * cell;
        match step.signum() {
            0 if at_zero < 0 => return None,
            0 => {}
            1 => from = from.max(-at_zero.div_euclid(step)),
            _ => to = to.min(at_zero.div_euclid(-step) + 1),
        }
    }
    (from < to).then_some((from, to))
}

/// What colours a triangle's pixels.
struct Shader<'a> {
    texture: &'a Texture,
    linear: bool,
    colors: [[f32; 4]; 3],
    u: [f32; 3],
    v: [f32; 3],
    inverse_area: f32,
    /// The colour, where it is one for the whole triangle.
    flat: Option<[f32; 4]>,
}

impl<'a> Shader<'a> {
    fn new(triangle: &Triangle, texture: &'a Texture) -> Self {
        let vertices = &triangle.vertices;
        let colors = vertices.map(|v| v.color.to_array().map(|c| f32::from(c) / 255.0));
        let (u, v) = (vertices.map(|v| v.uv.x), vertices.map(|v| v.uv.y));
        let mut shader = Self {
            texture,
            linear: filters_linearly(triangle, texture),
            colors,
            u,
            v,
            inverse_area: 1.0 / triangle.area as f32,
            flat: None,
        };
        let one = |values: [f32; 3]| values[0] == values[1] && values[1] == values[2];
        if colors[0] == colors[1] && colors[1] == colors[2] && one(u) && one(v) {
            shader.flat = Some(multiply(colors[0], shader.sample(u[0], v[0])));
        }
        shader
    }

    fn row(&self, picture: &mut Picture, edges: &[Edge; 3], row: i64, from: i64, to: i64) {
        let start = row as usize * picture.width;
        let pixels = &mut picture.rgba[start + from as usize..start + to as usize];
        if let Some(color) = self.flat {
            if color[3] >= 1.0 {
                pixels.fill(bytes(color));
            } else if color != [0.0; 4] {
                for pixel in pixels {
                    blend(pixel, color);
                }
            }
            return;
        }
        let cell = GRID as i64;
        let (x, y) = (from * cell + cell / 2, row * cell + cell / 2);
        let mut weights = edges.map(|edge| edge.at(x, y));
        for pixel in pixels {
            let w = weights.map(|w| w as f32 * self.inverse_area);
            blend(pixel, self.color(w));
            for (weight, edge) in weights.iter_mut().zip(edges) {
                *weight += edge.a * cell;
            }
        }
    }

    fn color(&self, w: [f32; 3]) -> [f32; 4] {
        let dot = |values: [f32; 3]| w[0] * values[0] + w[1] * values[1] + w[2] * values[2];
        let color = std::array::from_fn(|i| dot([0, 1, 2].map(|corner| self.colors[corner][i])));
        multiply(color, self.sample(dot(self.u), dot(self.v)))
    }

    /// The texture at `u`, `v` (0 to 1 over the whole of it).
    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let [width, height] = self.texture.size;
        let (x, y) = (u * width as f32, v * height as f32);
        if !self.linear {
            return self.texel(x.floor() as i64, y.floor() as i64);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (share_x, share_y) = (x - left, y - top);
        let at = |dx, dy| self.texel(left as i64 + dx, top as i64 + dy);
        let upper = blend_texels(at(0, 0), at(1, 0), share_x);
        let lower = blend_texels(at(0, 1), at(1, 1), share_x);
        blend_texels(upper, lower, share_y)
    }

    fn texel(&self, x: i64, y: i64) -> [f32; 4] {
        let [width, height] = self.texture.size;
        let wrap = |i: i64, n: usize| match self.texture.options.wrap_mode {
            TextureWrapMode::ClampToEdge => i.clamp(0, n as i64 - 1) as usize,
            TextureWrapMode::Repeat => i.rem_euclid(n as i64) as usize,
            TextureWrapMode::MirroredRepeat => {
                let twice = i.rem_euclid(2 * n as i64);
                twice.min(2 * n as i64 - 1 - twice) as usize
            }
        };
        let texel = self.texture.texels[wrap(y, height) * width + wrap(x, width)];
        texel.to_array().map(|c| f32::from(c) / 255.0)
    }
}

/// Which filter the texture's options ask for at this size of texels.
fn filters_linearly(triangle: &Triangle, texture: &Texture) -> bool {
    let options = &texture.options;
    if options.magnification == options.minification {
        return options.magnification == TextureFilter::Linear;
    }
    let [width, height] = texture.size.map(|n| n as f32);
    let v = &triangle.vertices;
    let (a, b) = (v[1].uv - v[0].uv, v[2].uv - v[0].uv);
    let texels = (a.x * b.y - a.y * b.x).abs() * width * height;
    let pixels = triangle.area as f32 / (GRID * GRID);
    let filter = if texels < pixels { options.magnification } else { options.minification };
    filter == TextureFilter::Linear
}

fn multiply(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|i| a[i] * b[i])
}

fn blend_texels(a: [f32; 4], b: [f32; 4], share: f32) -> [f32; 4] {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * share)
}

fn bytes(color: [f32; 4]) -> [u8; 4] {
    color.map(|c| (c * 255.0 + 0.5) as u8)
}

/// Premultiplied "over", in gamma space, rounded to bytes as a frame buffer would.
fn blend(pixel: &mut [u8; 4], color: [f32; 4]) {
    let rest = 1.0 - color[3];
    *pixel = std::array::from_fn(|i| {
        (color[i] * 255.0 + f32::from(pixel[i]) * rest + 0.5).clamp(0.0, 255.0) as u8
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use eframe::egui::{ColorImage, Pos2, pos2};

    use super::*;

    const ID: TextureId = TextureId::Managed(0);

    fn rasterizer(image: ColorImage, options: TextureOptions) -> Rasterizer {
        let mut delta = TexturesDelta::default();
        delta.push(ID, ImageDelta::full(Arc::new(image), options));
        let mut rasterizer = Rasterizer::default();
        rasterizer.apply(&mut delta);
        assert!(delta.is_empty());
        rasterizer
    }

    fn white() -> Rasterizer {
        rasterizer(ColorImage::filled([1, 1], Color32::WHITE), TextureOptions::LINEAR)
    }

    fn paint(rasterizer: &Rasterizer, triangles: &[[(f32, f32); 3]], color: Color32) -> Picture {
        let mut mesh = Mesh::with_texture(ID);
        for corners in triangles {
            for &(x, y) in corners {
                mesh.indices.push(mesh.vertices.len() as u32);
                mesh.vertices.push(Vertex { pos: pos2(x, y), uv: pos2(x / 8.0, y / 8.0), color });
            }
        }
        let primitives = [ClippedPrimitive {
            clip_rect: Rect::from_min_max(Pos2::ZERO, pos2(8.0, 7.0)),
            primitive: Primitive::Mesh(mesh),
        }];
        rasterizer.paint(&primitives, [8, 8], 1.0, Color32::BLACK)
    }

    /// Two triangles that share a diagonal, in both turning senses.
    const QUAD: [[(f32, f32); 3]; 2] =
        [[(0.0, 0.0), (8.0, 0.0), (8.0, 8.0)], [(0.0, 0.0), (0.0, 8.0), (8.0, 8.0)]];

    #[test]
    fn shared_edges_are_painted_once_and_the_clip_holds() {
        let picture = paint(&white(), &QUAD, Color32::from_white_alpha(100));
        for y in 0..8 {
            for x in 0..8 {
                let expected = if y < 7 { [100, 100, 100, 255] } else { [0, 0, 0, 255] };
                assert_eq!(picture.pixel(x, y), expected, "at {x}, {y}");
            }
        }
    }

    #[test]
    fn fans_around_a_corner_off_the_grid_neither_gap_nor_overlap() {
        let middle = (3.3, 2.9);
        let rim = [(-1.0, -1.0), (9.0, -1.0), (9.0, 9.0), (-1.0, 9.0)];
        let fan: Vec<_> = (0..4).map(|i| [middle, rim[i], rim[(i + 1) % 4]]).collect();
        let picture = paint(&white(), &fan, Color32::from_white_alpha(100));
        assert!(picture.rgba[..56].iter().all(|p| *p == [100, 100, 100, 255]));
    }

    #[test]
    fn nearest_textures_keep_their_squares() {
        let pixels = vec![Color32::WHITE, Color32::BLACK, Color32::BLACK, Color32::WHITE];
        let image = ColorImage::new([2, 2], pixels);
        let picture = paint(&rasterizer(image, TextureOptions::NEAREST), &QUAD, Color32::WHITE);
        assert_eq!(picture.pixel(0, 0), [255; 4]);
        assert_eq!(picture.pixel(3, 3), [255; 4]);
        assert_eq!(picture.pixel(4, 0), [0, 0, 0, 255]);
    }

    #[test]
    fn part_of_a_texture_is_replaced_in_place_and_freed_ones_go_a_frame_later() {
        let mut rasterizer = white();
        let mut delta = TexturesDelta::default();
        let whole = ColorImage::filled([2, 2], Color32::BLACK);
        delta.push(ID, ImageDelta::full(Arc::new(whole), TextureOptions::NEAREST));
        let patch = ColorImage::filled([1, 1], Color32::WHITE);
        delta.push(ID, ImageDelta::partial([1, 0], Arc::new(patch), TextureOptions::NEAREST));
        delta.free(ID);
        rasterizer.apply(&mut delta);
        let picture = paint(&rasterizer, &QUAD, Color32::WHITE);
        assert_eq!(picture.pixel(7, 0), [255; 4]);
        assert_eq!(picture.pixel(7, 6), [0, 0, 0, 255]);
        rasterizer.apply(&mut delta);
        let gone = paint(&rasterizer, &QUAD, Color32::WHITE);
        assert_eq!(gone.pixel(7, 0), [0, 0, 0, 255]);
    }
}
