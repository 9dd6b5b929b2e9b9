//! The colour ramps of heat maps: of sizes, and of numbers with a sign.

use eframe::egui::{Color32, Theme};

use super::tokens::{hex, mix, tokens_of};

/// Viridis at nine even stops (van der Walt & Smith, matplotlib): even steps look even, in grey and
/// to colour-blind eyes too.
static VIRIDIS: [Color32; 9] = [
    hex(0x44_0154),
    hex(0x47_2d7b),
    hex(0x3b_528b),
    hex(0x2c_728e),
    hex(0x21_918c),
    hex(0x28_ae80),
    hex(0x5e_c962),
    hex(0xad_dc30),
    hex(0xfd_e725),
];

/// The colour of `share` (0 to 1; what is outside or not a number is held at the ends).
pub fn viridis(share: f64) -> Color32 {
    let last = VIRIDIS.len() - 1;
    let place = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) } * last as f64;
    let below = (place as usize).min(last - 1);
    mix(VIRIDIS[below], VIRIDIS[below + 1], (place - below as f64) as f32)
}

/// The colour of numbers above zero, and of those below: blue and orange, apart to every eye.
pub fn signed(theme: Theme, is_negative: bool) -> Color32 {
    match (theme, is_negative) {
        (Theme::Dark, false) => hex(0x55_aaf5),
        (Theme::Dark, true) => hex(0xf2_9a4a),
        (Theme::Light, false) => hex(0x17_6bbd),
        (Theme::Light, true) => hex(0xb4_5708),
    }
}

/// The colour of a number with a sign: `share` from −1 (orange) over 0 (the panel) to 1 (blue); what is
/// outside is held at the ends, and what is no number has the colour of problems.
pub fn diverging(theme: Theme, share: f32) -> Color32 {
    let tokens = tokens_of(theme);
    if share.is_nan() {
        return tokens.bad;
    }
    mix(tokens.panel, signed(theme, share < 0.0), share.abs().min(1.0))
}
