//! What belongs to the window alone: theme, text size, zoom, which dialog is open, text being typed.
//! Nothing here changes a result, and nothing here is worth an undo.

use eframe::egui::Theme;

use crate::session::Offer;
use crate::session::library::{Settings, ThemeChoice};

use super::dialogs::Dialog;
use super::instruments::Instruments;
use super::linked::Linked;
use super::panels::{
    CenterState, ExperimentPanelState, LanesPanelState, LessonPanelState, TimelineState,
};
use super::presentation::Presentation;
use super::sides::Sides;
use super::widgets::Toasts;

/// The window's own state.
#[derive(Debug)]
pub(super) struct WindowState {
    /// Dark or light.
    pub(super) theme: Theme,
    /// Text size, 1.0 to 2.0.
    pub(super) text_scale: f32,
    /// The text size of presentations.
    pub(super) presented_scale: f32,
    /// While the window is shown on a projector.
    pub(super) presentation: Option<Presentation>,
    /// Whether the start page covers the middle.
    pub(super) start_page: bool,
    /// The dialog on screen, if any.
    pub(super) dialog: Option<Dialog>,
    /// The instruments' window, if it is open.
    pub(super) instruments: Option<Instruments>,
    /// Unsaved work was given up: the window may close.
    pub(super) may_close: bool,
    /// The window's title as last set.
    pub(super) title: String,
    /// What was last done by the palette, newest first.
    pub(super) lately: Vec<String>,
    /// The focus was last moved by keys.
    pub(super) focus_by_keys: bool,
    /// The messages on the screen.
    pub(super) toasts: Toasts<Offer>,
    /// Which of the panels beside the middle is open where there is room for one.
    pub(super) sides: Sides,
    /// Of the experiment panel.
    pub(super) experiment: ExperimentPanelState,
    /// Of the lanes panel.
    pub(super) lanes: LanesPanelState,
    /// Of the middle: curve and tiles.
    pub(super) center: CenterState,
    /// Of the lesson's panel.
    pub(super) lesson: LessonPanelState,
    /// Of the timeline.
    pub(super) timeline: TimelineState,
    /// What the plots over steps share.
    pub(super) linked: Linked,
}

impl WindowState {
    /// As the person likes it.
    pub(super) fn from_settings(settings: &Settings) -> Self {
        let theme = match settings.theme {
            ThemeChoice::Light => Theme::Light,
            ThemeChoice::Dark | ThemeChoice::System => Theme::Dark,
        };
        Self {
            theme,
            text_scale: settings.text_size as f32 / 100.0,
            presented_scale: settings.presentation_text_size as f32 / 100.0,
            presentation: None,
            start_page: false,
            dialog: None,
            instruments: None,
            may_close: false,
            title: String::new(),
            lately: settings.lately.clone(),
            focus_by_keys: false,
            toasts: Toasts::default(),
            sides: Sides::default(),
            experiment: ExperimentPanelState::default(),
            lanes: LanesPanelState::default(),
            center: CenterState::default(),
            lesson: LessonPanelState::default(),
            timeline: TimelineState::default(),
            linked: Linked::default(),
        }
    }

    /// What egui's style follows from.
    pub(super) fn look(&self) -> (Theme, f32, bool) {
        (self.theme, self.text_scale, self.presentation.is_some())
    }

    /// What is to be remembered.
    pub(super) fn settings(&self) -> Settings {
        let theme = match self.theme {
            Theme::Light => ThemeChoice::Light,
            Theme::Dark => ThemeChoice::Dark,
        };
        let percent = |scale: f32| (scale * 100.0).round() as u32;
        let (usual, presented) = match &self.presentation {
            Some(presentation) => (presentation.usual(), self.text_scale),
            None => (self.text_scale, self.presented_scale),
        };
        Settings {
            theme,
            text_size: percent(usual),
            presentation_text_size: percent(presented),
            lately: self.lately.clone(),
            start_page_seen: true,
        }
    }

    /// What the panels keep of zoom, folds and choices is forgotten: all looks as it does at first.
    pub(super) fn reset_looks(&mut self) {
        self.experiment = ExperimentPanelState::default();
        self.lanes = LanesPanelState::default();
        self.center = CenterState::default();
        self.lesson = LessonPanelState::default();
        self.timeline = TimelineState::default();
        self.instruments = None;
        self.start_page = false;
    }

    /// Larger (1), smaller (−1) or usual (0) text.
    pub(super) fn change_text_size(&mut self, step: i8) {
        let usual = if self.presentation.is_some() { 1.5 } else { 1.0 };
        let size = if step == 0 { usual } else { self.text_scale + 0.1 * f32::from(step) };
        self.text_scale = ((size * 10.0).round() / 10.0).clamp(1.0, 2.0);
    }

    /// Shows the reference cards, or puts them away; leaves a dialog with something to fill in alone.
    pub(super) fn toggle_cards(&mut self) {
        self.dialog = match self.dialog.take() {
            Some(Dialog::Cards(_)) => None,
            None | Some(Dialog::Help) => Some(Dialog::Cards(Box::default())),
            other => other,
        };
    }

    /// Opens the command palette, or puts it away; leaves a dialog with something to fill in alone.
    pub(super) fn toggle_palette(&mut self) {
        self.dialog = match self.dialog.take() {
            Some(Dialog::Palette(_)) => None,
            None | Some(Dialog::Help | Dialog::Cards(_)) => Some(Dialog::Palette(Box::default())),
            other => other,
        };
    }

    /// Shows the help sheet, or puts it away; leaves a dialog with something to fill in alone.
    pub(super) fn toggle_help(&mut self) {
        self.dialog = match self.dialog.take() {
            Some(Dialog::Help) => None,
            None | Some(Dialog::Cards(_)) => Some(Dialog::Help),
            other => other,
        };
    }
}
