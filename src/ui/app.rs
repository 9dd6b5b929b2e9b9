//! The window's frame: news in, keys, panels, actions out — in this order, once a frame.

use std::collections::BTreeMap;
use std::time::Duration;

use eframe::egui::{
    CentralPanel, Context, Frame as EguiFrame, Margin, Panel, Theme, Ui, ViewportCommand,
};

use crate::experiment::{Arrange, InsideView, Pane, TileView};
use crate::session::{Action, NoticeKind, Offer, Session};

use super::dialogs::{self, CardsSheet, Dialog, ProgramSheet};
use super::focus;
use super::frame::Frame;
use super::instruments::{self, Instrument, Instruments};
use super::palette::Palette;
use super::panels;
use super::presentation;
use super::shortcuts::{self, KeyCommand};
use super::sides;
use super::state::WindowState;
use super::theme;
use super::widgets::ToastKind;

/// How long news from the lanes may take before a frame is drawn.
const DRAIN: Duration = Duration::from_millis(2);

/// The window: a session and how it is looked at.
#[derive(Debug)]
pub struct App {
    session: Session,
    window: WindowState,
}

impl App {
    /// The window on a session.
    pub fn new(ctx: &Context, session: Session) -> Self {
        let window = WindowState::from_settings(&session.shelf().settings);
        look(ctx, &window);
        Self { session, window }
    }

    /// The session, to look at.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, to be told something: for tests and pictures.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The theme of everything that is drawn from now on.
    pub fn set_theme(&mut self, ctx: &Context, theme: Theme) {
        self.window.theme = theme;
        look(ctx, &self.window);
    }

    /// The text size, 1.0 to 2.0, of everything that is drawn from now on.
    pub fn set_text_scale(&mut self, ctx: &Context, scale: f32) {
        self.window.text_scale = scale.clamp(1.0, 2.0);
        look(ctx, &self.window);
    }

    /// Shows a table in place of the curves, or the curves again.
    pub fn toggle_table(&mut self) {
        self.window.center.toggle_table();
    }

    /// Shows all that the cards of the lanes can show.
    pub fn unfold_cards(&mut self) {
        self.window.lanes.unfold(self.session.lane_ids());
    }

    /// Opens the pane that looks inside a lane's model, and chooses what it shows.
    pub fn show_inside(&mut self, view: InsideView) {
        self.session.apply(Action::Arrange(Arrange::Open(Pane::Inside)));
        self.session.apply(panels::inside_shows(view));
    }

    /// Opens an instrument on a lane, by its place in the experiment.
    pub fn open_instrument(&mut self, lane: usize, instrument: Instrument) {
        if let Some(id) = self.session.lane_ids().get(lane) {
            self.window.instruments = Some(Instruments::of(*id, instrument));
        }
    }

    /// Opens a lane's NumPy program, by its place in the experiment.
    pub fn open_program(&mut self, lane: usize) {
        if let Some(id) = self.session.lane_ids().get(lane).copied() {
            self.session.apply(Action::WriteProgram(id));
            self.window.dialog = Some(Dialog::Program(ProgramSheet::new(id)));
        }
    }

    /// Opens the tree of a lane's past, by its place in the experiment.
    pub fn open_branches(&mut self, lane: usize) {
        if let Some(id) = self.session.lane_ids().get(lane) {
            self.window.dialog = Some(Dialog::Branches(*id));
        }
    }

    /// Opens the reference card of that name; false if there is none.
    pub fn open_card(&mut self, name: &str) -> bool {
        let sheet = CardsSheet::named(name);
        let found = sheet.is_some();
        self.window.dialog = sheet.map(|sheet| Dialog::Cards(Box::new(sheet)));
        found
    }

    /// Shows everything as on a projector, from the next frame on.
    pub fn present(&mut self, ctx: &Context) {
        presentation::toggle(ctx, &mut self.window);
        look(ctx, &self.window);
    }

    /// Opens the command palette with this typed into it.
    pub fn open_palette(&mut self, typed: String) {
        self.window.dialog = Some(Dialog::Palette(Box::new(Palette::with(typed))));
    }

    /// Covers the middle with the start page.
    pub fn open_start_page(&mut self) {
        self.window.start_page = true;
    }

    /// What the lanes' tiles show from now on, where they can.
    pub fn show_tiles(&mut self, view: TileView) {
        self.session.apply(panels::tiles_show(view));
    }

    /// Takes in news. Called before each frame, also while the window is hidden.
    pub fn take_news(&mut self) {
        self.session.drain(DRAIN);
    }

    /// Draws one frame and does what was asked for in it.
    pub fn draw(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        theme::present(self.window.presentation.is_some());
        let (look_before, liked_before) = (self.window.look(), self.window.settings());
        self.window.linked.turn(&ctx);
        let mut frame = Frame {
            session: &self.session,
            window: &mut self.window,
            actions: Vec::new(),
            watched: BTreeMap::new(),
            looks_at_landscape: false,
        };
        for command in shortcuts::pressed(&ctx, frame.window.dialog.is_some()) {
            do_command(&ctx, &mut frame, command);
        }
        dialogs::take_drops(&ctx, &mut frame);
        dialogs::hold_back_closing(&ctx, &mut frame);
        panels::center::take_shots(&ctx, &mut frame);
        draw_panels(ui, &mut frame);
        instruments::ui(&ctx, &mut frame);
        dialogs::ui(&ctx, &mut frame);
        show_notices(&ctx, &mut frame);
        focus::ring_ui(&ctx, &mut frame.window.focus_by_keys);
        presentation::ui(&ctx, &mut frame);
        let watches_landscape = Action::WatchLandscape(frame.looks_at_landscape);
        let (mut actions, mut watched) = (frame.actions, frame.watched);
        actions.push(watches_landscape);
        actions.extend(
            self.session
                .lane_ids()
                .iter()
                .map(|lane| Action::Watch(*lane, watched.remove(lane).unwrap_or_default())),
        );
        if actions.contains(&Action::Revert) {
            self.window.reset_looks();
        }
        if look_before != self.window.look() {
            look(&ctx, &self.window);
        }
        if liked_before != self.window.settings() {
            self.session.apply(Action::Remember(self.window.settings()));
        }
        for action in actions {
            self.session.apply(action);
        }
        self.retitle(&ctx);
    }

    fn retitle(&mut self, ctx: &Context) {
        let mark = if self.session.has_unsaved() { "● " } else { "" };
        let title = format!("{mark}{} – Downhill", self.session.shown_name());
        if title != self.window.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.window.title = title;
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, _ctx: &Context, _frame: &mut eframe::Frame) {
        self.take_news();
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.draw(ui);
    }
}

/// Puts the window's theme and text size into egui.
fn look(ctx: &Context, window: &WindowState) {
    theme::present(window.presentation.is_some());
    theme::install(ctx, window.text_scale);
    ctx.set_theme(window.theme);
}

fn draw_panels(ui: &mut Ui, frame: &mut Frame<'_>) {
    let colors = theme::tokens(ui);
    let side = EguiFrame::new().fill(colors.panel);
    Panel::top("header").frame(side).show(ui, |ui| panels::header::ui(ui, frame));
    sides::ui(ui, frame);
    if !frame.window.start_page {
        let below = EguiFrame::new().fill(colors.panel).inner_margin(Margin::symmetric(10, 6));
        Panel::bottom("timeline").frame(below).show(ui, |ui| panels::timeline::ui(ui, frame));
    }
    CentralPanel::default()
        .frame(EguiFrame::new().fill(colors.background).inner_margin(10.0))
        .show(ui, |ui| panels::center::ui(ui, frame));
}

/// Does what a key stands for.
pub(super) fn do_command(ctx: &Context, frame: &mut Frame<'_>, command: KeyCommand) {
    match command {
        KeyCommand::Do(action) => frame.push(action),
        KeyCommand::Pace(factor) => {
            let pace = frame.session.view().pace.unwrap_or(panels::header::FULL_SPEED);
            let pace = pace * factor;
            let pace = (pace < panels::header::FULL_SPEED).then_some(pace.max(0.5));
            frame.push(Action::SetPace(pace));
        }
        KeyCommand::Look(steps) => {
            let session = frame.session;
            let shown = session.looked_at().unwrap_or(session.furthest());
            let step = shown.saturating_add_signed(i64::from(steps)).min(session.furthest());
            frame.push(Action::LookAt(Some(step)));
        }
        KeyCommand::New => dialogs::guard(frame, Action::New),
        KeyCommand::Open => frame.window.dialog = Some(Dialog::open_experiment(frame.session)),
        KeyCommand::Save if frame.session.draft().path.is_some() => frame.push(Action::Save),
        KeyCommand::Save | KeyCommand::SaveAs => {
            frame.window.dialog = Some(Dialog::save_experiment(frame.session));
        }
        KeyCommand::TextSize(step) => frame.window.change_text_size(step),
        KeyCommand::Present => presentation::toggle(ctx, frame.window),
        KeyCommand::Revert => dialogs::guard(frame, Action::Revert),
        KeyCommand::Help => frame.window.toggle_help(),
        KeyCommand::Cards => frame.window.toggle_cards(),
        KeyCommand::Palette => frame.window.toggle_palette(),
        KeyCommand::Follow => frame.window.center.follow(),
        KeyCommand::Table => frame.window.center.toggle_table(),
        KeyCommand::Copy => ctx.copy_text(frame.session.draft().text().to_owned()),
        KeyCommand::Paste(text) => dialogs::guard(frame, Action::OpenText(text)),
        KeyCommand::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
    }
}

/// Shows the session's notices, then puts them away there: how long they stay is the window's matter.
fn show_notices(ctx: &Context, frame: &mut Frame<'_>) {
    for notice in frame.session.notices() {
        let kind = match notice.kind {
            NoticeKind::Done => ToastKind::Done,
            NoticeKind::Failed => ToastKind::Problem,
        };
        let offer = notice.offer.map(|offer| match offer {
            Offer::KeepTurned(1) => ("Save it into the experiment".to_owned(), offer),
            Offer::KeepTurned(count) => {
                (format!("Save the {count} edits into the experiment"), offer)
            }
        });
        frame.window.toasts.push_offering(kind, notice.text.clone(), offer);
        frame.actions.push(Action::Dismiss(notice.id));
    }
    if !frame.window.toasts.is_empty() && frame.session.turned_before() == 0 {
        frame.window.toasts.withdraw(|offer| matches!(offer, Offer::KeepTurned(_)));
    }
    let room = frame.window.center.area.unwrap_or(ctx.content_rect());
    match frame.window.toasts.show(ctx, room) {
        Some(Offer::KeepTurned(_)) => frame.push(Action::KeepTurned),
        None => {}
    }
}
