//! Lines of equal value on a grid, by marching squares.

/// One piece of a line, its ends in parts of the grid's width and height, 0 to 1.
pub type Segment = [[f32; 2]; 2];

/// The lines on which a field takes the value `level`.
///
/// `values` are the field at cell centres, x fastest, rows of y from low to high, `columns` a row.
/// Squares with a value that is not finite have no line.
pub fn isolines(values: &[f32], columns: usize, level: f32) -> Vec<Segment> {
    let mut segments = Vec::new();
    for_squares(values.len(), columns, |cells, place| {
        let corners = cells.map(|cell| values[cell] - level);
        // Most squares lie on one side.
        let crosses = corners[1..].iter().any(|other| (*other < 0.0) != (corners[0] < 0.0));
        if crosses && corners.iter().all(|v| v.is_finite()) {
            square(corners, |a, b| segments.push([place(a), place(b)]));
        }
    });
    segments
}

/// The lines at which another of `width` numbers a cell becomes the greatest; of one number a cell, at
/// which it passes one half: where a classifier's answer turns.
///
/// Cells as for [`isolines`]. Between two numbers there is one line; squares where three meet or more
/// have each number's own.
pub fn turns(numbers: &[f32], width: usize, columns: usize) -> Vec<Segment> {
    if width <= 1 {
        return isolines(numbers, columns, 0.5);
    }
    let greatest = |cell: &[f32]| {
        let all = cell.iter().enumerate();
        all.fold((0, f32::NEG_INFINITY), |best, (i, x)| if *x > best.1 { (i, *x) } else { best }).0
    };
    let winners: Vec<usize> = numbers.chunks_exact(width).map(greatest).collect();
    let lead = |cell: usize, of: usize| {
        let cell = &numbers[cell * width..][..width];
        let others = cell.iter().enumerate().filter(|(i, _)| *i != of);
        cell[of] - others.map(|(_, x)| *x).fold(f32::NEG_INFINITY, f32::max)
    };
    let mut segments = Vec::new();
    for_squares(winners.len(), columns, |cells, place| {
        let mut here = cells.map(|cell| winners[cell]);
        here.sort_unstable();
        let count = 1 + here.windows(2).filter(|two| two[0] != two[1]).count();
        let mut last = None;
        for of in here {
            // Where only two meet, one's line is the other's.
            let is_done = last == Some(of) || count == 1 || (count == 2 && last.is_some());
            let corners = cells.map(|cell| if is_done { f32::NAN } else { lead(cell, of) });
            if !is_done && corners.iter().all(|v| v.is_finite()) {
                square(corners, |a, b| segments.push([place(a), place(b)]));
            }
            last = Some(of);
        }
    });
    segments
}

/// Visits the squares between the centres of four cells of a grid: with the cells at (0,0), (1,0), (1,1)
/// and (0,1), and what makes a place inside the square one of the grid.
fn for_squares(
    cells: usize,
    columns: usize,
    mut visit: impl FnMut([usize; 4], &dyn Fn([f32; 2]) -> [f32; 2]),
) {
    let rows = cells.checked_div(columns).unwrap_or(0);
    for row in 0..rows.saturating_sub(1) {
        for column in 0..columns.saturating_sub(1) {
            let first = row * columns + column;
            let place = |[x, y]: [f32; 2]| {
                [(column as f32 + 0.5 + x) / columns as f32, (row as f32 + 0.5 + y) / rows as f32]
            };
            visit([first, first + 1, first + columns + 1, first + columns], &place);
        }
    }
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
    fn a_turn_of_two_numbers_is_one_line_wherever_they_stand_among_others() {
        let columns = 10;
        let slope: Vec<f32> = (0..100).map(|i| (i % columns) as f32 / 9.0).collect();
        let one = turns(&slope, 1, columns);
        assert_eq!(one.len(), 9);
        let four: Vec<f32> = slope.iter().flat_map(|p| [0.0, 1.0 - p, -1.0, *p]).collect();
        let among = turns(&four, 4, columns);
        assert_eq!(among.len(), 9);
        for ([a, b], [c, d]) in one.iter().zip(&among) {
            let same = |p: &[f32; 2], q: &[f32; 2]| (p[0] - q[0]).hypot(p[1] - q[1]) < 1e-5;
            assert!((same(a, c) && same(b, d)) || (same(a, d) && same(b, c)));
        }
    }

    #[test]
    fn where_three_numbers_meet_each_has_its_line() {
        let n = 16usize;
        let numbers: Vec<f32> = (0..n * n)
            .flat_map(|i| {
                let (x, y) = ((i % n) as f32 - 7.3, (i / n) as f32 - 7.3);
                [0.0_f32, 2.1, 4.2].map(|angle| x * angle.cos() + y * angle.sin())
            })
            .collect();
        let lines = turns(&numbers, 3, n);
        for end in lines.iter().flatten() {
            let (x, y) = (end[0] * n as f32 - 7.8, end[1] * n as f32 - 7.8);
            let mut each = [0.0_f32, 2.1, 4.2].map(|angle| x * angle.cos() + y * angle.sin());
            each.sort_by(f32::total_cmp);
            // Right within a cell's difference, also beside the place where all meet.
            assert!(each[2] - each[1] < 1.74, "{each:?}");
        }
        assert!(lines.len() > 24, "three rays from the middle: {}", lines.len());
        assert!(turns(&[f32::NAN; 32], 2, 4).is_empty());
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
