//! Owns following sessions under way: it looks which of them run otherwise than the statuses permit or staff want, and asks their NASes to end
//! them or to change their speed, again and again while that does not help.
//! Does not own: what a session should be like (usecase/session/course.rs), and the packets (dynamic.rs).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use trunkline_usecase::App;
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::nas::{Directory, Nas, nas_of_session};
use trunkline_usecase::domain::service::Service;
use trunkline_usecase::error::Error;
use trunkline_usecase::session::{self, Astray, Found, Place, Which, Wish};

use crate::dynamic::{self, DynamicError, Session};
use crate::limits::{COURSE_ASKS_OF_NAS_MAX, COURSE_PAUSE, COURSE_RETRY, COURSE_RETRY_DOUBLED_MAX};
use crate::party;
use crate::reply::Template;
use crate::wire::attribute::Attribute;
use crate::wire::dictionary::Dictionary;

/// Follows sessions until it is dropped. What was not asked for by then is found again by the next one: it lies in the database.
pub struct Follower {
    _task: JoinSet<()>,
}

impl Follower {
    pub fn start(app: &Arc<App>, dictionary: &Arc<Dictionary>, directory: watch::Receiver<Arc<Directory>>) -> Follower {
        let mut following = Following {
            app: Arc::clone(app),
            dictionary: Arc::clone(dictionary),
            directory,
            known: HashMap::new(),
            turns: HashMap::new(),
            asks: JoinSet::new(),
            place: Place::default(),
            walk: 0,
        };
        let mut task = JoinSet::new();
        task.spawn(async move { following.run().await });
        Follower { _task: task }
    }
}

/// What is remembered of a session that is astray.
struct Known {
    wish: Wish,
    /// How often its NAS was asked.
    count: u32,
    /// Not before this moment again; none: it is being asked.
    next: Option<Instant>,
    outcome: Option<String>,
    /// The walk that met it last.
    walk: u64,
}

struct Asked {
    session_id: Id,
    outcome: String,
}

struct Following {
    app: Arc<App>,
    dictionary: Arc<Dictionary>,
    directory: watch::Receiver<Arc<Directory>>,
    /// By session.
    known: HashMap<Id, Known>,
    /// By NAS: so many are asked at once.
    turns: HashMap<Id, Arc<Semaphore>>,
    asks: JoinSet<Asked>,
    /// Where the walk through all open sessions stands.
    place: Place,
    walk: u64,
}

impl Following {
    async fn run(&mut self) {
        let mut ticks = tokio::time::interval(COURSE_PAUSE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => if let Err(problem) = self.look().await {
                    tracing::warn!(%problem, "open sessions could not be looked at; it is tried again");
                },
                Some(done) = self.asks.join_next() => match done {
                    Ok(asked) => self.note(asked),
                    Err(problem) => {
                        tracing::error!(%problem, "asking a NAS has failed");
                        self.known.clear();
                    }
                },
            }
        }
    }

    async fn look(&mut self) -> Result<(), Error> {
        let directory = Arc::clone(&self.directory.borrow());
        let nases: Arc<HashSet<Id>> = Arc::new(directory.dynamic().collect());
        if nases.is_empty() {
            return Ok(());
        }
        self.turns.retain(|nas_id, _| nases.contains(nas_id));
        let changed = session::astray(&self.app, Arc::clone(&nases), Which::Changed).await??;
        let walked = session::astray(&self.app, nases, Which::After(self.place)).await??;
        let Found { astray, next } = walked;
        for astray in changed.astray.into_iter().chain(astray) {
            self.ask(&directory, astray);
        }
        self.place = next.unwrap_or_default();
        if next.is_none() {
            // Those that the whole walk has not met have ended, or run as they should.
            self.known.retain(|_, known| known.walk == self.walk);
            self.walk += 1;
        }
        Ok(())
    }

    /// Asks for one session, unless its NAS was just asked, or is asked for many already: then a later look finds it again.
    fn ask(&mut self, directory: &Directory, astray: Astray) {
        let session_id = astray.session.session_id;
        if let Some(known) = self.known.get_mut(&session_id) {
            known.walk = self.walk;
            if known.next.is_none_or(|next| known.wish == astray.wish && next > Instant::now()) {
                return;
            }
        }
        let Some(nas) = nas_of_session(&astray.session.key).and_then(|nas_id| directory.get(nas_id)) else { return };
        let Some(wish) = self.wish_of(nas, astray.wish) else { return };
        let turns = self.turns.entry(nas.nas_id).or_insert_with(|| Arc::new(Semaphore::new(COURSE_ASKS_OF_NAS_MAX)));
        let Ok(turn) = Arc::clone(turns).try_acquire_owned() else { return };
        let before = self.known.remove(&session_id).filter(|known| known.wish == astray.wish);
        let (count, outcome) = before.map_or((0, None), |known| (known.count, known.outcome));
        let (app, dictionary, nas) = (Arc::clone(&self.app), Arc::clone(&self.dictionary), Arc::clone(nas));
        self.known.insert(session_id, Known { wish: astray.wish, count, next: None, outcome: outcome.clone(), walk: self.walk });
        self.asks.spawn(ask_one(app, dictionary, nas, astray, wish, outcome, turn));
    }

    /// None: the NAS has no lines for the speed, so that there is nothing to tell it.
    fn wish_of(&self, nas: &Nas, wish: Wish) -> Option<dynamic::Wish> {
        match wish {
            Wish::End(_) => Some(dynamic::Wish::End),
            Wish::Speed(speed) => {
                let lines: Vec<Attribute> = Template::of(nas, &self.dictionary).0.of_speed(speed, &self.dictionary);
                Some(lines).filter(|lines| !lines.is_empty()).map(dynamic::Wish::Change)
            }
        }
    }

    fn note(&mut self, asked: Asked) {
        if let Some(known) = self.known.get_mut(&asked.session_id) {
            known.next = Some(Instant::now() + COURSE_RETRY * 2_u32.pow(known.count.min(COURSE_RETRY_DOUBLED_MAX)));
            known.count += 1;
            known.outcome = Some(asked.outcome);
        }
    }
}

/// Asks for one session and keeps what came of it; the same as the time before is not told again.
async fn ask_one(
    app: Arc<App>,
    dictionary: Arc<Dictionary>,
    nas: Arc<Nas>,
    astray: Astray,
    wish: dynamic::Wish,
    before: Option<String>,
    _turn: OwnedSemaphorePermit,
) -> Asked {
    let outcome = match party::place(&nas, &astray.session.key) {
        Some((address, name)) => {
            let named = named(&astray, name);
            dynamic::ask(&nas, address, &named, wish, app.now(), &dictionary).await
        }
        None => Err(DynamicError::NoAddress(nas.name.clone())),
    };
    let (code, text) = match &outcome {
        Ok(()) => ("done", "done".to_owned()),
        Err(problem) => (problem.code(), problem.to_string()),
    };
    let what = astray.wish.code();
    metrics::counter!("trunkline_radius_dynamic_total", "wish" => what, "outcome" => code).increment(1);
    let is_done = outcome.is_ok();
    if before.as_ref() != Some(&text) {
        if let Err(problem) = &outcome {
            tracing::warn!(nas = nas.name, session = astray.session.key, wish = what, %problem, "a session could not be ended or changed");
        }
        let kept = session::asked(&app, &astray, &nas.name, &text, is_done).await;
        if let Err(problem) = kept.map_err(Error::from).and_then(|kept| kept) {
            tracing::warn!(%problem, "what a NAS answered could not be kept; it is asked again");
        }
    }
    Asked { session_id: astray.session.session_id, outcome: text }
}

/// By what the NAS is told which session. Of a call its name alone: what a switch called the parties was read more loosely than it compares.
fn named(astray: &Astray, name: &str) -> Session {
    let is_conf_id = party::is_conf_id(name);
    Session {
        session_id: (!is_conf_id).then(|| name.to_owned()),
        conf_id: is_conf_id.then(|| name.to_owned()),
        user_name: (astray.session.service == Service::Data).then(|| astray.identity.clone()),
    }
}
