//! How people come in: by the pages of the entrance, by hand.

use super::Browser;
use crate::{World, people};

impl Browser {
    /// Signs somebody in on the page that asks for a name and a password: somebody of
    /// [`people::settle`]. What follows is what the page shows then: where they wanted to go, or what
    /// their second factor asks.
    #[track_caller]
    pub fn sign_in(&self, name: &str) {
        self.fill("#name", name);
        self.fill("#password", people::PASSWORD);
        self.click("main button.main");
    }

    /// Sets up the second factor that somebody who has signed in for the first time is asked for, and
    /// goes on. Gives its key, as their app keeps it.
    #[track_caller]
    pub fn set_up_second_factor(&self, world: &World) -> String {
        self.click("form[action='/sign-in/enrolment'] button");
        self.wait_for("svg.qr");
        let key = self.value("[name=key]");
        self.show_code(world, &key);
        self.wait_for(".recovery-codes");
        self.click("main a.button.main");
        key
    }

    /// Types the code that the app with this key shows now.
    #[track_caller]
    pub fn show_code(&self, world: &World, key: &str) {
        self.fill("#code", &people::code_of(world, key));
        self.click("main button.main");
    }
}
