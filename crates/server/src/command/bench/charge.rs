//! Owns `bench charge`: complete calls (authorize, start, stop) a second, each step durable before its answer, while many calls are open; beside
//! the bound of the same run.
//! Does not own: who calls (callers.rs), how it is asked (face.rs), and the bound (floor.rs).

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use trunkline_domain::secret::Secret;
use trunkline_storage::Engine;
use trunkline_usecase::nas::{self, NasNew, NasSettings};
use trunkline_usecase::{App, Context};

use super::callers::{self, Callers};
use super::connection::Connection;
use super::cost::{self, Written};
use super::face::{Asker, Call, FaceKind, SECRET, Step, Switch};
use super::server::{self, Server};
use super::{ChargeArguments, Latencies, count, floor, rounded, write_json};
use crate::{Failure, command};

/// Decisions of a call.
const STEPS: u32 = 3;
/// The pace at which the tail is looked at beside full and half load, in decisions a second.
const PACE: f64 = 10_000.0;
const GOAL_PACE_P99_MS: f64 = 5.0;

#[derive(Serialize)]
struct Row {
    name: String,
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    kilobytes_per_decision: Option<f64>,
}

#[derive(Serialize)]
struct Figures {
    accounts: usize,
    open: usize,
    /// What the disk can do at most: 8 KiB appended and synced, one after the other.
    syncs_per_second: f64,
    rows: Vec<Row>,
}

/// Whose calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spread {
    Uniform,
    /// Half of the calls on one hundredth of the customers.
    Skewed,
    /// All of customers of one reseller, who is charged as well.
    HotReseller,
}

impl Spread {
    const ALL: [Spread; 3] = [Spread::Uniform, Spread::Skewed, Spread::HotReseller];

    const fn name(self) -> &'static str {
        match self {
            Spread::Uniform => "uniform",
            Spread::Skewed => "skewed",
            Spread::HotReseller => "one hot reseller",
        }
    }

    fn caller(self, callers: &Callers, random: &mut ChaCha8Rng) -> String {
        let among = match self {
            Spread::Uniform => &callers.own[..],
            Spread::Skewed if random.random_ratio(1, 2) => &callers.own[..callers.own.len().div_ceil(100)],
            Spread::Skewed => &callers.own[..],
            Spread::HotReseller => &callers.of_reseller[..],
        };
        among[random.random_range(0..among.len())].clone()
    }
}

/// What one load shall be.
#[derive(Clone, Copy)]
struct Load {
    /// Of this run, so that no session is called like one of another load.
    number: usize,
    spread: Spread,
    /// Decisions a second; none: as many as can be.
    pace: Option<f64>,
}

/// Where the questions go.
enum Place {
    Here(Arc<App>),
    Server {
        server: Server,
        token: String,
    },
    /// With the ports for access and for accounting.
    Radius {
        server: Server,
        access: SocketAddr,
        accounting: SocketAddr,
    },
}

impl Place {
    async fn asker(&self) -> Result<Asker, Failure> {
        match self {
            Place::Here(app) => Ok(Asker::Direct(Arc::clone(app))),
            Place::Server { server, token } => Ok(Asker::Http(Connection::open(&server.base, token).await?)),
            Place::Radius { access, accounting, .. } => Ok(Asker::Radius(Switch::connect(*access, *accounting).await?)),
        }
    }

    /// Who writes, where that can be told: another process's PostgreSQL cannot be asked from here.
    fn written(&self, engine: Engine) -> Option<Written<'_>> {
        match (self, engine) {
            (Place::Here(app), _) => Some(Written::Here(app)),
            (Place::Server { server, .. } | Place::Radius { server, .. }, Engine::Sqlite) => Some(Written::By(server.process())),
            (Place::Server { .. } | Place::Radius { .. }, Engine::Postgres) => None,
        }
    }
}

pub fn run(arguments: &ChargeArguments) -> Result<(), Failure> {
    let url = &arguments.database.database_url;
    let app = command::open(url)?;
    command::refuse_filled(&app, url)?;
    let callers = Arc::new(callers::fill(&app, arguments.accounts)?);
    let syncs_per_second = cost::syncs_per_second(url)?;
    let lasting = Duration::from_secs(arguments.seconds);
    command::print(&format!("the disk syncs 8 KiB {syncs_per_second:.0} times a second"));
    command::print(&format!("{:<60} {:>10} {:>9} {:>9} {:>12}", "", "per second", "p50 ms", "p99 ms", "KB/decision"));
    let engine = app.database.engine();
    let mut rows = floor_rows(&app, arguments.accounts, lasting)?;
    let place = place(app, arguments)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut loads = 0;
    let mut measure = |spread: Spread, pace: Option<f64>, name: &str| -> Result<f64, Failure> {
        loads += 1;
        let load = Load { number: loads, spread, pace };
        let name = format!("{}, {}, {name}", arguments.face.name(), load.spread.name());
        let taken = runtime.block_on(measure(&place, engine, &callers, load, arguments))?;
        let decisions = taken.decisions.per_second;
        for (what, mut row) in [("decisions", taken.decisions), ("calls", taken.calls)] {
            row.name = format!("{name}, {what}");
            print(&row, load, what, goal(arguments.face, engine));
            rows.push(row);
        }
        Ok(decisions)
    };
    for spread in Spread::ALL {
        let full = measure(spread, None, "full load")?;
        measure(spread, Some(full / 2.0), "half load")?;
    }
    measure(Spread::Uniform, Some(PACE), "10000 decisions a second")?;
    match place {
        Place::Here(app) => app.database.stop(),
        Place::Server { server, .. } | Place::Radius { server, .. } => server.stop()?,
    }
    write_json(arguments.json.as_deref(), &Figures { accounts: arguments.accounts, open: arguments.open, syncs_per_second, rows })
}

fn goal(face: FaceKind, engine: Engine) -> f64 {
    match (engine, face) {
        (Engine::Postgres, _) => 15_000.0,
        (Engine::Sqlite, FaceKind::Direct) => 50_000.0,
        (Engine::Sqlite, FaceKind::Http) => 20_000.0,
        (Engine::Sqlite, FaceKind::Radius) => 30_000.0,
    }
}

fn print(row: &Row, load: Load, what: &str, goal: f64) {
    let kilobytes = row.kilobytes_per_decision.map_or(String::new(), |kilobytes| format!("{kilobytes:.2}"));
    let short = match load.pace {
        None if what == "decisions" && row.per_second < goal => format!("   below the goal of {goal}"),
        Some(PACE) if what == "decisions" && row.p99_ms > GOAL_PACE_P99_MS => format!("   over the goal of {GOAL_PACE_P99_MS} ms"),
        Some(pace) if what == "decisions" && row.per_second < pace * 0.95 => "   the pace could not be kept".to_owned(),
        _ => String::new(),
    };
    command::print(&format!("{:<60} {:>10.0} {:>9.2} {:>9.2} {kilobytes:>12}{short}", row.name, row.per_second, row.p50_ms, row.p99_ms));
}

fn floor_rows(app: &Arc<App>, accounts: usize, lasting: Duration) -> Result<Vec<Row>, Failure> {
    let floor = floor::measure(app, accounts, lasting)?;
    let row = |name: &str, per_second: f64| Row {
        name: name.to_owned(),
        per_second: rounded(per_second),
        p50_ms: 0.0,
        p99_ms: 0.0,
        kilobytes_per_decision: None,
    };
    let mut rows = vec![row("floor: bare balances and rows, 128 a commit", floor.pairs_per_second)];
    rows.extend(floor.function_per_second.map(|per_second| row("floor: a ledger function, one call a commit", per_second)));
    for row in &rows {
        command::print(&format!("{:<60} {:>10.0}", row.name, row.per_second));
    }
    Ok(rows)
}

/// Direct goes on with the open database; other faces get a server of its own process.
fn place(app: Arc<App>, arguments: &ChargeArguments) -> Result<Place, Failure> {
    if arguments.face == FaceKind::Direct {
        return Ok(Place::Here(app));
    }
    let url = &arguments.database.database_url;
    if arguments.face == FaceKind::Radius {
        let settings = NasSettings { reauthorizes: Some(true), ..NasSettings::default() };
        let new = NasNew { name: "bench".to_owned(), network: "127.0.0.1".to_owned(), secret: Secret::new(SECRET.to_owned()), settings };
        nas::create(&app, &Context::system(), new, |nas| nas.name.clone()).wait()??;
        app.database.stop();
        drop(app);
        let server = Server::start(url, &["--radius-auth", "127.0.0.1:0", "--radius-accounting", "127.0.0.1:0"])?;
        let port = |name| server.told(name)?.parse().map_err(|_| Failure::Unusable(format!("the server's {name} is no address")));
        let (access, accounting) = (port("radius-auth")?, port("radius-accounting")?);
        return Ok(Place::Radius { server, access, accounting });
    }
    let password = server::administrator(&app)?;
    app.database.stop();
    drop(app);
    let server = Server::start(url, &[])?;
    let token = server::sign_in(&server.base, &password)?;
    Ok(Place::Server { server, token })
}

struct Taken {
    decisions: Row,
    calls: Row,
}

async fn measure(place: &Place, engine: Engine, callers: &Arc<Callers>, load: Load, arguments: &ChargeArguments) -> Result<Taken, Failure> {
    let workers = arguments.outstanding;
    let mut tasks = Vec::with_capacity(workers);
    let opened = Arc::new(tokio::sync::Barrier::new(workers + 1));
    let ended = Arc::new(tokio::sync::Barrier::new(workers + 1));
    for number in 0..workers {
        let worker = Worker {
            asker: place.asker().await?,
            callers: Arc::clone(callers),
            random: ChaCha8Rng::seed_from_u64(u64::try_from(number)?),
            load,
            number,
            called: 0,
            share: workers,
            open: arguments.open / workers,
            lasting: Duration::from_secs(arguments.seconds),
        };
        tasks.push(tokio::spawn(worker.run(Arc::clone(&opened), Arc::clone(&ended))));
    }
    opened.wait().await;
    if let Place::Here(app) = place {
        app.reserve_ids()?;
    }
    let written = |place: &Place| place.written(engine).map(cost::written_bytes).transpose();
    let (started, bytes_before) = (Instant::now(), written(place)?);
    // What the worker of a server does.
    let reserving = async {
        let Place::Here(app) = place else { return std::future::pending::<Result<(), Failure>>().await };
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let app = Arc::clone(app);
            let reserved = tokio::task::spawn_blocking(move || app.reserve_ids()).await;
            reserved.map_err(|problem| Failure::Unusable(problem.to_string()))??;
        }
    };
    tokio::select! {
        _ = ended.wait() => {}
        failed = reserving => failed?,
    }
    let took = started.elapsed().as_secs_f64();
    let bytes = written(place)?;
    let (mut decisions, mut calls) = (Vec::new(), Vec::new());
    for task in tasks {
        let made = task.await.map_err(|problem| Failure::Unusable(problem.to_string()))??;
        decisions.extend(made.decisions);
        calls.extend(made.calls);
    }
    let kilobytes =
        bytes.zip(bytes_before).map(|(after, before)| rounded(count((after - before) / 1024) / count(decisions.len()).max(1.0)));
    let row = |latencies: Vec<Duration>, kilobytes_per_decision| {
        let per_second = rounded(count(latencies.len()) / took);
        let latencies = Latencies::of(latencies);
        Row { name: String::new(), per_second, p50_ms: latencies.at(500), p99_ms: latencies.at(990), kilobytes_per_decision }
    };
    Ok(Taken { decisions: row(decisions, kilobytes), calls: row(calls, None) })
}

/// How long each decision took, and of each call the deciding altogether.
#[derive(Default)]
struct Made {
    decisions: Vec<Duration>,
    calls: Vec<Duration>,
}

struct Worker {
    asker: Asker,
    callers: Arc<Callers>,
    random: ChaCha8Rng,
    load: Load,
    number: usize,
    called: u64,
    /// Workers that share the pace.
    share: usize,
    /// Calls that it keeps open.
    open: usize,
    lasting: Duration,
}

impl Worker {
    /// Opens its calls, then begins one and ends the oldest, again and again; in the end it ends all.
    async fn run(mut self, opened: Arc<tokio::sync::Barrier>, ended: Arc<tokio::sync::Barrier>) -> Result<Made, Failure> {
        let mut open = VecDeque::with_capacity(self.open + 1);
        let mut begun = Ok(());
        while open.len() < self.open && begun.is_ok() {
            let call = self.call();
            begun = self.begin(&call, &mut Made::default(), Instant::now()).await;
            open.push_back(call);
        }
        opened.wait().await;
        let made = match begun {
            Ok(()) => self.talk(&mut open).await,
            Err(problem) => Err(problem),
        };
        ended.wait().await;
        let made = made?;
        for call in open {
            self.asker.ask(&call, Step::Stop(60)).await?;
        }
        Ok(made)
    }

    async fn talk(&mut self, open: &mut VecDeque<Call>) -> Result<Made, Failure> {
        let mut made = Made::default();
        let started = Instant::now();
        let share = u32::try_from(self.share)?;
        let pause = self.load.pace.map(|pace| Duration::from_secs_f64(f64::from(STEPS * share) / pace.max(1.0)));
        // Each begins at another moment of the pause, so that they don't come all at once.
        let offset = pause.unwrap_or_default().mul_f64(count(self.number) / f64::from(share));
        let mut pace = pause.map(|pause| interval_at(started + offset, pause));
        if let Some(pace) = &mut pace {
            // Who is late catches up, and its lateness counts.
            pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
        }
        while started.elapsed() < self.lasting {
            let due = match &mut pace {
                Some(pace) => pace.tick().await,
                None => Instant::now(),
            };
            let call = self.call();
            self.begin(&call, &mut made, due).await?;
            open.push_back(call);
            if let Some(oldest) = open.pop_front() {
                let seconds = self.random.random_range(1..180);
                let asked = Instant::now();
                self.asker.ask(&oldest, Step::Stop(seconds)).await?;
                made.decisions.push(asked.elapsed());
            }
            made.calls.push(due.elapsed());
        }
        Ok(made)
    }

    fn call(&mut self) -> Call {
        self.called += 1;
        let identity = self.load.spread.caller(&self.callers, &mut self.random);
        let cld = self.random.random_range(10_000_000_000_u64..99_999_999_999).to_string();
        Call { session: format!("{}-{}-{}", self.load.number, self.number, self.called), identity, cld }
    }

    async fn begin(&mut self, call: &Call, made: &mut Made, due: Instant) -> Result<(), Failure> {
        self.asker.ask(call, Step::Authorize).await?;
        made.decisions.push(due.elapsed());
        let asked = Instant::now();
        self.asker.ask(call, Step::Start).await?;
        made.decisions.push(asked.elapsed());
        Ok(())
    }
}
