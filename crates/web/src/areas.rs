//! The areas of the office's work, in the order of the menu: each brings its routes, its screens and
//! its messages.

use actix_web::web::ServiceConfig;

use crate::screens::Screen;

/// Names each area once.
macro_rules! areas {
    ($($area:ident),+ $(,)?) => {
        /// Routes every area.
        pub fn configure(routes: &mut ServiceConfig) {
            $(crate::$area::routes(routes);)+
        }

        /// The screens of every area.
        pub fn screens() -> impl Iterator<Item = &'static Screen> {
            [$(crate::$area::SCREENS),+].into_iter().flatten()
        }

        /// The messages of every area, in Japanese and in English.
        pub const MESSAGES: &[(&str, &str, &str)] = &[
            ("common", include_str!("../messages/ja/common.ftl"), include_str!("../messages/en/common.ftl")),
            $((
                stringify!($area),
                include_str!(concat!("../messages/ja/", stringify!($area), ".ftl")),
                include_str!(concat!("../messages/en/", stringify!($area), ".ftl")),
            ),)+
        ];
    };
}

// The public pages come first: routes are tried one after the other, and theirs are asked for most.
areas![
    public,
    dashboard,
    sheets,
    imports,
    review,
    members,
    batches,
    results,
    approvals,
    campaigns,
    own_campaigns,
    books,
    catalogue,
    people,
    audit_log,
    proof,
    account,
    entrance,
];
