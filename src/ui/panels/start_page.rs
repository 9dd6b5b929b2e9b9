//! The start page: what one can do here, in four groups, each thing one click away.

use eframe::egui::{
    Painter, Pos2, Rect, RichText, Role, ScrollArea, Sense, Stroke, Theme, Ui, WidgetInfo, pos2,
    vec2,
};

use crate::session::Action;

use super::super::dialogs::{self, Dialog};
use super::super::frame::Frame;
use super::super::theme::{heading_style, lane_look, strong_style, theme_of, tokens};

/// Something to start with.
struct Start {
    title: &'static str,
    says: &'static str,
    thumbnail: Thumbnail,
    opens: Opens,
}

enum Opens {
    Preset(&'static str),
    Table,
    Blank,
}

#[derive(Clone, Copy)]
enum Thumbnail {
    Curves,
    Boundary,
    Bowl,
    Table,
}

const GROUPS: &[(&str, &[Start])] = &[
    (
        "Follow a tutorial",
        &[
            preset(
                "Gradient descent",
                "250 points, one line, a step per pass over all of them.",
                Thumbnail::Boundary,
                "tutorial_gd",
            ),
            preset(
                "Stochastic gradient descent",
                "400 points in mini-batches of 32: a noisy and a calm curve.",
                Thumbnail::Curves,
                "tutorial_sgd",
            ),
            preset(
                "Three ways to batch",
                "Gradient descent, SGD and mini-batches on one picture.",
                Thumbnail::Curves,
                "three_ways",
            ),
            preset(
                "A small network",
                "10-64-64-1 with ReLU, trained by SGD.",
                Thumbnail::Curves,
                "regression_mlp",
            ),
        ],
    ),
    (
        "Compare optimizers",
        &[
            preset(
                "Blobs, four ways",
                "Four optimizers learn one boundary.",
                Thumbnail::Boundary,
                "opening",
            ),
            preset(
                "Learning rates",
                "0.1, 0.01, 0.001, and one too large.",
                Thumbnail::Curves,
                "learning_rates",
            ),
            preset("Batch sizes", "1, 32, 256 and all rows.", Thumbnail::Curves, "batch_sizes"),
            preset(
                "Digits",
                "A 64-32-10 network on handwritten digits.",
                Thumbnail::Boundary,
                "digits",
            ),
        ],
    ),
    (
        "Surfaces",
        &[
            preset(
                "Momentum in a ravine",
                "Where plain SGD swings from side to side.",
                Thumbnail::Bowl,
                "momentum_ravine",
            ),
            preset(
                "Rosenbrock race",
                "Down a curved valley to its far end.",
                Thumbnail::Bowl,
                "rosenbrock",
            ),
        ],
    ),
    (
        "My data",
        &[
            Start {
                title: "Open a table…",
                says: "A CSV file: click the column to predict.",
                thumbnail: Thumbnail::Table,
                opens: Opens::Table,
            },
            Start {
                title: "From scratch",
                says: "Blobs, two lanes; change anything, paint points.",
                thumbnail: Thumbnail::Boundary,
                opens: Opens::Blank,
            },
        ],
    ),
];

const fn preset(
    title: &'static str,
    says: &'static str,
    thumbnail: Thumbnail,
    name: &'static str,
) -> Start {
    Start { title, says, thumbnail, opens: Opens::Preset(name) }
}

/// Draws the page over the middle.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    ScrollArea::vertical().show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new("What would you like to see?").text_style(heading_style()));
            if ui.button("Back to the experiment").clicked() {
                frame.window.start_page = false;
            }
        });
        for (heading, starts) in GROUPS {
            ui.add_space(10.0);
            ui.label(RichText::new(*heading).text_style(strong_style()));
            ui.horizontal_wrapped(|ui| {
                for start in *starts {
                    if card_ui(ui, start) {
                        frame.window.start_page = false;
                        open(frame, &start.opens);
                    }
                }
            });
        }
    });
}

fn open(frame: &mut Frame<'_>, opens: &Opens) {
    match opens {
        Opens::Preset(name) => dialogs::guard(frame, Action::OpenPreset((*name).to_owned())),
        Opens::Table => frame.window.dialog = Some(Dialog::open_table(frame.session)),
        Opens::Blank => dialogs::guard(frame, Action::New),
    }
}

fn card_ui(ui: &mut Ui, start: &Start) -> bool {
    let colors = tokens(ui);
    let scale = ui.text_style_height(&strong_style()) / 16.0;
    let (rect, response) =
        ui.allocate_exact_size(vec2(212.0, 168.0) * scale.max(1.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, start.title));
    let fill = if response.hovered() || response.has_focus() { colors.hover } else { colors.card };
    ui.painter().rect_filled(rect, 8.0, fill);
    ui.painter().rect_stroke(
        rect,
        8.0,
        Stroke::new(1.0, colors.edge),
        eframe::egui::StrokeKind::Inside,
    );
    let picture = Rect::from_min_size(
        rect.min + vec2(10.0, 10.0),
        vec2(rect.width() - 20.0, rect.height() * 0.46),
    );
    ui.painter().rect_filled(picture, 4.0, colors.background);
    thumbnail(ui.painter(), picture.shrink(6.0), start.thumbnail, theme_of(ui));
    let text = Rect::from_min_max(
        pos2(picture.left(), picture.bottom() + 8.0),
        rect.max - vec2(10.0, 8.0),
    );
    let mut inner = ui.new_child(eframe::egui::UiBuilder::new().max_rect(text));
    inner.label(RichText::new(start.title).text_style(strong_style()));
    inner.label(RichText::new(start.says).color(colors.dim));
    response.clicked()
}

fn thumbnail(painter: &Painter, rect: Rect, what: Thumbnail, theme: Theme) {
    let at = |x: f32, y: f32| -> Pos2 {
        pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height())
    };
    let stroke = |lane: usize| Stroke::new(2.0, lane_look(lane).color(theme));
    match what {
        Thumbnail::Curves => {
            for lane in 0..3 {
                let speed = 3.0 + 4.0 * lane as f32;
                let wiggle = 0.04 * (3 - lane) as f32;
                let points = (0..=40).map(|i| i as f32 / 40.0).map(|x| {
                    let noise = (x * 61.0 + lane as f32).sin() * (x * 37.0).cos() * wiggle;
                    at(x, 0.95 - 0.9 * (-speed * x).exp() + noise)
                });
                painter.line(points.collect(), stroke(lane));
            }
        }
        Thumbnail::Boundary => {
            for i in 0..46 {
                let (u, v) = ((i as f32 * 0.618).fract(), (i as f32 * 0.414).fract());
                let class = usize::from(i % 2 == 0);
                let (x, y) = if class == 0 {
                    (0.08 + 0.42 * u, 0.4 + 0.55 * v)
                } else {
                    (0.5 + 0.42 * u, 0.05 + 0.55 * v)
                };
                crate::ui::theme::paint_class(painter, class, theme, at(x, y), 2.6);
            }
            painter.line_segment([at(0.2, 0.0), at(0.8, 1.0)], stroke(0));
        }
        Thumbnail::Bowl => {
            let centre = at(0.6, 0.55);
            for ring in 1..6 {
                let r = ring as f32 / 6.0;
                let points: Vec<Pos2> = (0..=48)
                    .map(|i| i as f32 / 48.0 * std::f32::consts::TAU)
                    .map(|a| {
                        centre
                            + vec2(
                                a.cos() * r * rect.width() * 0.55,
                                a.sin() * r * rect.height() * 0.55,
                            )
                    })
                    .filter(|p| rect.contains(*p))
                    .collect();
                let color = crate::ui::theme::viridis(1.0 - f64::from(r));
                for pair in points.windows(2).filter(|p| p[0].distance(p[1]) < 14.0) {
                    painter.line_segment([pair[0], pair[1]], Stroke::new(1.5, color));
                }
            }
            let path = [(0.05, 0.1), (0.25, 0.75), (0.4, 0.35), (0.52, 0.62), (0.6, 0.55)];
            painter.line(path.iter().map(|(x, y)| at(*x, *y)).collect(), stroke(0));
        }
        Thumbnail::Table => {
            for row in 0..5 {
                for column in 0..4 {
                    let cell = Rect::from_min_max(
                        at(0.04 + 0.24 * column as f32, 0.04 + 0.19 * row as f32),
                        at(0.24 + 0.24 * column as f32, 0.17 + 0.19 * row as f32),
                    );
                    let color = lane_look(column).color(theme);
                    painter.rect_filled(
                        cell,
                        2.0,
                        if row == 0 { color } else { color.gamma_multiply(0.35) },
                    );
                }
            }
        }
    }
}
