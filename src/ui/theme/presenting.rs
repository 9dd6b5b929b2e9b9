//! Whether what is drawn is for a projector: stronger contrast and thicker lines.
//!
//! It is a fact of the thread that draws, set by the window at the head of each frame, because colours are
//! asked for where no context is at hand. Invariant: nothing but colours and widths depends on it.

use std::cell::Cell;

use eframe::egui::Theme;

/// How much thicker the lines of plots and paths are.
const THICKER: f32 = 1.6;

thread_local! {
    static PRESENTING: Cell<bool> = const { Cell::new(false) };
}

/// From now on this thread draws for a projector, or no longer.
pub fn present(on: bool) {
    PRESENTING.set(on);
}

/// Whether this thread draws for a projector.
pub fn is_presenting() -> bool {
    PRESENTING.get()
}

/// All that colours and widths depend on: what is kept between frames is drawn anew for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Palette {
    /// Dark or light.
    pub theme: Theme,
    is_presenting: bool,
}

/// The palette that this thread draws with in a theme.
pub fn palette(theme: Theme) -> Palette {
    Palette { theme, is_presenting: is_presenting() }
}

/// The width of a plot's line, a path or a boundary: as designed, or thicker for a projector.
pub fn line_width(points: f32) -> f32 {
    if is_presenting() { points * THICKER } else { points }
}
