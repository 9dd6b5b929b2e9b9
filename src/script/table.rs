//! Rows of numbers as part of a program: small tables as they are, large ones packed.
//!
//! Deliberately not here: reading a table in Python. A program stands for itself: it would have to
//! recognise delimiters, categories and missing values as this program does.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use ndarray::ArrayView2;

use super::ScriptError;
use super::text::{Code, listed, row};

/// Numbers that are written out.
const MOST_WRITTEN: usize = 800;
/// Numbers that are packed.
const MOST_PACKED: usize = 4_000_000;

/// Code that gives `name` the rows: an array of `float64`.
pub(super) fn matrix(name: &str, rows: &ArrayView2<'_, f64>) -> Result<String, ScriptError> {
    let numbers = rows.len();
    if numbers > MOST_PACKED {
        return Err(ScriptError::TooLarge { numbers, most: MOST_PACKED });
    }
    if numbers <= MOST_WRITTEN {
        let rows = rows.rows().into_iter().map(|numbers| row(numbers.iter().copied()));
        return Ok(format!("{name} = np.array([\n{}], dtype=np.float64)\n", listed(rows, 4)));
    }
    let (kind, bytes) = packed(rows);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(&bytes).and_then(|()| encoder.finish());
    let letters = base64(&written.expect("a vector takes all that is written"));
    let mut code = format!("{name} = unpacked(\"{kind}\", {:?}, \"\"\"\n", rows.dim());
    for line in letters.as_bytes().chunks(96) {
        code.extend(line.iter().map(|letter| char::from(*letter)));
        code.push('\n');
    }
    code.put("\"\"\")\n");
    Ok(code)
}

/// What unpacks a table that [`matrix`] packed; nothing if it was written out.
pub(super) fn unpacker(code: &str) -> &'static str {
    if code.contains("unpacked(") { UNPACKED } else { "" }
}

const UNPACKED: &str = "\
import base64
import zlib


def unpacked(kind, shape, text):
    \"\"\"A table that would be too long to be written out: zlib-compressed numbers in base 64.\"\"\"
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=kind)
    return numbers.astype(np.float64).reshape(shape)


";

/// The numbers in the smallest form that keeps every bit, and NumPy's name of it.
fn packed(rows: &ArrayView2<'_, f64>) -> (&'static str, Vec<u8>) {
    let small = |x: &f64| x.fract() == 0.0 && (0.0..256.0).contains(x) && !x.is_sign_negative();
    let single = |x: &f64| f64::from(*x as f32).to_bits() == x.to_bits();
    if rows.iter().all(small) {
        ("u1", rows.iter().map(|x| *x as u8).collect())
    } else if rows.iter().all(single) {
        ("<f4", rows.iter().flat_map(|x| (*x as f32).to_le_bytes()).collect())
    } else {
        ("<f8", rows.iter().flat_map(|x| x.to_le_bytes()).collect())
    }
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn the_vectors_of_rfc_4648_come_out() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (text, expected) in cases {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
