//! The parameters after the question mark.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde::de::value::Error;

use super::json_words::in_japanese;
use super::paging::PageParameters;
use front::Problem;
use ledger::PageRequest;

/// Query parameters. Refuses unknown, doubled and unreadable ones (400), each by its name.
#[derive(Debug)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Parameters<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Parameters))
    }
}

/// Query parameters of a list that comes a page at a time: what it is of, and which page
/// ([`PageParameters`], which the operation documents beside its own).
#[derive(Debug)]
pub struct Paged<T>(pub T, pub PageRequest);

impl<T: DeserializeOwned> FromRequest for Paged<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_paged(request.query_string()))
    }
}

fn read_paged<T: DeserializeOwned>(query: &str) -> Result<Paged<T>, Problem> {
    let is_of_page = |(name, _): &(String, String)| PageParameters::NAMES.contains(&name.as_str());
    let (of_page, others) = pairs(query).partition(is_of_page);
    let page: PageParameters = read_pairs(of_page)?;
    Ok(Paged(read_pairs(others)?, page.page()))
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    read_pairs(pairs(query).collect())
}

/// What was given: an empty value was not, for forms send every field.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    pairs.into_iter().filter(|(_, value)| !value.is_empty())
}

fn read_pairs<T: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<T, Problem> {
    let text = serde::de::value::MapDeserializer::<_, Error>::new(
        pairs.into_iter().map(|(name, value)| (name, Text(value))),
    );
    serde_path_to_error::deserialize(text).map_err(|error| {
        let name = error.path().to_string();
        let words = error.into_inner().to_string();
        let name = if name == "." { named_in(&words) } else { name };
        Problem::parameter(
            StatusCode::BAD_REQUEST,
            "query_unreadable",
            &name,
            &in_japanese(&words),
        )
    })
}

/// The first name between backquotes: serde names an unknown or missing field so.
fn named_in(words: &str) -> String {
    words.split('`').nth(1).unwrap_or("?").to_owned()
}

/// A value as text, read as whatever its field is.
struct Text(String);

impl serde::de::IntoDeserializer<'_, Error> for Text {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident => $visit:ident),+ $(,)?) => {$(
        fn $method<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(serde::de::Error::custom(format!(
                    "「{}」は数として読めません",
                    self.0.chars().take(40).collect::<String>()
                ))),
            }
        }
    )+};
}

impl<'de> serde::Deserializer<'de> for Text {
    type Error = Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(serde::de::IntoDeserializer::<Error>::into_deserializer(
            self.0.as_str(),
        ))
    }

    parsed! {
        deserialize_bool => visit_bool,
        deserialize_i32 => visit_i32,
        deserialize_i64 => visit_i64,
        deserialize_u8 => visit_u8,
        deserialize_u16 => visit_u16,
        deserialize_u32 => visit_u32,
        deserialize_u64 => visit_u64,
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
