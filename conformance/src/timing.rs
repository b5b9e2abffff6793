//! Timing of functions side by side.

use std::time::{Duration, Instant};

const ROUNDS: usize = 40;

/// How long a turn lasts, about.
const TURN: Duration = Duration::from_millis(5);

/// What a call takes: the least and the median over all rounds.
#[derive(Clone, Copy)]
pub struct Timing {
    pub least: Duration,
    pub median: Duration,
}

/// Times functions so that in every round each has its turn: what else the machine does falls on all of them alike.
pub fn time_together(mut functions: Vec<Box<dyn FnMut() + '_>>) -> Vec<Timing> {
    let repeats: Vec<u32> = functions.iter_mut().map(|call| repeats_in(TURN, call)).collect();
    let mut samples = vec![Vec::with_capacity(ROUNDS); functions.len()];
    for _ in 0..ROUNDS {
        for ((call, &repeats), samples) in functions.iter_mut().zip(&repeats).zip(&mut samples) {
            samples.push(mean_of(repeats, call));
        }
    }
    let timing = |mut samples: Vec<Duration>| {
        samples.sort();
        Timing { least: samples[0], median: samples[ROUNDS / 2] }
    };
    samples.into_iter().map(timing).collect()
}

fn repeats_in(turn: Duration, call: &mut dyn FnMut()) -> u32 {
    call();
    let once = mean_of(3, call);
    (turn.as_nanos() / once.as_nanos().max(1)).clamp(1, 100_000) as u32
}

fn mean_of(repeats: u32, call: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..repeats {
        call();
    }
    start.elapsed() / repeats
}
