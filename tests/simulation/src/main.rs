//! `simulate`: many runs by seed, or one with its story.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use simulation::{Plan, Run, story};

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let (from, count) = (args[0], args.get(1).copied().unwrap_or(1));
    let began = std::time::Instant::now();
    let mut bad = 0;
    let mut kinds = std::collections::BTreeMap::<String, (u64, u64)>::new();
    for seed in from..from + count {
        let plan = Plan::of(seed);
        let t = std::time::Instant::now();
        let outcome = Run::of(&plan);
        if t.elapsed().as_millis() > 1000 {
            eprintln!("seed {seed} took {:?} {} h", t.elapsed(), plan.lasts.num_hours());
        }
        if count == 1 {
            println!("{}", story(&plan, &outcome));
        }
        if !outcome.broken.is_empty() {
            bad += 1;
            let k = &outcome.broken[0];
            let how: String = k.how.chars().filter(|c| !c.is_ascii_digit()).take(45).collect();
            let e = kinds.entry(format!("{}: {}", k.promise, how)).or_insert((0, seed));
            e.0 += 1;
        }
    }
    for (k, (n, s)) in kinds {
        println!("{n:6} first {s}: {k}");
    }
    println!("{count} runs, {bad} bad, {:?} each", began.elapsed() / u32::try_from(count).unwrap());
}
