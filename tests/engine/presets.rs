//! The experiments that ship.

use downhill::data::NoFiles;
use downhill::experiment::{check, excerpt, shipped_presets};

#[test]
fn every_preset_is_valid_and_can_be_trained() {
    for preset in shipped_presets() {
        let file = format!("{}.ron", preset.name);
        let valid = check(preset.text).unwrap_or_else(|problems| {
            let shown: Vec<_> = problems.iter().map(|p| excerpt(preset.text, &file, p)).collect();
            panic!("{}", shown.join("\n"))
        });
        let plans = valid.prepare(&NoFiles).unwrap_or_else(|problems| {
            let shown: Vec<_> = problems.iter().map(|p| excerpt(preset.text, &file, p)).collect();
            panic!("{}", shown.join("\n"))
        });
        assert_eq!(plans.len(), valid.experiment().lanes.len());
        assert!(!preset.title().is_empty() && !preset.notes().is_empty(), "{file}");
    }
}
