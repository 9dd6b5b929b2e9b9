//! What is looked at and how: the curve, the tiles, theme, text size, pages, reference cards.

use eframe::egui::Theme;

use crate::catalog::{Entry as Row, Family};
use crate::data::Sources;
use crate::experiment::{Arrange, Pane, Side, TileView, ViewSpec};
use crate::model::{Activations, Initializers, Losses};
use crate::objective::Surfaces;
use crate::optim::{Optimizers, Schedules};
use crate::session::{Action, MEASURES, Session};
use crate::ui::panels::tiles_show;
use crate::ui::shortcuts::KeyCommand;
use crate::ui::state::WindowState;

use super::transport::set;
use super::{Deed, Entry, Takes, WindowDeed, whole};

pub(super) fn entries<'a>(session: &'a Session, window: &WindowState) -> Vec<Entry<'a>> {
    let mut all = curve(session);
    all.extend(panes(session));
    all.extend(landscape());
    all.extend(tiles());
    all.extend(of_window(window));
    all.extend(cards());
    all
}

/// One field of the view.
fn view<'a>(title: impl Into<String>, field: &str, value: &str) -> Entry<'a> {
    let deeds = set(&format!("view.{field}"), value);
    Entry { title: title.into(), also: "", note: String::new(), takes: Takes::Nothing(deeds) }
}

fn curve(session: &Session) -> Vec<Entry<'_>> {
    let shown = MEASURES.iter().filter(|row| session.lanes().iter().any(|lane| row.fits(lane)));
    let mut all: Vec<Entry<'_>> = shown
        .map(|row| {
            view(format!("Curve shows: {}", row.label), "metric", &format!("{:?}", row.metric))
                .note(row.meaning)
                .also("metric plot")
        })
        .collect();
    let axes = [
        ("Horizontal axis: steps", "x", "Step"),
        ("Horizontal axis: epochs", "x", "Epoch"),
        ("Horizontal axis: rows", "x", "Samples"),
        ("Horizontal axis: gradient evaluations", "x", "Evaluations"),
        ("Horizontal axis: time", "x", "Time"),
        ("Horizontal axis: logarithmic", "x_log", "true"),
        ("Horizontal axis: linear", "x_log", "false"),
        ("Vertical axis: logarithmic", "y_log", "true"),
        ("Vertical axis: linear", "y_log", "false"),
        ("Vertical axis: symmetric logarithmic", "y_symlog", "true"),
        ("Vertical axis: not symmetric logarithmic", "y_symlog", "false"),
        ("Band of seeds: quartiles", "seed_band", "Quartiles"),
        ("Band of seeds: 95 %", "seed_band", "Percent95"),
        ("Robust range: outliers do not set the scale", "robust", "true"),
        ("Full range: outliers set the scale", "robust", "false"),
    ];
    all.extend(
        axes.map(|(title, field, value)| view(title, field, value).also("curve plot scale")),
    );
    all.push(
        Entry::value("Smooth curves by", |typed| match typed.parse::<f64>() {
            Ok(weight) if (0.0..=ViewSpec::SMOOTHEST).contains(&weight) => {
                Ok(set("view.smooth", format!("{weight:?}")))
            }
            _ => Err(format!("takes a weight from 0 to {}, not {typed}", ViewSpec::SMOOTHEST)),
        })
        .note(format!("0 to {}; now {}", ViewSpec::SMOOTHEST, session.view().smooth))
        .also("smoothing average"),
    );
    all.push(Entry::new("Let the curve follow", Deed::Key(KeyCommand::Follow)).also("zoom plot"));
    if !session.ghosts().is_empty() {
        all.push(Entry::act("Forget earlier runs", Action::ClearGhosts).also("ghosts curve"));
    }
    all
}

/// The loss view: which plane, and how it is drawn.
fn landscape<'a>() -> Vec<Entry<'a>> {
    let looks = [
        ("Landscape: along the lanes' paths", "plane", "Paths"),
        ("Landscape: random directions", "plane", "Random(seed: 1)"),
        ("Landscape: two parameters", "plane", "Parameters(0, 1)"),
        ("Landscape: contours", "shape", "Contours"),
        ("Landscape: bowl", "shape", "Bowl"),
        ("Landscape: logarithmic heights", "heights", "Log"),
        ("Landscape: linear heights", "heights", "Linear"),
        ("Landscape: with arrows", "arrows", "true"),
        ("Landscape: without arrows", "arrows", "false"),
    ];
    let look = |(title, field, value): (&'static str, &str, &str)| {
        view(title, &format!("landscape.{field}"), value).also("loss surface valley pane")
    };
    let again = Entry::act("Landscape: compute anew", Action::SurveyAgain).also("refresh");
    looks.into_iter().map(look).chain([again]).collect()
}

/// The panes of the middle: which are on screen, and where.
fn panes(session: &Session) -> Vec<Entry<'_>> {
    let view = session.view();
    let arrange =
        |title: String, change| Entry::act(title, Action::Arrange(change)).also("pane view");
    let (shown, hidden): (Vec<Pane>, Vec<Pane>) =
        Pane::ALL.iter().partition(|pane| view.panes.has(**pane));
    let mut all: Vec<Entry<'_>> = hidden
        .into_iter()
        .map(|pane| arrange(format!("Show pane: {}", pane.label()), Arrange::Open(pane)))
        .collect();
    if view.maximised.is_some() {
        all.push(arrange("Show all panes".to_owned(), Arrange::Maximise(None)));
    }
    if shown.len() < 2 {
        return all;
    }
    for pane in &shown {
        let title = format!("Maximise pane: {}", pane.label());
        all.push(arrange(title, Arrange::Maximise(Some(*pane))));
        all.push(arrange(format!("Close pane: {}", pane.label()), Arrange::Close(*pane)));
        for target in shown.iter().filter(|target| *target != pane) {
            for (side, word) in SIDES {
                let title = format!("Move pane: {} {word} {}", pane.label(), target.label());
                all.push(arrange(title, Arrange::Move(*pane, side, *target)));
            }
        }
    }
    all
}

const SIDES: [(Side, &str); 4] = [
    (Side::Left, "to the left of"),
    (Side::Right, "to the right of"),
    (Side::Above, "above"),
    (Side::Below, "below"),
];

fn tiles<'a>() -> impl Iterator<Item = Entry<'a>> {
    let views = [
        (TileView::Picture, "Tiles show: pictures", "Points with regions, predictions, contours."),
        (TileView::Fit, "Tiles show: fit", "What lanes say beside what is true, of numbers."),
        (TileView::Residuals, "Tiles show: residuals", "What is true less what lanes say."),
        (TileView::Confusion, "Tiles show: confusion matrix", "Which classes are taken for which."),
        (TileView::Roc, "Tiles show: ROC curve", "Of two classes, with a threshold to move."),
        (TileView::Rows, "Tiles show: rows", "A table of rows with what the model says."),
    ];
    views.into_iter().map(|(view, title, note)| {
        Entry::new(title, Deed::Do(tiles_show(view))).note(note).also("view")
    })
}

fn of_window<'a>(window: &WindowState) -> Vec<Entry<'a>> {
    let percent = (window.text_scale * 100.0).round();
    let mut all = vec![
        Entry::window("Dark theme", WindowDeed::Theme(Theme::Dark)).also("colours mode"),
        Entry::window("Light theme", WindowDeed::Theme(Theme::Light)).also("colours mode"),
        Entry::value("Text size", |typed| match whole(typed.trim_end_matches('%'))? {
            percent @ 100..=200 => Ok(vec![Deed::Window(WindowDeed::TextSize(percent as u32))]),
            _ => Err(format!("takes 100 to 200 percent, not {typed}")),
        })
        .note(format!("100 to 200 percent; now {percent}"))
        .also("font zoom"),
        Entry::new("Larger text", Deed::Key(KeyCommand::TextSize(1))).also("font zoom"),
        Entry::new("Smaller text", Deed::Key(KeyCommand::TextSize(-1))).also("font zoom"),
        Entry::new("Text at its usual size", Deed::Key(KeyCommand::TextSize(0))).also("font zoom"),
        Entry::new("Presentation", Deed::Key(KeyCommand::Present))
            .note("Full screen, larger text, thicker lines, stronger contrast; Esc leaves it.")
            .also("projector full screen teach class"),
        Entry::new("Help and keys", Deed::Key(KeyCommand::Help)).also("shortcuts questions"),
        Entry::new("Reference cards", Deed::Key(KeyCommand::Cards)).also("equations formula"),
        Entry::new("Quit", Deed::Key(KeyCommand::Quit)).also("close exit"),
    ];
    all.push(if window.start_page {
        Entry::window("Back to the experiment", WindowDeed::StartPage(false))
    } else {
        Entry::window("Start page", WindowDeed::StartPage(true)).also("home tutorial")
    });
    all
}

fn cards<'a>() -> impl Iterator<Item = Entry<'a>> {
    let tables: [&'static [&'static Row]; 7] = [
        Optimizers::entries(),
        Schedules::entries(),
        Losses::entries(),
        Activations::entries(),
        Initializers::entries(),
        Surfaces::entries(),
        Sources::entries(),
    ];
    tables.into_iter().flatten().map(|row| {
        Entry::window(format!("Card: {}", row.label), WindowDeed::Card(row.name))
            .note(row.summary)
            .also("reference equation formula")
    })
}
