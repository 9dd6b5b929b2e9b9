//! Pictures of data and models, painted in both themes.

use downhill::metrics::{Confusion, roc_auc, roc_curve};
use downhill::numeric::{Segment, turns};
use downhill::ui::theme::{
    Crowd, class_look, class_outline, lane_look, mark_shape, mix, paint_class, theme_of, tokens,
};
use downhill::ui::tiles::{
    ConfusionScene, Contour, Plane, Regions, RocScene, ScatterScene, Still, confusion_ui,
    line_shapes, paint_trail, roc_ui, scatter_ui,
};
use eframe::egui::{Frame, Sense, Stroke, Ui, vec2};

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
        let boundary = turns(&outputs, width, n);
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
        let colors = tokens(ui);
        for (age, offset) in [0.06, 0.03, 0.0].into_iter().enumerate() {
            let moved: Vec<Segment> =
                boundary.iter().map(|line| line.map(|[x, y]| [x - offset, y])).collect();
            let ink = mix(colors.panel, colors.ink, [0.3, 0.5, 1.0][age]);
            painter.extend(line_shapes(&moved, &plane, Stroke::new([1.3, 1.3, 2.0][age], ink)));
        }
        for i in 0..12 {
            let at = plane.at(f64::from(i) - 6.0, f64::from(i % 5) - 8.0);
            painter.add(class_outline(i as usize, theme, at, 3.2));
            if i % 3 == 0 {
                painter.add(mark_shape(Crowd::Few, theme, at, 5.4));
            }
        }
        assert_ne!(class_look(0), class_look(1));
    });
}

fn surface(ui: &mut Ui) {
    let theme = theme_of(ui);
    boxed(ui, |ui, rect| {
        let (x, y) = ((-2.0, 2.0), (-1.0, 3.0));
        let plane = Plane::with_axes(ui, rect, x, y, ["x", "y"]);
        let mut map = Contour::new(ui.ctx(), theme, (x, y), None, |x, y| {
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
            let pairs: std::sync::Arc<[[f64; 2]]> = (0..300)
                .map(|i| {
                    let target = (f64::from(i) * 0.37).sin() * 3.0;
                    [target, target + (f64::from(i) * 1.9).cos() * 0.5]
                })
                .collect();
            boxed(ui, |ui, rect| {
                let color = lane_look(1).color(theme_of(ui));
                let scene = ScatterScene { pairs: &pairs, residuals: false, color };
                scatter_ui(ui, rect, &scene, &mut Still::default());
            });
            boxed(ui, |ui, rect| {
                let color = lane_look(3).color(theme_of(ui));
                let scene = ScatterScene { pairs: &pairs, residuals: true, color };
                scatter_ui(ui, rect, &scene, &mut Still::default());
            });
        });
    });
}

fn confusion(ui: &mut Ui, classes: usize, each: usize) {
    let names: Vec<String> = ["setosa", "a class with a long name"]
        .map(str::to_owned)
        .into_iter()
        .cycle()
        .take(classes)
        .collect();
    let rows = classes * each;
    let pairs = (0..rows).map(|row| {
        let truth = row % classes;
        let strays = row * 7 % 10 < 2;
        (truth, if strays { row * 13 % classes } else { truth })
    });
    let confusion = Confusion::of(classes, pairs);
    boxed(ui, |ui, rect| {
        confusion_ui(
            ui,
            rect,
            &ConfusionScene { confusion: &confusion, names: &names, with_axes: true },
        );
    });
}

fn roc(ui: &mut Ui, size: eframe::egui::Vec2) {
    let rows: Vec<(f64, bool)> = (0..80)
        .map(|i| {
            let noise = (f64::from(i) * 12.9).sin();
            (0.5 + 0.25 * noise + if i % 3 == 0 { 0.2 } else { -0.1 }, i % 3 == 0)
        })
        .collect();
    let threshold = 0.55;
    let pairs = rows.iter().map(|(score, of)| (usize::from(*of), usize::from(*score > threshold)));
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let scene = RocScene {
        name: "ROC curve of Adam",
        curve: &roc_curve(rows.iter().copied()).expect("rows of both kinds"),
        area: roc_auc(rows.iter().copied()).expect("rows of both kinds"),
        threshold,
        confusion: &Confusion::of(2, pairs),
        names: &["no".to_owned(), "yes".to_owned()],
        color: lane_look(2).color(theme_of(ui)),
    };
    roc_ui(ui, rect, &scene);
}

fn judged_ui(ui: &mut Ui) {
    Frame::new().fill(tokens(ui).panel).inner_margin(12.0).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        ui.horizontal(|ui| {
            confusion(ui, 2, 50);
            confusion(ui, 4, 1234);
            confusion(ui, 10, 180);
            for (index, size) in [vec2(330.0, 200.0), vec2(150.0, 230.0)].into_iter().enumerate() {
                ui.push_id(index, |ui| roc(ui, size));
            }
        });
    });
}

#[test]
fn judged_pictures() {
    paint("judged", [1330.0, 260.0], 1.0, |ui, _| judged_ui(ui));
}

#[test]
fn pictures() {
    paint("tiles", [1340.0, 260.0], 1.0, |ui, _| tiles_ui(ui));
}
