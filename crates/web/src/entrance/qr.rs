//! A QR code as SVG.

use qrcodegen::{QrCode, QrCodeEcc};

/// Empty modules around the code, without which readers do not find it.
const MARGIN: i32 = 4;

/// The modules of a code, to be drawn in one path.
pub(crate) struct Qr {
    /// How many modules it is wide and high, with its margin.
    pub size: i32,
    /// The dark ones: the `d` of an SVG path.
    pub path: String,
}

impl Qr {
    /// The code of a text; none where the text is too long for any.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in 0..code.size() {
                if code.get_module(x, y) {
                    path += &format!("M{} {}h1v1h-1z", x + MARGIN, y + MARGIN);
                }
            }
        }
        Some(Self {
            size: code.size() + 2 * MARGIN,
            path,
        })
    }
}
