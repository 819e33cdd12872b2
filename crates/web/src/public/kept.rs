//! What is kept of the public pages: their bytes, so that a look costs no look at the database.
//!
//! Kept bytes are sent as long as nothing has happened since they were made. What this process wrote
//! shows in a count (`Ledger::writes_done`), which every request compares: so a change is seen at once by
//! whoever asks after it was answered. What other processes wrote shows in the ends of the audit log's
//! chains; they are looked at every [`LOOK_AFTER`] where anybody asks, and nobody is given bytes that
//! were last known to hold longer than [`HOLDS_AT_MOST`] ago. Between the two, one request looks, and the
//! others are given what is kept. A look that finds news of a campaign makes its bytes anew; there is
//! never more than one such look or making at a time, whoever waits for it or goes away meanwhile.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use front::{Front, Problem};
use ledger::accounting::{CampaignNews, CampaignWatch, Reading};
use ledger::{Call, Caller, Ledger, LedgerError};

use super::answer::{Form, Ready, not_found_json};
use super::drawn;

/// The database is asked for what other processes did no oftener than this.
const LOOK_AFTER: Duration = Duration::from_millis(250);
/// Bytes are given out for so long after they were last known to hold, while somebody looks.
const HOLDS_AT_MOST: Duration = Duration::from_millis(600);
/// Campaigns kept at most; past that, all are made anew. An office has some dozens.
const CAMPAIGNS_MAX: usize = 1_000;

/// The bytes kept, and who sees to it that they hold. One for all threads of a process.
#[derive(Default)]
pub struct Kept {
    shelf: RwLock<Shelf>,
    /// Who looks, and how far they have read. Held for as long as the look and the making take.
    looking: Mutex<CampaignWatch>,
    /// Those who wait for the one who looks: they hold no thread.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Shelf {
    /// Up to when all that happened is known; none before the first look.
    seen: Option<Seen>,
    campaigns: HashMap<String, Campaign>,
}

/// How much was known, and when.
#[derive(Clone, Copy)]
struct Seen {
    at: Instant,
    /// Writes of this process that were over.
    writes: u64,
    reading: Reading,
}

/// A campaign's bytes, and what was known when they were made.
#[derive(Clone)]
struct Campaign {
    reading: Reading,
    forms: Arc<[Ready]>,
}

/// How far kept bytes can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// They hold.
    Holds,
    /// They may be given out while somebody looks.
    Due,
    /// Not without a look.
    Gone,
}

impl Kept {
    /// Answers a request for a campaign's page in one of its forms.
    ///
    /// # Errors
    /// 404 for a campaign that has no public page, or that there is not.
    pub async fn answer(
        self: &Arc<Self>,
        front: &Front,
        request: &HttpRequest,
        form: Form,
    ) -> Result<HttpResponse, Problem> {
        let code = request.match_info().query("code");
        match self.find(front, code, form).await {
            Ok(ready) => Ok(ready.answer(request)),
            Err(problem) if form == Form::Json && problem.status == StatusCode::NOT_FOUND => {
                Ok(not_found_json(&problem.detail))
            }
            Err(problem) => Err(problem),
        }
    }

    async fn find(
        self: &Arc<Self>,
        front: &Front,
        code: &str,
        form: Form,
    ) -> Result<Ready, Problem> {
        let _turn = match self.on_shelf(&front.ledger, code, form) {
            Some((ready, Trust::Holds)) => return Ok(ready),
            Some((ready, _)) => match self.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(ready),
            },
            None => self.turn.lock().await,
        };
        // Somebody may have looked while this one waited.
        if let Some((ready, Trust::Holds)) = self.on_shelf(&front.ledger, code, form) {
            return Ok(ready);
        }
        let (kept, asked) = (Arc::clone(self), code.to_owned());
        let forms = front.run(move |ledger| kept.look(ledger, &asked)).await?;
        forms
            .get(form.place())
            .cloned()
            .ok_or_else(Problem::internal)
    }

    /// What is kept, unless it cannot be relied on.
    fn on_shelf(&self, ledger: &Ledger, code: &str, form: Form) -> Option<(Ready, Trust)> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        let (trust, forms) = shelf.find(ledger, code)?;
        (trust != Trust::Gone).then(|| Some((forms.get(form.place())?.clone(), trust)))?
    }

    /// Looks what has happened, and makes a campaign's bytes anew where that is news of it.
    fn look(&self, ledger: &Ledger, code: &str) -> ledger::Result<Arc<[Ready]>> {
        let mut watch = lock(&self.looking);
        // A look whose asker went away may have gone on in the background and ended just now.
        let found = {
            let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
            shelf
                .find(ledger, code)
                .map(|(trust, forms)| (trust, Arc::clone(forms)))
        };
        if let Some((Trust::Holds, forms)) = found {
            return Ok(forms);
        }
        // In this order: what happens in between is looked for again, and never missed.
        let (at, writes) = (Instant::now(), ledger.writes_done());
        let reading = ledger.read_campaign_news(&mut watch)?;
        let seen = Seen {
            at,
            writes,
            reading,
        };
        let before = self.campaign(code);
        let news = match &before {
            Some(before) => reading.news_since(&before.reading),
            None => CampaignNews::ALL,
        };
        let campaign = match before {
            Some(before) if news.is_none() => before,
            _ => Campaign {
                reading,
                forms: made(ledger, code, news).inspect_err(|_| self.put(seen, code, None))?,
            },
        };
        let forms = Arc::clone(&campaign.forms);
        self.put(seen, code, Some(campaign));
        Ok(forms)
    }

    fn campaign(&self, code: &str) -> Option<Campaign> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        shelf.campaigns.get(code).cloned()
    }

    fn put(&self, seen: Seen, code: &str, campaign: Option<Campaign>) {
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        shelf.seen = Some(seen);
        match campaign {
            Some(campaign) => {
                if shelf.campaigns.len() >= CAMPAIGNS_MAX {
                    shelf.campaigns.clear();
                }
                shelf.campaigns.insert(code.to_owned(), campaign);
            }
            None => {
                shelf.campaigns.remove(code);
            }
        }
    }
}

impl Shelf {
    /// A campaign's bytes, and how far they can be relied on just now.
    fn find(&self, ledger: &Ledger, code: &str) -> Option<(Trust, &Arc<[Ready]>)> {
        let campaign = self.campaigns.get(code)?;
        let seen = self.seen?;
        let is_of_now = seen.writes == ledger.writes_done()
            && seen.reading.is_of(ledger.today())
            && seen.reading.news_since(&campaign.reading).is_none();
        let age = seen.at.elapsed();
        let trust = match is_of_now {
            true if age < LOOK_AFTER => Trust::Holds,
            true if age < HOLDS_AT_MOST => Trust::Due,
            _ => Trust::Gone,
        };
        Some((trust, &campaign.forms))
    }
}

/// A campaign's bytes in every form.
fn made(ledger: &Ledger, code: &str, news: CampaignNews) -> ledger::Result<Arc<[Ready]>> {
    let nobody = Call::by(Caller::Nobody);
    let shown = ledger.show_public_campaign(&nobody, code, news)?;
    if shown.campaign != code {
        // The same code in other letters: one address a campaign, and one place on the shelf.
        return Err(LedgerError::not_found(
            "campaign_not_found",
            "この募集のページはありません。アドレスを確かめてください",
        ));
    }
    let drawn = Form::ALL.into_iter().map(|form| {
        let bytes = drawn::draw(form, &shown);
        bytes
            .map(|bytes| Ready::new(form, bytes))
            .map_err(|error| LedgerError::Corrupt(format!("the public page: {error}")))
    });
    drawn.collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
