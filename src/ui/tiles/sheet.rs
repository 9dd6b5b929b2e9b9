//! Small images in rows with a line of words below each, as large as the room allows.
//!
//! Invariant: images keep their shape, all are of one size, and the first ones are shown. Their pixels
//! are uploaded once for what is on the sheet; a frame only places them.

use eframe::egui::{
    Align2, Color32, ColorImage, Context, Pos2, Rect, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Theme, Ui, Vec2, pos2, vec2,
};

use super::super::theme::{Palette, mix, palette, theme_of, tokens, tokens_of};
use super::confusion::elided;

/// An image of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetImage {
    /// What its pixels are told from others by.
    pub id: u64,
    /// From 0 (the background) to 1 (ink), row by row from the upper left.
    pub pixels: Vec<f32>,
    /// What stands below it.
    pub words: String,
}

/// Where the images of a sheet lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SheetPlan {
    /// How many there are place for.
    pub count: usize,
    /// The size of each.
    pub image: Vec2,
    columns: usize,
    cell: Vec2,
    origin: Pos2,
}

/// The uploaded pixels of a sheet.
#[derive(Default)]
pub struct Sheet {
    made_of: Option<(Vec<u64>, Palette)>,
    texture: Option<TextureHandle>,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("made_of", &self.made_of).finish_non_exhaustive()
    }
}

/// An image is as wide as so many lines are high, at least where there is room.
const LINES: f32 = 2.6;
/// Between images.
const GAP: f32 = 6.0;

impl SheetPlan {
    /// Where up to `most` images of that many pixels find place in a room, each with a line of words
    /// below it, `least` wide and `line` high. With fewer images than there is place for they are larger.
    pub fn of(
        room: Rect,
        most: usize,
        pixels: [usize; 2],
        (least, line): (f32, f32),
    ) -> Option<Self> {
        let slope = pixels[1] as f32 / pixels[0].max(1) as f32;
        let size = |columns: usize, rows: usize| {
            let width = (room.width() + GAP) / columns as f32 - GAP;
            let height = (room.height() + GAP) / rows as f32 - GAP - line;
            width.min(height / slope)
        };
        let columns = (((room.width() + GAP) / (least + GAP)) as usize).max(1);
        let rows = ((room.height() + GAP) / (line * LINES * slope + line + GAP)) as usize;
        let count = most.min(columns * rows.max(1));
        let best = (1..=columns.min(count)).max_by(|a, b| {
            let of = |columns: usize| size(columns, count.div_ceil(columns));
            of(*a).total_cmp(&of(*b))
        })?;
        let across = size(best, count.div_ceil(best));
        let plan = Self {
            count,
            image: vec2(across, across * slope),
            columns: best,
            cell: vec2((room.width() + GAP) / best as f32, across * slope + line + GAP),
            origin: room.min,
        };
        (across >= 4.0).then_some(plan)
    }

    /// Where an image lies.
    pub fn place(&self, index: usize) -> Rect {
        let (column, row) = (index % self.columns, index / self.columns);
        let corner = self.origin + vec2(column as f32 * self.cell.x, row as f32 * self.cell.y);
        let inset = ((self.cell.x - GAP - self.image.x) / 2.0).max(0.0);
        Rect::from_min_size(corner + vec2(inset, 0.0), self.image)
    }

    /// The image at a place on the screen, words included.
    pub fn at(&self, place: Pos2) -> Option<usize> {
        (0..self.count).find(|index| {
            let image = self.place(*index);
            let cell =
                Rect::from_min_max(image.min, pos2(image.max.x, image.min.y + self.cell.y - GAP));
            cell.contains(place)
        })
    }
}

/// Draws the first images of a list, each of so many pixels across and down.
pub fn sheet_ui(
    ui: &Ui,
    plan: &SheetPlan,
    images: &[SheetImage],
    pixels: [usize; 2],
    sheet: &mut Sheet,
) {
    let theme = theme_of(ui);
    let images = &images[..images.len().min(plan.count)];
    let palette = palette(theme);
    let ids: Vec<u64> = images.iter().map(|image| image.id).collect();
    if sheet.made_of.as_ref().is_none_or(|made_of| made_of.0 != ids || made_of.1 != palette) {
        sheet.texture = Some(upload(ui.ctx(), images, pixels, theme));
        sheet.made_of = Some((ids, palette));
    }
    let Some(texture) = &sheet.texture else { return };
    let colors = tokens(ui);
    let painter = ui.painter();
    for (index, image) in images.iter().enumerate() {
        let place = plan.place(index);
        let part = |row: usize| row as f32 / images.len() as f32;
        let on_texture = Rect::from_min_max(pos2(0.0, part(index)), pos2(1.0, part(index + 1)));
        painter.image(texture.id(), place, on_texture, Color32::WHITE);
        painter.rect_stroke(place, 1.0, Stroke::new(1.0, colors.edge), StrokeKind::Outside);
        let below = pos2(place.center().x, place.bottom() + 2.0);
        let room = plan.cell.x - GAP * 0.5;
        elided(ui, &image.words, below, Align2::CENTER_TOP, room, colors.text);
    }
}

/// All images one below the other.
fn upload(
    context: &Context,
    images: &[SheetImage],
    [width, height]: [usize; 2],
    theme: Theme,
) -> TextureHandle {
    let colors = tokens_of(theme);
    let shades: Vec<Color32> = images
        .iter()
        .flat_map(|i| &i.pixels)
        .map(|p| mix(colors.background, colors.ink, *p))
        .collect();
    let image = ColorImage::new([width, height * images.len()], shades);
    context.load_texture("sheet", image, TextureOptions::NEAREST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_find_place_inside_and_beside_each_other() {
        for (size, most) in
            [([200.0, 150.0], 40), ([800.0, 300.0], 3), ([160.0, 90.0], 1), ([300.0, 900.0], 99)]
        {
            let room = Rect::from_min_size(pos2(10.0, 20.0), vec2(size[0], size[1]));
            let plan = SheetPlan::of(room, most, [8, 10], (40.0, 14.0)).expect("there is room");
            assert!(plan.count >= 1 && plan.count <= most);
            let places: Vec<Rect> = (0..plan.count).map(|index| plan.place(index)).collect();
            for (index, place) in places.iter().enumerate() {
                assert!((place.height() / place.width() - 1.25).abs() < 1e-4);
                let with_words = Rect::from_min_max(place.min, place.max + vec2(0.0, 14.0));
                assert!(room.expand(0.01).contains_rect(with_words), "{with_words} of {room}");
                let meets = |other: &Rect| other.intersect(*place).is_positive();
                assert_eq!(places.iter().filter(|other| meets(other)).count(), 1, "{index}");
                assert_eq!(plan.at(place.center()), Some(index));
            }
        }
    }

    #[test]
    fn few_images_are_large_and_none_need_no_place() {
        let room = Rect::from_min_size(pos2(0.0, 0.0), vec2(400.0, 200.0));
        let of = |most| SheetPlan::of(room, most, [8, 8], (30.0, 14.0));
        let (few, many) = (of(2).expect("room"), of(50).expect("room"));
        assert!(few.image.x > 2.0 * many.image.x && few.image.y <= 186.0);
        assert!(of(0).is_none());
        let slit = Rect::from_min_size(pos2(0.0, 0.0), vec2(400.0, 10.0));
        assert!(SheetPlan::of(slit, 5, [8, 8], (30.0, 14.0)).is_none());
    }
}
