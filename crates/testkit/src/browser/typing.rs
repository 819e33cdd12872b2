//! What a person does to a page: typing, clicking, choosing.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Browser, keys};

/// Sets what cannot be typed letter by letter: dates, months, choices.
const SET: &str = "\
const [element, value] = arguments;
if (element.localName === 'select') {
  const wanted = [...element.options].find((one) => one.value === value || one.text.trim() === value);
  if (!wanted) return [...element.options].map((one) => one.text.trim());
  element.value = wanted.value;
} else if (['date', 'month', 'time', 'color', 'range'].includes(element.type)) {
  element.value = value;
} else return 'type it';
element.dispatchEvent(new Event('input', { bubbles: true }));
element.dispatchEvent(new Event('change', { bubbles: true }));
return null;";

/// So many times somebody presses Tab at most on the way through a page.
const TABS_MAX: usize = 200;

impl Browser {
    /// Clicks an element.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.on(css, |browser, element| {
            browser.try_post(&format!("{element}/click"), &json!({}))
        });
    }

    /// Puts a value into a field in place of what is there: types it, or chooses it, by value or by
    /// words, where the field is a choice. Dates are `2025-08-27`, months `2025-08`.
    #[track_caller]
    pub fn fill(&self, css: &str, value: &str) {
        let told = self.on(css, |browser, element| {
            let id = element.trim_start_matches("element/");
            let arguments = json!([{ (super::ELEMENT): id }, value]);
            let told =
                browser.try_post("execute/sync", &json!({ "script": SET, "args": arguments }))?;
            if told == "type it" {
                browser.try_post(&format!("{element}/clear"), &json!({}))?;
                browser.try_post(&format!("{element}/value"), &json!({ "text": value }))?;
            }
            Ok(told)
        });
        assert!(
            !told.is_array(),
            "{css} has no choice {value}; it has {told}"
        );
    }

    /// Presses keys, one after the other, wherever the keyboard is: letters and [`keys`].
    pub fn press(&self, pressed: &str) {
        let key = |letter: char, kind: &str| json!({ "type": kind, "value": letter });
        let actions: Vec<Value> = pressed
            .chars()
            .flat_map(|letter| [key(letter, "keyDown"), key(letter, "keyUp")])
            .collect();
        self.act_with_keys(&actions);
    }

    /// Presses keys together, such as `[keys::CONTROL, "a"]`.
    pub fn press_together(&self, pressed: &[&str]) {
        let key = |letter: &str, kind: &str| json!({ "type": kind, "value": letter });
        let down = pressed.iter().map(|letter| key(letter, "keyDown"));
        let up = pressed.iter().rev().map(|letter| key(letter, "keyUp"));
        let actions: Vec<Value> = down.chain(up).collect();
        self.act_with_keys(&actions);
    }

    /// Presses the digits of a day, such as `2025-11-11`, in a field for dates: year, month and day in
    /// the order in which this Chromium asks for them.
    pub fn press_date(&self, day: &str) {
        let order = self.script(
            "return new Intl.DateTimeFormat().formatToParts().map((part) => part.type)",
            &[],
        );
        let parts: Vec<&str> = day.split('-').collect();
        for part in order.as_array().into_iter().flatten() {
            match part.as_str() {
                Some("year") => self.press(parts[0]),
                Some("month") => self.press(parts[1]),
                Some("day") => self.press(parts[2]),
                _ => {}
            }
        }
    }

    /// Goes on by Tab until the keyboard is at such an element, as somebody without a mouse does.
    /// Panics where Tab does not lead there.
    #[track_caller]
    pub fn tab_to(&self, css: &str) {
        self.wait_for(css);
        for _ in 0..TABS_MAX {
            let is_there = self.script(
                "return document.activeElement.matches(arguments[0])",
                &[json!(css)],
            );
            if is_there == true {
                return;
            }
            self.press(keys::TAB);
        }
        panic!("Tab does not lead to {css} at {}", self.url());
    }

    /// Pastes a text wherever the keyboard is, as Ctrl-V does.
    pub fn paste(&self, text: &str) {
        let permissions = json!({
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
        });
        self.devtools("Browser.grantPermissions", &permissions);
        let refused = self.script_that_waits(
            "const [text, done] = arguments;
             navigator.clipboard.writeText(text).then(() => done(null), (error) => done(String(error)))",
            &[json!(text)],
        );
        assert!(refused.is_null(), "the clipboard: {refused}");
        self.press_together(&[keys::CONTROL, "v"]);
    }

    /// Begins, or goes on with, a conversion of an input method (かな漢字変換): the text is shown
    /// underlined where the keyboard is, and is not taken yet.
    pub fn compose(&self, text: &str) {
        let end = text.encode_utf16().count();
        let composition = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        self.devtools("Input.imeSetComposition", &composition);
    }

    /// Ends a conversion as people do: Enter, which belongs to the input method, and the text is
    /// taken.
    pub fn end_conversion(&self, text: &str) {
        let key = |kind: &str| {
            json!({
                "type": kind, "key": "Process", "code": "Enter",
                "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229,
            })
        };
        self.devtools("Input.dispatchKeyEvent", &key("rawKeyDown"));
        self.devtools("Input.insertText", &json!({ "text": text }));
        self.devtools("Input.dispatchKeyEvent", &key("keyUp"));
    }

    /// Chooses a file in a field for files.
    #[track_caller]
    pub fn upload(&self, css: &str, file: &Path) {
        let file = file.canonicalize().expect("a file to upload");
        let file = file.to_str().expect("a path in UTF-8");
        self.on(css, |browser, element| {
            browser.try_post(&format!("{element}/value"), &json!({ "text": file }))
        });
    }

    /// Chooses a file of this name and content in a field for files.
    #[track_caller]
    pub fn upload_bytes(&self, css: &str, name: &str, content: &[u8]) {
        self.upload(css, &self.file_to_upload(name, content));
    }

    /// Drops a file of this name and content onto an element, as from a window of files.
    #[track_caller]
    pub fn drop_bytes(&self, css: &str, name: &str, content: &[u8]) {
        let middle = self.script(
            "const element = document.querySelector(arguments[0]);
             element.scrollIntoView({ block: 'center', behavior: 'instant' });
             const box = element.getBoundingClientRect();
             return [box.x + box.width / 2, box.y + box.height / 2]",
            &[json!(css)],
        );
        let files = [self.file_to_upload(name, content)];
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({
                "type": kind, "x": middle[0], "y": middle[1],
                "data": { "items": [], "files": files, "dragOperationsMask": 1 },
            });
            self.devtools("Input.dispatchDragEvent", &event);
        }
    }

    fn file_to_upload(&self, name: &str, content: &[u8]) -> PathBuf {
        let folder = self.driver.folder().join("uploads");
        std::fs::create_dir_all(&folder).expect("a folder for uploads");
        let folder = tempfile::tempdir_in(folder)
            .expect("a folder for an upload")
            .keep();
        let file = folder.join(name);
        std::fs::write(&file, content).expect("write an upload");
        file
    }

    fn act_with_keys(&self, actions: &[Value]) {
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.post("actions", &json!({ "actions": [keyboard] }));
    }
}
