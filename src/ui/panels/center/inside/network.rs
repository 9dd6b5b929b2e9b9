//! The network as a drawing: a map a unit, weights as curves whose width is their size and whose colour
//! is their sign, and what the model says as a whole.
//!
//! An edge or a unit under the pointer says its number and its name; clicked, it lets a number be typed.
//! Every unit is a button, so that all of this can be reached from the keyboard.

use eframe::egui::{
    Align2, Color32, CursorIcon, FontId, Pos2, Rect, Response, Role, Sense, Shape, Stroke,
    StrokeKind, Ui, WidgetInfo, epaint::CubicBezierShape, pos2, vec2,
};

use crate::lab::parameter;
use crate::session::Lane;
use crate::train::Picture;
use crate::ui::theme::{
    diverging, line_width, mix, paint_class, signed, small_style, theme_of, tokens,
};
use crate::ui::widgets::short;

use super::drawing::{Column, Drawing, Edge};
use super::maps::Maps;
use super::model::Model;
use super::pager;
use super::typing::Typing;
use super::words::elided;
use crate::ui::frame::Frame;

/// How near to an edge the pointer has to be.
const NEAR: f32 = 6.0;
/// The widest edge.
const WIDEST: f32 = 5.0;
/// Edges between two columns that are drawn, at most: the strongest, and those of the unit under the
/// pointer.
const MOST_EDGES: usize = 64;
/// Inputs whose names are measured, at most.
const MOST_NAMES: usize = 64;
/// An edge of a smaller part of the largest weight is so thin that its dashes would not be seen.
const THIN: f32 = 0.12;

/// What the drawing is of.
pub(super) struct Scene<'a> {
    pub(super) lane: &'a Lane,
    pub(super) model: &'a Model,
    pub(super) params: Option<&'a [f64]>,
    /// The two features that the maps are over.
    pub(super) features: [usize; 2],
    pub(super) picture: Option<&'a Picture>,
}

impl Scene<'_> {
    fn weight(&self, edge: Edge) -> Option<f64> {
        self.params?.get(self.model.parts[edge.layer].weight(edge.to, edge.from)).copied()
    }

    /// The largest weight of a dense layer, by its size.
    fn largest(&self, layer: usize) -> f64 {
        let range = self.model.parts[layer].weights.clone();
        let weights = self.params.and_then(|params| params.get(range)).unwrap_or_default();
        weights.iter().map(|w| w.abs()).filter(|w| w.is_finite()).fold(f64::MIN_POSITIVE, f64::max)
    }
}

/// Draws the network into `rect`.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, scene: &Scene<'_>, rect: Rect) {
    refresh(ui, frame, scene);
    let font = small_style().resolve(ui.style());
    let line = ui.text_style_height(&small_style());
    let scale = frame.window.text_scale;
    let foot = Rect::from_min_max(pos2(rect.left(), rect.bottom() - line), rect.max);
    let rect = Rect::from_min_max(rect.min, pos2(rect.right(), foot.top() - 2.0));
    let left = names_width(ui, scene.model, &font).min(rect.width() * 0.14) + 4.0;
    let widths = scene.model.widths();
    let mut pages = std::mem::take(&mut frame.window.center.inside.pages);
    let drawing = Drawing::new(rect, (&widths, pages.firsts()), left, (line, scale));
    let all = ui.interact(rect, ui.scope_id().with("network"), Sense::click());
    let pointer = all.hover_pos();
    let over_all = ui.input(|input| input.pointer.hover_pos());
    let node = over_all.and_then(|at| node_at(&drawing, at));
    let edges = shown_edges(scene, &drawing, node);
    let near = |at| drawing.edge_at(&edges, at, NEAR);
    let hovered = pointer.filter(|_| node.is_none()).and_then(near);
    edges_ui(ui, scene, (&drawing, &edges), hovered);
    nodes_ui(ui, frame, scene, &drawing);
    words_ui(ui, scene, &drawing, (left, rect));
    pager::ui(ui, &mut pages, scene.model, (&drawing, rect));
    frame.window.center.inside.pages = pages;
    legend_ui(ui, foot, drawing.edges().count() > edges.len());
    if let Some(edge) = hovered {
        edge_ui(frame, scene, edge, &all);
        all.on_hover_cursor(CursorIcon::PointingHand);
    }
}

/// Makes the maps anew where another picture has come.
fn refresh(ui: &Ui, frame: &mut Frame<'_>, scene: &Scene<'_>) {
    let theme = theme_of(ui);
    let maps = &mut frame.window.center.inside.maps;
    let Some(picture) = scene.picture else { return };
    if !maps.as_ref().is_some_and(|maps| maps.is_of(picture, theme)) {
        *maps = Maps::new(ui.ctx(), theme, picture, scene.model);
    }
}

fn node_at(drawing: &Drawing, place: Pos2) -> Option<(usize, usize)> {
    drawing.columns.iter().enumerate().find_map(|(column, nodes)| {
        let unit = nodes.nodes.iter().position(|node| node.contains(place))?;
        Some((column, nodes.first + unit))
    })
}

/// The strongest edges between each two columns, and all of the unit `node`.
fn shown_edges(scene: &Scene<'_>, drawing: &Drawing, node: Option<(usize, usize)>) -> Vec<Edge> {
    let mut shown = Vec::new();
    for layer in 0..scene.model.parts.len() {
        let mut edges: Vec<Edge> = drawing.edges().filter(|edge| edge.layer == layer).collect();
        if edges.len() > MOST_EDGES {
            let of_node = |edge: &Edge| {
                node == Some((layer, edge.from)) || node == Some((layer + 1, edge.to))
            };
            let size = |edge: &Edge| scene.weight(*edge).map_or(0.0, f64::abs);
            let order =
                |a: &Edge, b: &Edge| of_node(b).cmp(&of_node(a)).then(size(b).total_cmp(&size(a)));
            edges.sort_by(order);
            let own = edges.iter().filter(|edge| of_node(edge)).count();
            edges.truncate(MOST_EDGES.max(own));
        }
        shown.extend(edges);
    }
    shown
}

fn edges_ui(
    ui: &Ui,
    scene: &Scene<'_>,
    (drawing, edges): (&Drawing, &[Edge]),
    hovered: Option<Edge>,
) {
    let (theme, t) = (theme_of(ui), tokens(ui));
    let largest: Vec<f64> = (0..scene.model.parts.len()).map(|at| scene.largest(at)).collect();
    let mut shapes = Vec::new();
    for edge in edges.iter().copied() {
        let Some(weight) = scene.weight(edge) else { continue };
        let share = (weight.abs() / largest[edge.layer]).min(1.0) as f32;
        let color = mix(t.panel, signed(theme, weight < 0.0), 0.3 + 0.7 * share.sqrt());
        let stroke = Stroke::new(line_width(0.5 + (WIDEST - 0.5) * share), color);
        // A sign is told by more than its colour.
        if weight < 0.0 && share > THIN {
            let dash = 4.0 + stroke.width;
            shapes.extend(Shape::dashed_line(&drawing.line(edge), stroke, dash, dash * 0.55));
        } else {
            shapes.push(curve(drawing.curve(edge), stroke));
        }
    }
    if let Some(edge) = hovered {
        shapes.push(curve(drawing.curve(edge), Stroke::new(line_width(2.0), t.ink)));
    }
    ui.painter().extend(shapes);
}

fn curve(points: [Pos2; 4], stroke: Stroke) -> Shape {
    Shape::CubicBezier(CubicBezierShape::from_points_stroke(
        points,
        false,
        Color32::TRANSPARENT,
        stroke,
    ))
}

/// What an edge says, and typing its weight.
fn edge_ui(frame: &mut Frame<'_>, scene: &Scene<'_>, edge: Edge, response: &Response) {
    let model = scene.model;
    let index = model.parts[edge.layer].weight(edge.to, edge.from);
    let name = parameter(&model.layout, index).map_or_else(String::new, |place| place.to_string());
    let weight = scene.weight(edge).map_or_else(|| "…".to_owned(), short);
    let says = format!(
        "{} → {}: weight {weight}\n{name}, params.{index}\nClick to type another.",
        model.unit(edge.layer, edge.from),
        model.unit(edge.layer + 1, edge.to)
    );
    response.clone().on_hover_text_at_pointer(says);
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) {
        frame.window.center.inside.typing = Some(Typing::edge(scene.lane.id, model, edge, at));
    }
}

fn nodes_ui(ui: &mut Ui, frame: &mut Frame<'_>, scene: &Scene<'_>, drawing: &Drawing) {
    for (column, nodes) in drawing.columns.iter().enumerate() {
        for (unit, rect) in nodes.shown().zip(&nodes.nodes) {
            paint_node(ui, frame.window.center.inside.maps.as_ref(), scene, (column, unit), *rect);
            node_ui(ui, frame, scene, (column, unit), *rect);
        }
    }
    if let (Some(rect), Some(maps)) = (drawing.answer, &frame.window.center.inside.maps)
        && maps.paint_answer(ui.painter(), rect)
    {
        frame_ui(ui, rect, tokens(ui).edge);
    }
}

fn frame_ui(ui: &Ui, rect: Rect, color: Color32) {
    ui.painter().rect_stroke(rect, 2.0, Stroke::new(line_width(1.0), color), StrokeKind::Outside);
}

fn paint_node(
    ui: &Ui,
    maps: Option<&Maps>,
    scene: &Scene<'_>,
    (column, unit): (usize, usize),
    rect: Rect,
) {
    let t = tokens(ui);
    ui.painter().rect_filled(rect, 2.0, t.card);
    let is_whole = scene.model.parts.last().is_some_and(|part| part.units == 1);
    match (column.checked_sub(1), maps) {
        (None, _) => paint_input(ui, scene.features, unit, rect),
        (Some(layer), Some(maps)) => {
            let is_output = layer + 1 == scene.model.parts.len();
            let painted = is_output && is_whole && maps.paint_answer(ui.painter(), rect);
            if !painted {
                maps.paint(ui.painter(), (layer, unit), rect);
            }
        }
        (Some(_), None) => {}
    }
    frame_ui(ui, rect, t.edge);
}

/// An input over the plane: growing along its axis, or the same everywhere if the plane is of others.
fn paint_input(ui: &Ui, features: [usize; 2], input: usize, rect: Rect) {
    let theme = theme_of(ui);
    let low = diverging(theme, -0.8);
    let high = diverging(theme, 0.8);
    let corners = match features.iter().position(|feature| *feature == input) {
        Some(0) => [low, high, low, high],
        Some(_) => [high, high, low, low],
        None => [tokens(ui).card; 4],
    };
    let mut mesh = eframe::egui::Mesh::default();
    let places = [rect.left_top(), rect.right_top(), rect.left_bottom(), rect.right_bottom()];
    // The middle is the panel's colour, so each half is a patch of its own.
    let middle = diverging(theme, 0.0);
    if features.contains(&input) {
        let along_x = features[0] == input;
        let (a, b) = if along_x {
            (rect.center_top(), rect.center_bottom())
        } else {
            (rect.left_center(), rect.right_center())
        };
        let first = if along_x { [places[0], places[2]] } else { [places[2], places[3]] };
        let last = if along_x { [places[1], places[3]] } else { [places[0], places[1]] };
        for (ends, color) in [(first, low), (last, high)] {
            let at = mesh.vertices.len() as u32;
            for (place, color) in [(ends[0], color), (ends[1], color), (a, middle), (b, middle)] {
                mesh.colored_vertex(place, color);
            }
            mesh.add_triangle(at, at + 1, at + 2);
            mesh.add_triangle(at + 1, at + 2, at + 3);
        }
    } else {
        mesh.add_colored_rect(rect, corners[0]);
    }
    ui.painter().add(mesh);
}

/// A unit as a button: what it says, and typing its bias and weights.
fn node_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    scene: &Scene<'_>,
    (column, unit): (usize, usize),
    rect: Rect,
) {
    let model = scene.model;
    let name = model.unit(column, unit);
    let id = ui.scope_id().with(("unit", column, unit));
    let Some(layer) = column.checked_sub(1) else {
        ui.interact(rect, id, Sense::hover()).on_hover_text(input_words(scene, unit));
        return;
    };
    let response = ui.interact(rect, id, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    if response.has_focus() || response.hovered() {
        frame_ui(ui, rect, tokens(ui).accent);
    }
    if response.clicked() {
        let at = response.interact_pointer_pos().unwrap_or(rect.right_center());
        let typing = Typing::unit(scene.lane.id, model, (layer, unit), at);
        frame.window.center.inside.typing = Some(typing);
    }
    let maps = frame.window.center.inside.maps.as_ref();
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_ui(|ui| {
        let side = 128.0;
        if let Some(maps) = maps {
            let (large, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
            let painter = ui.painter();
            if !(model.parts[layer].units == 1
                && model.parts[layer].is_output
                && maps.paint_answer(painter, large))
            {
                maps.paint(painter, (layer, unit), large);
            }
        }
        ui.label(unit_words(scene, maps, (layer, unit)));
    });
}

fn input_words(scene: &Scene<'_>, unit: usize) -> String {
    let name = scene.model.unit(0, unit);
    match scene.features.iter().position(|feature| *feature == unit) {
        Some(0) => format!("{name}: along the maps' x, growing to the right"),
        Some(_) => format!("{name}: along the maps' y, growing upwards"),
        None => format!("{name}: held at its mean in the maps"),
    }
}

fn unit_words(scene: &Scene<'_>, maps: Option<&Maps>, (layer, unit): (usize, usize)) -> String {
    let (model, part) = (scene.model, &scene.model.parts[layer]);
    let index = part.bias(unit);
    let bias = scene.params.and_then(|params| params.get(index)).copied();
    let bias = bias.map_or_else(|| "…".to_owned(), short);
    let what = if part.is_output {
        match model.output(unit) {
            name if name.is_empty() => model.unit(layer + 1, unit),
            name => format!("{}: {name}", model.unit(layer + 1, unit)),
        }
    } else {
        format!("{} · {}", model.unit(layer + 1, unit), part.activation)
    };
    let range = maps.and_then(|maps| match maps.size(layer) {
        Some(size) => Some(format!("\nfull colour at ±{}", short(f64::from(size)))),
        None => maps.outputs.get(unit).map(|(low, high)| {
            format!("\nhere from {} to {}", short(f64::from(*low)), short(f64::from(*high)))
        }),
    });
    format!(
        "{what}\nbias {bias}, params.{index}{}\nClick to type its bias and weights.",
        range.unwrap_or_default()
    )
}

/// How wide the names of the inputs are.
fn names_width(ui: &Ui, model: &Model, font: &FontId) -> f32 {
    let shown = model.inputs.iter().take(MOST_NAMES);
    let width = |name: &String| {
        ui.painter().layout_no_wrap(name.clone(), font.clone(), Color32::WHITE).size().x
    };
    shown.map(width).fold(0.0, f32::max)
}

/// What stands above and below the columns, and beside the inputs.
fn words_ui(ui: &Ui, scene: &Scene<'_>, drawing: &Drawing, (left, rect): (f32, Rect)) {
    let t = tokens(ui);
    for (at, column) in drawing.columns.iter().enumerate() {
        let (low, high) = column.words;
        let (low, high) = (low.max(rect.left()), high.min(rect.right()));
        let middle = f32::midpoint(low, high);
        let top = pos2(middle, rect.top());
        elided(ui, &scene.model.column(at), top, Align2::CENTER_TOP, high - low, t.dim);
    }
    let inputs = &drawing.columns[0];
    for (unit, node) in inputs.shown().zip(&inputs.nodes) {
        let at = node.left_center() - vec2(4.0, 0.0);
        let name = scene.model.unit(0, unit);
        elided(ui, &name, at, Align2::RIGHT_CENTER, left - 4.0, t.dim);
    }
    if let (Some(answer), Some(outputs)) = (drawing.answer, drawing.columns.last()) {
        outputs_ui(ui, scene.model, outputs, answer.left() - 4.0);
    }
}

/// What each of several outputs stands for, beside it: a class with the mark that its rows have elsewhere.
fn outputs_ui(ui: &Ui, model: &Model, outputs: &Column, right: f32) {
    let line = ui.text_style_height(&small_style());
    for (unit, node) in outputs.shown().zip(&outputs.nodes) {
        let mut at = node.right_center() + vec2(5.0, 0.0);
        if model.head.classes.is_some() {
            let middle = at + vec2(line * 0.35, 0.0);
            paint_class(ui.painter(), unit, theme_of(ui), middle, line * 0.24);
            at.x += line * 0.7 + 3.0;
        }
        let name = model.output(unit);
        if right - at.x > line * 1.5 || name.chars().count() < 3 {
            elided(ui, &name, at, Align2::LEFT_CENTER, right - at.x, tokens(ui).dim);
        }
    }
}

/// What colours, dashes and widths mean.
fn legend_ui(ui: &Ui, foot: Rect, is_part: bool) {
    let (theme, t) = (theme_of(ui), tokens(ui));
    let painter = ui.painter();
    let long = foot.height() * 1.3;
    let mut left = foot.left();
    for (words, is_negative) in [("above 0", false), ("below 0", true)] {
        let ends = [pos2(left, foot.center().y), pos2(left + long, foot.center().y)];
        let stroke = Stroke::new(line_width(2.5), signed(theme, is_negative));
        if is_negative {
            painter.extend(Shape::dashed_line(&ends, stroke, 5.0, 3.0));
        } else {
            painter.line_segment(ends, stroke);
        }
        let at = pos2(ends[1].x + 4.0, foot.center().y);
        let room = (foot.right() - at.x).max(1.0);
        left = at.x + elided(ui, words, at, Align2::LEFT_CENTER, room, t.dim) + 10.0;
    }
    let words = if is_part {
        "width: size, by the layer's largest · the strongest edges of each layer"
    } else {
        "width: size, by the layer's largest"
    };
    let at = pos2(left, foot.center().y);
    if foot.right() - left > foot.height() * 5.0 {
        elided(ui, words, at, Align2::LEFT_CENTER, foot.right() - left, t.dim);
    }
}
