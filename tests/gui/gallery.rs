//! Every control and plot in both themes, painted to `target/gallery/*.png` to be looked at. What
//! is asserted is only that something was drawn and that two runs agree to the bit.

use std::path::PathBuf;

use downhill::ui::raster::Picture;
use downhill::ui::shot::{StageSettings, shoot};
use eframe::egui::{Theme, Ui};

/// Paints `ui` in both themes and leaves the pictures in `target/gallery`.
pub(crate) fn paint(name: &str, size: [f32; 2], text_size: f32, mut ui: impl FnMut(&mut Ui, u64)) {
    for (theme, suffix) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let settings = StageSettings { size, theme, text_size, ..StageSettings::default() };
        let picture = shoot(settings, 6, &mut ui);
        assert!(colors(&picture) > 8, "{name}: next to nothing was drawn");
        keep(&format!("{name}-{suffix}"), &picture);
    }
}

/// Leaves a picture in `target/gallery`.
pub(crate) fn keep(name: &str, picture: &Picture) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../gallery");
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    let bytes = picture.to_png().expect("a picture encodes");
    std::fs::write(folder.join(format!("{name}.png")), bytes).expect("written");
}

fn colors(picture: &Picture) -> usize {
    let mut seen: Vec<_> = picture.rgba.clone();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}
