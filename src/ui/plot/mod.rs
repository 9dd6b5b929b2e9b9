//! The curve plot: what every lane measured, over steps, epochs, samples, gradient evaluations or seconds.
//!
//! A [`CurveScene`] says what there is; [`CurvePlot`] draws it and keeps only the view (followed or
//! free). Sizes are exact: each column of pixels shows the least and the greatest of all its
//! samples, so a spike one step wide is seen at every zoom, and what is not finite is marked where
//! it happened and never scales the axis. A robust range leaves single outliers out of the scale, too;
//! arrows at the edge say where lines go beyond it. A frame costs what the screen has columns, whatever the
//! length of the run.
//!
//! `egui_plot` moves and zooms; its axes are linear, so logarithms are taken here, with grid and
//! labels at 1, 2 and 5 of each decade. Not here: where numbers come from and what a click does.

mod baseline;
mod card;
mod columns;
mod curves;
mod edges;
mod legend;
mod marks;
mod overlay;
mod pen;
mod range;
mod scale;
mod scene;
mod view;

pub use legend::legend_ui;
pub use marks::{MarkGroup, group};
pub use scale::{AxisScale, ticks};
pub use scene::{
    AxisSettings, Baseline, CurveLine, CurveScene, Ghost, LaneCurves, LineLook, MarkerKind,
    PlotMarker, Samples,
};
pub use view::{CurvePlot, CurveResponse};
