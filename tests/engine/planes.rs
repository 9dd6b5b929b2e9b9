//! Planes through many features: components against scikit-learn's, maps against the model itself, and
//! the lines of earlier maps.

use downhill::catalog::Chosen;
use downhill::data::{NoFiles, Principal, Scaling, Sources, load, split};
use downhill::session::{Action, Lane};
use downhill::train::{MapPlane, PictureKind, PictureRequest};
use ndarray::arr1;

use crate::fixtures::{assert_close, flat, integers, list, numbers, read};
use crate::story::Story;
use crate::timeline::watched;

#[test]
fn components_are_those_of_scikit_learn() {
    let fixture = read("projection.json");
    let cases = list(&fixture["cases"]);
    assert_eq!(cases.len(), 2);
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let (data, scale) = match name {
            "iris" => ("Iris", None),
            "digits, standard" => ("Digits", Some(Scaling::Standard)),
            other => panic!("{other}"),
        };
        let source: Chosen<Sources> = ron::from_str(data).expect("a bundled set");
        let data = load(&source, &NoFiles).expect("it is bundled");
        let split = split(&data, None, scale).expect("it can be scaled");
        let found = Principal::of_split(&split).expect("it has components");
        assert_close(&found.mean, &numbers(&case["mean"]), 1e-12, name);
        assert_close(&found.components.concat(), &flat(&case["components"]), 1e-10, name);
        assert_close(&found.shares, &numbers(&case["explained_variance_ratio"]), 1e-12, name);
        let rows = integers(&case["rows"]);
        let places = rows.iter().flat_map(|row| found.project(&split.train.features, *row));
        assert_close(&places.collect::<Vec<_>>(), &flat(&case["transform"]), 1e-10, name);
        // A row made again of its place, in the units of the data.
        let span = found.span(split.scaler.as_ref());
        let mut rows = ndarray::Array2::zeros((2, data.width()));
        for (at, place) in list(&case["points"]).iter().enumerate() {
            let place = numbers(place);
            let mut row = vec![0.0; data.width()];
            span.fill(&mut row, place[0], place[1]);
            rows.row_mut(at).assign(&arr1(&row));
        }
        if let Some(scaler) = &split.scaler {
            scaler.transform(&mut rows);
        }
        let rows: Vec<f64> = rows.iter().copied().collect();
        assert_close(&rows, &flat(&case["inverse_transform"]), 1e-10, name);
    }
}

const IRIS: &str = r#"(
    version: 1,
    task: Learn(data: Iris, scale: Standard, held_out: (fraction: 0.2, seed: 1)),
    training: (steps: 60, batch_size: 10),
    lanes: [(name: "Adam", optimizer: Adam(learning_rate: 0.05))],
)"#;

fn watch(story: &mut Story, requests: Vec<PictureRequest>) {
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Watch(lane, requests));
    story.until("its pictures", |s| s.lanes().iter().all(Lane::has_its_pictures));
}

#[test]
fn a_map_over_components_says_what_the_model_says_of_the_row_at_each_place() {
    let mut story = watched(IRIS);
    story.train_to(60);
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Project(lane));
    assert!(story.session.is_projecting());
    story.until("components", |s| !s.is_projecting());
    let lane = &story.session.lanes()[0];
    let found = story.session.projection(lane).expect("known").clone().expect("there are some");
    let downhill::experiment::TaskPlan::Learn(learn) = &lane.plan.task else { panic!("it learns") };
    let span = std::sync::Arc::new(found.span(learn.split.scaler.as_ref()));
    let (x, y, cells) = ((-3.0, 3.0), (-2.0, 2.0), (6, 5));
    let map = PictureRequest::Regions { plane: MapPlane::Span(span), x, y, cells };
    watch(&mut story, vec![map, PictureRequest::Parameters]);
    let pictures = story.session.lanes()[0].pictures();
    let Some(PictureKind::Parameters(params)) = pictures.parameters.as_ref().map(|p| &p.kind)
    else {
        panic!("its parameters")
    };
    let Some(PictureKind::Regions { outputs, width, .. }) =
        pictures.regions.as_ref().map(|p| &p.kind)
    else {
        panic!("a map")
    };
    assert_eq!((*width, params.len()), (3, 15));
    for (cell, said) in outputs.chunks_exact(3).enumerate() {
        let centre = |(low, high): (f64, f64), at: usize, of: usize| {
            low + (high - low) * (at as f64 + 0.5) / of as f64
        };
        let (x, y) = (centre(x, cell % 6, 6), centre(y, cell / 6, 5));
        // Softmax of W·z + b, with z the scaled row at that place.
        let z: Vec<f64> = (0..4)
            .map(|i| found.mean[i] + x * found.components[0][i] + y * found.components[1][i])
            .collect();
        let logit = |class: usize| {
            let terms = z.iter().zip(&params[4 * class..]).map(|(z, w)| z * w);
            terms.sum::<f64>() + params[12 + class]
        };
        let powers = [0, 1, 2].map(|class| logit(class).exp());
        let wanted = powers.map(|power| power / powers.iter().sum::<f64>());
        let said: Vec<f64> = said.iter().map(|p| f64::from(*p)).collect();
        assert_close(&said, &wanted, 1e-6, "a place");
    }
}

fn map() -> Vec<PictureRequest> {
    let (x, y, cells) = ((4.0, 8.0), (2.0, 4.5), (12, 12));
    vec![PictureRequest::Regions { plane: MapPlane::Features([0, 1]), x, y, cells }]
}

/// The steps whose boundaries are drawn at a step.
fn earlier(lane: &Lane, step: u64) -> Vec<u64> {
    lane.traces().before(&map()[0], step, 6).iter().map(|trace| trace.step).collect()
}

#[test]
fn boundaries_are_cut_off_on_the_way_back_and_return_with_their_branch() {
    let mut story = watched(IRIS);
    watch(&mut story, map());
    for step in [10, 20, 30, 40] {
        story.train_to(step);
        story.until("the map", |s| s.lanes().iter().all(Lane::has_its_pictures));
    }
    // Where training takes its time there are maps of steps between, too.
    let lane = |story: &Story| earlier(&story.session.lanes()[0], 41);
    let ends = |steps: &[u64]| [steps.first().copied(), steps.last().copied()].map(Option::unwrap);
    assert_eq!(ends(&lane(&story)), [0, 40]);
    let first = story.session.lanes()[0].traces().before(&map()[0], 41, 1)[0].lines.len();
    assert!(first > 0, "there is a boundary");
    // Looked back, what lies ahead is not drawn, and what is looked at is kept.
    story.look_at(25);
    let past = earlier(&story.session.lanes()[0], 25);
    assert!(past[0] == 0 && past.iter().all(|step| *step < 25), "{past:?}");
    story.session.apply(Action::LookAt(None));
    story.until("the present", |s| s.lanes().iter().all(|lane| lane.looked_at().is_none()));
    assert_eq!(earlier(&story.session.lanes()[0], 26).last(), Some(&25));
    let whole = lane(&story);
    assert_eq!(ends(&whole), [0, 40]);
    story.session.apply(Action::RewindTo(20));
    story.until("the lane is there", |s| s.lanes()[0].status.step == 20);
    assert_eq!(ends(&lane(&story)), [0, 20]);
    story.session.apply(Action::Undo);
    story.until("the lane is back", |s| s.lanes()[0].status.step == 40);
    assert_eq!(lane(&story), whole);
    // A fork's past is its parent's.
    let id = story.session.lanes()[0].id;
    story.session.apply(Action::Fork { lane: id, step: Some(20), change: None });
    story.until("a fork", |s| s.lanes().len() == 2 && !s.is_busy());
    assert_eq!(ends(&earlier(&story.session.lanes()[1], 41)), [0, 20]);
}

#[test]
fn every_so_manyth_row_is_asked_where_it_is_wanted() {
    use downhill::train::RowSet;
    let mut story = watched(IRIS);
    story.train_to(20);
    let request = |every| {
        vec![
            PictureRequest::Outputs { of: RowSet::Training, rows: 200, every },
            PictureRequest::Outputs { of: RowSet::HeldOut, rows: 7, every },
        ]
    };
    let said = |story: &Story, of: RowSet| {
        let said = story.session.lanes()[0].outputs(of).expect("outputs");
        (said.every, said.rows().map(<[f64]>::to_vec).collect::<Vec<_>>())
    };
    watch(&mut story, request(1));
    let all = said(&story, RowSet::Training);
    assert_eq!((all.0, all.1.len(), said(&story, RowSet::HeldOut).1.len()), (1, 120, 7));
    watch(&mut story, request(7));
    let some = said(&story, RowSet::Training);
    assert_eq!((some.0, some.1.len(), said(&story, RowSet::HeldOut).1.len()), (7, 18, 5));
    for (at, row) in some.1.iter().enumerate() {
        assert_close(row, &all.1[7 * at], 1e-12, "a row");
    }
    watch(&mut story, request(7)[..1].to_vec());
    assert!(story.session.lanes()[0].outputs(RowSet::HeldOut).is_none(), "nobody asks");
}
