//! The curve tile: every lane's curve of one metric, with its controls.

use std::borrow::Cow;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{Align, Label, Layout, RichText, Role, Ui, Vec2, WidgetInfo, vec2};

use crate::experiment::{Metric, Pane, Task, TextEdit, XAxis};
use crate::session::{Action, Export, Lane, MEASURES, Measure, Session};
use crate::train::EndReason;
use crate::ui::plot::{
    AxisScale, AxisSettings, Baseline, CurveLine, CurveScene, Ghost, LaneCurves, LineLook,
    MarkerKind, PlotMarker, Samples, legend_ui,
};
use crate::ui::theme::{lane_look, small_style, strong_style, theme_of, tokens};
use crate::ui::widgets::{Icon, elided, icon_toggle, segmented, short, tile_frame};

use super::super::super::dialogs::{Dialog, FilePurpose};
use super::super::super::frame::Frame;
use super::{choice, panes, seeds};

/// Letters of a name in a mark's label.
const NAME: usize = 20;

/// Draws the tile.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, size: Vec2) {
    let shown = tile_frame(ui, size, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        controls_ui(ui, frame);
        plot_ui(ui, frame);
    });
    frame.window.center.curve_rect = Some(shown.response.rect);
}

fn on_surface(session: &Session) -> bool {
    matches!(session.experiment().task, Task::Surface(_))
}

fn set_view(frame: &mut Frame<'_>, field: &str, value: &str) {
    let edits = vec![TextEdit::set(format!("view.{field}"), value)];
    frame.push(Action::Edit { edits, gesture: None });
}

fn controls_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let shown = frame.session.shown_measure();
    let mut says = shown.meaning;
    if shown.metric == Metric::Loss && on_surface(frame.session) {
        says = "the function's value before every update";
    }
    says = seeds::meaning(frame).unwrap_or(says);
    // As high from the start as its highest control: else what comes later would stand lower.
    let row = vec2(ui.available_width(), choice::height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        panes::grip_ui(ui, frame, Pane::Curve);
        let text = RichText::new(shown.label).text_style(strong_style());
        let (response, _) = MenuButton::new((text, Icon::Down.atom(ui))).ui(ui, |ui| {
            let session = frame.session;
            for row in MEASURES.iter().filter(|row| session.lanes().iter().any(|l| row.fits(l))) {
                let on = row.metric == shown.metric;
                if ui.selectable_label(on, row.label).on_hover_text(row.meaning).clicked() {
                    set_view(frame, "metric", &format!("{:?}", row.metric));
                }
            }
        });
        let enabled = ui.is_enabled();
        let name = format!("Metric: {}", shown.label);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            // Where there is no room for them, the axes' controls are in the menu.
            let roomy = ui.available_width() > 425.0 * frame.window.text_scale;
            tools_ui(ui, frame, !roomy);
            if roomy {
                y_axis_ui(ui, frame);
                x_axis_ui(ui, frame);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    // A mere ellipsis says nothing.
                    if ui.available_width() > 60.0 * frame.window.text_scale {
                        let says = RichText::new(says).text_style(small_style());
                        ui.add(Label::new(says.color(tokens(ui).dim)).truncate());
                    }
                });
            }
        });
    });
}

/// The letter of an axis and its switches, in this order also where a row is filled from the right.
fn of_axis(ui: &mut Ui, letter: &str, switches: impl FnOnce(&mut Ui)) {
    if ui.layout().prefer_right_to_left() {
        switches(ui);
        note(ui, letter);
    } else {
        note(ui, letter);
        switches(ui);
    }
}

/// What the x axis counts and how it is spread.
fn x_axis_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    of_axis(ui, "x", |ui| {
        if ui.layout().prefer_right_to_left() {
            x_scale_ui(ui, frame);
            x_unit_ui(ui, frame);
        } else {
            x_unit_ui(ui, frame);
            x_scale_ui(ui, frame);
        }
    });
}

fn x_unit_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let all = [
        (XAxis::Step, "step"),
        (XAxis::Epoch, "epoch"),
        (XAxis::Samples, "rows"),
        (XAxis::Time, "time"),
    ];
    // A surface has neither rows nor passes over them.
    let (step, time) = (all[0], all[3]);
    let axes = if on_surface(frame.session) { vec![step, time] } else { all.to_vec() };
    if let Some(axis) = segmented(ui, "Horizontal axis", frame.session.view().x, &axes) {
        set_view(frame, "x", &format!("{axis:?}"));
    }
}

const SPREADS: [(bool, &str); 2] = [(false, "lin"), (true, "log")];

fn x_scale_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let log = frame.session.view().x_log;
    if let Some(log) = segmented(ui, "Horizontal scale", log, &SPREADS) {
        set_view(frame, "x_log", &log.to_string());
    }
}

/// How the y axis is spread.
fn y_axis_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let log = frame.session.view().y_log;
    of_axis(ui, "y", |ui| {
        if let Some(log) = segmented(ui, "Vertical scale", log, &SPREADS) {
            set_view(frame, "y_log", &log.to_string());
        }
    });
}

fn note(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).text_style(small_style()).color(tokens(ui).dim));
}

fn tools_ui(ui: &mut Ui, frame: &mut Frame<'_>, with_axes: bool) {
    MenuButton::from_button(eframe::egui::Button::new(Icon::More.atom(ui)))
        .ui(ui, |ui| {
            if with_axes {
                ui.horizontal(|ui| x_axis_ui(ui, frame));
                ui.horizontal(|ui| y_axis_ui(ui, frame));
            }
            seeds::menu_ui(ui, frame);
            if ui.button("Save picture…").clicked()
                && let Some(rect) = frame.window.center.curve_rect
            {
                frame.window.center.shoot(rect, "curves.png".to_owned());
            }
            if ui.button("Save batch losses…").clicked() {
                frame.window.dialog = Some(Dialog::save(
                    frame.session,
                    FilePurpose::Export(Export::Batches),
                    "batches.csv",
                ));
            }
            if ui.button("Save epochs and evaluations…").clicked() {
                frame.window.dialog = Some(Dialog::save(
                    frame.session,
                    FilePurpose::Export(Export::Epochs),
                    "epochs.csv",
                ));
            }
            let ghosts = !frame.session.ghosts().is_empty();
            if ui.add_enabled(ghosts, eframe::egui::Button::new("Forget earlier runs")).clicked() {
                frame.push(Action::ClearGhosts);
            }
            panes::entries_ui(ui, frame, Pane::Curve);
        })
        .0
        .accessible_name("Curve's menu")
        .on_hover_text("Save the picture or the numbers");
    let follows = frame.window.center.plot.follows();
    if icon_toggle(ui, follows, Icon::Follow, "Follow")
        .on_hover_text("Follow the training (F)")
        .clicked()
    {
        frame.window.center.plot.set_follow(!follows);
    }
}

fn plot_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let session = frame.session;
    let theme = theme_of(ui);
    let view = session.view();
    let measure = session.shown_measure();
    // What is measured before the first update is a dot without an axis, and no curve yet.
    let has_begun = !session.lanes().iter().all(Lane::is_at_start);
    let lines: Vec<Vec<CurveLine<'_>>> = session
        .lanes()
        .iter()
        .map(|lane| {
            let look = &frame.window.center.seeds;
            if has_begun { seeds::lines_of(lane, measure, look) } else { Vec::new() }
        })
        .collect();
    let names: Vec<Cow<'_, str>> = session.lanes().iter().map(seeds::name_of).collect();
    let lanes: Vec<LaneCurves<'_>> = session
        .lanes()
        .iter()
        .zip(&lines)
        .zip(&names)
        .map(|((lane, lines), name)| LaneCurves {
            name,
            color: lane_look(lane.color).color(theme),
            look: lane_look(lane.color),
            axes: &lane.axes,
            lines,
            shown: session.is_shown(lane),
            first_step: lane.first_step(),
            diverged: lane.end().is_some_and(|e| e.reason == EndReason::Diverged),
        })
        .collect();
    let ghosts: Vec<Ghost<'_>> = session
        .ghosts()
        .iter()
        .filter(|_| matches!(measure.metric, Metric::Loss))
        .map(|ghost| Ghost {
            samples: if ghost.epoch_loss.is_empty() {
                Samples::Every(&ghost.losses)
            } else {
                Samples::Some(&ghost.epoch_loss)
            },
            axes: &ghost.axes,
        })
        .collect();
    let markers = markers_of(session);
    let scale = |log: bool| if log { AxisScale::Log } else { AxisScale::Linear };
    let title = axis_title(measure.label);
    let scene = CurveScene {
        lanes: &lanes,
        ghosts: &ghosts,
        markers: &markers,
        baseline: baseline_of(session, measure),
        axes: AxisSettings {
            x: view.x,
            x_scale: scale(view.x_log),
            y_scale: scale(view.y_log),
            y_title: &title,
            has_epochs: !on_surface(session),
            planned_end: planned_end(session),
        },
    };
    if let Some(pressed) = legend_ui(ui, &lanes) {
        let id = session.lanes()[pressed].id;
        frame.push(Action::Mute(id, !session.is_muted(id)));
    }
    let size = ui.available_size();
    if size.x > 40.0 && size.y > 40.0 {
        let cursor = looked_at(session, view.x);
        let shown = frame.window.center.plot.show(ui, "curves", size, &scene, cursor);
        for (lane, steps) in shown.lacking {
            frame.actions.push(Action::Recall(session.lanes()[lane].id, steps));
        }
    }
}

/// Where the step that is looked at lies on the axis: that of the lane which has got furthest.
fn looked_at(session: &Session, axis: XAxis) -> Option<f64> {
    let step = session.looked_at()?;
    let lane = session.lanes().iter().max_by_key(|lane| lane.status.step)?;
    Some(lane.axes.x(step as f64, axis))
}

/// A label as the title of an axis: in small letters, abbreviations left as they are.
fn axis_title(label: &str) -> String {
    let small = |word: &str| {
        let name = word.chars().skip(1).any(|c| !c.is_lowercase() && c != '-');
        if name { word.to_owned() } else { word.to_lowercase() }
    };
    label.split(' ').map(small).collect::<Vec<_>>().join(" ")
}

/// What a model reaches that never looks at a row: on the data of the first shown lane that knows it.
fn baseline_of(session: &Session, measure: &'static Measure) -> Option<Baseline> {
    let lanes = session.lanes().iter().filter(|lane| session.is_shown(lane));
    let mut values = lanes.filter_map(|lane| measure.baseline(&lane.latest()?.evaluation));
    let value = values.find(|value| value.is_finite())?;
    Some(Baseline { value, name: measure.baseline_name })
}

pub(super) fn lines_of<'a>(lane: &'a Lane, measure: &Measure) -> Vec<CurveLine<'a>> {
    let some = |title, curve, look| CurveLine { title, samples: Samples::Some(curve), look };
    let curves = lane.curves.of(measure.metric);
    let (training, held_out) = (&curves.training, &curves.held_out);
    let all = match measure.metric {
        Metric::Loss => vec![
            CurveLine {
                title: "batch",
                samples: Samples::Every(&lane.losses),
                look: LineLook::Faint,
            },
            some("epoch", &lane.curves.epoch_loss, LineLook::Bold),
            some("held out", held_out, LineLook::Dashed),
        ],
        Metric::Gap => {
            let gap = |lowest| CurveLine {
                title: "gap",
                samples: Samples::Less(&lane.losses, lowest),
                look: LineLook::Bold,
            };
            lane.lowest().map(gap).into_iter().collect()
        }
        _ => vec![
            some("training", training, LineLook::Bold),
            some("held out", held_out, LineLook::Dashed),
        ],
    };
    let on_surface = lane.train_rows() == 0;
    all.into_iter()
        .filter(|line| match line.samples {
            Samples::Every(series) | Samples::Less(series, _) => !series.is_empty(),
            Samples::Some(curve) => !curve.is_empty(),
        })
        .map(|line| match line.samples {
            // On a surface there are no batches to average: the value itself is the curve.
            Samples::Every(_) | Samples::Less(..) if on_surface => {
                CurveLine { title: "value", look: LineLook::Bold, ..line }
            }
            _ => line,
        })
        .collect()
}

fn markers_of(session: &Session) -> Vec<PlotMarker> {
    let mut markers = Vec::new();
    for (index, lane) in session.lanes().iter().enumerate() {
        if let Some(from) = &lane.spec.from {
            let name = |name: &str| elided(name, NAME);
            let label = format!("{} from {}", name(lane.name()), name(&from.lane));
            let kind = MarkerKind::Fork;
            markers.push(PlotMarker { lane: index, step: from.step, label, kind });
        }
        for record in &lane.changes {
            let knob = record.change.label();
            let label =
                format!("{} {knob} {} → {}", lane.name(), few(&record.from), few(&record.to));
            markers.push(PlotMarker {
                lane: index,
                step: record.step,
                label,
                kind: MarkerKind::Edit,
            });
        }
        if let Some(end) = lane.end() {
            let (kind, label) = match &end.reason {
                EndReason::Finished => continue,
                EndReason::Rule(rule) => (MarkerKind::Stop, format!("{}: {rule}", lane.name())),
                EndReason::Stopped => (MarkerKind::Stop, format!("{} stopped", lane.name())),
                EndReason::Diverged => (MarkerKind::Diverged, format!("{} diverged", lane.name())),
                EndReason::Failed(_) => (MarkerKind::Diverged, format!("{} failed", lane.name())),
            };
            markers.push(PlotMarker { lane: index, step: end.step, label, kind });
        }
    }
    markers
}

/// A number of the file in few digits; other values as they are.
fn few(text: &str) -> String {
    text.parse::<f64>().map_or_else(|_not_a_number| text.to_owned(), short)
}

/// Where the longest planned run ends on the present axis.
fn planned_end(session: &Session) -> Option<f64> {
    let axis = session.view().x;
    if axis == XAxis::Time {
        return None;
    }
    let ends = session.lanes().iter().map(|lane| {
        let step = lane.status.planned_steps?;
        Some(lane.axes.x(step as f64, axis))
    });
    ends.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten()
}
