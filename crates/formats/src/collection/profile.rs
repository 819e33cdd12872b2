//! The shapes a collection file can have.

/// The encoding of a collection file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// CP932, as co-ops' systems and spreadsheets on Japanese Windows expect.
    Cp932,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
}

/// A named, versioned shape of the collection file.
///
/// What a version writes never changes, since an exported file can be asked for again and must
/// have the recorded SHA-256 (R10). A new shape is a new version, and the old one stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The name to ask for it by.
    pub name: &'static str,
    /// The version of the name's shape, from 1.
    pub version: i32,
    /// The encoding.
    pub charset: Charset,
}

/// There is no such profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("出力形式「{name}」{}はありません。使えるのは {} です", version_ja(.version), names())]
pub struct UnknownProfile {
    /// The name asked for.
    pub name: String,
    /// The version asked for, if one was.
    pub version: Option<i32>,
}

impl Profile {
    /// `standard`: CP932, CRLF, a header row, every field quoted. The default.
    pub const STANDARD: Profile = Profile {
        name: "standard",
        version: 1,
        charset: Charset::Cp932,
    };

    /// `standard-utf8`: the same in UTF-8 with a byte order mark.
    pub const STANDARD_UTF8: Profile = Profile {
        name: "standard-utf8",
        version: 1,
        charset: Charset::Utf8Bom,
    };

    /// All profiles in all versions, a name's newest version last.
    pub const ALL: &'static [Profile] = &[Profile::STANDARD, Profile::STANDARD_UTF8];

    /// The newest version of a profile.
    ///
    /// # Errors
    /// Refuses a name that no profile has, telling those there are.
    pub fn by_name(name: &str) -> Result<&'static Profile, UnknownProfile> {
        let newest = Profile::ALL
            .iter()
            .rev()
            .find(|profile| profile.name == name);
        newest.ok_or_else(|| UnknownProfile {
            name: name.to_owned(),
            version: None,
        })
    }

    /// The very version that a batch was exported with.
    ///
    /// # Errors
    /// Refuses a name or version that does not exist.
    pub fn by_version(name: &str, version: i32) -> Result<&'static Profile, UnknownProfile> {
        let mut all = Profile::ALL.iter();
        let found = all.find(|profile| profile.name == name && profile.version == version);
        found.ok_or_else(|| UnknownProfile {
            name: name.to_owned(),
            version: Some(version),
        })
    }
}

impl std::fmt::Display for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

fn version_ja(version: &Option<i32>) -> String {
    version
        .map(|version| format!("の第{version}版"))
        .unwrap_or_default()
}

fn names() -> String {
    let mut names: Vec<&str> = Profile::ALL.iter().map(|profile| profile.name).collect();
    names.dedup();
    names.join("、")
}
