//! Timing of functions side by side.

use std::time::{Duration, Instant};

/// How long a turn lasts at least: short, so that many turns go undisturbed.
const TURN: Duration = Duration::from_millis(1);

/// How long one function is measured, within the limits of how often.
const SPAN: Duration = Duration::from_millis(500);
const ROUNDS: (u128, u128) = (21, 201);

/// What a call takes: the least and the median over all rounds.
#[derive(Clone, Copy)]
pub struct Timing {
    pub least: Duration,
    pub median: Duration,
}

/// Times functions so that in every round each has its turn: what else the machine does falls on all of them alike.
pub fn time_together(mut functions: Vec<Box<dyn FnMut() + '_>>) -> Vec<Timing> {
    let onces: Vec<Duration> = functions.iter_mut().map(once).collect();
    let repeats = onces.iter().map(|&once| TURN.div_duration_f64(once).ceil() as u32);
    let repeats: Vec<u32> = repeats.collect();
    let longest = onces.into_iter().max().unwrap_or_default().max(TURN);
    let rounds = (SPAN.as_nanos() / longest.as_nanos()).clamp(ROUNDS.0, ROUNDS.1);

    let mut samples = vec![Vec::new(); functions.len()];
    for _ in 0..rounds {
        for ((call, &repeats), samples) in functions.iter_mut().zip(&repeats).zip(&mut samples) {
            samples.push(mean_of(repeats, call));
        }
    }
    let timing = |mut samples: Vec<Duration>| {
        samples.sort();
        Timing { least: samples[0], median: samples[samples.len() / 2] }
    };
    samples.into_iter().map(timing).collect()
}

/// What a call takes about, the very first one not counted.
fn once(call: &mut Box<dyn FnMut() + '_>) -> Duration {
    call();
    mean_of(3, call).max(Duration::from_nanos(1))
}

fn mean_of(repeats: u32, call: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..repeats {
        call();
    }
    start.elapsed() / repeats
}
