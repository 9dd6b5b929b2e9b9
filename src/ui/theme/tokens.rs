//! The colours of the two themes by role.
//!
//! Invariant, held by the test in `contrast`: text roles reach 4.5 : 1 on every surface they stand
//! on, 7 : 1 for a projector, mark roles 3 : 1. Lane and class colours are elsewhere: they name things, not roles.

use eframe::egui::{Color32, Theme, Ui};

use super::presenting::is_presenting;

/// A colour from `0xRRGGBB`. The one place where a colour is spelt out.
#[allow(
    clippy::disallowed_methods,
    reason = "this is the theme: the only place where a colour may be spelt out"
)]
pub(super) const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

/// Colours by role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    /// Behind everything: the gaps between tiles.
    pub background: Color32,
    /// Side panels, header, tiles.
    pub panel: Color32,
    /// Cards, buttons and fields, raised from the panel.
    pub card: Color32,
    /// A card or button under the pointer.
    pub hover: Color32,
    /// Separators and frames of things that cannot be pressed.
    pub line: Color32,
    /// Frames of what can be pressed or typed into.
    pub edge: Color32,
    /// Grid lines of plots.
    pub grid: Color32,
    /// Text.
    pub text: Color32,
    /// Labels and secondary text.
    pub dim: Color32,
    /// Notes and units: still readable, never the only place of a fact.
    pub faint: Color32,
    /// What to press next, links, focus.
    pub accent: Color32,
    /// Text on [`Tokens::accent`].
    pub on_accent: Color32,
    /// Selected text and rows, behind [`Tokens::text`].
    pub selection: Color32,
    /// Success.
    pub good: Color32,
    /// Needs a look.
    pub warn: Color32,
    /// Problems and divergence.
    pub bad: Color32,
    /// Decision boundaries and paths over pictures.
    pub ink: Color32,
    /// What lies around marks on pictures, so that they stand out of any background.
    pub halo: Color32,
    /// Shadows of menus and dialogs.
    pub shadow: Color32,
    /// What dims the window behind a dialog.
    pub veil: Color32,
}

/// The dark theme.
pub const DARK: Tokens = Tokens {
    background: hex(0x0e_1116),
    panel: hex(0x15_1a21),
    card: hex(0x1b_212a),
    hover: hex(0x24_2c37),
    line: hex(0x26_2e39),
    edge: hex(0x36_404d),
    grid: hex(0x22_2a34),
    text: hex(0xd7_dee8),
    dim: hex(0x98_a5b5),
    faint: hex(0x8a_98aa),
    accent: hex(0x4f_b3ff),
    on_accent: hex(0x06_121d),
    selection: hex(0x1f_4467),
    good: hex(0x3f_b68b),
    warn: hex(0xe0_a73b),
    bad: hex(0xf0_736d),
    ink: hex(0xff_ffff),
    halo: hex(0x0e_1116),
    shadow: Color32::from_black_alpha(120),
    veil: Color32::from_black_alpha(140),
};

/// The light theme.
pub const LIGHT: Tokens = Tokens {
    background: hex(0xf4_f6f9),
    panel: hex(0xff_ffff),
    card: hex(0xf7_f9fb),
    hover: hex(0xec_f0f5),
    line: hex(0xdd_e3ea),
    edge: hex(0xc3_ccd6),
    grid: hex(0xe8_edf2),
    text: hex(0x1d_2732),
    dim: hex(0x52_6070),
    faint: hex(0x5e_6a77),
    accent: hex(0x0b_6fc2),
    on_accent: hex(0xff_ffff),
    selection: hex(0xc3_dff8),
    good: hex(0x13_7654),
    warn: hex(0x8f_5e00),
    bad: hex(0xc2_3a35),
    ink: hex(0x11_1519),
    halo: hex(0xff_ffff),
    shadow: Color32::from_black_alpha(40),
    veil: Color32::from_black_alpha(70),
};

/// The dark theme for a projector, whose black is grey.
pub const DARK_STRONG: Tokens = Tokens {
    background: hex(0x00_0000),
    panel: hex(0x06_080b),
    card: hex(0x0d_1117),
    hover: hex(0x1a_212a),
    line: hex(0x46_5261),
    edge: hex(0x7c_8b9c),
    grid: hex(0x2c_3641),
    text: hex(0xff_ffff),
    dim: hex(0xd3_dde8),
    faint: hex(0xc2_cedb),
    accent: hex(0x74_c4ff),
    on_accent: hex(0x00_0000),
    selection: hex(0x14_4a7c),
    good: hex(0x5f_dcae),
    warn: hex(0xff_c95c),
    bad: hex(0xff_a49e),
    ink: hex(0xff_ffff),
    halo: hex(0x00_0000),
    shadow: Color32::from_black_alpha(160),
    veil: Color32::from_black_alpha(180),
};

/// The light theme for a projector, whose grey is white.
pub const LIGHT_STRONG: Tokens = Tokens {
    background: hex(0xff_ffff),
    panel: hex(0xff_ffff),
    card: hex(0xfb_fcfd),
    hover: hex(0xee_f2f6),
    line: hex(0x9a_a6b3),
    edge: hex(0x5a_6878),
    grid: hex(0xd8_dfe6),
    text: hex(0x00_0000),
    dim: hex(0x2b_3642),
    faint: hex(0x36_424f),
    accent: hex(0x00_4684),
    on_accent: hex(0xff_ffff),
    selection: hex(0xb3_d6f8),
    good: hex(0x00_4f33),
    warn: hex(0x5c_3a00),
    bad: hex(0x8c_1613),
    ink: hex(0x00_0000),
    halo: hex(0xff_ffff),
    shadow: Color32::from_black_alpha(60),
    veil: Color32::from_black_alpha(110),
};

/// The tokens of a theme; those for a projector while this thread draws for one.
pub fn tokens_of(theme: Theme) -> &'static Tokens {
    match (theme, is_presenting()) {
        (Theme::Dark, false) => &DARK,
        (Theme::Light, false) => &LIGHT,
        (Theme::Dark, true) => &DARK_STRONG,
        (Theme::Light, true) => &LIGHT_STRONG,
    }
}

/// The theme a `Ui` is drawn in.
pub fn theme_of(ui: &Ui) -> Theme {
    if ui.visuals().dark_mode { Theme::Dark } else { Theme::Light }
}

/// The tokens of the theme a `Ui` is drawn in.
pub fn tokens(ui: &Ui) -> &'static Tokens {
    tokens_of(theme_of(ui))
}

/// The colour `share` of the way from `from` to `to` (0 to 1), both opaque.
pub fn mix(from: Color32, to: Color32, share: f32) -> Color32 {
    let share = share.clamp(0.0, 1.0);
    let channel = |a: u8, b: u8| {
        (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round().clamp(0.0, 255.0) as u8
    };
    Color32::from_rgba_premultiplied(
        channel(from.r(), to.r()),
        channel(from.g(), to.g()),
        channel(from.b(), to.b()),
        255,
    )
}
