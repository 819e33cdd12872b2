//! How a page is looked at, and pictures of it.

use std::path::Path;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::Browser;

/// Pixels from the top that a picture shows at most.
const PICTURE_HEIGHT_MAX: f64 = 1_500.0;
/// The folder into which stories put pictures of what they come by.
const PICTURES: &str = "HITOKUCHI_PICTURES";

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// How wide the window is, in CSS pixels: 1280 at a desk, 390 on a telephone. 200 % zoom of a
    /// window is half its width.
    pub width: u32,
    /// How high.
    pub height: u32,
    /// In dark colours.
    pub dark: bool,
    /// By somebody who wants nothing to move.
    pub reduced_motion: bool,
    /// On paper.
    pub print: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 900,
            dark: false,
            reduced_motion: false,
            print: false,
        }
    }
}

impl Look {
    /// A window of this width.
    pub fn of_width(width: u32) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    /// In dark colours.
    pub fn dark() -> Self {
        Self {
            dark: true,
            ..Self::default()
        }
    }
}

impl Browser {
    /// Looks at this page and those that follow in this way.
    pub fn look(&self, look: Look) {
        let metrics = json!({
            "width": look.width, "height": look.height, "deviceScaleFactor": 1,
            "mobile": look.width < 600,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
        let or =
            |is: bool, then: &str, otherwise: &str| Value::from(if is { then } else { otherwise });
        let media = json!({
            "media": or(look.print, "print", ""),
            "features": [
                { "name": "prefers-color-scheme", "value": or(look.dark, "dark", "light") },
                {
                    "name": "prefers-reduced-motion",
                    "value": or(look.reduced_motion, "reduce", "no-preference"),
                },
            ],
        });
        self.devtools("Emulation.setEmulatedMedia", &media);
    }

    /// How far the page can be pushed sideways, in CSS pixels: 0 is as it should be.
    pub fn sideways(&self) -> i64 {
        let pixels = self.script(
            "const page = document.scrollingElement;
             return Math.round(page.scrollWidth - page.clientWidth)",
            &[],
        );
        pixels.as_i64().expect("a number of pixels")
    }

    /// Keeps a picture of the page where `HITOKUCHI_PICTURES` names a folder; otherwise does nothing.
    pub fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os(PICTURES) {
            // What stays in sight while one goes down a page would stand in the middle of it.
            self.script("window.scrollTo(0, 0)", &[]);
            self.screenshot(&Path::new(&folder).join(format!("{name}.png")));
        }
    }

    /// Writes a picture of the whole page, as PNG; of a long one, as much as a person takes in.
    pub fn screenshot(&self, file: &Path) {
        let metrics = self.devtools("Page.getLayoutMetrics", &json!({}));
        let size = &metrics["cssContentSize"];
        let height = size["height"].as_f64().unwrap_or_default();
        let clip = json!({
            "x": 0, "y": 0, "width": size["width"], "height": height.min(PICTURE_HEIGHT_MAX), "scale": 1,
        });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.devtools("Page.captureScreenshot", &wanted);
        let picture = picture["data"].as_str().expect("a picture");
        let picture = BASE64
            .decode(picture.as_bytes())
            .expect("a picture in base64");
        std::fs::write(file, picture)
            .unwrap_or_else(|error| panic!("write {}: {error}", file.display()));
    }
}
