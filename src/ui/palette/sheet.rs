//! The palette on screen: a field, and below it what fits, one line each.
//!
//! The field keeps the focus: arrows choose, Enter does, Tab completes, Esc closes. What can be done is
//! made anew each frame, so that numbers and ranges are those of now.

use eframe::egui::{
    Align2, Context, Frame as EguiFrame, Id, Key, Label, Modal, Modifiers, Rect, Response,
    RichText, Role, ScrollArea, Sense, TextEdit, TextStyle, TextWrapMode, Ui, WidgetInfo,
    WidgetText, pos2,
    text::{CCursor, CCursorRange},
    vec2,
};

use super::super::frame::Frame;
use super::super::theme::{small_style, tokens, tokens_of};
use super::query::{Enter, Found, find};
use super::{REMEMBERED, do_deeds};

/// The palette while it is open.
#[derive(Debug, Default)]
pub(in crate::ui) struct Palette {
    typed: String,
    chosen: usize,
    /// The list's scroll, and how high it is, as last drawn.
    scroll: (f32, f32),
    /// The choice was moved by a key: it is to be seen.
    moved: bool,
}

/// What the keys ask for.
#[derive(Debug, Default)]
struct Asked {
    by: isize,
    enter: bool,
    complete: bool,
}

impl Palette {
    /// With something typed into it.
    pub(in crate::ui) fn with(typed: String) -> Self {
        Self { typed, ..Self::default() }
    }

    /// Draws the palette; true when it is done with.
    pub(in crate::ui) fn show(&mut self, ctx: &Context, frame: &mut Frame<'_>) -> bool {
        let asked = asked(ctx);
        let found = find(frame.session, frame.window, &self.typed);
        self.choose(asked.by, found.len());
        let veil = tokens_of(frame.window.theme).veil;
        let id = Id::unique("palette");
        let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, 48.0));
        let panel = EguiFrame::popup(&ctx.global_style()).inner_margin(12);
        let modal = Modal::new(id).area(area).frame(panel).backdrop_color(veil);
        let scale = frame.window.text_scale;
        let shown = modal.show(ctx, |ui| self.ui(ui, &found, scale));
        let pressed = shown.inner;
        let wanted = pressed.or_else(|| asked.enter.then_some(self.chosen));
        if let Some(found) = found.into_iter().nth(wanted.unwrap_or(self.chosen)) {
            if asked.complete {
                self.complete(ctx, found);
            } else if wanted.is_some() {
                return self.enter(ctx, frame, found) || shown.backdrop_response.clicked();
            }
        }
        shown.should_close()
    }

    fn choose(&mut self, by: isize, count: usize) {
        self.moved = by != 0;
        let last = count.saturating_sub(1);
        self.chosen = match (self.chosen.min(last), by) {
            // One further than the end is the beginning; a page stops there.
            (0, -1) => last,
            (at, 1) if at == last => 0,
            (at, by) => at.saturating_add_signed(by).min(last),
        };
    }

    /// Does what an entry stands for; true when the palette is done with.
    fn enter(&mut self, ctx: &Context, frame: &mut Frame<'_>, found: Found) -> bool {
        match found.enter {
            Enter::Refused => false,
            Enter::Complete(text) => {
                self.put(ctx, text);
                false
            }
            Enter::Do(deeds) => {
                let lately = &mut frame.window.lately;
                lately.retain(|title| *title != found.remembered);
                lately.insert(0, found.remembered);
                lately.truncate(REMEMBERED);
                do_deeds(ctx, frame, deeds);
                true
            }
        }
    }

    fn complete(&mut self, ctx: &Context, found: Found) {
        match found.enter {
            Enter::Complete(text) => self.put(ctx, text),
            Enter::Do(_) | Enter::Refused => self.put(ctx, found.title.replace(" →", "")),
        }
    }

    /// Puts text into the field, with the cursor behind it.
    fn put(&mut self, ctx: &Context, text: String) {
        let end = CCursorRange::one(CCursor::new(text.chars().count()));
        let mut state = TextEdit::load_state(ctx, field_id()).unwrap_or_default();
        state.cursor.set_char_range(Some(end));
        state.store(ctx, field_id());
        self.typed = text;
        self.chosen = 0;
    }

    /// Gives the place of the entry that was pressed.
    fn ui(&mut self, ui: &mut Ui, found: &[Found], scale: f32) -> Option<usize> {
        let screen = ui.ctx().content_rect();
        let width = (640.0 * scale).min(screen.width() - 80.0);
        ui.set_width(width);
        let field = self.field_ui(ui);
        ui.add_space(6.0);
        let row = ui.spacing().interact_size.y;
        let small = ui.text_style_height(&small_style());
        let room = (screen.height() - 48.0 - row - small * 3.0 - 80.0).max(row * 3.0);
        let rows = ((room / row) as usize).clamp(3, 12);
        let height = rows as f32 * row;
        let pressed = if found.is_empty() {
            let words = format!("Nothing is called “{}”.", self.typed.trim());
            // As high as the list, so that nothing jumps.
            ui.allocate_ui(vec2(width, height), |ui| {
                ui.set_min_size(vec2(width, height));
                ui.add(Label::new(RichText::new(words).color(tokens(ui).dim)).wrap());
            });
            None
        } else {
            self.list_ui(ui, found, (row, height), &field)
        };
        ui.add_space(6.0);
        note_ui(ui, found.get(self.chosen), small * 3.0 + 4.0);
        pressed
    }

    fn field_ui(&mut self, ui: &mut Ui) -> Response {
        let before = self.typed.clone();
        let edit = TextEdit::singleline(&mut self.typed)
            .id(field_id())
            .hint_text("What to do, or a knob and its value: adam learning rate 0.03")
            .margin(vec2(10.0, 6.0))
            .desired_width(f32::INFINITY);
        let response = ui.add(edit).accessible_name("Command");
        if !response.has_focus() {
            response.request_focus();
        }
        if self.typed != before {
            self.chosen = 0;
            self.scroll.0 = 0.0;
            self.moved = true;
        }
        response
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        found: &[Found],
        (row, height): (f32, f32),
        field: &Response,
    ) -> Option<usize> {
        let mut area =
            ScrollArea::vertical().id_salt("entries").max_height(height).auto_shrink(false);
        if self.moved {
            let top = self.chosen as f32 * row;
            let (at, seen) = self.scroll;
            let offset = at.min(top).max(top + row - seen.max(row));
            area = area.vertical_scroll_offset(offset);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut pressed = None;
        let shown = area.show_rows(ui, row, found.len(), |ui, places| {
            for place in places {
                let is_chosen = place == self.chosen;
                let response = row_ui(ui, &found[place], place, is_chosen);
                if is_chosen {
                    let line = response.id;
                    ui.ctx().accesskit_node_builder(field.id, |node| {
                        node.set_active_descendant(line.accesskit_id());
                    });
                }
                if response.clicked() {
                    pressed = Some(place);
                }
            }
        });
        self.scroll = (shown.state.clamped_offset().y, shown.inner_rect.height());
        pressed
    }
}

fn field_id() -> Id {
    Id::unique("palette field")
}

/// Takes the keys that the field would else take.
fn asked(ctx: &Context) -> Asked {
    ctx.input_mut(|input| {
        let mut took = |key| input.count_and_consume_key(Modifiers::NONE, key).cast_signed();
        let by = took(Key::ArrowDown) - took(Key::ArrowUp);
        let pages = took(Key::PageDown) - took(Key::PageUp);
        Asked { by: by + 10 * pages, enter: took(Key::Enter) > 0, complete: took(Key::Tab) > 0 }
    })
}

/// What the chosen entry does, or takes, or why it cannot be done; always of one height.
fn note_ui(ui: &mut Ui, found: Option<&Found>, height: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let Some(found) = found else { return };
    let t = tokens(ui);
    let color = if matches!(found.enter, Enter::Refused) { t.bad } else { t.dim };
    let font = small_style().resolve(ui.style());
    let mut job =
        eframe::egui::text::LayoutJob::simple(found.note.clone(), font, color, rect.width());
    job.wrap.max_rows = 3;
    let galley = ui.painter().layout_job(job);
    let response = ui.interact(rect, ui.scope_id().with("note"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &found.note));
    ui.painter().galley(rect.min, galley, color);
}

fn row_ui(ui: &mut Ui, found: &Found, place: usize, is_chosen: bool) -> Response {
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    // The focus stays in the field.
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, ui.scope_id().with(("entry", place)), Sense::CLICK);
    let is_refused = matches!(found.enter, Enter::Refused);
    let name = match (is_refused, found.keys.is_empty()) {
        (true, _) => format!("{}: {}", found.title, found.note),
        (false, true) => found.title.clone(),
        (false, false) => format!("{}, {}", found.title, found.keys),
    };
    response
        .widget_info(|| WidgetInfo::selected(Role::ListBoxOption, !is_refused, is_chosen, &name));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(is_chosen));
    if ui.is_rect_visible(rect) {
        paint_row(ui, found, rect, is_chosen, response.hovered());
    }
    response
}

fn paint_row(ui: &Ui, found: &Found, rect: Rect, is_chosen: bool, is_hovered: bool) {
    let t = tokens(ui);
    if is_chosen {
        ui.painter().rect_filled(rect, 6.0, t.selection);
    } else if is_hovered {
        ui.painter().rect_filled(rect, 6.0, t.hover);
    }
    let inner = rect.shrink2(vec2(8.0, 0.0));
    let middle = |x: f32, height: f32| pos2(x, rect.center().y - height * 0.5);
    let lay = |text: &str, style: TextStyle, color, width: f32| {
        let words = WidgetText::from(RichText::new(text).color(color));
        words.into_galley(ui, Some(TextWrapMode::Truncate), width.max(0.0), style)
    };
    let keys = lay(&found.keys, TextStyle::Monospace, t.dim, inner.width() * 0.4);
    let keys_at = inner.right() - keys.size().x;
    ui.painter().galley(middle(keys_at, keys.size().y), keys, t.dim);
    let is_refused = matches!(found.enter, Enter::Refused);
    let color = if is_refused { t.bad } else { t.text };
    let room = keys_at - inner.left() - 12.0;
    let title = lay(&found.title, TextStyle::Body, color, room);
    let end = inner.left() + title.size().x;
    ui.painter().galley(middle(inner.left(), title.size().y), title, color);
    let left = keys_at - end - 24.0;
    // A mere ellipsis says nothing.
    if left > 60.0 && !found.note.is_empty() {
        let color = if is_refused { t.bad } else { t.dim };
        let note = lay(&found.note, small_style(), color, left);
        ui.painter().galley(middle(end + 12.0, note.size().y), note, color);
    }
}
