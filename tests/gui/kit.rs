//! The controls: painted in both themes, and used by role and name.

use downhill::ui::theme::{self, class_shape_ui, lane_look, tokens};
use downhill::ui::widgets::{
    Entry, FieldRow, Icon, Knob, NumberEntry, Rail, Spread, ToastKind, Toasts, button, card, chip,
    empty_state, icon_button, icon_toggle, link_button, primary_button, progress_bar, section,
    section_header, segmented, toggle_chip,
};
use eframe::egui::accesskit::Role;
use eframe::egui::{self, Align, Frame, Key, Layout, Margin, RichText, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use crate::gallery::paint;

const ICONS: [Icon; 38] = [
    Icon::Back,
    Icon::StepBack,
    Icon::Play,
    Icon::Pause,
    Icon::Step,
    Icon::Epoch,
    Icon::Stop,
    Icon::Reset,
    Icon::Dice,
    Icon::Undo,
    Icon::Redo,
    Icon::Sun,
    Icon::Moon,
    Icon::Help,
    Icon::Plus,
    Icon::Close,
    Icon::More,
    Icon::Down,
    Icon::Right,
    Icon::Up,
    Icon::Folder,
    Icon::File,
    Icon::Save,
    Icon::Copy,
    Icon::Trash,
    Icon::Fork,
    Icon::Eye,
    Icon::Warning,
    Icon::Check,
    Icon::Follow,
    Icon::Picture,
    Icon::Table,
    Icon::Edit,
    Icon::Spread,
    Icon::Info,
    Icon::Panes,
    Icon::Maximise,
    Icon::Restore,
];

fn header_ui(ui: &mut Ui) {
    ui.horizontal(|ui| {
        primary_button(ui, Some(Icon::Pause), "Pause");
        button(ui, Some(Icon::Step), "Step");
        button(ui, Some(Icon::Epoch), "Epoch");
        icon_button(ui, Icon::Reset, "Reset");
        icon_button(ui, Icon::Undo, "Undo");
        ui.add_enabled_ui(false, |ui| icon_button(ui, Icon::Redo, "Redo"));
        icon_toggle(ui, true, Icon::Follow, "Follow");
        progress_bar(ui, "Progress", Some(0.63), 80.0);
        ui.label(RichText::new("epoch 63 / 100").text_style(theme::number_style()));
        segmented(ui, "View", 0, &[(0, "Lab"), (1, "Runs"), (2, "Sweep")]);
        toggle_chip(ui, true, "train", "Show training loss");
        toggle_chip(ui, false, "held out", "Show held-out loss");
        chip(ui, "4th");
        link_button(ui, "Fork here");
    });
}

fn form_ui(ui: &mut Ui) {
    let (mut samples, mut std, mut fraction) = (400.0, 2.5, 0.25);
    section(ui, "Data", "400 × 2 · 2 classes", |ui| {
        FieldRow::new("Source").show(ui, |ui| {
            egui::ComboBox::from_id_salt("source")
                .selected_text("Blobs")
                .width(ui.available_width())
                .show_ui(ui, |_| {});
        });
        FieldRow::new("Samples")
            .show(ui, |ui| NumberEntry::new("Samples", &mut samples).integer().show(ui));
        FieldRow::new("Cluster std")
            .problem(Some("must be above 0; found −2.5"))
            .show(ui, |ui| NumberEntry::new("Cluster std", &mut std).problem(true).show(ui));
        FieldRow::new("Held out")
            .note(Some("changed: applies on Reset"))
            .show(ui, |ui| NumberEntry::new("Held out", &mut fraction).percent().show(ui));
        FieldRow::new("Name")
            .show(ui, |ui| Entry::new("Name", "").hint("Four ways down").show(ui, |_, _| true));
    });
    let mut on = true;
    ui.checkbox(&mut on, "Stratified");
    ui.radio_value(&mut on, true, "Every epoch");
}

fn lanes_ui(ui: &mut Ui) {
    section_header(ui, "Lanes", "race by step");
    let theme = theme::theme_of(ui);
    for (index, name) in ["SGD", "Momentum", "Nesterov", "Adam", "Lion", "RMSProp", "Yogi", "QHM"]
        .into_iter()
        .enumerate()
    {
        ui.push_id(index, |ui| {
            let color = lane_look(index).color(theme);
            card(ui, color, |ui| {
                ui.horizontal(|ui| {
                    let (rect, _) =
                        ui.allocate_exact_size(egui::vec2(12.0, 12.0), egui::Sense::hover());
                    let marker = lane_look(index).marker;
                    theme::paint_marker(ui.painter(), marker, rect.center(), 5.0, color);
                    ui.label(RichText::new(name).text_style(theme::strong_style()));
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        chip(ui, "4th");
                        ui.label(RichText::new("0.1420").text_style(theme::number_style()));
                    });
                });
                if index < 3 {
                    let (mut rate, mut momentum) = (0.01, 0.9);
                    Knob::new("learning rate", &mut rate, Rail::new(Spread::Log, 1e-5, 10.0))
                        .color(color)
                        .show(ui);
                    Knob::new("momentum", &mut momentum, Rail::new(Spread::OneMinus, 0.0, 0.999))
                        .color(color)
                        .problem((index == 2).then_some("must be below 1"))
                        .show(ui);
                }
            });
        });
    }
}

fn kit_ui(ui: &mut Ui) {
    Frame::new().fill(tokens(ui).panel).inner_margin(Margin::same(12)).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        header_ui(ui);
        ui.separator();
        ui.horizontal_wrapped(|ui| {
            for icon in ICONS {
                icon_button(ui, icon, &format!("{icon:?}"));
            }
        });
        ui.horizontal(|ui| {
            for class in 0..10 {
                class_shape_ui(ui, class);
            }
            ui.label(RichText::new("Title").text_style(theme::title_style()));
            ui.heading("Heading");
            ui.label("Body ‖g‖ 2 → 1 ÷ β₁ ε ▾ 0123");
            ui.label(RichText::new("Strong").text_style(theme::strong_style()));
            ui.label(RichText::new("0.1364 −1e-8 ‖").text_style(theme::number_style()));
            ui.label(RichText::new("Small note").small().color(tokens(ui).faint));
        });
        ui.columns(3, |columns| {
            form_ui(&mut columns[0]);
            lanes_ui(&mut columns[1]);
            empty_state(
                &mut columns[2],
                Icon::Table,
                "No data yet",
                "Open a table, or start from one of the bundled sets.",
                |ui| primary_button(ui, Some(Icon::Folder), "Open table…"),
            );
        });
    });
}

#[test]
fn controls() {
    let mut toasts = Toasts::<()>::default();
    toasts.push(ToastKind::Done, "Saved as moons.ron");
    toasts.push(
        ToastKind::Problem,
        "Adam diverged at step 500. The parameters of step 499 are kept.",
    );
    paint("kit", [1100.0, 760.0], 1.0, |ui, _| {
        kit_ui(ui);
        let taken = toasts.show(ui.ctx(), ui.max_rect());
        assert_eq!(taken, None);
    });
    paint("kit-double", [1280.0, 800.0], 2.0, |ui, _| kit_ui(ui));
}

/// What the controls of a small panel did.
#[derive(Default)]
struct Panel {
    rate: f64,
    batch: f64,
    view: usize,
    changes: Vec<f64>,
    gestures: usize,
}

fn panel() -> Harness<'static, Panel> {
    let state = Panel { rate: 0.01, batch: 32.0, ..Panel::default() };
    let mut harness = Harness::builder()
        .with_size([420.0, 240.0])
        .with_context_setup(|ctx| theme::install(ctx, 1.0))
        .build_ui_state(
            |ui: &mut Ui, panel: &mut Panel| {
                let rail = Rail::new(Spread::Log, 1e-5, 10.0);
                let answer =
                    Knob::new("learning rate", &mut panel.rate, rail).default_value(0.01).show(ui);
                if answer.changed {
                    panel.changes.push(panel.rate);
                }
                panel.gestures += usize::from(answer.gesture_end);
                FieldRow::new("Batch size").show(ui, |ui| {
                    NumberEntry::new("Batch size", &mut panel.batch).integer().step(1.0).show(ui)
                });
                let choices = [(0, "step"), (1, "epoch")];
                panel.view = segmented(ui, "x axis", panel.view, &choices).unwrap_or(panel.view);
            },
            state,
        );
    harness.run();
    harness
}

fn type_into(harness: &mut Harness<'_, Panel>, name: &str, text: &str, end: Key) {
    harness.get_by_role_and_label(Role::TextInput, name).focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, name).type_text(text);
    harness.run();
    harness.key_press(end);
    harness.run();
}

#[test]
fn a_typed_number_is_taken_at_the_end_of_typing_and_not_before() {
    let mut harness = panel();
    type_into(&mut harness, "learning rate", "3e-2", Key::Enter);
    assert_eq!(harness.state().rate, 0.03);
    assert_eq!(harness.state().changes, [0.03], "no half-typed number came through");
    assert_eq!(harness.state().gestures, 1);
    type_into(&mut harness, "learning rate", "0.5", Key::Escape);
    assert_eq!(harness.state().rate, 0.03, "Escape gives up");
    type_into(&mut harness, "learning rate", "much", Key::Enter);
    assert_eq!(harness.state().rate, 0.03, "what is no number is not taken");
    type_into(&mut harness, "Batch size", "12.5", Key::Enter);
    assert_eq!(harness.state().batch, 32.0, "nor is a broken one where only whole ones are");
    type_into(&mut harness, "Batch size", "64", Key::Tab);
    assert_eq!(harness.state().batch, 64.0, "leaving the field takes it too");
}

#[test]
fn arrow_keys_turn_knobs_and_step_entries() {
    let mut harness = panel();
    harness.get_by_role_and_label(Role::Slider, "learning rate").focus();
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    let up = harness.state().rate;
    assert!(up > 0.01 && up < 0.02, "{up}");
    harness.key_press(Key::End);
    harness.run();
    assert_eq!(harness.state().rate, 10.0);
    assert_eq!(harness.state().gestures, 2);
    harness.get_by_role_and_label(Role::TextInput, "Batch size").focus();
    harness.run();
    harness.key_press(Key::ArrowUp);
    harness.run();
    harness.key_press(Key::ArrowUp);
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().batch, 33.0);
}

#[test]
fn a_drag_changes_as_it_goes_and_ends_once() {
    let mut harness = panel();
    let rail = harness.get_by_role_and_label(Role::Slider, "learning rate").rect();
    let at = |share: f32| egui::pos2(rail.left() + share * rail.width(), rail.center().y);
    harness.drag_at(at(0.3));
    harness.step();
    for share in [0.4, 0.5, 0.6, 0.7] {
        harness.hover_at(at(share));
        harness.step();
    }
    assert!(harness.state().changes.len() >= 4, "{:?}", harness.state().changes);
    assert!(harness.state().changes[1..].is_sorted());
    assert_eq!(harness.state().gestures, 0, "the gesture is still going on");
    harness.drop_at(at(0.7));
    harness.run();
    assert_eq!(harness.state().gestures, 1);
}

#[test]
fn screen_readers_set_values_and_choose() {
    let mut harness = panel();
    harness.get_by_role_and_label(Role::Slider, "learning rate").set_value_accesskit(0.25);
    harness.run();
    assert_eq!(harness.state().rate, 0.25);
    harness.get_by_role_and_label(Role::RadioButton, "x axis: epoch").click();
    harness.run();
    assert_eq!(harness.state().view, 1);
}
