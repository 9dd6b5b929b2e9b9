//! Pictures of data and models, painted in both themes.

use downhill::ui::theme::{class_look, lane_look, paint_class, theme_of, tokens};
use downhill::ui::tiles::{Contour, Plane, Regions, ScatterScene, paint_trail, scatter_ui};
use eframe::egui::{Frame, Sense, Ui, vec2};

use crate::gallery::paint;

fn boxed(ui: &mut Ui, add: impl FnOnce(&mut Ui, eframe::egui::Rect)) {
    let (rect, _) = ui.allocate_exact_size(vec2(250.0, 230.0), Sense::hover());
    add(ui, rect);
}

fn regions(ui: &mut Ui, classes: usize) {
    let theme = theme_of(ui);
    boxed(ui, |ui, rect| {
        let plane = Plane::with_axes(ui, rect, (-10.0, 10.0), (-10.0, 10.0), ["x1", "x2"]);
        let n = 64;
        let at = |i: usize| (i as f32 + 0.5) / n as f32 * 20.0 - 10.0;
        let outputs: Vec<f32> = (0..n * n)
            .flat_map(|i| {
                let (x, y) = (at(i % n), at(i / n));
                if classes == 2 {
                    return vec![1.0 / (1.0 + (-(0.4 * x + 0.5 * y)).exp())];
                }
                let scores: Vec<f32> = (0..classes)
                    .map(|c| {
                        let a = c as f32 / classes as f32 * std::f32::consts::TAU;
                        (0.6 * (x * a.cos() + y * a.sin())).exp()
                    })
                    .collect();
                let sum: f32 = scores.iter().sum();
                scores.iter().map(|s| s / sum).collect()
            })
            .collect();
        let width = if classes == 2 { 1 } else { classes };
        let picture = Regions::new(ui.ctx(), theme, &outputs, width, n);
        let painter = ui.painter_at(plane.rect);
        picture.paint(&painter, &plane);
        for i in 0..240 {
            let class = i % classes;
            let a = class as f64 / classes as f64 * std::f64::consts::TAU;
            let turn = i as f64 * 2.4;
            let (x, y) = if classes == 2 {
                let side = class as f64 * 8.0 - 4.0;
                (side + turn.sin() * 3.0, side + (turn * 1.7).cos() * 3.0)
            } else {
                (6.5 * a.cos() + turn.sin() * 2.0, 6.5 * a.sin() + (turn * 1.7).cos() * 2.0)
            };
            paint_class(&painter, class, theme, plane.at(x, y), 3.2);
        }
        picture.paint_boundary(&painter, &plane, theme);
        assert_ne!(class_look(0), class_look(1));
    });
}

fn surface(ui: &mut Ui) {
    let theme = theme_of(ui);
    boxed(ui, |ui, rect| {
        let (x, y) = ((-2.0, 2.0), (-1.0, 3.0));
        let plane = Plane::with_axes(ui, rect, x, y, ["x", "y"]);
        let map = Contour::new(ui.ctx(), theme, x, y, |x, y| {
            (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
        });
        let painter = ui.painter_at(plane.rect);
        map.paint(&painter, &plane);
        for lane in 0..4 {
            let way = (0..40).map(move |i| {
                let x = -1.5 + f64::from(i) * 0.06;
                [x, x * x - lane as f64 * 0.12 + 0.2]
            });
            paint_trail(&painter, &plane, way, lane_look(lane).color(theme), theme);
        }
    });
}

fn tiles_ui(ui: &mut Ui) {
    Frame::new().fill(tokens(ui).panel).inner_margin(12.0).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        ui.horizontal(|ui| {
            regions(ui, 2);
            regions(ui, 10);
            surface(ui);
            let pairs: Vec<[f64; 2]> = (0..300)
                .map(|i| {
                    let target = (f64::from(i) * 0.37).sin() * 3.0;
                    [target, target + (f64::from(i) * 1.9).cos() * 0.5]
                })
                .collect();
            boxed(ui, |ui, rect| {
                let color = lane_look(1).color(theme_of(ui));
                scatter_ui(ui, rect, &ScatterScene { pairs: &pairs, color });
            });
        });
    });
}

#[test]
fn pictures() {
    paint("tiles", [1080.0, 260.0], 1.0, |ui, _| tiles_ui(ui));
}
