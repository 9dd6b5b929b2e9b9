//! The start page: what one can do here, in four groups, each thing one click away.

use std::sync::Arc;

use eframe::egui::{
    Galley, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::session::{Action, LessonAction};

use super::super::dialogs::{self, Dialog};
use super::super::frame::Frame;
use super::super::theme::{heading_style, strong_style, theme_of, tokens};
use super::thumbnail::{self, Thumbnail};

/// Something to start with.
struct Start {
    title: &'static str,
    says: &'static str,
    thumbnail: Thumbnail,
    opens: Opens,
}

enum Opens {
    Preset(&'static str),
    Lesson(&'static str),
    Table,
    Blank,
}

/// What is offered. A preset goes by its own name, so that it is found again once it is open.
const GROUPS: &[(&str, &[Start])] = &[
    (
        "Follow a tutorial",
        &[
            preset(
                "Tutorial: gradient descent",
                "250 points, one line, a step per pass over all of them.",
                Thumbnail::Line,
                "tutorial_gd",
            ),
            preset(
                "Tutorial: stochastic gradient descent",
                "400 points in mini-batches of 32: a noisy and a calm curve.",
                Thumbnail::NoisyAndCalm,
                "tutorial_sgd",
            ),
            preset(
                "Gradient descent, mini-batch, SGD",
                "Three ways to batch on one picture.",
                Thumbnail::ThreeCurves,
                "three_ways",
            ),
            preset(
                "Regression with a small network",
                "10-64-64-1 with ReLU, trained by SGD.",
                Thumbnail::Network,
                "regression_mlp",
            ),
        ],
    ),
    (
        "Lessons: say what you expect, then see",
        &[
            lesson(
                "The blind walker",
                "Find the way down by the loss alone, in fog.",
                Thumbnail::Fog,
                "blind_walker",
            ),
            lesson(
                "Learning rate",
                "How far each step goes, and too far.",
                Thumbnail::Strides,
                "learning_rate",
            ),
            lesson(
                "Batch size",
                "How many rows to look at before a step.",
                Thumbnail::Handfuls,
                "batch_size",
            ),
            lesson(
                "Momentum",
                "Steps that remember where they were going.",
                Thumbnail::Ball,
                "momentum",
            ),
            lesson(
                "Saddle points",
                "Flat is not the bottom: leave a mountain pass.",
                Thumbnail::Pass,
                "saddle_points",
            ),
            lesson(
                "Why Adam",
                "A step size of its own for every parameter.",
                Thumbnail::Scales,
                "why_adam",
            ),
        ],
    ),
    (
        "Compare optimizers",
        &[
            preset(
                "Four ways down",
                "Four lanes fence in the inner circle.",
                Thumbnail::Rings,
                "opening",
            ),
            preset(
                "Learning rates",
                "0.1, 0.01, 0.001, and one too large.",
                Thumbnail::Rates,
                "learning_rates",
            ),
            preset("Batch sizes", "1, 32, 256 and all rows.", Thumbnail::Batches, "batch_sizes"),
            preset("Handwritten digits", "A 64-32-10 network.", Thumbnail::Digits, "digits"),
        ],
    ),
    (
        "Surfaces",
        &[
            preset(
                "Momentum in a ravine",
                "Where plain SGD swings from side to side.",
                Thumbnail::Ravine,
                "momentum_ravine",
            ),
            preset(
                "Rosenbrock race",
                "Down a curved valley to its far end.",
                Thumbnail::Bend,
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
                thumbnail: Thumbnail::Brush,
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

const fn lesson(
    title: &'static str,
    says: &'static str,
    thumbnail: Thumbnail,
    name: &'static str,
) -> Start {
    Start { title, says, thumbnail, opens: Opens::Lesson(name) }
}

/// Between cards.
const GAP: f32 = 8.0;
/// Around what stands in a card.
const MARGIN: f32 = 10.0;
/// The least and the greatest width of a card, in points at 100 % text.
const WIDTHS: (f32, f32) = (154.0, 230.0);

/// Draws the page over the middle.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let most = GROUPS.iter().map(|(_, starts)| starts.len()).max().unwrap_or(1);
        let (columns, width) = columns(ui.available_width(), most, frame.window.text_scale);
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new("What would you like to see?").text_style(heading_style()));
            if ui.button("Back to the experiment").clicked() {
                frame.window.start_page = false;
            }
        });
        for (heading, starts) in GROUPS {
            ui.add_space(10.0);
            ui.label(RichText::new(*heading).text_style(strong_style()));
            ui.spacing_mut().item_spacing = vec2(GAP, GAP);
            for row in starts.chunks(columns) {
                row_ui(ui, frame, row, width);
            }
        }
    });
}

/// How many cards of the fullest group stand side by side, and how wide each is. They all stand in
/// one row if they fit, else in rows of equal length: no card is left over alone.
fn columns(width: f32, most: usize, scale: f32) -> (usize, f32) {
    let least = WIDTHS.0 * scale;
    let fit = (((width + GAP) / (least + GAP)) as usize).clamp(1, most.max(1));
    let columns = most.max(1).div_ceil(most.max(1).div_ceil(fit));
    let share = (width - GAP * (columns - 1) as f32) / columns as f32;
    // In rows that are shorter than they could be, the cards take up the room.
    let widest = if columns == most { WIDTHS.1 * scale } else { f32::INFINITY };
    (columns, share.min(widest).floor())
}

/// Cards side by side, all as high as what the fullest says.
fn row_ui(ui: &mut Ui, frame: &mut Frame<'_>, starts: &[Start], width: f32) {
    let words: Vec<Words> = starts.iter().map(|start| Words::of(ui, start, width)).collect();
    let picture = (72.0 * frame.window.text_scale).min(width * 0.6);
    let text = words.iter().map(Words::height).fold(0.0, f32::max);
    let size = vec2(width, picture + text + MARGIN * 2.0 + 8.0);
    ui.horizontal_top(|ui| {
        for (start, words) in starts.iter().zip(words) {
            let (rect, response) = ui.allocate_exact_size(size, Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, start.title));
            card_ui(ui, rect, response.hovered() || response.has_focus(), start, (picture, words));
            if response.clicked() {
                frame.window.start_page = false;
                open(frame, &start.opens);
            }
        }
    });
}

/// What a card says, broken into lines.
struct Words {
    title: Arc<Galley>,
    says: Arc<Galley>,
}

impl Words {
    fn of(ui: &Ui, start: &Start, width: f32) -> Self {
        let colors = tokens(ui);
        let broken = |text: &str, style: TextStyle, color| {
            let font = style.resolve(ui.style());
            ui.painter().layout(text.to_owned(), font, color, width - 2.0 * MARGIN)
        };
        Self {
            title: broken(start.title, strong_style(), colors.text),
            says: broken(start.says, TextStyle::Body, colors.dim),
        }
    }

    fn height(&self) -> f32 {
        self.title.size().y + 3.0 + self.says.size().y
    }
}

fn open(frame: &mut Frame<'_>, opens: &Opens) {
    match opens {
        Opens::Preset(name) => dialogs::guard(frame, Action::OpenPreset((*name).to_owned())),
        Opens::Lesson(name) => {
            let open = LessonAction::Open((*name).to_owned());
            dialogs::guard(frame, Action::Lesson(open));
        }
        Opens::Table => frame.window.dialog = Some(Dialog::open_table(frame.session)),
        Opens::Blank => dialogs::guard(frame, Action::New),
    }
}

fn card_ui(ui: &Ui, rect: Rect, lit: bool, start: &Start, (height, words): (f32, Words)) {
    let colors = tokens(ui);
    let painter = ui.painter();
    let fill = if lit { colors.hover } else { colors.card };
    painter.rect(rect, 8.0, fill, Stroke::new(1.0, colors.edge), StrokeKind::Inside);
    let inner = rect.shrink(MARGIN);
    let picture = Rect::from_min_size(inner.min, vec2(inner.width(), height));
    painter.rect_filled(picture, 4.0, colors.background);
    thumbnail::paint(painter, picture.shrink(6.0), start.thumbnail, theme_of(ui));
    let title = pos2(inner.left(), picture.bottom() + 8.0);
    let says = pos2(inner.left(), title.y + words.title.size().y + 3.0);
    painter.galley(title, words.title, colors.text);
    painter.galley(says, words.says, colors.dim);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Preset, shipped_presets};

    #[test]
    fn every_preset_of_the_page_exists_and_is_called_what_it_is_called() {
        for start in GROUPS.iter().flat_map(|(_, starts)| *starts) {
            if let Opens::Preset(name) = start.opens {
                let preset = shipped_presets().iter().find(|preset| preset.name == name);
                assert_eq!(preset.map(Preset::title).as_deref(), Some(start.title));
            }
        }
    }

    #[test]
    fn every_lesson_is_on_the_page_under_its_own_name() {
        let starts = || GROUPS.iter().flat_map(|(_, starts)| *starts);
        for lesson in crate::lesson::shipped_lessons() {
            let is_it =
                |start: &&Start| matches!(start.opens, Opens::Lesson(n) if n == lesson.name);
            let title = starts().find(is_it).map(|start| start.title.to_owned());
            assert_eq!(title, Some(lesson.lesson().lesson().name.clone()));
        }
    }

    #[test]
    fn no_topic_shares_its_picture() {
        let mut seen = Vec::new();
        for start in GROUPS.iter().flat_map(|(_, starts)| *starts) {
            assert!(!seen.contains(&start.thumbnail), "{} looks like another", start.title);
            seen.push(start.thumbnail);
        }
    }

    #[test]
    fn no_card_stands_alone_below_a_full_row() {
        assert_eq!(columns(836.0, 4, 1.0).0, 4, "1440 points wide");
        assert_eq!(columns(676.0, 4, 1.0).0, 4, "1280 points wide");
        assert_eq!(columns(600.0, 4, 1.0).0, 2, "three would fit, and leave one over");
        assert_eq!(columns(300.0, 4, 2.0).0, 1);
        for width in [150.0, 400.0, 676.0, 2000.0] {
            let (columns, each) = columns(width, 4, 1.0);
            assert!(columns as f32 * (each + GAP) - GAP <= width);
        }
    }
}
