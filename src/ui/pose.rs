//! The window's picture without a window: the workbench trains so many steps, then the panels are
//! drawn on a [`Stage`] and painted on the CPU.

use std::time::{Duration, Instant};

use eframe::egui::Theme;

use crate::experiment::{Arrange, InsideView, LandscapeShape, Pane, TextEdit, TileView};
use crate::session::library::Library;
use crate::session::{Action, Draft, LessonAction, Session, Waker};

use super::app::App;
use super::instruments::Instrument;
use super::raster::Picture;
use super::shot::{Stage, StageSettings};

/// What the picture shows.
#[derive(Debug, Clone)]
pub struct Pose {
    /// The experiment.
    pub opening: super::Opening,
    /// Updates before the picture is taken; none: as planned.
    pub steps: Option<u64>,
    /// The step that is looked at then, if not the last.
    pub look_at: Option<u64>,
    /// Pixels along x and y.
    pub size: (u32, u32),
    /// Dark or light.
    pub theme: Theme,
    /// Text size, 1.0 to 2.0.
    pub text_size: f32,
    /// The instrument opened on the first lane, if one is.
    pub instrument: Option<Instrument>,
    /// The loss around the lanes, if it is shown beside what the experiment's view has.
    pub landscape: Option<LandscapeShape>,
    /// The reference card opened over it, by name.
    pub card: Option<String>,
    /// Whether it is drawn as for a projector.
    pub present: bool,
    /// What is typed into the command palette, if that is opened.
    pub command: Option<String>,
    /// What is opened in it.
    pub opened: Opened,
    /// What the lanes' tiles show, where they can, if it is not what the experiment's view has.
    pub tiles: Option<TileView>,
    /// What is shown of the first lane's inside, if anything is.
    pub inside: Option<InsideView>,
}

/// What is opened in a picture's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// Nothing.
    Nothing,
    /// All that the lanes' cards can show.
    Cards,
    /// A table in place of the curves.
    Table,
    /// The first lane's NumPy program.
    Program,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PoseError {
    /// The experiment is not valid.
    #[error("{0}")]
    Experiment(String),
    /// It has no end, and no number of steps was given.
    #[error("this experiment has no planned end: say with --steps when to take the picture")]
    NoEnd,
    /// No table has a card of that name.
    #[error("there is no card called `{0}`: `downhill list` shows every name")]
    NoCard(String),
    /// No progress for a long time.
    #[error("training made no progress for a minute; no picture was taken")]
    Stuck,
}

/// At how many steps on the way the lanes are looked at, at distances that halve; and evenly, where what is
/// seen inside is shown over time.
const LOOKS: u32 = 7;
const EVEN_LOOKS: u64 = 48;

/// How long nothing may happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// Paints the workbench after so many steps.
///
/// # Errors
/// If the experiment is not valid, has no end, or does not train.
pub fn pose(pose: Pose) -> Result<Picture, PoseError> {
    let draft = Draft::open(pose.opening.text, pose.opening.path)
        .map_err(|p| PoseError::Experiment(p.into_iter().map(|p| p.message).collect()))?;
    let mut session = Session::new(draft, Library::open(), Waker::silent());
    if let Some(lesson) = pose.opening.lesson {
        session.apply(Action::Lesson(LessonAction::Start(lesson)));
        if pose.steps.is_some() {
            session.apply(Action::Lesson(LessonAction::Predict(0)));
            session.apply(Action::Lesson(LessonAction::Reveal));
        }
    }
    wait(&mut session, |s| !s.is_busy())?;
    if let Some(problem) = session.problems().next() {
        return Err(PoseError::Experiment(problem.message.clone()));
    }
    let (width, height) = pose.size;
    let settings = StageSettings {
        size: [width as f32, height as f32],
        pixels_per_point: 1.0,
        theme: pose.theme,
        text_size: pose.text_size,
    };
    let mut stage = Stage::new(settings);
    let mut app = App::new(stage.context(), session);
    app.set_theme(stage.context(), pose.theme);
    app.set_text_scale(stage.context(), pose.text_size);
    if let Some(view) = pose.tiles {
        app.show_tiles(view);
    }
    if let Some(view) = pose.inside {
        app.show_inside(view);
    }
    // Before the looks on the way: what is seen of earlier steps is seen in the end's shape.
    if pose.present {
        app.present(stage.context());
    }
    // What a question asks for, or the fog hides, is shown no earlier than in the window.
    if app.session().may_train() {
        train(&mut stage, &mut app, pose.steps, pose.inside.is_some())?;
    }
    if let Some(instrument) = pose.instrument {
        app.open_instrument(0, instrument);
    }
    match pose.opened {
        Opened::Nothing => {}
        Opened::Cards => app.unfold_cards(),
        Opened::Table => app.toggle_table(),
        Opened::Program => {
            app.open_program(0);
            wait(app.session_mut(), |s| !s.is_busy())?;
        }
    }
    if let Some(name) = pose.card
        && !app.open_card(&name)
    {
        return Err(PoseError::NoCard(name));
    }
    if let Some(shape) = pose.landscape {
        show_landscape(app.session_mut(), shape);
    }
    if let Some(typed) = pose.command {
        app.open_palette(typed);
    }
    if let Some(step) = pose.look_at {
        app.session_mut().apply(Action::LookAt(Some(step)));
    }
    watch(&mut stage, &mut app)?;
    Ok(stage.picture())
}

/// Draws until everything asked for is there, and once more.
fn watch(stage: &mut Stage, app: &mut App) -> Result<(), PoseError> {
    // Sizes settle, tiles ask for the plane they show, then for their pictures; then the pictures come.
    for _ in 0..2 {
        for _ in 0..3 {
            stage.frame(|ui| app.draw(ui));
        }
        wait(app.session_mut(), |s| !s.is_projecting())?;
        let is_ready =
            |s: &Session| has_pictures(s) && !s.is_examining_any() && s.has_its_landscape();
        wait(app.session_mut(), is_ready)?;
    }
    for _ in 0..3 {
        stage.frame(|ui| app.draw(ui));
    }
    Ok(())
}

fn show_landscape(session: &mut Session, shape: LandscapeShape) {
    session.apply(Action::Arrange(Arrange::Open(Pane::Landscape)));
    let edit = TextEdit::set("view.landscape.shape".to_owned(), format!("{shape:?}"));
    session.apply(Action::Edit { edits: vec![edit], gesture: None });
}

/// Trains, with looks at the lanes on the way: what pictures show of earlier steps is seen then.
fn train(
    stage: &mut Stage,
    app: &mut App,
    steps: Option<u64>,
    evenly: bool,
) -> Result<(), PoseError> {
    let is_planned = |lane: &crate::session::Lane| {
        lane.status.planned_steps.is_some() || lane.is_endless() || lane.end().is_some()
    };
    wait(app.session_mut(), |s| s.lanes().iter().all(is_planned))?;
    let lanes = app.session().lanes();
    let endless = lanes.iter().any(crate::session::Lane::is_endless);
    let planned = lanes.iter().filter_map(|lane| lane.status.planned_steps).max();
    let target = match steps {
        Some(steps) => steps,
        None if endless => return Err(PoseError::NoEnd),
        None => u64::MAX,
    };
    let last = target.min(planned.unwrap_or(target));
    let looks: Vec<u64> = match (last, evenly) {
        (u64::MAX, _) => Vec::new(),
        (_, true) => (0..EVEN_LOOKS).map(|look| last / EVEN_LOOKS * look).collect(),
        (_, false) => (0..LOOKS).map(|power| last - (last >> power)).collect(),
    };
    for look in looks.into_iter().chain([target]) {
        app.session_mut().hurry_to(look);
        let arrived = |l: &crate::session::Lane| l.end().is_some() || l.status.step >= look;
        wait(app.session_mut(), |s| s.lanes().iter().all(arrived))?;
        if look < last {
            watch(stage, app)?;
        }
    }
    Ok(())
}

/// Whether every lane has drawn the pictures that were asked of it, as it stands now.
fn has_pictures(session: &Session) -> bool {
    session.lanes().iter().all(crate::session::Lane::has_its_pictures)
}

/// Drains until `done`, as long as there is progress.
fn wait(session: &mut Session, done: impl Fn(&Session) -> bool) -> Result<(), PoseError> {
    let mut since = Instant::now();
    let mut progress = 0;
    let is_behind = |s: &Session| s.lanes().iter().any(crate::session::Lane::is_behind);
    while !done(session) || is_behind(session) {
        session.drain(Duration::from_millis(50));
        std::thread::park_timeout(Duration::from_millis(1));
        let now: u64 = session.lanes().iter().map(|l| l.status.step).sum();
        if now != progress {
            progress = now;
            since = Instant::now();
        }
        if since.elapsed() > PATIENCE {
            return Err(PoseError::Stuck);
        }
    }
    Ok(())
}
