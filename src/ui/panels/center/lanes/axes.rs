//! Which plane the pictures of points show, where there are more features than two; one choice for all
//! tiles.

use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{Button, PopupCloseBehavior, RichText, Role, ScrollArea, Ui, WidgetInfo};

use crate::experiment::TileView;
use crate::session::Lane;
use crate::train::RowSet;
use crate::ui::theme::{small_style, tokens};
use crate::ui::widgets::{Icon, elided, segmented};

use super::choice::set_axes;
use super::points::Axes;
use crate::ui::frame::Frame;

/// Letters of a feature's name on the button, at most.
const LETTERS: usize = 12;
/// The height of the lists of features.
const LISTS: f32 = 200.0;

/// The features' names of the first lane whose tile shows points of more than two features.
pub(super) fn names<'a>(frame: &Frame<'a>) -> Option<&'a [String]> {
    let choice = frame.window.center.choice;
    let lanes = frame.session.lanes().iter();
    lanes.filter(|lane| choice.view_of(lane) == TileView::Picture).find_map(features)
}

fn features(lane: &Lane) -> Option<&[String]> {
    let (_, data) = lane.rows(RowSet::Training)?;
    let is_plane = data.targets.classes().is_some() && data.width() > 2;
    is_plane.then_some(data.feature_names.as_slice())
}

/// Draws the choice, if there is one.
pub(super) fn axes_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let Some(names) = names(frame) else { return };
    let axes = frame.window.center.choice.axes.among(names.len());
    let text = |letters: usize| match axes {
        Axes::Components => "PC1 × PC2".to_owned(),
        Axes::Features(pair) => pair.map(|i| elided(&names[i], letters)).join(" × "),
    };
    let (name, text) = (format!("Axes: {}", text(usize::MAX)), text(LETTERS));
    let enabled = ui.is_enabled();
    let button = MenuButton::new((text.as_str(), Icon::Down.atom(ui))).config(stays_open());
    let (response, _) = button.ui(ui, |ui| plane_ui(ui, frame));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    response.on_hover_text("Which plane through the features the pictures show");
}

/// A menu that a click inside does not close.
pub(super) fn stays_open() -> MenuConfig {
    MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside)
}

/// Draws the choice in a menu, if there is one: components, or two features out of two lists.
pub(super) fn plane_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let Some(names) = names(frame) else { return };
    let axes = frame.window.center.choice.axes.among(names.len());
    let width = 300.0 * frame.window.text_scale;
    ui.set_min_width(width);
    let pair = match axes {
        Axes::Components => [0, 1],
        Axes::Features(pair) => pair,
    };
    let kinds = [(false, "principal components"), (true, "two features")];
    if let Some(by_feature) = segmented(ui, "Axes", axes != Axes::Components, &kinds) {
        let chosen = if by_feature { Axes::Features(pair) } else { Axes::Components };
        set_axes(frame, chosen);
    }
    if axes == Axes::Components {
        let text = "The two directions in which the training rows differ most, as scaled for \
                    training. Each axis says its part of their variance.";
        ui.set_max_width(width);
        ui.label(RichText::new(text).text_style(small_style()).color(tokens(ui).dim));
        return;
    }
    ui.set_max_width(width);
    ui.columns(2, |columns| {
        for (axis, title) in ["across", "up"].into_iter().enumerate() {
            let ui = &mut columns[axis];
            ui.label(RichText::new(title).text_style(small_style()).color(tokens(ui).dim));
            let mut chosen = pair;
            if let Some(feature) = list_ui(ui, names, pair[axis], title) {
                // Two axes of one feature would be a line: they change places.
                if chosen[1 - axis] == feature {
                    chosen[1 - axis] = chosen[axis];
                }
                chosen[axis] = feature;
                set_axes(frame, Axes::Features(chosen));
            }
        }
    });
}

/// A list of features; the one that was chosen now.
fn list_ui(ui: &mut Ui, names: &[String], current: usize, title: &str) -> Option<usize> {
    let height = ui.spacing().interact_size.y;
    let area = ScrollArea::vertical().id_salt(title).auto_shrink([false, true]);
    // A menu is as high as it was before: without a least height the lists would stay hidden.
    let area = area.max_height(LISTS).min_scrolled_height(LISTS);
    let shown = area.show_rows(ui, height, names.len(), |ui, rows| {
        let mut chosen = None;
        for feature in rows {
            let label = Button::selectable(feature == current, &names[feature]).truncate();
            let response = ui.add(label);
            let name = format!("{title}: {}", names[feature]);
            response.widget_info(|| {
                WidgetInfo::selected(Role::RadioButton, true, feature == current, &name)
            });
            if response.clicked() && feature != current {
                chosen = Some(feature);
            }
        }
        chosen
    });
    shown.inner
}
