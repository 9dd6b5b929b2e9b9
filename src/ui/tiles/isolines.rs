//! Lines of equal value on a grid, by marching squares.

/// One piece of a line, its ends in parts of the grid's width and height, 0 to 1.
pub type Segment = [[f32; 2]; 2];

/// The lines on which a field takes the value `level`.
///
/// `values` are the field at cell centres, x fastest, rows of y from low to high, `columns` a row.
/// Squares with a value that is not finite have no line.
pub fn isolines(values: &[f32], columns: usize, level: f32) -> Vec<Segment> {
    let rows = values.len().checked_div(columns).unwrap_or(0);
    let mut segments = Vec::new();
    for row in 0..rows.saturating_sub(1) {
        for column in 0..columns.saturating_sub(1) {
            let at = |c: usize, r: usize| values[(row + r) * columns + column + c] - level;
            let corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
            let is_below = corners.map(|v| v < 0.0);
            // Most squares lie on one side.
            let crosses = is_below[1..].iter().any(|other| *other != is_below[0]);
            if crosses && corners.iter().all(|v| v.is_finite()) {
                let place = |[x, y]: [f32; 2]| {
                    [
                        (column as f32 + 0.5 + x) / columns as f32,
                        (row as f32 + 0.5 + y) / rows as f32,
                    ]
                };
                square(corners, |a, b| segments.push([place(a), place(b)]));
            }
        }
    }
    segments
}

/// The pieces inside one square, whose corners lie at (0,0), (1,0), (1,1), (0,1).
fn square(corners: [f32; 4], mut emit: impl FnMut([f32; 2], [f32; 2])) {
    const PLACES: [[f32; 2]; 4] = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
    let mut crossings = [[0.0; 2]; 4];
    let mut count = 0;
    for side in 0..4 {
        let (a, b) = (corners[side], corners[(side + 1) % 4]);
        if (a < 0.0) != (b < 0.0) {
            let t = a / (a - b);
            let (p, q) = (PLACES[side], PLACES[(side + 1) % 4]);
            crossings[count] = [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
            count += 1;
        }
    }
    match count {
        2 => emit(crossings[0], crossings[1]),
        4 => {
            // A saddle: the centre's value says which corners belong together.
            let centre: f32 = corners.iter().sum();
            if (centre < 0.0) == (corners[0] < 0.0) {
                emit(crossings[0], crossings[1]);
                emit(crossings[2], crossings[3]);
            } else {
                emit(crossings[3], crossings[0]);
                emit(crossings[1], crossings[2]);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_slope_is_straight_and_in_its_place() {
        let columns = 11;
        let values: Vec<f32> = (0..11 * 11).map(|i| (i % columns) as f32).collect();
        let lines = isolines(&values, columns, 4.5);
        assert_eq!(lines.len(), 10);
        for [[x0, _], [x1, _]] in lines {
            assert!((x0 - 5.0 / 11.0).abs() < 1e-6 && (x1 - 5.0 / 11.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_hill_has_a_closed_line_and_holes_have_none() {
        let n = 21usize;
        let mut values: Vec<f32> = (0..n * n)
            .map(|i| {
                let (x, y) = ((i % n) as f32 - 10.0, (i / n) as f32 - 10.0);
                x.hypot(y)
            })
            .collect();
        let lines = isolines(&values, n, 6.0);
        assert!(lines.len() > 20);
        for [a, b] in &lines {
            for [x, y] in [a, b] {
                let r = (x * 21.0 - 10.5).hypot(y * 21.0 - 10.5);
                assert!((r - 6.0).abs() < 0.1, "{r}");
            }
        }
        values.fill(f32::NAN);
        assert!(isolines(&values, n, 6.0).is_empty());
        assert!(isolines(&[], 0, 1.0).is_empty());
    }
}
