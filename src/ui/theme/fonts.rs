//! The two typefaces: Inter for words, a monospaced face for numbers and code.
//!
//! Both are bundled, so that the window and a picture made without one look the same everywhere.
//! Numbers stand in the second because its digits have one width: nothing moves while they change.

use std::sync::Arc;

use eframe::egui::{FontData, FontDefinitions, FontFamily};

/// The family of slightly stronger text.
pub const MEDIUM: &str = "inter-medium";
/// The family of headings and of what is strong in a sentence.
pub const SEMIBOLD: &str = "inter-semibold";

const REGULAR: &str = "inter-regular";
const MONO: &str = "jetbrains-mono";

/// Every family falls back to the other face, which has the signs the first lacks (▾ ✕ ⋯, ‖).
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let faces: [(&str, &'static [u8]); 4] = [
        (REGULAR, include_bytes!("../../../assets/fonts/Inter-Regular.otf")),
        (MEDIUM, include_bytes!("../../../assets/fonts/Inter-Medium.otf")),
        (SEMIBOLD, include_bytes!("../../../assets/fonts/Inter-SemiBold.otf")),
        (MONO, include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf")),
    ];
    for (name, bytes) in faces {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let families = [
        (FontFamily::Proportional, [REGULAR, MONO]),
        (FontFamily::Monospace, [MONO, REGULAR]),
        (FontFamily::Name(MEDIUM.into()), [MEDIUM, MONO]),
        (FontFamily::Name(SEMIBOLD.into()), [SEMIBOLD, MONO]),
    ];
    for (family, chain) in families {
        fonts.families.insert(family, chain.map(str::to_owned).to_vec());
    }
    fonts
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Context, FontId, RawInput};

    use super::*;

    /// Signs that texts of the workbench use; what is not here is drawn (`widgets::Icon`).
    const SIGNS: &str = "‖→←↑↓÷×−·…–—β₁₂ε√²∞≤≥≈Δηαμσλ▾▸✕✓●‹›°±∂Σ⋯⋮“”’ŷ";

    #[test]
    fn every_sign_has_a_glyph_in_every_family() {
        let ctx = Context::default();
        super::super::install(&ctx, 1.0);
        let output = ctx.run_ui(RawInput::default(), |_| {});
        output.drop_without_applying_deltas();
        let families = [
            FontFamily::Proportional,
            FontFamily::Monospace,
            FontFamily::Name(MEDIUM.into()),
            FontFamily::Name(SEMIBOLD.into()),
        ];
        for family in families {
            let id = FontId::new(13.0, family);
            for sign in SIGNS.chars() {
                assert!(ctx.fonts_mut(|f| f.has_glyph(&id, sign)), "no {sign:?} in {id:?}");
            }
        }
    }

    #[test]
    fn digits_of_numbers_have_one_width() {
        let ctx = Context::default();
        super::super::install(&ctx, 1.0);
        ctx.run_ui(RawInput::default(), |_| {}).drop_without_applying_deltas();
        let id = FontId::new(12.0, FontFamily::Monospace);
        let widths: Vec<f32> =
            "0123456789.-+e".chars().map(|c| ctx.fonts_mut(|f| f.glyph_width(&id, c))).collect();
        assert!(widths.iter().all(|w| (w - widths[0]).abs() < 1e-4), "{widths:?}");
    }
}
