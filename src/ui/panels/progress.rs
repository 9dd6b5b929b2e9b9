//! How far the lanes are: epoch and step of the furthest, the part that is done, speed, time left.
//!
//! Every number has a cell of its own width, so that nothing moves while they change; what finds no
//! room is left out, from the right.

use std::time::Duration;

use eframe::egui::{Rect, Response, RichText, Sense, Ui, UiBuilder, pos2, vec2};

use crate::session::{Lane, Session};

use super::super::theme::{number_style, tokens};
use super::super::widgets::count;
use super::header::short;

/// Where the lane that is furthest stands, how much of it that is, and how fast the lanes go.
pub(super) fn progress_ui(ui: &mut Ui, session: &Session) {
    let room = ui.available_width();
    let Some(lane) = session.lanes().iter().max_by(|a, b| part_done(a).total_cmp(&part_done(b)))
    else {
        if session.is_busy() {
            ui.spinner();
            ui.label("loading data");
        }
        return;
    };
    let scale = (ui.text_style_height(&number_style()) / 15.0).max(1.0);
    if room < 92.0 * scale + 76.0 {
        return;
    }
    let status = &lane.status;
    // Lanes of different batches are not in the same epoch.
    let has_epoch = lane.train_rows() > 0 && have_epochs_in_common(session);
    let has_both = has_epoch && room > 325.0 * scale;
    let (epoch, step) = (status.epoch, status.step);
    let where_now = if !has_epoch {
        format!("step {}", count(step))
    } else if has_both {
        format!("epoch {} · step {}", count(epoch), count(step))
    } else {
        format!("epoch {}", count(epoch))
    };
    let width = if has_both { 156.0 } else { 92.0 };
    let here = number_cell(ui, &where_now, width);
    here.on_hover_text(format!("{}: {} updates", lane.name(), count(step)));
    let colors = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(64.0, 4.0), Sense::hover());
    ui.painter().rect_filled(rect, 2.0, colors.line);
    let done =
        Rect::from_min_size(rect.min, vec2(rect.width() * part_done(lane) as f32, rect.height()));
    ui.painter().rect_filled(done, 2.0, colors.accent);
    response.on_hover_text(match status.planned_steps {
        Some(planned) => format!("{} of {} updates", count(step), count(planned)),
        None => format!("{} updates", count(step)),
    });
    if room > 300.0 * scale {
        speed_ui(ui, session);
    }
    if room > if has_both { 442.0 } else { 390.0 } * scale && session.is_running() {
        number_cell(ui, &time_left(session), 76.0);
    }
}

/// How fast all lanes go together, or why they do not.
fn speed_ui(ui: &mut Ui, session: &Session) {
    let text = if session.is_running() {
        let speed = short(session.lanes().iter().map(|l| l.status.steps_per_second).sum());
        let several = session.lanes().len() > 1;
        if several { format!("{speed}/s in all") } else { format!("{speed} steps/s") }
    } else {
        state_word(session).to_owned()
    };
    let cell = number_cell(ui, &text, 104.0);
    if session.is_running() {
        cell.on_hover_text("Updates a second, of all lanes together.");
    }
}

fn state_word(session: &Session) -> &'static str {
    let broken = |lane: &Lane| !lane.can_go_on();
    if session.is_over() && session.lanes().iter().all(broken) {
        "ended"
    } else if session.is_over() {
        "finished"
    } else if session.lanes().iter().all(Lane::is_at_start) {
        "ready"
    } else {
        "paused"
    }
}

/// Whether an epoch is as many updates in every lane.
fn have_epochs_in_common(session: &Session) -> bool {
    let mut sizes = session.lanes().iter().map(|lane| lane.knobs.batch_size);
    let first = sizes.next();
    sizes.all(|size| Some(size) == first)
}

fn part_done(lane: &Lane) -> f64 {
    match lane.status.planned_steps {
        Some(planned) if planned > 0 => (lane.status.step as f64 / planned as f64).min(1.0),
        _ => 0.0,
    }
}

fn time_left(session: &Session) -> String {
    let left = session.lanes().iter().filter(|l| l.is_running()).filter_map(|lane| {
        let steps = lane.status.planned_steps?.saturating_sub(lane.status.step);
        (lane.status.steps_per_second > 0.0).then(|| steps as f64 / lane.status.steps_per_second)
    });
    let seconds = left.fold(0.0, f64::max);
    if seconds < 1.0 {
        String::new()
    } else {
        format!("{} left", span(Duration::from_secs_f64(seconds.min(3.6e6))))
    }
}

/// A number in a cell of fixed width, so that its neighbours stand still.
pub(super) fn number_cell(ui: &mut Ui, text: &str, width: f32) -> Response {
    let scale = ui.text_style_height(&number_style()) / 15.0;
    let height = ui.text_style_height(&number_style());
    let (rect, response) =
        ui.allocate_exact_size(vec2(width * scale.max(1.0), height), Sense::hover());
    let mut cell = ui.new_child(
        UiBuilder::new().max_rect(Rect::from_min_size(pos2(rect.left(), rect.top()), rect.size())),
    );
    cell.label(RichText::new(text).text_style(number_style()).color(tokens(ui).dim));
    response
}

fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}
