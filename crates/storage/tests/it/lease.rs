//! Jobs as rows: found without a lock, taken by one worker, done exactly once however workers race, lag and die.

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;
use trunkline_storage::job::{self, Job, NewJob};
use trunkline_storage::{Database, Engine, Options, StorageError, values};

use crate::fixture::now;
use crate::world::{Done, World, later};

const LEASE_SECONDS: i64 = 60;

fn add(world: &World, customer_id: Id, job_id: Id, run_at: Timestamp) {
    world.write(move |tx| job::add(tx, &NewJob { customer_id, job_id, kind: "test", payload: "", run_at })).unwrap();
}

fn due(world: &World, now: Timestamp) -> Vec<(Id, Id)> {
    let jobs = world.read(move |tx| job::due(tx, now, 100)).unwrap();
    jobs.iter().map(|job| (job.customer_id, job.job_id)).collect()
}

fn take(database: &Database, job: &Job, now: Timestamp) -> Option<Job> {
    let job = job.clone();
    database.write::<_, StorageError, _>(move |tx| job::take(tx, &job, now, later(now, LEASE_SECONDS))).wait().unwrap().unwrap()
}

/// Does the job: its work is a row that can be there once, written in the commit that finishes it.
fn work(database: &Database, job: &Job, worker: usize) -> Done<()> {
    let job = job.clone();
    database
        .write::<_, StorageError, _>(move |tx| {
            let name = format!("job {} {}", job.customer_id, job.job_id);
            tx.execute("insert into installation (name, value) values ($1, $2)", values![&name, &worker.to_string()])?;
            if job::finish(tx, &job)? { Ok(()) } else { Err(StorageError::broken("another worker has done it")) }
        })
        .wait()
        .unwrap()
}

on_both! {
    fn due_jobs_come_in_the_order_of_their_moments(world: &mut World) {
        for (customer_id, job_id, seconds) in [(3, 1, 0), (1, 2, 5), (2, 3, -5), (1, 1, 0), (1, 9, 1), (0, 4, 0)] {
            add(world, customer_id, job_id, later(now(), seconds));
        }
        assert_eq!(due(world, now()), [(2, 3), (0, 4), (1, 1), (3, 1)]);
        assert_eq!(due(world, later(now(), 1)), [(2, 3), (0, 4), (1, 1), (3, 1), (1, 9)]);
        assert_eq!(world.read(job::earliest).unwrap(), Some(later(now(), -5)));
    }

    fn a_leased_job_is_nobody_elses_until_the_lease_ends(world: &mut World) {
        add(world, 7, 1, now());
        let found = world.read(|tx| job::due(tx, now(), 10)).unwrap().remove(0);
        let mine = take(world.database(), &found, now()).unwrap();
        assert_eq!(mine, Job { attempts: 1, ..found.clone() });
        assert!(take(world.database(), &found, now()).is_none());
        assert!(due(world, later(now(), LEASE_SECONDS - 1)).is_empty());
        // The worker is gone: its lease ends.
        let end = later(now(), LEASE_SECONDS);
        assert_eq!(due(world, end), [(7, 1)]);
        assert_eq!(take(world.database(), &found, end).unwrap().attempts, 2);
    }

    fn a_worker_that_comes_back_after_its_lease_changes_nothing(world: &mut World) {
        add(world, 7, 1, now());
        let found = world.read(|tx| job::due(tx, now(), 10)).unwrap().remove(0);
        let slow = take(world.database(), &found, now()).unwrap();
        let end = later(now(), LEASE_SECONDS);
        let quick = take(world.database(), &found, end).unwrap();
        // While the other one works, the slow one can neither finish, nor move it on, nor fail it.
        assert!(work(world.database(), &slow, 1).is_err());
        let late = slow.clone();
        assert!(!world.write(move |tx| job::go_on(tx, &late, "further", now())).unwrap());
        let late = slow.clone();
        world.write(move |tx| job::fail(tx, &late, "late", now())).unwrap();
        assert!(take(world.database(), &found, end).is_none(), "the lease of the other worker was broken");
        work(world.database(), &quick, 2).unwrap();
        assert!(work(world.database(), &slow, 1).is_err());
        assert_eq!(world.rows("select value from installation"), ["2"]);
        assert_eq!(world.number("select count(*) from job"), 0);
    }

    fn a_job_that_goes_on_is_taken_again_from_where_it_is(world: &mut World) {
        add(world, 7, 1, now());
        let stale = world.read(|tx| job::due(tx, now(), 10)).unwrap().remove(0);
        let first = take(world.database(), &stale, now()).unwrap();
        let moved = first.clone();
        assert!(world.write(move |tx| job::go_on(tx, &moved, "100", now())).unwrap());
        // Another worker had read the list before: it gets what is stored now, not what it saw.
        let second = take(world.database(), &stale, now()).unwrap();
        assert_eq!((second.payload.as_str(), second.attempts), ("100", 1));
        // The first worker, were it to go on again, would turn the job back.
        assert!(!world.write(move |tx| job::go_on(tx, &first, "50", now())).unwrap());
    }

    fn a_failed_job_waits_and_says_why(world: &mut World) {
        add(world, 7, 1, now());
        let found = world.read(|tx| job::due(tx, now(), 10)).unwrap().remove(0);
        let mine = take(world.database(), &found, now()).unwrap();
        world.write(move |tx| job::fail(tx, &mine, "no \"disk\"", later(now(), 10))).unwrap();
        assert!(due(world, later(now(), 9)).is_empty());
        assert_eq!(due(world, later(now(), 10)), [(7, 1)]);
        assert_eq!(world.rows("select last_error from job"), ["no \"disk\""]);
        assert_eq!(world.read(|tx| job::due(tx, later(now(), 10), 1)).unwrap()[0].attempts, 1);
    }

    /// Decision 25: two workers race over one list, and one dies in the middle of a job.
    fn two_workers_race_and_one_dies_and_each_job_is_done_once(world: &mut World) {
        const JOBS: i64 = 60;
        for job_id in 0..JOBS {
            add(world, job_id % 7, job_id, now());
        }
        // On PostgreSQL the second worker is another process with its own connections.
        let other = (world.engine == Engine::Postgres).then(|| Database::open(&world.place.url, Options::default()).unwrap());
        let databases = [world.database(), other.as_ref().unwrap_or(world.database())];
        let run = |worker: usize, moment: Timestamp, dies_after: usize| {
            let mut done = 0;
            loop {
                let found = databases[worker].read::<_, StorageError, _>(move |tx| job::due(tx, moment, 5)).wait().unwrap().unwrap();
                if found.is_empty() {
                    return done;
                }
                for job in found {
                    let Some(taken) = take(databases[worker], &job, moment) else { continue };
                    if done == dies_after {
                        return done;
                    }
                    work(databases[worker], &taken, worker).unwrap();
                    done += 1;
                }
            }
        };
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| run(0, now(), usize::MAX));
            let second = scope.spawn(|| run(1, now(), 3));
            (first.join().unwrap(), second.join().unwrap())
        });
        let jobs = usize::try_from(JOBS).unwrap();
        let left = usize::try_from(world.number("select count(*) from job")).unwrap();
        assert_eq!(first + second + left, jobs);
        // What the dead one held is found again when its lease has ended.
        assert_eq!(run(0, later(now(), LEASE_SECONDS), usize::MAX), left);
        assert_eq!(world.number("select count(*) from installation where name like 'job %'"), JOBS);
        assert_eq!(world.number("select count(*) from job"), 0);
        if let Some(other) = other {
            other.stop();
        }
    }
}
