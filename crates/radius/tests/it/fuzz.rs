//! Mutations of recorded packets, drawn from a seed, so that a fault comes back at the next run. `TRUNKLINE_FUZZ_SECONDS=3600` goes on
//! for an hour; `TRUNKLINE_FUZZ_SEED` begins elsewhere.

use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trunkline_radius::request::Request;
use trunkline_radius::wire::authenticator::{check_message, is_reply_right, is_request_right, stand_in};
use trunkline_radius::wire::dictionary::Dictionary;
use trunkline_radius::wire::packet::{PACKET_BYTES_MAX, Packet, PacketError, frame};

use crate::{SECRET, all_recorded};

const SECONDS_DEFAULT: u64 = 3;
const MUTATIONS_MAX: usize = 6;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a whole number")))
}

/// All that is done with bytes before anything is known of their sender, and what is then done with a packet.
fn look_at(bytes: &[u8], dictionary: &Dictionary) {
    let packet = match Packet::decode(bytes) {
        Ok(packet) => packet,
        Err(problem) => {
            let _ = problem.to_string();
            return;
        }
    };
    let frame = frame(bytes).unwrap();
    let _ = check_message(frame, &stand_in(packet.code, packet.authenticator), SECRET);
    let _ = (is_request_right(frame, SECRET), is_reply_right(frame, &packet.authenticator, SECRET));
    for attribute in &packet.attributes {
        let _ = dictionary.words(attribute);
    }
    match Request::read(&packet, SECRET, dictionary) {
        Ok(request) => drop((request.proof.is_made_with(b"open sesame"), request.pair("Session").map(str::to_owned))),
        Err(problem) => drop(problem.to_string()),
    }
    match packet.encode() {
        Ok(again) => assert_eq!(Packet::decode(&again).unwrap(), packet),
        // Several attributes of a vendor in one envelope take more room one by one.
        Err(problem) => assert!(matches!(problem, PacketError::TooLong { .. }), "{problem}"),
    }
}

/// One change: a byte, a bit, a piece taken out, doubled, brought from another packet, or a length that lies.
fn mutate(bytes: &mut Vec<u8>, others: &[(String, Vec<u8>)], lots: &mut ChaCha8Rng) {
    let at = lots.random_range(0..=bytes.len());
    let end = lots.random_range(at..=bytes.len());
    match lots.random_range(0..8) {
        0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = lots.random()),
        1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << lots.random_range(0..8)),
        2 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = [0, 1, 2, 3, 26, 80, 127, 254, 255][lots.random_range(0..9)]),
        3 => drop(bytes.drain(at..end)),
        4 => {
            let piece = bytes[at..end].to_vec();
            bytes.splice(at..at, piece);
        }
        5 => {
            let other = &others[lots.random_range(0..others.len())].1;
            let from = lots.random_range(0..=other.len());
            let to = lots.random_range(from..=other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        6 => bytes.truncate(at),
        _ => bytes.extend((0..lots.random_range(1..40)).map(|_| lots.random::<u8>())),
    }
    bytes.truncate(PACKET_BYTES_MAX + 8);
    // Mostly with a length that is right, or nothing behind the header would ever be looked at.
    if bytes.len() >= 4 && lots.random_range(0..10) != 0 {
        let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
        bytes[2..4].copy_from_slice(&length);
    }
}

#[test]
fn recorded_packets_are_looked_at_without_a_panic() {
    let dictionary = Dictionary::built_in().unwrap();
    for (_, bytes) in all_recorded() {
        look_at(&bytes, &dictionary);
        for length in 0..bytes.len() {
            look_at(&bytes[..length], &dictionary);
        }
    }
}

#[test]
fn mutated_packets_are_looked_at_without_a_panic() {
    let seconds = setting("TRUNKLINE_FUZZ_SECONDS", SECONDS_DEFAULT);
    let first = setting("TRUNKLINE_FUZZ_SEED", 1);
    let dictionary = Dictionary::built_in().unwrap();
    let recorded = all_recorded();
    let begin = Instant::now();
    let mut seed = first;
    while begin.elapsed() < Duration::from_secs(seconds) {
        for _ in 0..1_000 {
            let mut lots = ChaCha8Rng::seed_from_u64(seed);
            let mut bytes = recorded[lots.random_range(0..recorded.len())].1.clone();
            for _ in 0..lots.random_range(1..=MUTATIONS_MAX) {
                mutate(&mut bytes, &recorded, &mut lots);
            }
            let outcome = std::panic::catch_unwind(|| look_at(&bytes, &dictionary));
            assert!(outcome.is_ok(), "TRUNKLINE_FUZZ_SEED={seed}: {bytes:02x?}");
            seed += 1;
        }
    }
    println!("{} packets in {} s, from seed {first} on", seed - first, begin.elapsed().as_secs());
}
