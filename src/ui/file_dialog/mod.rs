//! Choosing a file, inside the window: no desktop portal can be relied upon.
//!
//! A folder's list, a path that can be typed, and, for saving, a name; what exists is asked about
//! before it is replaced. Everything works from the keyboard, every control has a name, Escape
//! closes. The disk is looked at on another thread. The dialog opens and writes nothing itself: it
//! answers with a path.

mod listing;

use std::path::{Path, PathBuf};
use std::time::Duration;

use eframe::egui::{
    Align, Button, ComboBox, Context, Frame, Id, Label, Layout, Margin, Modal, RichText,
    ScrollArea, Stroke, Ui, vec2,
};

use self::listing::{Found, Listed, Look, typed_path};
use super::theme::{heading_style, number_style, tokens};
use super::widgets::{Entry, Icon, button, count, icon_button, primary_button};

/// A kind of file to show: `Experiments`, `["ron"]`. No extensions: all files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFilter {
    /// What the files are.
    pub name: String,
    /// Their extensions, without the dot, in lower case.
    pub extensions: Vec<String>,
}

impl FileFilter {
    /// Files with these extensions.
    pub fn new(name: &str, extensions: &[&str]) -> Self {
        let extensions = extensions.iter().map(|e| (*e).to_owned()).collect();
        Self { name: name.to_owned(), extensions }
    }

    fn shows(&self, entry: &Listed) -> bool {
        let extension = Path::new(&entry.name).extension().and_then(|e| e.to_str());
        let matches = |e: &str| self.extensions.iter().any(|x| x.eq_ignore_ascii_case(e));
        entry.folder || self.extensions.is_empty() || extension.is_some_and(matches)
    }

    fn label(&self) -> String {
        let patterns: Vec<String> = self.extensions.iter().map(|e| format!("*.{e}")).collect();
        if patterns.is_empty() {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, patterns.join(", "))
        }
    }
}

/// How a dialog ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileChoice {
    /// With this file.
    Chosen(PathBuf),
    /// With none.
    Closed,
}

/// What a look at the disk was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To show a folder.
    Show,
    /// To choose what is there.
    Choose,
}

/// A dialog on the screen.
#[derive(Debug)]
pub struct FileDialog {
    title: String,
    saving: bool,
    filters: Vec<FileFilter>,
    filter: usize,
    folder: PathBuf,
    /// The folder as text, for its field.
    shown: String,
    entries: Vec<Listed>,
    selected: Option<String>,
    name: String,
    look: Option<(Look, Purpose)>,
    problem: Option<String>,
    replace: Option<PathBuf>,
    fresh: bool,
}

impl FileDialog {
    /// A dialog that opens a file, showing `folder` first.
    pub fn open(title: &str, folder: &Path, filters: Vec<FileFilter>) -> Self {
        Self::new(title, folder, filters, None)
    }

    /// A dialog that saves a file under a name to start from; a name without an extension gets the
    /// first of the first filter.
    pub fn save(title: &str, folder: &Path, name: &str, filters: Vec<FileFilter>) -> Self {
        Self::new(title, folder, filters, Some(name))
    }

    fn new(title: &str, folder: &Path, mut filters: Vec<FileFilter>, name: Option<&str>) -> Self {
        filters.push(FileFilter::new("All files", &[]));
        let mut dialog = Self {
            title: title.to_owned(),
            saving: name.is_some(),
            filters,
            filter: 0,
            folder: PathBuf::new(),
            shown: String::new(),
            entries: Vec::new(),
            selected: None,
            name: name.unwrap_or_default().to_owned(),
            look: None,
            problem: None,
            replace: None,
            fresh: true,
        };
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        dialog.enter(folder);
        dialog
    }

    /// The folder shown: where to begin the next time.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Draws the dialog over the window and answers once, when it is over.
    pub fn show(&mut self, ctx: &Context) -> Option<FileChoice> {
        if let Some(path) = self.arrived(ctx) {
            return Some(FileChoice::Chosen(path));
        }
        let t = super::theme::tokens_of(ctx.theme());
        let frame = Frame::new()
            .fill(t.panel)
            .stroke(Stroke::new(1.0, t.edge))
            .corner_radius(8)
            .inner_margin(Margin::same(16));
        let modal = Modal::new(Id::unique("file-dialog")).frame(frame).backdrop_color(t.veil);
        let response = modal.show(ctx, |ui| self.contents_ui(ui));
        let closes = response.should_close();
        if response.inner.is_some() {
            return response.inner;
        }
        // Escape answers the question first, if there is one.
        let over = closes && self.replace.take().is_none();
        over.then_some(FileChoice::Closed)
    }

    fn enter(&mut self, folder: PathBuf) {
        self.begin(folder, Purpose::Show);
    }

    fn begin(&mut self, path: PathBuf, purpose: Purpose) {
        self.problem = None;
        self.replace = None;
        self.look = Some((Look::start(path), purpose));
    }

    /// Takes in what a look found; a path when that decides the dialog.
    fn arrived(&mut self, ctx: &Context) -> Option<PathBuf> {
        let (look, purpose) = self.look.as_mut()?;
        let purpose = *purpose;
        let Some((path, found)) = look.take() else {
            ctx.request_repaint_after(Duration::from_millis(20));
            return None;
        };
        self.look = None;
        match (found, purpose) {
            (Found::Folder(entries), _) => {
                self.shown = path.display().to_string();
                self.folder = path;
                self.entries = entries;
                self.selected = None;
            }
            (Found::File, Purpose::Show) => {
                self.problem = Some(format!("{} is a file, not a folder.", path.display()));
            }
            (Found::File, Purpose::Choose) if self.saving => self.replace = Some(path),
            (Found::File, Purpose::Choose) => return Some(path),
            (Found::Nothing { parent: true }, Purpose::Choose) if self.saving => return Some(path),
            (Found::Nothing { parent }, _) => {
                let what = if self.saving && !parent { "The folder of " } else { "" };
                self.problem = Some(format!("{what}{} does not exist.", path.display()));
            }
            (Found::Refused(why), _) => {
                self.problem = Some(format!("{} cannot be read: {why}.", path.display()));
            }
        }
        None
    }

    fn contents_ui(&mut self, ui: &mut Ui) -> Option<FileChoice> {
        let scale = ui.spacing().interact_size.y / 24.0;
        let room = ui.ctx().content_rect().size() - vec2(64.0, 64.0);
        ui.set_width((620.0 * scale).min(room.x));
        ui.label(RichText::new(&self.title).text_style(heading_style()));
        ui.add_space(8.0);
        self.path_ui(ui);
        ui.add_space(4.0);
        self.list_ui(ui, (300.0 * scale).min(room.y - 200.0 * scale).max(80.0));
        ui.add_space(8.0);
        if let Some(problem) = &self.problem {
            super::widgets::problem_ui(ui, problem);
        }
        match self.replace.clone() {
            Some(path) => self.question_ui(ui, path),
            None => self.actions_ui(ui),
        }
    }

    fn path_ui(&mut self, ui: &mut Ui) {
        let mut go = None;
        ui.horizontal(|ui| {
            let parent = self.folder.parent().map(Path::to_owned);
            ui.add_enabled_ui(parent.is_some(), |ui| {
                if icon_button(ui, Icon::Up, "Folder above").clicked() {
                    go.clone_from(&parent);
                }
            });
            let shown = self.shown.clone();
            let entry = Entry::new("Path", &shown).hint("Type a folder or a file");
            let mut typed = None;
            let answer = entry.show(ui, |text, last| {
                if last {
                    typed = Some(text.to_owned());
                }
                true
            });
            if let Some(text) = typed.filter(|_| answer.committed) {
                let path = typed_path(&text, &self.folder);
                self.begin(path, Purpose::Choose);
            }
        });
        if let Some(folder) = go {
            self.enter(folder);
        }
    }

    fn list_ui(&mut self, ui: &mut Ui, height: f32) {
        let t = tokens(ui);
        let filter = self.filters[self.filter].clone();
        let entries: Vec<Listed> =
            self.entries.iter().filter(|entry| filter.shows(entry)).cloned().collect();
        let row = ui.spacing().interact_size.y;
        Frame::new().fill(t.background).stroke(Stroke::new(1.0, t.line)).corner_radius(6).show(
            ui,
            |ui| {
                ui.set_min_size(vec2(ui.available_width(), height));
                if entries.is_empty() {
                    ui.set_min_height(height);
                    let text = if self.look.is_some() {
                        "Looking…".to_owned()
                    } else {
                        format!("Nothing here of: {}.", filter.label())
                    };
                    ui.add_space(12.0);
                    ui.horizontal(|ui| {
                        ui.add_space(12.0);
                        ui.label(RichText::new(text).color(t.dim));
                    });
                    return;
                }
                ui.spacing_mut().item_spacing.y = 0.0;
                ScrollArea::vertical()
                    .id_salt(&self.folder)
                    .max_height(height)
                    .auto_shrink(false)
                    .show_rows(ui, row, entries.len(), |ui, rows| {
                        for entry in &entries[rows] {
                            self.entry_ui(ui, entry);
                        }
                    });
            },
        );
    }

    fn entry_ui(&mut self, ui: &mut Ui, entry: &Listed) {
        let t = tokens(ui);
        let selected = self.selected.as_deref() == Some(&entry.name);
        let icon = if entry.folder { Icon::Folder } else { Icon::File };
        let size = if entry.folder { String::new() } else { size_text(entry.bytes) };
        let size = RichText::new(size).text_style(number_style()).color(t.dim);
        let row = Button::selectable(selected, (icon.atom(ui), entry.name.clone()))
            .right_text(size)
            .corner_radius(4.0)
            .truncate()
            .min_size(vec2(ui.available_width(), ui.spacing().interact_size.y));
        let response = ui.add(row).accessible_name(&entry.name);
        if !response.clicked() {
            return;
        }
        // A press of a key on a row means it; a click of the mouse points at it first.
        let by_key = !ui.input(|i| i.pointer.any_released());
        self.selected = Some(entry.name.clone());
        if !entry.folder {
            self.name.clone_from(&entry.name);
        }
        if entry.folder && (response.double_clicked() || by_key) {
            self.enter(self.folder.join(&entry.name));
        } else if !entry.folder && (response.double_clicked() || by_key && !self.saving) {
            self.begin(self.folder.join(&entry.name), Purpose::Choose);
        }
    }

    fn actions_ui(&mut self, ui: &mut Ui) -> Option<FileChoice> {
        let mut name_done = false;
        ui.horizontal(|ui| {
            if self.saving {
                let width = ui.available_width() * 0.55;
                let label = ui.label("Name");
                let mut typed = None;
                let name = self.name.clone();
                let answer = Entry::new("Name", &name).width(width).show(ui, |text, last| {
                    if last {
                        typed = Some(text.to_owned());
                    }
                    !text.trim().is_empty()
                });
                if let Some(name) = typed.filter(|_| answer.committed) {
                    self.name = name;
                }
                if self.fresh {
                    answer.response.request_focus();
                    self.fresh = false;
                }
                let enter = ui.input(|i| i.key_pressed(eframe::egui::Key::Enter));
                name_done = answer.response.lost_focus() && enter;
                drop(label);
            }
            self.filter_ui(ui);
        });
        ui.add_space(8.0);
        let mut closed = false;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let verb = if self.saving { "Save" } else { "Open" };
            let target = self.target();
            ui.add_enabled_ui(target.is_some(), |ui| {
                let pressed = primary_button(ui, None, verb).clicked() || name_done;
                if let (true, Some(path)) = (pressed, target) {
                    self.begin(path, Purpose::Choose);
                }
            });
            closed = button(ui, None, "Cancel").clicked();
        });
        closed.then_some(FileChoice::Closed)
    }

    fn filter_ui(&mut self, ui: &mut Ui) {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let label = self.filters[self.filter].label();
            let response =
                ComboBox::from_id_salt("file-filter").selected_text(label).show_ui(ui, |ui| {
                    for (index, filter) in self.filters.iter().enumerate() {
                        ui.selectable_value(&mut self.filter, index, filter.label());
                    }
                });
            drop(response.response.accessible_name("Kind of files"));
        });
    }

    /// What pressing the main button would choose or enter.
    fn target(&self) -> Option<PathBuf> {
        let folder = self
            .entries
            .iter()
            .find(|entry| entry.folder && Some(&entry.name) == self.selected.as_ref());
        if let Some(folder) = folder {
            return Some(self.folder.join(&folder.name));
        }
        let name = self.name.trim();
        if name.is_empty() {
            return None;
        }
        let mut path = typed_path(name, &self.folder);
        let extension = self.filters[0].extensions.first();
        if let (true, None, Some(extension)) = (self.saving, path.extension(), extension) {
            path.set_extension(extension);
        }
        Some(path)
    }

    fn question_ui(&mut self, ui: &mut Ui, path: PathBuf) -> Option<FileChoice> {
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let question = format!("{name} exists already. Replace it?");
        ui.add(Label::new(question).wrap());
        ui.add_space(8.0);
        let mut answer = None;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if primary_button(ui, None, "Replace").clicked() {
                answer = Some(FileChoice::Chosen(path));
            }
            if button(ui, None, "Keep it").clicked() {
                self.replace = None;
            }
        });
        answer
    }
}

fn size_text(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{} B", count(bytes)),
        10_000..10_000_000 => format!("{} kB", count(bytes / 1000)),
        _ => format!("{} MB", count(bytes / 1_000_000)),
    }
}
