//! What the plots over steps share: the step under the pointer, and which steps are zoomed to.
//!
//! Whoever is pointed at says which step lies there, everyone else shows it in the next frame; so plots
//! need not know each other. A plot over something else than steps has no part in it.

use std::ops::Range;
use std::time::Duration;

use eframe::egui::Context;

/// A plot over steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// The curves.
    Curve,
    /// The timeline.
    Timeline,
    /// The spreads inside a lane's model.
    Spread,
}

/// What the plots over steps share.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Linked {
    pointed: Option<(Over, f64)>,
    /// What this frame's plots say, for the next one.
    next: Option<(Over, f64)>,
    /// The steps that the curve is zoomed to; none while it shows all.
    zoom: Option<Range<u64>>,
    next_zoom: Option<Range<u64>>,
}

impl Linked {
    /// What was said in the frame before holds now.
    pub(super) fn turn(&mut self, ctx: &Context) {
        let (next, zoom) = (self.next.take(), self.next_zoom.take());
        if next != self.pointed || zoom != self.zoom {
            // Whoever was drawn before the one that is pointed at shows it in another frame.
            ctx.request_repaint_after(Duration::ZERO);
        }
        (self.pointed, self.zoom) = (next, zoom);
    }

    /// The pointer is over a step (not necessarily whole) of a plot.
    pub(super) fn point(&mut self, over: Over, step: f64) {
        self.next = Some((over, step));
    }

    /// The step that another plot is pointed at.
    pub(super) fn elsewhere(&self, than: Over) -> Option<f64> {
        self.pointed.filter(|(over, _)| *over != than).map(|(_, step)| step)
    }

    /// The step that any plot is pointed at: for plots of which several are of one kind.
    pub(super) fn anywhere(&self) -> Option<f64> {
        self.pointed.map(|(_, step)| step)
    }

    /// The curve shows these steps only, or all.
    pub(super) fn zoom_to(&mut self, steps: Option<Range<u64>>) {
        self.next_zoom = steps;
    }

    /// The steps that the curve is zoomed to.
    pub(super) fn zoom(&self) -> Option<Range<u64>> {
        self.zoom.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_pointed_at_is_shown_by_all_others_in_the_next_frame() {
        let ctx = Context::default();
        let mut linked = Linked::default();
        linked.point(Over::Curve, 12.0);
        assert_eq!(linked.elsewhere(Over::Timeline), None);
        linked.turn(&ctx);
        assert_eq!(linked.elsewhere(Over::Timeline), Some(12.0));
        assert_eq!(linked.elsewhere(Over::Curve), None, "it has its own pointer");
        linked.turn(&ctx);
        assert_eq!(linked.elsewhere(Over::Timeline), None, "nothing is pointed at any more");
    }
}
