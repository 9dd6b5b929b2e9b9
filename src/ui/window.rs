//! Opening the window, and saying in one sentence why it cannot be opened.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Context, ViewportBuilder};

use crate::lesson::ValidLesson;
use crate::session::library::Library;
use crate::session::{Action, Draft, LessonAction, Session, Waker};

use super::app::App;

/// The shortest time between two frames that news from lanes asks for.
const FRAME: Duration = Duration::from_millis(16);

/// What the window shows first.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The experiment's text.
    pub text: String,
    /// Its file, if it came from one.
    pub path: Option<PathBuf>,
    /// The lesson whose first step it is, if one is to be taken.
    pub lesson: Option<Arc<ValidLesson>>,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// Neither X11 nor Wayland is there to draw on.
    #[error(
        "no window can be opened: neither DISPLAY nor WAYLAND_DISPLAY is set. On a desktop, start \
         it from a terminal there; over ssh, use `ssh -X`"
    )]
    NoDisplay,
    /// The display refused, or there is no usable OpenGL.
    #[error(
        "no window can be opened: {0}. It needs OpenGL and the display's libraries; on Debian: \
         apt install libgl1 libglx-mesa0 libgl1-mesa-dri libegl1 libx11-6 libx11-xcb1 libxcursor1 libxi6 \
         libxkbcommon-x11-0"
    )]
    Refused(String),
    /// The experiment is not valid.
    #[error("{0}")]
    Experiment(String),
}

/// Opens the window and stays until it is closed.
///
/// # Errors
/// If the experiment is not valid, or no window can be opened here.
pub fn open(opening: Opening) -> Result<(), WindowError> {
    let draft = Draft::open(opening.text, opening.path).map_err(|problems| {
        let first = problems.into_iter().next().map(|p| p.message);
        WindowError::Experiment(first.unwrap_or_default())
    })?;
    let on_x11 = std::env::var_os("DISPLAY").is_some_and(|d| !d.is_empty());
    let on_wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|d| !d.is_empty());
    if cfg!(target_os = "linux") && !on_x11 && !on_wayland {
        return Err(WindowError::NoDisplay);
    }
    super::memory::keep_between_frames();
    let viewport = ViewportBuilder::default()
        .with_title("Downhill")
        .with_app_id("downhill")
        .with_icon(super::icon::icon())
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([1024.0, 640.0]);
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(
        "downhill",
        options,
        Box::new(|creation| {
            let mut session = Session::new(draft, Library::open(), waker(&creation.egui_ctx));
            if let Some(lesson) = opening.lesson {
                session.apply(Action::Lesson(LessonAction::Start(lesson)));
            }
            Ok(Box::new(App::new(&creation.egui_ctx, session)))
        }),
    )
    .map_err(|error| WindowError::Refused(plain(&error)))
}

/// Wakes the screen from any thread: the one place that does.
pub(super) fn waker(ctx: &Context) -> Waker {
    let ctx = ctx.clone();
    Waker::new(move || ctx.request_repaint_after(FRAME))
}

/// The error's first line, without a final stop: it goes into a sentence.
fn plain(error: &eframe::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default().trim_end_matches('.');
    // winit puts the place in its own source before the reason; nobody is helped by that.
    let reason = line.split_once("os error at ").and_then(|(_, rest)| rest.split_once(": "));
    reason.map_or(line, |(_, reason)| reason).to_owned()
}
