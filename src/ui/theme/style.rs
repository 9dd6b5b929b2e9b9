//! egui's style from the tokens: type sizes, spacing on a 4-point grid, the look of its controls.
//!
//! Five type sizes, no more: 11 small and captions, 12 numbers, 13 text, 16 headings, 22 titles
//! (points at 100 %).

use std::collections::BTreeMap;

use eframe::egui::{
    Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme,
    Visuals, style::HandleShape, style::ScrollStyle, style::WidgetVisuals, vec2,
};

use super::fonts::{self, SEMIBOLD};
use super::tokens::{Tokens, tokens_of};

/// The smallest text size: as designed.
pub const MIN_TEXT_SIZE: f32 = 1.0;
/// The largest text size: twice the type.
pub const MAX_TEXT_SIZE: f32 = 2.0;

const STRONG: &str = "strong";
const CAPTION: &str = "caption";
const TITLE: &str = "title";

/// Strong text of body size: names, what matters in a sentence.
pub fn strong_style() -> TextStyle {
    TextStyle::Name(STRONG.into())
}

/// Captions of sections: small, strong, in capitals.
pub fn caption_style() -> TextStyle {
    TextStyle::Name(CAPTION.into())
}

/// The one title of a page or dialog.
pub fn title_style() -> TextStyle {
    TextStyle::Name(TITLE.into())
}

/// Headings of dialogs and start-page cards.
pub fn heading_style() -> TextStyle {
    TextStyle::Heading
}

/// Numbers, in digits of one width.
pub fn number_style() -> TextStyle {
    TextStyle::Monospace
}

/// Notes and chips.
pub fn small_style() -> TextStyle {
    TextStyle::Small
}

/// Puts the fonts and both themes' styles into a context, at a text size of 1.0 to 2.0.
///
/// Cheap enough to call when the text size changes, not meant for every frame. egui's own zoom by
/// keyboard is switched off, because Ctrl + and Ctrl − change the text size here.
pub fn install(ctx: &Context, text_size: f32) {
    let first = !ctx.data(|d| d.get_temp::<bool>(installed_id()).unwrap_or(false));
    if first {
        ctx.set_fonts(fonts::definitions());
        ctx.options_mut(|o| o.zoom_with_keyboard = false);
        ctx.data_mut(|d| d.insert_temp(installed_id(), true));
    }
    for theme in [Theme::Dark, Theme::Light] {
        ctx.set_style_of(theme, style(theme, text_size));
    }
}

fn installed_id() -> eframe::egui::Id {
    eframe::egui::Id::unique("downhill-fonts")
}

fn style(theme: Theme, text_size: f32) -> Style {
    let size = text_size.clamp(MIN_TEXT_SIZE, MAX_TEXT_SIZE);
    let mut style = Style {
        text_styles: text_styles(size),
        drag_value_text_style: number_style(),
        visuals: visuals(theme),
        animation_time: 0.08,
        compact_menu_style: false,
        ..Style::default()
    };
    let control = (24.0 * size).round();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(4);
    spacing.button_padding = vec2(8.0, 4.0);
    spacing.indent = 16.0;
    spacing.interact_size = vec2(control, control);
    spacing.slider_width = 96.0;
    spacing.slider_rail_height = 3.0;
    spacing.combo_width = 64.0;
    spacing.text_edit_width = 200.0;
    spacing.icon_width = (14.0 * size).round();
    spacing.icon_width_inner = (8.0 * size).round();
    spacing.icon_spacing = 6.0;
    spacing.tooltip_width = 320.0;
    spacing.combo_height = 320.0;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        floating_width: 4.0,
        floating_allocated_width: 8.0,
        handle_min_length: 24.0,
        foreground_color: false,
        dormant_background_opacity: 0.0,
        dormant_handle_opacity: 0.7,
        active_background_opacity: 0.0,
        active_handle_opacity: 0.9,
        interact_background_opacity: 0.4,
        interact_handle_opacity: 1.0,
        ..ScrollStyle::floating()
    };
    style.interaction.tooltip_delay = 0.35;
    style.interaction.selectable_labels = false;
    style
}

fn text_styles(size: f32) -> BTreeMap<TextStyle, FontId> {
    let font = |points: f32, family: FontFamily| FontId::new(points * size, family);
    let semibold = || FontFamily::Name(SEMIBOLD.into());
    [
        (TextStyle::Small, font(11.0, FontFamily::Proportional)),
        (TextStyle::Body, font(13.0, FontFamily::Proportional)),
        (TextStyle::Button, font(13.0, FontFamily::Proportional)),
        (TextStyle::Monospace, font(12.0, FontFamily::Monospace)),
        (TextStyle::Heading, font(16.0, semibold())),
        (strong_style(), font(13.0, semibold())),
        (caption_style(), font(11.0, semibold())),
        (title_style(), font(22.0, semibold())),
    ]
    .into()
}

fn visuals(theme: Theme) -> Visuals {
    let t = tokens_of(theme);
    let mut v = match theme {
        Theme::Dark => Visuals::dark(),
        Theme::Light => Visuals::light(),
    };
    v.weak_text_color = Some(t.dim);
    v.hyperlink_color = t.accent;
    v.faint_bg_color = t.card;
    v.extreme_bg_color = t.background;
    v.text_edit_bg_color = Some(t.card);
    v.code_bg_color = t.card;
    v.warn_fg_color = t.warn;
    v.error_fg_color = t.bad;
    v.window_fill = t.panel;
    v.window_stroke = Stroke::new(1.0, t.edge);
    v.window_corner_radius = CornerRadius::same(8);
    v.window_highlight_topmost = false;
    v.menu_corner_radius = CornerRadius::same(6);
    v.panel_fill = t.panel;
    let shadow = |blur, y| Shadow { offset: [0, y], blur, spread: 0, color: t.shadow };
    v.window_shadow = shadow(24, 8);
    v.popup_shadow = shadow(12, 4);
    v.selection.bg_fill = t.selection;
    v.selection.stroke = Stroke::new(1.0, t.text);
    v.text_cursor.stroke = Stroke::new(2.0, t.accent);
    v.indent_has_left_vline = false;
    v.slider_trailing_fill = true;
    v.handle_shape = HandleShape::Circle;
    v.disabled_alpha = 0.45;
    v.striped = false;
    widget_visuals(&mut v, t);
    v
}

fn widget_visuals(v: &mut Visuals, t: &Tokens) {
    let radius = CornerRadius::same(6);
    let look = |fill, frame, text| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, frame),
        corner_radius: radius,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    v.widgets.noninteractive = look(t.panel, t.line, t.text);
    v.widgets.inactive = look(t.card, t.edge, t.text);
    v.widgets.hovered = look(t.hover, t.faint, t.text);
    v.widgets.active = look(t.hover, t.accent, t.text);
    v.widgets.open = look(t.hover, t.accent, t.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_five_type_sizes() {
        let mut sizes: Vec<f32> = text_styles(1.0).values().map(|font| font.size).collect();
        sizes.sort_by(f32::total_cmp);
        sizes.dedup();
        assert!(sizes.len() <= 5, "{sizes:?}");
    }

    #[test]
    fn distances_stand_on_the_grid() {
        let s = style(Theme::Dark, 1.0).spacing;
        let distances = [
            s.item_spacing.x,
            s.item_spacing.y,
            s.button_padding.x,
            s.button_padding.y,
            s.interact_size.y,
            s.indent,
        ];
        assert!(distances.iter().all(|d| d % 4.0 == 0.0), "{distances:?}");
    }

    #[test]
    fn text_size_is_held_to_its_range() {
        assert_eq!(style(Theme::Dark, 9.0).text_styles, style(Theme::Dark, 2.0).text_styles);
        assert_eq!(style(Theme::Dark, 0.1).text_styles, style(Theme::Dark, 1.0).text_styles);
    }
}
