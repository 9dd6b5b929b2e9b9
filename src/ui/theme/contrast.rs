//! Contrast of two colours, and the test that holds both themes to it.

use eframe::egui::Color32;

/// The contrast ratio of two opaque colours, 1 to 21, as WCAG 2.2 defines it:
/// `(L₁ + 0.05) / (L₂ + 0.05)` of their relative luminances, the brighter above.
pub fn contrast_ratio(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance of sRGB.
fn luminance(color: Color32) -> f64 {
    let [r, g, b] = linear(color);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Linear light of sRGB bytes.
fn linear(color: Color32) -> [f64; 3] {
    [color.r(), color.g(), color.b()].map(|byte| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

#[cfg(test)]
mod tests {
    use eframe::egui::Theme;

    use super::super::{
        CLASS_COUNT, LANE_COUNT, class_look, lane_look, present, signed, tokens_of,
    };
    use super::*;

    const THEMES: [Theme; 2] = [Theme::Dark, Theme::Light];

    fn check(least: f64, mark: &str, on: &str, theme: Theme, a: Color32, b: Color32) {
        let ratio = contrast_ratio(a, b);
        assert!(ratio >= least, "{mark} on {on}, {theme:?}: {ratio:.2} is below {least}");
    }

    #[test]
    fn black_on_white_is_21() {
        assert!((contrast_ratio(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn text_reaches_four_and_a_half() {
        texts_reach(4.5);
    }

    #[test]
    fn text_reaches_seven_on_a_projector() {
        present(true);
        texts_reach(7.0);
        present(false);
    }

    fn texts_reach(least: f64) {
        for theme in THEMES {
            let t = tokens_of(theme);
            let texts = [
                ("text", t.text),
                ("dim", t.dim),
                ("faint", t.faint),
                ("accent", t.accent),
                ("good", t.good),
                ("warn", t.warn),
                ("bad", t.bad),
            ];
            let surfaces = [
                ("background", t.background),
                ("panel", t.panel),
                ("card", t.card),
                ("hover", t.hover),
            ];
            for (name, color) in texts {
                for (on, surface) in surfaces {
                    check(least, name, on, theme, color, surface);
                }
            }
            check(least, "on_accent", "accent", theme, t.on_accent, t.accent);
            check(least, "text", "selection", theme, t.text, t.selection);
        }
    }

    #[test]
    fn lanes_and_classes_reach_three_on_a_projector_too() {
        present(true);
        lanes_and_classes_reach_three();
        present(false);
    }

    #[test]
    fn lanes_and_classes_reach_three() {
        for theme in THEMES {
            let t = tokens_of(theme);
            for (on, surface) in [("panel", t.panel), ("card", t.card), ("bg", t.background)] {
                for lane in 0..LANE_COUNT {
                    let color = lane_look(lane).color(theme);
                    check(3.0, &format!("lane {lane}"), on, theme, color, surface);
                }
                for class in 0..CLASS_COUNT {
                    let color = class_look(class).color(theme);
                    check(3.0, &format!("class {class}"), on, theme, color, surface);
                }
                for (sign, is_negative) in [("above 0", false), ("below 0", true)] {
                    check(3.0, sign, on, theme, signed(theme, is_negative), surface);
                }
            }
            // Points and boundaries over the regions they may lie on.
            for class in 0..CLASS_COUNT {
                let region = class_look(class).region(theme, 1.0);
                check(3.0, "ink", &format!("region {class}"), theme, t.ink, region);
                let color = class_look(class).color(theme);
                check(3.0, &format!("class {class}"), "its region", theme, color, region);
            }
        }
    }

    /// What an eye sees that lacks one kind of cone: Machado, Oliveira & Fernandes 2009, severity 1,
    /// applied to linear light.
    const SIGHTS: [(&str, [[f64; 3]; 3], f64); 4] = [
        ("full", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 1.0),
        (
            "protan",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            1.0,
        ),
        (
            "deutan",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
            1.0,
        ),
        // One in ten thousand: held to half, the second sign does the rest.
        (
            "tritan",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
            0.5,
        ),
    ];

    /// Oklab of a colour as that eye sees it; a distance of 2 is about what is just noticed.
    fn seen(color: Color32, sight: &[[f64; 3]; 3]) -> [f64; 3] {
        let light = linear(color);
        let mixed: Vec<f64> = sight
            .iter()
            .map(|row| row.iter().zip(light).map(|(m, c)| m * c).sum::<f64>().clamp(0.0, 1.0))
            .collect();
        let (r, g, b) = (mixed[0], mixed[1], mixed[2]);
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        ]
    }

    fn apart(what: &str, colors: &[Color32], least: f64, theme: Theme) {
        for (eye, sight, share) in SIGHTS {
            for (i, &a) in colors.iter().enumerate() {
                for (j, &b) in colors.iter().enumerate().skip(i + 1) {
                    let (p, q) = (seen(a, &sight), seen(b, &sight));
                    let distance =
                        100.0 * p.iter().zip(q).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
                    assert!(
                        distance >= least * share,
                        "{what} {i} and {j}, {theme:?}, {eye} sight: {distance:.1} apart"
                    );
                }
            }
        }
    }

    #[test]
    fn lanes_and_classes_stay_apart_for_colour_blind_eyes() {
        for theme in THEMES {
            let lanes: Vec<_> = (0..LANE_COUNT).map(|i| lane_look(i).color(theme)).collect();
            apart("lanes", &lanes, 9.0, theme);
            apart("lanes", &lanes[..4], 10.0, theme);
            let classes: Vec<_> = (0..CLASS_COUNT).map(|i| class_look(i).color(theme)).collect();
            apart("classes", &classes, 5.0, theme);
            apart("classes", &classes[..2], 15.0, theme);
        }
    }
}
