//! Laws of the experiment's text: what is edited is found again, the rest stays as it was, what is
//! written reads the same, and no text whatever makes the reader panic or hang.

use downhill::catalog::{Chosen, Duration, Entry, Family, Kind, Value};
use downhill::data::{BatchSize, HeldOut, Scaling, Shuffle, Sources};
use downhill::experiment::{
    EditSpec, Experiment, ForkSpec, HeightScale, InsideLook, InsideView, LandscapePlane,
    LandscapeShape, LandscapeView, LaneSpec, Learn, Length, Literal, Metric, NotYet, Pane, Panes,
    Race, SeedBand, StopRules, SurfaceTask, Task, TextEdit, TileAxes, TileRows, TileView,
    TilesView, Training, VERSION, ViewSpec, XAxis, apply_edits, check, literal, parse, place_of,
    text_at, to_text,
};
use downhill::model::{Activations, InitSpec, Initializers, LayerSpec, Losses, ModelSpec, Output};
use downhill::numeric::Precision;
use downhill::objective::{Gradients, Regularize, Surfaces};
use downhill::optim::{Clips, Optimizers, Schedules};
use proptest::prelude::*;

/// Draws from a seed; what proptest shrinks is the seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    fn maybe<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.flag() { Some(draw(self)) } else { None }
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }

    fn number(&mut self) -> f64 {
        let numbers = [0.0, 1.0, -1.5, 0.1, 1e-9, 1e-300, 123_456_789.125, 1e300, 1.0 / 3.0];
        self.pick(&numbers)
    }

    fn integer(&mut self) -> u64 {
        self.pick(&[0, 1, 32, 1000, u64::MAX])
    }

    fn text(&mut self) -> String {
        let texts =
            ["", "a", "two words", "\"quoted\" \\ back", "line\nbreak", "µ→∞", "// no", "a.b[0]"];
        self.pick(&texts).to_owned()
    }

    fn list<T>(&mut self, most: u64, draw: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| draw(self)).collect()
    }

    fn duration(&mut self) -> Duration {
        let n = self.integer();
        if self.flag() { Duration::Steps(n) } else { Duration::Epochs(n) }
    }

    fn value(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Number(..) => Value::Number(self.number()),
            Kind::Integer { .. } => Value::Integer(self.integer()),
            Kind::Flag => Value::Flag(self.flag()),
            Kind::Text => Value::Text(self.text().into()),
            Kind::Word(words) => Value::Text(self.pick(words).into()),
            Kind::Numbers => Value::Numbers(self.list(4, Self::number).into()),
            Kind::Rows | Kind::Targets => {
                let width = 1 + self.below(3);
                let row = |draw: &mut Self| (0..width).map(|_| draw.number()).collect::<Vec<f64>>();
                Value::Rows(self.list(3, row).into())
            }
            Kind::Duration => Value::Duration(self.maybe(Self::duration)),
        }
    }

    fn chosen<F: Family>(&mut self) -> Chosen<F> {
        let entry: &'static Entry = self.pick(F::entries());
        let mut chosen = Chosen::<F>::of(entry);
        for field in entry.fields {
            let value = self.value(&field.kind);
            if self.flag() || field.default == downhill::catalog::Given::Nothing {
                chosen = chosen.with(field.name, value);
            }
        }
        chosen
    }

    fn layer(&mut self) -> LayerSpec {
        match self.below(4) {
            0 => LayerSpec::Dropout { rate: self.number() },
            1 => LayerSpec::LayerNorm,
            _ => {
                LayerSpec::Dense { units: self.integer(), activation: self.chosen::<Activations>() }
            }
        }
    }

    fn model(&mut self) -> ModelSpec {
        ModelSpec {
            hidden: self.list(3, Self::layer),
            output: self.pick(&[Output::Auto, Output::Identity, Output::Sigmoid]),
            init: InitSpec(self.chosen::<Initializers>()),
        }
    }

    fn regularize(&mut self) -> Regularize {
        Regularize { l1: self.number(), l2: self.number() }
    }

    fn batch_size(&mut self) -> BatchSize {
        if self.flag() { BatchSize::Full } else { BatchSize::Rows(self.integer()) }
    }

    fn shuffle(&mut self) -> Shuffle {
        self.pick(&[Shuffle::Never, Shuffle::Once, Shuffle::EachEpoch, Shuffle::WithReplacement])
    }

    fn length(&mut self) -> Length {
        if self.flag() { Length::Unlimited } else { Length::Count(self.integer()) }
    }

    fn point(&mut self) -> (f64, f64) {
        (self.number(), self.number())
    }

    fn task(&mut self) -> Task {
        if self.flag() {
            return Task::Surface(SurfaceTask {
                function: self.chosen::<Surfaces>(),
                start: self.point(),
                noise: self.number(),
            });
        }
        Task::Learn(Box::new(Learn {
            data: self.chosen::<Sources>(),
            scale: self.maybe(|draw| draw.pick(&[Scaling::Standard, Scaling::MinMax])),
            held_out: self.maybe(|draw| HeldOut {
                fraction: draw.number(),
                seed: draw.integer(),
                stratified: draw.flag(),
            }),
            model: self.model(),
            loss: self.chosen::<Losses>(),
            label_smoothing: self.number(),
            class_weights: self.maybe(|draw| vec![draw.number(), draw.number()]),
            positive_weight: self.maybe(Self::number),
            report: self.maybe(Self::chosen::<Losses>),
            regularize: self.regularize(),
        }))
    }

    fn lane(&mut self) -> LaneSpec {
        LaneSpec {
            name: self.text(),
            optimizer: self.chosen::<Optimizers>(),
            schedule: self.chosen::<Schedules>(),
            clip: self.maybe(Self::chosen::<Clips>),
            gradient: self.maybe(Self::chosen::<Gradients>),
            gradient_noise: self.maybe(Self::number),
            batch_size: self.maybe(Self::batch_size),
            shuffle: self.maybe(Self::shuffle),
            init: self.maybe(Self::chosen::<Initializers>),
            loss: self.maybe(Self::chosen::<Losses>),
            model: self.maybe(Self::model),
            regularize: self.maybe(Self::regularize),
            start: self.maybe(Self::point),
            color: self.maybe(|draw| draw.below(9) as u8),
            from: self.maybe(|draw| ForkSpec { lane: draw.text(), step: draw.integer() }),
            seeds: 1 + self.below(3) as u32,
            record: NotYet,
        }
    }

    fn training(&mut self) -> Training {
        Training {
            epochs: self.maybe(Self::length),
            steps: self.maybe(Self::length),
            batch_size: self.batch_size(),
            shuffle: self.shuffle(),
            seed: self.integer(),
            init_seed: self.maybe(Self::integer),
            order_seed: self.maybe(Self::integer),
            noise_seed: self.maybe(Self::integer),
            precision: self.pick(&[Precision::F32, Precision::F64]),
        }
    }

    fn experiment(&mut self) -> Experiment {
        Experiment {
            version: VERSION,
            name: self.text(),
            notes: self.text(),
            task: self.task(),
            training: self.training(),
            stop: self.list(2, Self::chosen::<StopRules>),
            lanes: self.list(4, Self::lane),
            edits: self.list(2, |draw| EditSpec {
                lane: draw.text(),
                step: draw.integer(),
                set: draw.text(),
                to: Literal(draw.pick(&["0.5", "Full", "Norm(1.0)", "None", "true"]).to_owned()),
            }),
            view: ViewSpec {
                pace: self.maybe(Self::number),
                x: self.pick(&[
                    XAxis::Step,
                    XAxis::Epoch,
                    XAxis::Samples,
                    XAxis::Evaluations,
                    XAxis::Time,
                ]),
                x_log: self.flag(),
                y_log: self.flag(),
                y_symlog: self.flag(),
                robust: self.flag(),
                smooth: self.number(),
                metric: self.pick(&[Metric::Loss, Metric::FullLoss, Metric::GradientNorm]),
                seed_band: self.pick(&[SeedBand::Quartiles, SeedBand::Percent95]),
                every_seed: self.list(2, Self::text),
                landscape: LandscapeView {
                    plane: self.pick(&[
                        LandscapePlane::Paths,
                        LandscapePlane::Random { seed: 7 },
                        LandscapePlane::Parameters(3, 17),
                    ]),
                    shape: self.pick(&[LandscapeShape::Contours, LandscapeShape::Bowl]),
                    heights: self.pick(&[HeightScale::Log, HeightScale::Linear]),
                    arrows: self.flag(),
                },
                inside: InsideLook {
                    lane: self.maybe(Self::text),
                    show: self.pick(&[InsideView::Network, InsideView::Histograms]),
                },
                tiles: TilesView {
                    show: self.pick(&[TileView::Picture, TileView::Roc, TileView::Rows]),
                    rows: self.pick(&[TileRows::HeldOut, TileRows::Training]),
                    axes: self.pick(&[TileAxes::Components, TileAxes::Features(3, 0)]),
                    earlier: self.flag(),
                    threshold: self.number(),
                },
                panes: self.pick(&[
                    Panes::default(),
                    Panes(vec![vec![Pane::Lanes, Pane::Curve]]),
                    Panes(vec![vec![Pane::Lanes]]),
                ]),
                maximised: self.pick(&[None, Some(Pane::Lanes)]),
                race: self.pick(&[Race::Free, Race::Step, Race::Evaluations]),
                muted: self.list(2, Self::text),
                solo: self.list(2, Self::text),
                pinned: self.maybe(Self::text),
                target: self.maybe(Self::number),
            },
        }
    }
}

/// Values as they may be written, with comments and white space in odd places.
fn value() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("1"),
        Just("-2.5e-3"),
        Just("true"),
        Just("Zeros"),
        Just("\"a // b\""),
        Just("r#\"raw \" ) \"#"),
        Just("'('"),
        Just("\"\\\" \\\\\""),
        Just("Some(3)"),
        Just("None"),
    ];
    scalar.prop_map(str::to_owned).prop_recursive(4, 40, 5, |inner| {
        let space = prop_oneof![
            Just(""),
            Just(" "),
            Just("\n    "),
            Just(" // )]\n"),
            Just("/* [( */"),
            Just("\r\n\t"),
        ];
        let items = proptest::collection::vec((space, inner), 0..5);
        (items, any::<bool>(), 0..3_usize).prop_map(|(items, trailing, shape)| {
            let (open, close) = [("(", ")"), ("[", "]"), ("Name (", ")")][shape];
            let mut out = open.to_owned();
            for (i, (space, item)) in items.iter().enumerate() {
                let key = if shape == 1 { String::new() } else { format!("f{i}: ") };
                let comma = if i + 1 < items.len() || trailing { "," } else { "" };
                out.extend([*space, key.as_str(), item.as_str(), *space, comma]);
            }
            out + close
        })
    })
}

/// Every path to a value of a text that was made by [`value`].
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(path) = open.pop() {
        for i in 0..5 {
            for step in [format!("[{i}]"), format!("f{i}")] {
                let dot = if path.is_empty() || step.starts_with('[') { "" } else { "." };
                let inner = format!("{path}{dot}{step}");
                if text_at(text, &inner).is_some() && !found.contains(&inner) {
                    found.push(inner.clone());
                    open.push(inner);
                }
            }
        }
    }
    found
}

/// The text without white space, comments and commas: what an edit may not touch elsewhere.
fn comments(text: &str) -> Vec<&str> {
    ["// )]", "/* [( */"].into_iter().flat_map(|comment| text.matches(comment)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_written_reads_the_same(seed: u64) {
        let experiment = Draw(seed).experiment();
        let text = to_text(&experiment);
        let read = parse(&text).map_err(|problem| TestCaseError::fail(format!("{problem}\n{text}")))?;
        prop_assert_eq!(&read, &experiment, "{}", text);
        // Whether it makes sense is another matter, but asking never panics.
        drop(check(&text));
        prop_assert_eq!(to_text(&read), text);
    }

    #[test]
    fn lanes_can_be_taken_out_and_put_in_as_text(seed: u64) {
        let mut experiment = Draw(seed).experiment();
        let lane = Draw(seed ^ 1).lane();
        let text = to_text(&experiment);
        let at = experiment.lanes.len() / 2;
        let edited = apply_edits(&text, &[TextEdit::insert("lanes", at, literal(&lane))]).unwrap();
        experiment.lanes.insert(at, lane);
        prop_assert_eq!(parse(&edited).unwrap(), experiment.clone());
        let (from, to) = (at, experiment.lanes.len() - 1);
        let moved = TextEdit::Move { path: "lanes".into(), from, to };
        let edited = apply_edits(&edited, &[moved]).unwrap();
        let lane = experiment.lanes.remove(from);
        experiment.lanes.insert(to, lane);
        prop_assert_eq!(parse(&edited).unwrap(), experiment.clone());
        let edited = apply_edits(&edited, &[TextEdit::remove(format!("lanes[{to}]"))]).unwrap();
        experiment.lanes.remove(to);
        prop_assert_eq!(parse(&edited).unwrap(), experiment);
    }

    #[test]
    fn a_field_that_was_missing_is_set(seed: u64, epochs in 1..1000_u64) {
        let mut experiment = Draw(seed).experiment();
        experiment.training = Training::default();
        experiment.view = ViewSpec::default();
        let text = to_text(&experiment);
        let edits = [
            TextEdit::set("training.epochs", epochs.to_string()),
            TextEdit::set("view.y_log", "true"),
        ];
        let edited = apply_edits(&text, &edits).unwrap();
        experiment.training.epochs = Some(Length::Count(epochs));
        experiment.view.y_log = true;
        prop_assert_eq!(parse(&edited).unwrap(), experiment);
        let edits = [TextEdit::remove("training"), TextEdit::remove("view")];
        prop_assert_eq!(apply_edits(&edited, &edits).unwrap(), text);
    }

    #[test]
    fn set_changes_the_value_and_nothing_else(text in value(), new in value(), pick: prop::sample::Index) {
        let paths = paths(&text);
        prop_assume!(!paths.is_empty());
        let path = pick.get(&paths);
        let old = text_at(&text, path).unwrap();
        let start = old.as_ptr() as usize - text.as_ptr() as usize;
        let edited = apply_edits(&text, &[TextEdit::set(path.clone(), new.clone())]).unwrap();
        prop_assert_eq!(&edited[..start], &text[..start]);
        prop_assert!(edited[start..].starts_with(&new));
        prop_assert_eq!(&edited[start + new.len()..], &text[start + old.len()..]);
        let place = place_of(&edited, path).unwrap();
        prop_assert!(place.line >= 1 && place.column >= 1 && place.length >= 1);
    }

    #[test]
    fn removing_leaves_a_text_that_reads(text in value(), pick: prop::sample::Index) {
        let paths = paths(&text);
        prop_assume!(!paths.is_empty());
        let path = pick.get(&paths);
        let inside = comments(text_at(&text, path).unwrap()).len();
        let edited = apply_edits(&text, &[TextEdit::remove(path.clone())]).unwrap();
        prop_assert!(text_at(&edited, "").is_some(), "{:?} without {} is {:?}", text, path, edited);
        // Its own comments go with it: between it and its comma, and behind that on its line.
        prop_assert!(comments(&edited).len() + inside + 2 >= comments(&text).len(), "{:?}", edited);
    }

    #[test]
    fn inserting_and_moving_leave_a_text_that_reads(text in value(), new in value(), at in 0..6_usize) {
        for path in paths(&text) {
            if !text_at(&text, &path).unwrap().starts_with('[') {
                continue;
            }
            let edited = apply_edits(&text, &[TextEdit::insert(path.clone(), at, new.clone())]).unwrap();
            let items = (0..9).take_while(|i| text_at(&edited, &format!("{path}[{i}]")).is_some()).count();
            let index = at.min(items - 1);
            prop_assert_eq!(text_at(&edited, &format!("{path}[{index}]")), Some(new.as_str()));
            let moved = TextEdit::Move { path: path.clone(), from: index, to: items - 1 };
            let edited = apply_edits(&edited, &[moved]).unwrap();
            prop_assert_eq!(text_at(&edited, &format!("{path}[{}]", items - 1)), Some(new.as_str()));
            prop_assert!(comments(&edited).len() >= comments(&text).len());
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in r#"[ \n(){}\[\],:"'/*#!rbfx0-9.a\\µ]{0,60}"#, path in r#"[a-c0-2.\["\]\\ ]{0,12}"#) {
        drop(check(&text));
        prop_assert!(text_at(&text, &path).is_none_or(|found| found.len() <= text.len()));
        drop(apply_edits(&text, &[TextEdit::set(path.clone(), "1"), TextEdit::remove(path)]));
        // What ron reads, the scanner reads.
        if ron::from_str::<ron::Value>(&text).is_ok() {
            prop_assert!(text_at(&text, "").is_some(), "{:?}", text);
        }
    }
}
