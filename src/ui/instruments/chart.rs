//! A small chart: lines over linear or logarithmic axes, points on them, and marks on the x axis.

use eframe::egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

use crate::ui::plot::{AxisScale, ticks};
use crate::ui::theme::{small_style, tokens};
use crate::ui::widgets::{AxisNumbers, short};

/// One line: places and values, as many of each.
pub(in crate::ui) struct Line<'a> {
    pub(in crate::ui) x: &'a [f64],
    pub(in crate::ui) y: &'a [f64],
    pub(in crate::ui) color: Color32,
    pub(in crate::ui) width: f32,
}

/// Points drawn over the lines; they do not rule the ranges.
pub(in crate::ui) struct Dots<'a> {
    pub(in crate::ui) x: &'a [f64],
    pub(in crate::ui) y: &'a [f64],
    pub(in crate::ui) color: Color32,
}

/// A place on the x axis worth a name.
pub(in crate::ui) struct Mark {
    pub(in crate::ui) x: f64,
    pub(in crate::ui) label: &'static str,
    pub(in crate::ui) color: Color32,
}

/// A small chart.
pub(in crate::ui) struct Chart<'a> {
    pub(in crate::ui) lines: &'a [Line<'a>],
    pub(in crate::ui) dots: Option<Dots<'a>>,
    pub(in crate::ui) marks: &'a [Mark],
    pub(in crate::ui) x_scale: AxisScale,
    pub(in crate::ui) y_scale: AxisScale,
    pub(in crate::ui) x_title: &'a str,
    pub(in crate::ui) y_title: &'a str,
    /// Whether all lines rule the height; else the last one does, and others may be cut off.
    pub(in crate::ui) all_rule: bool,
}

/// Where values lie on the screen.
struct Area {
    rect: Rect,
    x: (f64, f64),
    y: (f64, f64),
    scales: (AxisScale, AxisScale),
}

impl Area {
    /// Where a point is drawn; none where an axis has no place for it.
    fn at(&self, x: f64, y: f64) -> Option<Pos2> {
        self.spot(self.scales.0.place(x)?, self.scales.1.place(y)?)
    }

    /// Where the places of a point on the two axes meet.
    fn spot(&self, x: f64, y: f64) -> Option<Pos2> {
        let share = |(low, high): (f64, f64), v: f64| ((v - low) / (high - low)) as f32;
        let (x, y) = (share(self.x, x), share(self.y, y));
        let place = pos2(
            self.rect.left() + x * self.rect.width(),
            self.rect.bottom() - y * self.rect.height(),
        );
        place.is_finite().then_some(place)
    }
}

/// Rows for the names of marks.
const MARK_ROWS: usize = 3;

impl Chart<'_> {
    /// The room above, in heights of the font: for the title, and for the names of marks.
    fn head(&self) -> f32 {
        if self.marks.is_empty() { 1.8 } else { 1.2 * MARK_ROWS as f32 + 1.4 }
    }

    /// Draws it over the whole width.
    pub(in crate::ui) fn show(&self, ui: &mut Ui, height: f32) {
        let t = tokens(ui);
        let font = small_style().resolve(ui.style());
        let (response, painter) =
            ui.allocate_painter(vec2(ui.available_width(), height), Sense::hover());
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, enabled, self.in_words()));
        let margin = font.size;
        let rect = Rect::from_min_max(
            response.rect.min + vec2(margin * 4.0, margin * self.head()),
            response.rect.max - vec2(margin, margin * 2.6),
        );
        let Some(area) = self.area(rect) else { return };
        self.axes(&painter, &area, &font, (t.grid, t.dim));
        let clip = painter.with_clip_rect(rect.expand(1.0));
        for line in self.lines {
            let points: Vec<Pos2> =
                line.x.iter().zip(line.y).filter_map(|(x, y)| area.at(*x, *y)).collect();
            clip.add(Shape::line(points, Stroke::new(line.width, line.color)));
        }
        if let Some(dots) = &self.dots {
            let places = dots.x.iter().zip(dots.y).filter_map(|(x, y)| area.at(*x, *y));
            clip.extend(places.map(|at| Shape::circle_filled(at, 2.5, dots.color)));
        }
        self.draw_marks(&painter, &area, &font);
    }

    /// What there is to see, in words and numbers: of the line that rules, its ends, its least and its
    /// greatest, and up to twenty of its points; and the marks.
    fn in_words(&self) -> String {
        let mut words = format!("{} over {}", self.y_title, self.x_title);
        if let Some(line) = self.lines.last() {
            let seen: Vec<(f64, f64)> = line
                .x
                .iter()
                .zip(line.y)
                .map(|(x, y)| (*x, *y))
                .filter(|(x, y)| x.is_finite() && y.is_finite())
                .collect();
            let told = |name: &str, point: Option<&(f64, f64)>| {
                point.map_or_else(String::new, |(x, y)| {
                    format!("; {name} {} at {}", short(*y), short(*x))
                })
            };
            let by_height = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
            words += &told("least", seen.iter().min_by(by_height));
            words += &told("greatest", seen.iter().max_by(by_height));
            let every = seen.len().div_ceil(20).max(1);
            let points = seen.iter().step_by(every);
            words.extend(points.map(|(x, y)| format!("; {}: {}", short(*x), short(*y))));
        }
        let marks = self.marks.iter();
        words.extend(marks.map(|mark| format!("; {} at {}", mark.label, short(mark.x))));
        words
    }

    /// The ranges of what there is to see; none where there is nothing.
    fn area(&self, rect: Rect) -> Option<Area> {
        let range = |values: &mut dyn Iterator<Item = f64>| {
            values.filter(|v| v.is_finite()).fold(None, |range: Option<(f64, f64)>, v| {
                Some(range.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
            })
        };
        let places = self.lines.iter().flat_map(|l| l.x).filter_map(|x| self.x_scale.place(*x));
        let (low, high) = range(&mut places.into_iter())?;
        let ruling = if self.all_rule { 0 } else { self.lines.len().saturating_sub(1) };
        let heights = self.lines[ruling..].iter().flat_map(|l| l.y);
        let heights = heights.filter_map(|y| self.y_scale.place(*y));
        let (bottom, top) = range(&mut heights.into_iter())?;
        let room = ((top - bottom) * 0.12).max(top.abs() * 1e-3).max(1e-9);
        let wide = if high > low { (low, high) } else { (low - 0.5, high + 0.5) };
        let scales = (self.x_scale, self.y_scale);
        Some(Area { rect, x: wide, y: (bottom - room, top + room), scales })
    }

    fn axes(&self, painter: &Painter, area: &Area, font: &FontId, (grid, ink): (Color32, Color32)) {
        let rect = area.rect;
        let gap = |range: (f64, f64), pixels: f32, least: f32| {
            (range.1 - range.0) * f64::from(least / pixels.max(1.0))
        };
        let numbers = |scale: AxisScale, (low, high): (f64, f64)| {
            AxisNumbers::between(scale.value(low), scale.value(high))
        };
        let (x_numbers, y_numbers) = (numbers(self.x_scale, area.x), numbers(self.y_scale, area.y));
        let across = gap(area.x, rect.width(), font.size * 5.0);
        for place in ticks(self.x_scale, area.x.0, area.x.1, across) {
            let Some(at) = area.spot(place, area.y.0) else { continue };
            painter.vline(at.x, rect.y_range(), (1.0, grid));
            let label = x_numbers.text(self.x_scale.value(place));
            painter.text(at + vec2(0.0, 3.0), Align2::CENTER_TOP, label, font.clone(), ink);
        }
        let up = gap(area.y, rect.height(), font.size * 2.5);
        for place in ticks(self.y_scale, area.y.0, area.y.1, up) {
            let Some(at) = area.spot(area.x.0, place) else { continue };
            painter.hline(rect.x_range(), at.y, (1.0, grid));
            let label = y_numbers.text(self.y_scale.value(place));
            painter.text(at - vec2(4.0, 0.0), Align2::RIGHT_CENTER, label, font.clone(), ink);
        }
        let below = pos2(rect.center().x, rect.bottom() + font.size * 1.4);
        painter.text(below, Align2::CENTER_TOP, self.x_title, font.clone(), ink);
        let above = pos2(rect.left() - font.size * 3.6, rect.top() - font.size * self.head());
        painter.text(above, Align2::LEFT_TOP, self.y_title, font.clone(), ink);
    }

    /// Dashed lines with their names above, in several rows so that neighbours can be read.
    fn draw_marks(&self, painter: &Painter, area: &Area, font: &FontId) {
        let rect = area.rect;
        let mut sorted: Vec<&Mark> = self.marks.iter().collect();
        sorted.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut free = [f32::NEG_INFINITY; MARK_ROWS];
        for mark in sorted {
            let place = self.x_scale.place(mark.x).and_then(|x| area.spot(x, area.y.0));
            let Some(at) = place.filter(|at| rect.x_range().contains(at.x)) else { continue };
            let line = [pos2(at.x, rect.top()), pos2(at.x, rect.bottom())];
            painter.extend(Shape::dashed_line(&line, Stroke::new(1.0, mark.color), 4.0, 3.0));
            let galley = painter.layout_no_wrap(mark.label.to_owned(), font.clone(), mark.color);
            let width = galley.size().x;
            let right = painter.clip_rect().right() - width;
            let left = (at.x - width / 2.0).min(right).max(rect.left());
            let level = (0..MARK_ROWS).find(|row| left >= free[*row]).unwrap_or(MARK_ROWS - 1);
            free[level] = left + width + 6.0;
            let y = rect.top() - (level + 1) as f32 * font.size * 1.2;
            painter.galley(pos2(left, y), galley, mark.color);
        }
    }
}
