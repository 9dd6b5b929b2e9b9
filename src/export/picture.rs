//! A picture as PNG. Not here: painting it.

use std::io::Write;

/// Why a picture could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The pixels do not fill the picture.
    #[error("a picture of {width}×{height} needs {expected} bytes of pixels, not {found}")]
    Size {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// Four bytes a pixel.
        expected: u64,
        /// The bytes given.
        found: u64,
    },
    /// The encoder or its writer refused.
    #[error("the picture could not be written: {0}")]
    Encoding(#[from] png::EncodingError),
}

/// Writes `rgba`, four bytes a pixel, rows from the top, colours in sRGB, alpha not premultiplied.
///
/// # Errors
/// If the pixels do not fill the picture, or `out` refuses.
pub fn encode_png(
    out: impl Write,
    width: u32,
    height: u32,
    rgba: &[u8],
) -> Result<(), PictureError> {
    let (expected, found) = (u64::from(width) * u64::from(height) * 4, rgba.len() as u64);
    if expected != found {
        return Err(PictureError::Size { width, height, expected, found });
    }
    let mut encoder = png::Encoder::new(out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgba)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_come_back_and_a_wrong_number_of_them_is_refused() {
        let pixels = [255, 0, 0, 255, 0, 255, 0, 128];
        let mut file = Vec::new();
        encode_png(&mut file, 2, 1, &pixels).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut read = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut read).unwrap();
        assert_eq!(read, pixels);
        assert!(matches!(encode_png(Vec::new(), 3, 1, &pixels), Err(PictureError::Size { .. })));
    }
}
