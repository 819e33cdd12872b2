//! What a handler of a page takes from its request, and how it answers: who looks and in which
//! language ([`Page`], [`Guest`]), what a form says ([`Form`]), what a script of a page sends ([`Sent`]).

mod fields;
mod form;
mod language;
mod list_file;
mod notice;
mod refusal;
mod sent;

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;
use domain::Roles;
use front::{Front, Problem, from_where, session_cookie};
use ledger::people::{SessionOpened, SessionStage, SessionView};
use ledger::{Call, Caller, Ledger, Operation};
use uuid::Uuid;

pub use fields::{Fields, wrong};
pub(crate) use form::admitted;
pub use form::{Form, GuestForm};
pub use language::{language_of, own_address};
pub use list_file::csv_file;
use notice::Notice;
pub use refusal::refusal_words;
pub use sent::Sent;

use crate::messages::Language;
use crate::screens::{Group, Screen, menu};
use crate::{Web, assets, words};

/// What a page may load: files of this service; no inline scripts or styles.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A page for somebody who has signed in. Who has not is sent to do so.
pub struct Page {
    /// Who looks, where they have a session.
    pub session: Option<SessionView>,
    /// In which language.
    pub language: Language,
    /// The address looked at, path and query.
    pub address: String,
    front: Front,
    call: Call,
    csrf: String,
    notice: Option<Notice>,
}

/// A page for anybody, be they signed in, half signed in, or not at all.
pub struct Guest(pub Page);

impl FromRequest for Page {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Page::signed_in(&request).await })
    }
}

impl FromRequest for Guest {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Page::of(&request).await.map(Guest) })
    }
}

/// Routes what belongs to every page.
pub fn routes(routes: &mut ServiceConfig) {
    language::routes(routes);
}

/// The page to sign in at, which leads back to the address asked for.
pub fn sign_in_address(request: &HttpRequest) -> String {
    let next = request
        .uri()
        .path_and_query()
        .map_or("/", |url| url.as_str());
    if next == "/" {
        return "/sign-in".to_owned();
    }
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    format!("/sign-in?{query}")
}

/// Answers with a rendered page.
pub fn html(response: &mut HttpResponseBuilder, language: Language, page: String) -> HttpResponse {
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CONTENT_LANGUAGE, language.as_str()))
        .body(page)
}

fn sign_in_needed() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign_in_needed",
        "サインインしてください。入力したものは、サインインしてから送り直してください",
    )
}

impl Page {
    /// The page of a request by somebody who has signed in all the way.
    pub(crate) async fn signed_in(request: &HttpRequest) -> Result<Self, Problem> {
        let page = Self::of(request).await?;
        let stage = page.session.as_ref().map(|session| session.stage);
        match stage {
            Some(SessionStage::Full) => Ok(page),
            _ => Err(sign_in_needed()),
        }
    }

    /// The page of a request by anybody.
    pub(crate) async fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let web = request.app_data::<web::Data<Web>>();
        let front = web.ok_or_else(Problem::internal)?.front.clone();
        let secret = session_cookie::read(request);
        let caller = secret
            .as_ref()
            .map_or(Caller::Nobody, |secret| Caller::Session(secret.digest()));
        let call = from_where(request, Call::by(caller));
        let mut page = Self {
            session: None,
            language: language_of(request),
            address: request.uri().to_string(),
            csrf: secret.as_ref().map(|s| s.csrf_token()).unwrap_or_default(),
            notice: Notice::of(request),
            front,
            call,
        };
        if secret.is_some() {
            let call = page.call();
            let session = page.run(move |ledger| ledger.show_session(&call)).await;
            page.session = match session {
                Ok(session) => Some(session),
                Err(problem) if problem.status == StatusCode::UNAUTHORIZED => None,
                Err(problem) => return Err(problem),
            };
        }
        Ok(page)
    }

    /// Who asks, without a key: for looking.
    pub fn call(&self) -> Call {
        self.call.clone()
    }

    /// What both doors share.
    pub fn front(&self) -> &Front {
        &self.front
    }

    /// Runs a use case on a thread that may wait for the database.
    pub async fn run<T, F>(&self, use_case: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Ledger) -> ledger::Result<T> + Send + 'static,
    {
        self.front.run(use_case).await
    }

    /// Answers with a page.
    pub fn show(&self, template: &impl Template) -> Result<HttpResponse, Problem> {
        self.show_as(StatusCode::OK, template)
    }

    /// Answers with a page, the refusal's if something was refused: the form again, with what is
    /// wrong beside the field. A failure of the program itself is no page of the form's.
    pub fn show_form(
        &self,
        fields: &Fields,
        template: &impl Template,
    ) -> Result<HttpResponse, Problem> {
        match fields.refusal() {
            Some(problem) if problem.status.is_server_error() => Err(problem.clone()),
            Some(problem) => self.show_as(problem.status, template),
            None => self.show(template),
        }
    }

    fn show_as(
        &self,
        status: StatusCode,
        template: &impl Template,
    ) -> Result<HttpResponse, Problem> {
        let page = template.render().map_err(|error| {
            tracing::error!("a page could not be rendered: {error}");
            Problem::internal()
        })?;
        let mut response = HttpResponse::build(status);
        if self.notice.is_some() {
            response.append_header((header::SET_COOKIE, Notice::clear()));
        }
        Ok(html(&mut response, self.language, page))
    }

    /// Goes on to an address of this service, by GET, so that a reload repeats nothing.
    pub fn go(&self, to: &str) -> HttpResponse {
        HttpResponse::SeeOther()
            .insert_header((header::LOCATION, to))
            .finish()
    }

    /// Goes on to an address, where a message says what was done. `count` fills its `{ $count }`.
    pub fn done(&self, to: &str, message: &'static str, count: Option<i64>) -> HttpResponse {
        let notice = Notice { message, count };
        HttpResponse::SeeOther()
            .insert_header((header::LOCATION, to))
            .append_header((header::SET_COOKIE, notice.set()))
            .finish()
    }

    /// What was done just now, in words.
    pub fn notice(&self) -> Option<String> {
        let notice = self.notice.as_ref()?;
        let count = words::count(notice.count.unwrap_or_default());
        Some(self.t1(notice.message, "count", &count))
    }

    /// A message.
    pub fn t(&self, key: &str) -> String {
        self.language.text(key)
    }

    /// A message with one value.
    pub fn t1(&self, key: &str, name: &str, value: impl Display) -> String {
        self.language.text_with(key, &[(name, &value)])
    }

    /// A message with two values.
    pub fn t2(
        &self,
        key: &str,
        name: &str,
        value: impl Display,
        other: &str,
        other_value: impl Display,
    ) -> String {
        let values = [(name, &value as &dyn Display), (other, &other_value)];
        self.language.text_with(key, &values)
    }

    /// Whether who looks may do an operation: whether to show what leads to it. The use case asks again.
    pub fn may(&self, operation: Operation) -> bool {
        self.roles()
            .is_some_and(|roles| operation.allowed().to(roles))
    }

    /// Refuses who may not do an operation, before a page that asks no use case is shown.
    ///
    /// # Errors
    /// `not_permitted`.
    pub fn require(&self, operation: Operation) -> Result<(), Problem> {
        if self.may(operation) {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "not_permitted",
            "この画面は、あなたの役割では使えません。使うことになったら、管理者に役割を足してもらってください",
        ))
    }

    /// The roles of who looks, once they have signed in all the way.
    pub fn roles(&self) -> Option<Roles> {
        let session = self.session.as_ref();
        let session = session.filter(|session| session.stage == SessionStage::Full);
        session.map(|session| session.roles)
    }

    /// The same page in a session that has just begun.
    #[must_use]
    pub fn within(mut self, opened: &SessionOpened) -> Self {
        self.csrf = opened.secret.csrf_token();
        self.session = Some(opened.session.clone());
        self
    }

    /// What who looks is called.
    pub fn person(&self) -> &str {
        let session = self.session.as_ref();
        session.map_or("", |s| s.display_name.as_deref().unwrap_or(&s.name))
    }

    /// The token that every change by this session has to show.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// A key for one change: sent twice, it is done once (R6).
    pub fn key(&self) -> String {
        Uuid::new_v4().to_string()
    }

    /// The address of a file of the pages' own.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The parts of the menu, each with its entries.
    pub fn menu(&self) -> Vec<(Group, Vec<(&'static Screen, &'static str)>)> {
        let Some(roles) = self.roles() else {
            return Vec::new();
        };
        let groups = Group::MENU
            .into_iter()
            .map(|group| (group, menu(group, roles)));
        groups.filter(|(_, entries)| !entries.is_empty()).collect()
    }

    /// Whether a screen of the menu is the one looked at, or what is looked at lies under it.
    pub fn is_at(&self, screen: &Screen) -> bool {
        let path = self.address.split('?').next().unwrap_or_default();
        match path.strip_prefix(screen.path) {
            Some("") => true,
            Some(rest) => screen.path != "/" && rest.starts_with('/'),
            None => false,
        }
    }

    /// The address that switches to the other language and leads back here.
    pub fn language_switch(&self) -> String {
        let to = self.language.other().as_str();
        let query = serde_urlencoded::to_string([("to", to), ("back", &self.address)]);
        format!("/language?{}", query.unwrap_or_default())
    }

    /// What a refusal says in this language: the kind where that is not Japanese, then the occurrence.
    pub fn refusal_words(&self, problem: &Problem) -> (Option<String>, String) {
        refusal_words(problem, self.language)
    }
}
