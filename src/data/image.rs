//! Whether features are the pixels of an image, as their names say it.

/// How an image lies in the features: row by row, from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageShape {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
}

/// Pixels along each side at least.
const LEAST: usize = 4;

impl ImageShape {
    /// The shape that names tell: `row0_column0`, `pixel_0_0` or `1x1` and so on, row by row and complete;
    /// or `pixel0` and so on, as many as make a square.
    pub(super) fn of_names(names: &[String]) -> Option<Self> {
        let (words, first) = parts(names.first()?)?;
        let is_grid = words.starts_with("row") || words.starts_with("pixel") || words == "x";
        match first[..] {
            [row, column] if is_grid => Self::grid(names, &words, [row, column]),
            [pixel] if words == "pixel" || words == "pixel_" => Self::square(names, &words, pixel),
            _ => None,
        }
    }

    fn grid(names: &[String], words: &str, [row, column]: [usize; 2]) -> Option<Self> {
        let of_first = |name: &&String| parts(name).is_some_and(|(_, at)| at.first() == Some(&row));
        let width = names.iter().take_while(of_first).count();
        let height = names.len().checked_div(width)?;
        let is_there = |(i, name): (usize, &String)| {
            parts(name).is_some_and(|(other, at)| {
                other == words && at == [row + i / width, column + i % width]
            })
        };
        let is_whole = width * height == names.len() && width.min(height) >= LEAST;
        (is_whole && names.iter().enumerate().all(is_there)).then_some(Self { width, height })
    }

    fn square(names: &[String], words: &str, pixel: usize) -> Option<Self> {
        let side = names.len().isqrt();
        let is_there = |(i, name): (usize, &String)| {
            parts(name).is_some_and(|(other, at)| other == words && at == [pixel + i])
        };
        let is_whole = side * side == names.len() && side >= LEAST;
        (is_whole && names.iter().enumerate().all(is_there))
            .then_some(Self { width: side, height: side })
    }
}

/// The letters of a name in small, and the numbers between them.
fn parts(name: &str) -> Option<(String, Vec<usize>)> {
    let words = name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().to_lowercase();
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
    Some((words, numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(names: impl Iterator<Item = String>) -> Option<(usize, usize)> {
        let names: Vec<String> = names.collect();
        ImageShape::of_names(&names).map(|shape| (shape.width, shape.height))
    }

    #[test]
    fn names_of_pixels_tell_the_shape() {
        let grid = |w: usize, h: usize| (0..w * h).map(move |i| (i / w, i % w));
        assert_eq!(shape(grid(8, 8).map(|(r, c)| format!("row{r}_column{c}"))), Some((8, 8)));
        assert_eq!(
            shape(grid(28, 20).map(|(r, c)| format!("{}x{}", r + 1, c + 1))),
            Some((28, 20))
        );
        assert_eq!(shape(grid(5, 4).map(|(r, c)| format!("pixel_{r}_{c}"))), Some((5, 4)));
        assert_eq!(shape((0..784).map(|i| format!("pixel{i}"))), Some((28, 28)));
        assert_eq!(shape((1..=64).map(|i| format!("Pixel_{i}"))), Some((8, 8)));
    }

    #[test]
    fn other_names_tell_none() {
        assert_eq!(shape((0..64).map(|i| format!("x{i}"))), None);
        assert_eq!(shape((0..63).map(|i| format!("pixel{i}"))), None, "no square");
        assert_eq!(shape((0..64).map(|i| format!("pixel{}", i * 2))), None, "with gaps");
        assert_eq!(shape((0..64).map(|i| format!("row{}_column{}", i % 8, i / 8))), None);
        assert_eq!(
            shape((0..4).map(|i| format!("row{}_column{}", i / 2, i % 2))),
            None,
            "too small"
        );
        assert_eq!(shape(["a", "b"].map(str::to_owned).into_iter()), None);
        assert_eq!(shape(std::iter::empty()), None);
    }
}
