//! Scores against scikit-learn's, case by case and number by number.

use downhill::metrics::{
    ClassScore, Confusion, Scores, brier, explained_variance, log_loss, max_error,
    mean_absolute_error, mean_squared_error, median_absolute_error, predicted_class, r2,
    rank_scores, roc_auc_one_vs_one, roc_auc_one_vs_rest, roc_curve, root_mean_squared_error,
    top_k_accuracy,
};
use serde_json::Value;

use super::fixtures::{assert_close, flat, integers, list, number, numbers, read};

const TOLERANCE: f64 = 1e-12;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text was expected, not {value}"))
}

fn close(ours: Option<f64>, theirs: &Value, what: &str) {
    assert_close(
        &[ours.unwrap_or_else(|| panic!("{what}: no score"))],
        &[number(theirs)],
        TOLERANCE,
        what,
    );
}

/// Every key of a case but those that are no scores: a score that nobody compares is a hole.
fn assert_all_compared(case: &Value, compared: &[&str], not_scores: &[&str]) {
    for key in case.as_object().expect("a case").keys() {
        let known = compared.contains(&key.as_str()) || not_scores.contains(&key.as_str());
        assert!(known, "{key} of the fixture is compared with nothing");
    }
}

#[test]
fn scores_of_classes_are_those_of_scikit_learn() {
    let fixture = read("metrics.json");
    let cases = list(&fixture["classification"]);
    assert_eq!(cases.len(), 6);
    for case in cases {
        let what = text(&case["name"]);
        let (truth, predicted) = (integers(&case["y_true"]), integers(&case["y_pred"]));
        let mut present: Vec<usize> = truth.iter().chain(&predicted).copied().collect();
        present.sort_unstable();
        present.dedup();
        let classes = present.last().expect("rows") + 1;
        let confusion = Confusion::of(classes, truth.into_iter().zip(predicted));
        // scikit-learn leaves out classes that never occur.
        let pairs = present.iter().flat_map(|truth| present.iter().map(move |p| (*truth, *p)));
        let ours: Vec<f64> = pairs.map(|(truth, p)| confusion.count(truth, p) as f64).collect();
        assert_eq!(ours, flat(&case["confusion_matrix"]), "{what}");

        let averages = [
            ("macro", confusion.macro_average()),
            ("micro", confusion.micro_average()),
            ("weighted", confusion.weighted_average()),
        ];
        let mut ours = vec![
            ("accuracy".to_owned(), confusion.accuracy()),
            ("mcc".to_owned(), confusion.matthews_correlation()),
        ];
        for (name, average) in averages {
            let ClassScore { precision, recall, f1 } = average.expect("rows");
            let scores = [("precision", precision), ("recall", recall), ("f1", f1)];
            ours.extend(scores.map(|(score, x)| (format!("{score}_{name}"), Some(x))));
        }
        // scikit-learn gives NaN for one class alone, and the fixture leaves both out there.
        for (key, score) in [
            ("balanced_accuracy", confusion.balanced_accuracy()),
            ("cohen_kappa", confusion.kappa()),
        ] {
            if case.get(key).is_some() {
                ours.push((key.to_owned(), score));
            } else {
                assert_eq!(what, "single_class");
            }
        }
        for (key, score) in &ours {
            close(*score, &case[key.as_str()], &format!("{what}: {key}"));
        }
        let per_class: Vec<_> = present.iter().map(|class| confusion.class_score(*class)).collect();
        let theirs = &case["per_class"];
        let column = |of: fn(&ClassScore) -> f64| per_class.iter().map(of).collect::<Vec<_>>();
        assert_close(&column(|c| c.precision), &numbers(&theirs["precision"]), TOLERANCE, what);
        assert_close(&column(|c| c.recall), &numbers(&theirs["recall"]), TOLERANCE, what);
        assert_close(&column(|c| c.f1), &numbers(&theirs["f1"]), TOLERANCE, what);
        let support: Vec<f64> = present.iter().map(|c| confusion.of_truth(*c) as f64).collect();
        assert_eq!(support, numbers(&theirs["support"]), "{what}");
        let compared: Vec<&str> = ours.iter().map(|(key, _)| key.as_str()).collect();
        let others = ["name", "y_true", "y_pred", "confusion_matrix", "per_class"];
        assert_all_compared(case, &compared, &others);
    }
}

#[test]
fn ranks_and_probabilities_of_two_classes_are_those_of_scikit_learn() {
    let fixture = read("metrics.json");
    let cases = list(&fixture["binary_scores"]);
    assert_eq!(cases.len(), 4);
    for case in cases {
        let what = text(&case["name"]);
        let (truth, scores) = (integers(&case["y_true"]), numbers(&case["score"]));
        let rows = || scores.iter().copied().zip(truth.iter().map(|label| *label == 1));
        let ranked = rank_scores(rows()).expect("rows of both kinds");
        close(Some(ranked.roc_auc), &case["roc_auc"], what);
        close(Some(ranked.average_precision), &case["average_precision"], what);
        close(log_loss(&truth, &scores, 1), &case["log_loss"], what);
        close(brier(&truth, &scores), &case["brier"], what);
        let curve = roc_curve(rows()).expect("rows of both kinds");
        let theirs = &case["roc_curve"];
        let fpr: Vec<f64> = curve.iter().map(|p| p.false_positive_rate).collect();
        let tpr: Vec<f64> = curve.iter().map(|p| p.true_positive_rate).collect();
        let thresholds: Vec<f64> = curve.iter().map(|p| p.threshold).collect();
        assert_close(&fpr, &numbers(&theirs["fpr"]), TOLERANCE, what);
        assert_close(&tpr, &numbers(&theirs["tpr"]), TOLERANCE, what);
        assert_eq!(thresholds, numbers(&theirs["threshold"]), "{what}");
        // All of them at once, as an evaluation reads them.
        let all = Scores::of_classes(&truth, 2, &scores, true);
        close(all.roc_auc, &case["roc_auc"], what);
        close(all.average_precision, &case["average_precision"], what);
        close(all.log_loss, &case["log_loss"], what);
        close(all.brier, &case["brier"], what);
        let compared = ["roc_auc", "average_precision", "log_loss", "brier", "roc_curve"];
        assert_all_compared(case, &compared, &["name", "y_true", "score"]);
    }
}

#[test]
fn probabilities_of_many_classes_score_as_in_scikit_learn() {
    let fixture = read("metrics.json");
    let cases = list(&fixture["multiclass_scores"]);
    assert_eq!(cases.len(), 1);
    for case in cases {
        let (truth, outputs) = (integers(&case["y_true"]), flat(&case["proba"]));
        let classes = numbers(&list(&case["proba"])[0]).len();
        close(log_loss(&truth, &outputs, classes), &case["log_loss"], "log-loss");
        let ovr = roc_auc_one_vs_rest(&truth, &outputs, classes);
        close(ovr, &case["roc_auc_ovr_macro"], "one against the rest");
        let ovo = roc_auc_one_vs_one(&truth, &outputs, classes);
        close(ovo, &case["roc_auc_ovo_macro"], "one against one");
        close(top_k_accuracy(&truth, &outputs, classes, 2), &case["top2_accuracy"], "top 2");
        let all = Scores::of_classes(&truth, classes, &outputs, true);
        assert_eq!((all.roc_auc, all.brier), (ovr, None));
        let right = outputs.chunks(classes).map(predicted_class).zip(&truth);
        let right = right.filter(|(predicted, truth)| predicted == *truth).count();
        assert_eq!(all.accuracy, Some(right as f64 / truth.len() as f64));
        let compared = ["log_loss", "roc_auc_ovr_macro", "roc_auc_ovo_macro", "top2_accuracy"];
        assert_all_compared(case, &compared, &["y_true", "proba"]);
    }
}

#[test]
fn scores_of_numbers_are_those_of_scikit_learn() {
    let fixture = read("metrics.json");
    let cases = list(&fixture["regression"]);
    assert_eq!(cases.len(), 4);
    for case in cases {
        let what = text(&case["name"]);
        let (truth, predicted) = (numbers(&case["y_true"]), numbers(&case["y_pred"]));
        let ours = [
            ("r2", r2(&predicted, &truth, 1)),
            ("mse", mean_squared_error(&predicted, &truth, 1)),
            ("rmse", root_mean_squared_error(&predicted, &truth, 1)),
            ("mae", mean_absolute_error(&predicted, &truth, 1)),
            ("max_error", max_error(&predicted, &truth)),
            ("median_ae", median_absolute_error(&predicted, &truth, 1)),
            ("explained_variance", explained_variance(&predicted, &truth, 1)),
        ];
        for (key, score) in ours {
            close(score, &case[key], &format!("{what}: {key}"));
        }
        let all = Scores::of_values(&predicted, &truth, 1);
        assert_eq!([all.r2, all.rmse, all.mae], [ours[0].1, ours[2].1, ours[3].1], "{what}");
        assert_all_compared(case, &ours.map(|(key, _)| key), &["name", "y_true", "y_pred"]);
    }
}
