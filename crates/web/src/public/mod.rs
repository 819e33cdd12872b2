//! To come.

use actix_web::web::ServiceConfig;

use crate::screens::Screen;

/// The screens of this area.
pub const SCREENS: &[Screen] = &[];

/// Routes the area.
pub fn routes(_routes: &mut ServiceConfig) {}
