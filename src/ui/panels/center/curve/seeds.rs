//! The lines of a lane that stands for several seeds: the median, a band, and each seed on demand.

use std::borrow::Cow;

use eframe::egui::Ui;

use super::lines_of as own_lines;
use crate::experiment::{Metric, SeedBand, TextEdit};
use crate::session::{Action, Lane, Measure, Session};
use crate::ui::frame::Frame;
use crate::ui::plot::{CurveLine, LineLook, Samples};
use crate::ui::widgets::segmented;

/// The lane's name, with how many seeds it stands for.
pub(super) fn name_of(lane: &Lane) -> Cow<'_, str> {
    match lane.seed_count() {
        1 => Cow::Borrowed(lane.name()),
        seeds => Cow::Owned(format!("{} × {seeds}", lane.name())),
    }
}

/// The lines of a lane: its own; of several seeds the batches of the one that is shown, the median of all
/// and the band around it, and each as a thin line where that is wished.
pub(super) fn lines_of<'a>(
    session: &Session,
    lane: &'a Lane,
    measure: &Measure,
) -> Vec<CurveLine<'a>> {
    let own = own_lines(lane, measure);
    let Some(bands) = lane.bands().filter(|bands| !bands.main.median().is_empty()) else {
        return own;
    };
    let [low, high] = match session.view().seed_band {
        SeedBand::Quartiles => bands.main.quartiles(),
        SeedBand::Percent95 => bands.main.most(),
    };
    let mut lines = vec![edge(low, LineLook::Lower), edge(high, LineLook::Upper)];
    if session.draws_every_seed(lane.id) {
        lines.extend((0..lane.seed_count()).filter_map(|run| member(lane, measure, run)));
    }
    for line in own {
        let told = match line.look {
            LineLook::Bold => Some(bands.main.median()),
            LineLook::Dashed => Some(bands.held_out.median()),
            _ => None,
        };
        match told {
            Some(median) if median.is_empty() => {}
            Some(median) => lines.push(CurveLine { samples: Samples::Some(median), ..line }),
            None => lines.push(line),
        }
    }
    lines
}

fn edge(curve: &crate::series::Curve, look: LineLook) -> CurveLine<'_> {
    CurveLine { title: "", samples: Samples::Some(curve), look }
}

/// One seed as a line. What is told less cannot be told of single points.
fn member<'a>(lane: &'a Lane, measure: &Measure, run: usize) -> Option<CurveLine<'a>> {
    let (curves, _) = lane.seed_curves(run);
    let curve = match measure.metric {
        Metric::Loss => lane.seed_curve(run),
        Metric::Gap => return None,
        metric => &curves.of(metric).training,
    };
    let samples = Samples::Some(curve);
    (!curve.is_empty()).then_some(CurveLine { title: "", samples, look: LineLook::Thin })
}

/// What lines and bands are, where a lane stands for several seeds.
pub(super) fn meaning(frame: &Frame<'_>) -> Option<&'static str> {
    let is_seeded = frame.session.lanes().iter().any(|lane| lane.seed_count() > 1);
    is_seeded.then_some(match frame.session.view().seed_band {
        SeedBand::Percent95 => "medians of the seeds, 95 % of them in the band",
        SeedBand::Quartiles => "medians of the seeds, half of them in the band",
    })
}

/// How seeds are drawn, in the curve's menu; nothing where no lane stands for several.
pub(super) fn menu_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let lanes = frame.session.lanes().iter().filter(|lane| lane.seed_count() > 1);
    let seeded: Vec<_> = lanes.map(|lane| lane.id).collect();
    if seeded.is_empty() {
        return;
    }
    let bands = [(SeedBand::Quartiles, "quartiles"), (SeedBand::Percent95, "95 %")];
    ui.horizontal(|ui| {
        ui.label("Band of seeds");
        let now = frame.session.view().seed_band;
        let chosen = segmented(ui, "Band of seeds", now, &bands);
        if let Some(band) = chosen.filter(|band| *band != now) {
            let edit = match band {
                SeedBand::Quartiles => TextEdit::Remove { path: "view.seed_band".to_owned() },
                SeedBand::Percent95 => TextEdit::set("view.seed_band", "Percent95"),
            };
            frame.push(Action::Edit { edits: vec![edit], gesture: None });
        }
    });
    let all = seeded.iter().all(|lane| frame.session.draws_every_seed(*lane));
    let mut on = all;
    if ui.checkbox(&mut on, "Every seed as a line").changed() {
        for lane in seeded {
            frame.push(Action::DrawSeeds(lane, on));
        }
    }
    ui.separator();
}
