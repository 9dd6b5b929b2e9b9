//! egui without a window: frames driven by hand, painted on the CPU, written as PNG.
//!
//! A [`Stage`] is what a window would be: a size, a theme, a scale and a clock. Its clock is
//! injected, a sixtieth of a second a frame, so the same calls give the same picture to the bit.

use std::time::Duration;

use eframe::egui::{
    ClippedPrimitive, Context, Event, Pos2, RawInput, Rect, Shape, Theme, Ui, Vec2, ViewportId,
    epaint::ClippedShape, vec2,
};
use thiserror::Error;

use super::raster::{Picture, Rasterizer};
use super::theme;

/// How a stage is set up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StageSettings {
    /// Width and height in points; the picture is this times `pixels_per_point`.
    pub size: [f32; 2],
    /// Pixels a point.
    pub pixels_per_point: f32,
    /// Dark or light.
    pub theme: Theme,
    /// Text size, 1.0 to 2.0.
    pub text_size: f32,
}

impl Default for StageSettings {
    fn default() -> Self {
        Self { size: [1440.0, 900.0], pixels_per_point: 1.0, theme: Theme::Dark, text_size: 1.0 }
    }
}

/// Why a picture could not be written.
#[derive(Debug, Error)]
pub enum PictureError {
    /// The encoder refused or the writer failed.
    #[error("the picture could not be encoded as PNG: {0}")]
    Encode(#[from] png::EncodingError),
}

/// A window's worth of egui, without the window.
#[derive(Debug)]
pub struct Stage {
    context: Context,
    settings: StageSettings,
    rasterizer: Rasterizer,
    frames: u64,
    shapes: Vec<ClippedShape>,
    repaint: Option<Duration>,
}

impl Stage {
    /// A stage with the workbench's fonts and styles.
    pub fn new(settings: StageSettings) -> Self {
        let context = Context::default();
        theme::install(&context, settings.text_size);
        context.set_theme(settings.theme);
        let rasterizer = Rasterizer::default();
        Self { context, settings, rasterizer, frames: 0, shapes: Vec::new(), repaint: None }
    }

    /// Its egui context.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Runs one frame.
    pub fn frame(&mut self, ui: impl FnMut(&mut Ui)) {
        self.frame_with(Vec::new(), ui);
    }

    /// Runs one frame with input events.
    pub fn frame_with(&mut self, events: Vec<Event>, ui: impl FnMut(&mut Ui)) {
        let [width, height] = self.settings.size;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(width, height))),
            max_texture_side: Some(8192),
            time: Some(self.frames as f64 / 60.0),
            focused: true,
            events,
            ..RawInput::default()
        };
        if let Some(viewport) = input.viewports.get_mut(&ViewportId::ROOT) {
            viewport.native_pixels_per_point = Some(self.settings.pixels_per_point);
        }
        self.frames += 1;
        let mut output = self.context.run_ui(input, ui);
        self.rasterizer.apply(&mut output.textures_delta);
        self.shapes = std::mem::take(&mut output.shapes);
        let root = output.viewport_output.get(&ViewportId::ROOT);
        self.repaint = root.map(|root| root.repaint_delay).filter(|delay| *delay < Duration::MAX);
    }

    /// How long after the last frame another one is wanted, whatever happens meanwhile; `None`: only
    /// when something happens.
    pub fn repaint_wanted(&self) -> Option<Duration> {
        self.repaint
    }

    /// The texts the last frame drew: what each says, where it stands, and the part of the screen it
    /// was allowed to draw on.
    pub fn texts(&self) -> Vec<(String, Rect, Rect)> {
        fn collect(shape: &Shape, clip: Rect, out: &mut Vec<(String, Rect, Rect)>) {
            match shape {
                Shape::Vec(shapes) => shapes.iter().for_each(|s| collect(s, clip, out)),
                Shape::Text(text) => {
                    let said: String =
                        text.galley.rows.iter().map(|row| row.text() + "\n").collect();
                    out.push((said, text.visual_bounding_rect(), clip));
                }
                _ => {}
            }
        }
        let mut texts = Vec::new();
        for clipped in &self.shapes {
            collect(&clipped.shape, clipped.clip_rect, &mut texts);
        }
        texts
    }

    /// What the last frame drew, as triangles; the frame's shapes are used up, as in a window.
    pub fn tessellate(&mut self) -> Vec<ClippedPrimitive> {
        let shapes = std::mem::take(&mut self.shapes);
        self.context.tessellate(shapes, self.settings.pixels_per_point)
    }

    /// Paints what the last frame drew.
    pub fn picture(&self) -> Picture {
        let scale = self.settings.pixels_per_point;
        let size = Vec2::from(self.settings.size) * scale;
        let primitives = self.context.tessellate(self.shapes.clone(), scale);
        let background = theme::tokens_of(self.settings.theme).background;
        let pixels = [size.x.round() as usize, size.y.round() as usize];
        self.rasterizer.paint(&primitives, pixels, scale, background)
    }
}

/// Runs `frames` frames of `ui` on a fresh stage and paints the last one. egui settles sizes over
/// the first frames, so at least three are wanted; `ui` is told which frame it is, from 0.
pub fn shoot(settings: StageSettings, frames: u64, mut ui: impl FnMut(&mut Ui, u64)) -> Picture {
    let mut stage = Stage::new(settings);
    for frame in 0..frames.max(1) {
        stage.frame(|root| ui(root, frame));
    }
    stage.picture()
}

impl Picture {
    /// The picture as the bytes of a PNG file.
    ///
    /// # Errors
    /// When the encoder refuses the size (no pixels at all).
    pub fn to_png(&self) -> Result<Vec<u8>, PictureError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.rgba.as_flattened())?;
        writer.finish()?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(ui: &mut Ui) {
        ui.heading("Steps: 1234");
        let mut value = 0.3;
        ui.add(eframe::egui::Slider::new(&mut value, 0.0..=1.0).text("rate"));
        ui.label("learning rate → 0.03");
    }

    #[test]
    fn pictures_are_the_same_to_the_bit() {
        let settings = StageSettings {
            size: [320.0, 200.0],
            pixels_per_point: 1.25,
            ..StageSettings::default()
        };
        let first = shoot(settings, 4, |ui, _| example(ui));
        assert_eq!([first.width, first.height], [400, 250]);
        let ink = first.rgba.iter().filter(|p| p[0] > 150).count();
        assert!(ink > 200, "there should be text, found {ink} bright pixels");
        for _ in 0..3 {
            let again = shoot(settings, 4, |ui, _| example(ui));
            assert!(again == first, "the picture differs from the first");
        }
    }

    #[test]
    fn a_png_can_be_read_back() {
        let settings = StageSettings { size: [40.0, 30.0], ..StageSettings::default() };
        let picture = shoot(settings, 2, |ui, _| drop(ui.label("k")));
        let bytes = picture.to_png().expect("encodes");
        let mut reader =
            png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a header");
        let mut back = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut back).expect("a frame");
        assert_eq!(back, picture.rgba.as_flattened());
    }
}
