//! Icons, drawn as strokes: the typefaces lack most of them, and shapes look the same everywhere.

use std::f32::consts::{PI, TAU};

use eframe::egui::{
    Atom, Color32, Painter, Pos2, Rect, Shape, Stroke, Ui, Vec2, epaint::PathStroke, pos2, vec2,
};

/// A small picture of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Start or go on.
    Play,
    /// Hold.
    Pause,
    /// Go back.
    Back,
    /// One update.
    Step,
    /// One update back.
    StepBack,
    /// One pass over the data.
    Epoch,
    /// End the run.
    Stop,
    /// Back to the same start.
    Reset,
    /// A new start by chance.
    Dice,
    /// Take back.
    Undo,
    /// Do again.
    Redo,
    /// The light theme.
    Sun,
    /// The dark theme.
    Moon,
    /// Help.
    Help,
    /// Add.
    Plus,
    /// Take away, close.
    Close,
    /// A menu of more.
    More,
    /// Opens downwards.
    Down,
    /// Closed, opens to the right.
    Right,
    /// One folder up.
    Up,
    /// A folder.
    Folder,
    /// A file.
    File,
    /// Save.
    Save,
    /// Copy, duplicate.
    Copy,
    /// Delete.
    Trash,
    /// A branch off.
    Fork,
    /// Only this one.
    Eye,
    /// Something needs a look.
    Warning,
    /// Done, right.
    Check,
    /// Stay with the newest.
    Follow,
    /// A picture.
    Picture,
    /// A table of numbers.
    Table,
    /// Change the name or text.
    Edit,
    /// Fan out over values.
    Spread,
    /// What to know.
    Info,
    /// Parts of the window.
    Panes,
    /// All the room for one part.
    Maximise,
    /// All parts again.
    Restore,
}

impl Icon {
    /// The icon as an atom for a button, in the button's text colour.
    pub fn atom(self, ui: &Ui) -> Atom<'static> {
        let size = icon_size(ui);
        Atom::paint(Vec2::splat(size), move |ui, args| {
            let rect = Rect::from_center_size(args.rect.center(), Vec2::splat(size));
            self.paint(ui.painter(), rect, args.fallback_text_color);
        })
    }

    /// Draws it into a square.
    pub fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let pen = Pen { rect, color, width: (rect.width() * 0.105).max(1.2) };
        for shape in pen.shapes(self) {
            painter.add(shape);
        }
    }
}

/// The side of an icon beside text of body size.
pub fn icon_size(ui: &Ui) -> f32 {
    (ui.text_style_height(&eframe::egui::TextStyle::Body) * 0.9).round()
}

struct Pen {
    rect: Rect,
    color: Color32,
    width: f32,
}

impl Pen {
    /// A place in the unit square.
    fn at(&self, x: f32, y: f32) -> Pos2 {
        pos2(self.rect.left() + x * self.rect.width(), self.rect.top() + y * self.rect.height())
    }

    fn line(&self, points: &[(f32, f32)]) -> Shape {
        let points = points.iter().map(|&(x, y)| self.at(x, y)).collect();
        Shape::line(points, Stroke::new(self.width, self.color))
    }

    fn closed(&self, points: &[(f32, f32)]) -> Shape {
        let points = points.iter().map(|&(x, y)| self.at(x, y)).collect();
        Shape::closed_line(points, Stroke::new(self.width, self.color))
    }

    fn filled(&self, points: &[(f32, f32)]) -> Shape {
        let points = points.iter().map(|&(x, y)| self.at(x, y)).collect();
        Shape::convex_polygon(points, self.color, PathStroke::NONE)
    }

    fn block(&self, left: f32, top: f32, right: f32, bottom: f32) -> Shape {
        let rect = Rect::from_two_pos(self.at(left, top), self.at(right, bottom));
        Shape::rect_filled(rect, 1.0, self.color)
    }

    fn dot(&self, x: f32, y: f32, radius: f32) -> Shape {
        Shape::circle_filled(self.at(x, y), radius * self.rect.width(), self.color)
    }

    fn ring(&self, x: f32, y: f32, radius: f32) -> Shape {
        let stroke = Stroke::new(self.width, self.color);
        Shape::circle_stroke(self.at(x, y), radius * self.rect.width(), stroke)
    }

    /// Part of a circle, angles in turns, clockwise from the right.
    fn arc(&self, center: (f32, f32), radius: f32, from: f32, to: f32) -> Shape {
        let points: Vec<(f32, f32)> = (0..=20)
            .map(|i| {
                let angle = TAU * (from + (to - from) * i as f32 / 20.0);
                (center.0 + radius * angle.cos(), center.1 + radius * angle.sin())
            })
            .collect();
        self.line(&points)
    }

    fn shapes(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::Play
            | Icon::Pause
            | Icon::Back
            | Icon::Step
            | Icon::StepBack
            | Icon::Epoch
            | Icon::Stop => self.transport(icon),
            Icon::Reset | Icon::Undo | Icon::Redo | Icon::Follow => self.turning(icon),
            Icon::Plus | Icon::Close | Icon::More | Icon::Down | Icon::Right | Icon::Up => {
                self.sign(icon)
            }
            Icon::Sun | Icon::Moon | Icon::Help | Icon::Info | Icon::Warning | Icon::Check => {
                self.notice(icon)
            }
            Icon::Panes | Icon::Maximise | Icon::Restore => self.part(icon),
            _ => self.thing(icon),
        }
    }

    fn transport(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::Play => vec![self.filled(&[(0.2, 0.1), (0.9, 0.5), (0.2, 0.9)])],
            Icon::Pause => vec![self.block(0.18, 0.1, 0.4, 0.9), self.block(0.6, 0.1, 0.82, 0.9)],
            Icon::Back => vec![self.filled(&[(0.8, 0.1), (0.1, 0.5), (0.8, 0.9)])],
            Icon::StepBack => vec![
                self.filled(&[(0.88, 0.15), (0.36, 0.5), (0.88, 0.85)]),
                self.block(0.14, 0.15, 0.3, 0.85),
            ],
            Icon::Step => vec![
                self.filled(&[(0.12, 0.15), (0.64, 0.5), (0.12, 0.85)]),
                self.block(0.7, 0.15, 0.86, 0.85),
            ],
            Icon::Epoch => vec![
                self.filled(&[(0.02, 0.2), (0.42, 0.5), (0.02, 0.8)]),
                self.filled(&[(0.42, 0.2), (0.82, 0.5), (0.42, 0.8)]),
                self.block(0.84, 0.2, 0.98, 0.8),
            ],
            _ => vec![self.block(0.15, 0.15, 0.85, 0.85)],
        }
    }

    fn turning(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::Reset => vec![
                self.arc((0.5, 0.54), 0.36, -0.15, 0.68),
                self.filled(&[(0.08, 0.06), (0.5, 0.1), (0.2, 0.42)]),
            ],
            Icon::Undo => vec![
                self.line(&[(0.1, 0.36), (0.62, 0.36)]),
                self.arc((0.62, 0.6), 0.24, -0.25, 0.25),
                self.line(&[(0.62, 0.84), (0.32, 0.84)]),
                self.line(&[(0.32, 0.12), (0.08, 0.36), (0.32, 0.6)]),
            ],
            Icon::Redo => vec![
                self.line(&[(0.9, 0.36), (0.38, 0.36)]),
                self.arc((0.38, 0.6), 0.24, 0.25, 0.75),
                self.line(&[(0.38, 0.84), (0.68, 0.84)]),
                self.line(&[(0.68, 0.12), (0.92, 0.36), (0.68, 0.6)]),
            ],
            _ => vec![
                self.line(&[(0.08, 0.5), (0.7, 0.5)]),
                self.line(&[(0.46, 0.24), (0.72, 0.5), (0.46, 0.76)]),
                self.line(&[(0.9, 0.14), (0.9, 0.86)]),
            ],
        }
    }

    fn sign(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::Plus => {
                vec![self.line(&[(0.12, 0.5), (0.88, 0.5)]), self.line(&[(0.5, 0.12), (0.5, 0.88)])]
            }
            Icon::Close => {
                vec![self.line(&[(0.2, 0.2), (0.8, 0.8)]), self.line(&[(0.8, 0.2), (0.2, 0.8)])]
            }
            Icon::More => (0..3).map(|i| self.dot(0.18 + 0.32 * i as f32, 0.5, 0.09)).collect(),
            Icon::Down => vec![self.line(&[(0.22, 0.38), (0.5, 0.66), (0.78, 0.38)])],
            Icon::Right => vec![self.line(&[(0.38, 0.22), (0.66, 0.5), (0.38, 0.78)])],
            _ => vec![
                self.line(&[(0.5, 0.9), (0.5, 0.16)]),
                self.line(&[(0.2, 0.46), (0.5, 0.14), (0.8, 0.46)]),
            ],
        }
    }

    fn notice(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::Sun => {
                let ray = |i: i32| {
                    let way = Vec2::angled(TAU * i as f32 / 8.0);
                    let (a, b) = (vec2(0.5, 0.5) + way * 0.34, vec2(0.5, 0.5) + way * 0.48);
                    self.line(&[(a.x, a.y), (b.x, b.y)])
                };
                std::iter::once(self.ring(0.5, 0.5, 0.2)).chain((0..8).map(ray)).collect()
            }
            Icon::Moon => {
                let outer = (0..=24).map(|i| {
                    let angle = -0.25 * PI + 1.5 * PI * i as f32 / 24.0;
                    (0.5 + 0.42 * angle.cos(), 0.5 + 0.42 * angle.sin())
                });
                let inner = (0..=16).map(|i| {
                    let angle = 1.22 * PI - 0.94 * PI * i as f32 / 16.0;
                    (0.66 + 0.33 * angle.cos(), 0.36 + 0.33 * angle.sin())
                });
                let points: Vec<_> = outer.skip(4).chain(inner).collect();
                vec![self.closed(&points)]
            }
            Icon::Help => vec![
                self.arc((0.5, 0.34), 0.22, -0.5, 0.14),
                self.line(&[(0.63, 0.5), (0.5, 0.6), (0.5, 0.7)]),
                self.dot(0.5, 0.88, 0.075),
            ],
            Icon::Info => vec![
                self.ring(0.5, 0.5, 0.42),
                self.line(&[(0.5, 0.46), (0.5, 0.74)]),
                self.dot(0.5, 0.28, 0.07),
            ],
            Icon::Warning => vec![
                self.closed(&[(0.5, 0.1), (0.95, 0.88), (0.05, 0.88)]),
                self.line(&[(0.5, 0.38), (0.5, 0.6)]),
                self.dot(0.5, 0.74, 0.06),
            ],
            _ => vec![self.line(&[(0.12, 0.54), (0.4, 0.82), (0.9, 0.2)])],
        }
    }

    fn part(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::Panes => vec![
                self.closed(&[(0.08, 0.12), (0.92, 0.12), (0.92, 0.88), (0.08, 0.88)]),
                self.line(&[(0.08, 0.5), (0.92, 0.5)]),
                self.line(&[(0.5, 0.12), (0.5, 0.5)]),
            ],
            Icon::Maximise => vec![
                self.line(&[(0.58, 0.12), (0.88, 0.12), (0.88, 0.42)]),
                self.line(&[(0.88, 0.12), (0.58, 0.42)]),
                self.line(&[(0.42, 0.88), (0.12, 0.88), (0.12, 0.58)]),
                self.line(&[(0.12, 0.88), (0.42, 0.58)]),
            ],
            _ => vec![
                self.line(&[(0.56, 0.14), (0.56, 0.44), (0.86, 0.44)]),
                self.line(&[(0.56, 0.44), (0.9, 0.1)]),
                self.line(&[(0.44, 0.86), (0.44, 0.56), (0.14, 0.56)]),
                self.line(&[(0.44, 0.56), (0.1, 0.9)]),
            ],
        }
    }

    fn thing(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::Dice => vec![
                self.closed(&[(0.12, 0.12), (0.88, 0.12), (0.88, 0.88), (0.12, 0.88)]),
                self.dot(0.32, 0.32, 0.08),
                self.dot(0.5, 0.5, 0.08),
                self.dot(0.68, 0.68, 0.08),
            ],
            Icon::Folder => vec![self.closed(&[
                (0.06, 0.2),
                (0.38, 0.2),
                (0.48, 0.34),
                (0.94, 0.34),
                (0.94, 0.84),
                (0.06, 0.84),
            ])],
            Icon::File => vec![
                self.closed(&[(0.2, 0.06), (0.6, 0.06), (0.82, 0.28), (0.82, 0.94), (0.2, 0.94)]),
                self.line(&[(0.58, 0.08), (0.58, 0.3), (0.8, 0.3)]),
            ],
            Icon::Save => vec![
                self.line(&[(0.5, 0.06), (0.5, 0.62)]),
                self.line(&[(0.26, 0.4), (0.5, 0.64), (0.74, 0.4)]),
                self.line(&[(0.08, 0.62), (0.08, 0.9), (0.92, 0.9), (0.92, 0.62)]),
            ],
            Icon::Copy => vec![
                self.closed(&[(0.32, 0.3), (0.92, 0.3), (0.92, 0.92), (0.32, 0.92)]),
                self.line(&[(0.2, 0.7), (0.08, 0.7), (0.08, 0.08), (0.7, 0.08), (0.7, 0.2)]),
            ],
            Icon::Trash => vec![
                self.line(&[(0.1, 0.24), (0.9, 0.24)]),
                self.line(&[(0.36, 0.22), (0.36, 0.08), (0.64, 0.08), (0.64, 0.22)]),
                self.line(&[(0.2, 0.26), (0.26, 0.92), (0.74, 0.92), (0.8, 0.26)]),
            ],
            Icon::Fork => vec![
                self.ring(0.22, 0.18, 0.12),
                self.ring(0.22, 0.84, 0.12),
                self.ring(0.78, 0.3, 0.12),
                self.line(&[(0.22, 0.3), (0.22, 0.72)]),
                self.line(&[(0.78, 0.42), (0.76, 0.52), (0.66, 0.58), (0.32, 0.62), (0.23, 0.7)]),
            ],
            Icon::Eye => vec![
                self.arc((0.5, 0.82), 0.55, -0.36, -0.14),
                self.arc((0.5, 0.18), 0.55, 0.14, 0.36),
                self.dot(0.5, 0.5, 0.14),
            ],
            Icon::Picture => vec![
                self.closed(&[(0.06, 0.14), (0.94, 0.14), (0.94, 0.86), (0.06, 0.86)]),
                self.line(&[(0.1, 0.78), (0.36, 0.46), (0.56, 0.68), (0.7, 0.54), (0.9, 0.76)]),
                self.dot(0.7, 0.34, 0.08),
            ],
            Icon::Table => vec![
                self.closed(&[(0.08, 0.14), (0.92, 0.14), (0.92, 0.86), (0.08, 0.86)]),
                self.line(&[(0.08, 0.38), (0.92, 0.38)]),
                self.line(&[(0.08, 0.62), (0.92, 0.62)]),
                self.line(&[(0.4, 0.38), (0.4, 0.86)]),
            ],
            Icon::Edit => vec![self.closed(&[
                (0.1, 0.9),
                (0.16, 0.66),
                (0.72, 0.1),
                (0.9, 0.28),
                (0.34, 0.84),
            ])],
            _ => vec![
                self.line(&[(0.1, 0.5), (0.88, 0.12)]),
                self.line(&[(0.1, 0.5), (0.92, 0.5)]),
                self.line(&[(0.1, 0.5), (0.88, 0.88)]),
                self.dot(0.1, 0.5, 0.1),
            ],
        }
    }
}
