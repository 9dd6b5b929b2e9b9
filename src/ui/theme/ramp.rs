//! The colour ramp of heat maps.

use eframe::egui::Color32;

use super::tokens::{hex, mix};

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
