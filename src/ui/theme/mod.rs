//! Colours, type and spacing: everything that makes the window look like one thing.
//!
//! Colours are *tokens*: a panel says `tokens(ui).bad`, never a number, so that both themes and the
//! contrast test cover whatever is drawn. Lanes and classes have palettes of their own, safe for
//! colour-blind eyes, each with a second sign (dash and marker, shape) beside the colour. This is
//! the only module that may spell a colour out.
//!
//! [`install`] puts fonts and both styles into an egui context. Text size scales the type and the
//! height of controls, not the gaps, so that 200 % still fits a small screen.

mod classes;
mod contrast;
mod fonts;
mod lanes;
mod presenting;
mod ramp;
mod style;
mod tokens;

pub use eframe::egui::Theme;

pub use classes::{
    CLASS_COUNT, ClassLook, ClassShape, Crowd, class_look, class_outline, class_shape,
    class_shape_ui, mark_shape, paint_class,
};
pub use contrast::contrast_ratio;
pub use fonts::{MEDIUM, SEMIBOLD};
pub use lanes::{Dash, LANE_COUNT, LaneLook, Marker, lane_look, paint_marker};
pub use presenting::{Palette, is_presenting, line_width, palette, present};
pub use ramp::{diverging, signed, viridis};
pub use style::{
    MAX_TEXT_SIZE, MIN_TEXT_SIZE, caption_style, heading_style, install, number_style, small_style,
    strong_style, title_style,
};
pub use tokens::{
    DARK, DARK_STRONG, LIGHT, LIGHT_STRONG, Tokens, mix, theme_of, tokens, tokens_of,
};
