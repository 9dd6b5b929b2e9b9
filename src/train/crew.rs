//! Threads that help a lane with large pieces of work while permits are spare.
//!
//! One piece is shared at a time; whoever brings a second meanwhile does it alone, as does everybody
//! while all permits are held: a helper computes only while it holds one, too. A helper watches for the
//! next piece for [`WATCH`] and then sleeps, so that an update's pieces find it awake.
//!
//! Invariant: a piece is over for its owner only when no helper can touch it any more, also if one of
//! its parts panics. No result depends on who does which part ([`Hands`]).

#![expect(unsafe_code, reason = "helpers live longer than the work that they are lent")]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crate::numeric::Hands;

use super::Permits;

/// How long a helper that has just worked stays awake: long enough for the system to give it a core of
/// its own, which it does for who asks for one, and not for who sleeps most of the time.
const WATCH: Duration = Duration::from_millis(10);

/// The helpers of all lanes that share some permits.
#[derive(Debug)]
pub(super) struct Crew {
    permits: Weak<Permits>,
    count: usize,
    board: Arc<Board>,
    /// Helpers are hired with the first piece of work.
    hired: OnceLock<()>,
}

impl Crew {
    /// A crew that works on these permits.
    pub(super) fn of(permits: &Arc<Permits>) -> Self {
        Self {
            permits: Arc::downgrade(permits),
            count: permits.count(),
            board: Arc::new(Board::default()),
            hired: OnceLock::new(),
        }
    }

    fn hire(&self) {
        for number in 1..self.count {
            let (board, permits) = (Arc::clone(&self.board), Weak::clone(&self.permits));
            let named = thread::Builder::new().name(format!("helper {number}"));
            // With fewer helpers, or none, the work is done all the same.
            if named.spawn(move || help(&board, &permits)).is_err() {
                break;
            }
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.board.closed.store(true, Ordering::Release);
        self.board.wake();
    }
}

impl Hands for Crew {
    fn count(&self) -> usize {
        self.count
    }

    fn share(&self, parts: usize, part: &(dyn Fn(usize) + Sync)) {
        self.hired.get_or_init(|| self.hire());
        let (taken, from_the_end) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let piece = Piece { part, parts, taken: &taken, from_the_end: &from_the_end };
        let has_spare = self.permits.upgrade().is_some_and(|permits| permits.has_spare());
        let posted = has_spare && self.board.post(piece);
        let own = catch_unwind(AssertUnwindSafe(|| piece.work_forwards()));
        let theirs = if posted { self.board.withdraw() } else { Ok(()) };
        if let Err(panic) = own {
            resume_unwind(panic);
        }
        assert!(theirs.is_ok(), "a helper panicked");
    }
}

/// Work in parts. Its owner takes them from the first on and helpers from the last on, so that with
/// every update the same numbers tend to meet the same core.
#[derive(Clone, Copy)]
struct Piece<'a> {
    part: &'a (dyn Fn(usize) + Sync),
    parts: usize,
    /// Parts that somebody has asked for.
    taken: &'a AtomicUsize,
    /// Those of them that helpers have.
    from_the_end: &'a AtomicUsize,
}

impl Piece<'_> {
    /// Whether a part is left, for whoever asks.
    fn take(&self) -> bool {
        self.taken.fetch_add(1, Ordering::Relaxed) < self.parts
    }

    /// The owner's share.
    fn work_forwards(&self) {
        let mut part = 0;
        while self.take() {
            (self.part)(part);
            part += 1;
        }
    }

    /// A helper's share.
    fn work_backwards(&self) {
        while self.take() {
            let before = self.from_the_end.fetch_add(1, Ordering::Relaxed);
            (self.part)(self.parts - 1 - before);
        }
    }
}

/// Where a piece of work is posted.
#[derive(Debug, Default)]
struct Board {
    posted: Mutex<Option<Posted>>,
    /// Counts pieces, for those who watch.
    pieces: AtomicU64,
    /// Helpers at the posted piece; changed from zero only under the lock of `posted`.
    inside: AtomicUsize,
    panicked: AtomicBool,
    /// Helpers that wait for a call; changed under the lock of `posted`.
    asleep: AtomicUsize,
    closed: AtomicBool,
    called: Condvar,
}

/// The piece on the board, as if it lived for ever.
#[derive(Clone, Copy)]
struct Posted(Piece<'static>);

impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Posted")
    }
}

impl Board {
    /// No code that can panic runs under the lock.
    fn lock(&self) -> MutexGuard<'_, Option<Posted>> {
        self.posted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a piece up, unless another is there. Who did must [`Board::withdraw`] it before it goes.
    fn post(&self, piece: Piece<'_>) -> bool {
        let mut posted = self.lock();
        if posted.is_some() {
            return false;
        }
        // SAFETY: only the lifetime is changed. Helpers touch the piece between joining it under the
        // lock and leaving `inside`; `withdraw`, which the caller runs whatever happens before the piece
        // goes, takes it down under the lock and waits until nobody is inside.
        let piece = unsafe { std::mem::transmute::<Piece<'_>, Piece<'static>>(piece) };
        *posted = Some(Posted(piece));
        self.pieces.fetch_add(1, Ordering::Release);
        let any_asleep = self.asleep.load(Ordering::Relaxed) > 0;
        drop(posted);
        if any_asleep {
            self.called.notify_all();
        }
        true
    }

    /// Takes the piece down and waits until no helper is at it; an error if one panicked.
    fn withdraw(&self) -> Result<(), ()> {
        *self.lock() = None;
        let mut rounds = 0_u32;
        while self.inside.load(Ordering::Acquire) > 0 {
            rounds += 1;
            if rounds < 64 {
                std::hint::spin_loop();
            } else {
                thread::yield_now();
            }
        }
        if self.panicked.swap(false, Ordering::Relaxed) { Err(()) } else { Ok(()) }
    }

    /// Works on what is posted, if anything is and a permit is spare.
    fn join_in(&self, permits: &Permits) {
        let posted = {
            let posted = self.lock();
            let Some(piece) = *posted else { return };
            if !permits.take_spare() {
                return;
            }
            self.inside.fetch_add(1, Ordering::Relaxed);
            piece
        };
        if catch_unwind(AssertUnwindSafe(|| posted.0.work_backwards())).is_err() {
            self.panicked.store(true, Ordering::Relaxed);
        }
        self.inside.fetch_sub(1, Ordering::Release);
        permits.give_back();
    }

    fn wake(&self) {
        drop(self.lock());
        self.called.notify_all();
    }

    /// Waits for a piece beyond the `seen` first ones; how many there were, or none at the end.
    fn next(&self, seen: u64) -> Option<u64> {
        let since = Instant::now();
        let news = || {
            let pieces = self.pieces.load(Ordering::Acquire);
            (pieces != seen).then_some(pieces)
        };
        while since.elapsed() < WATCH {
            for _ in 0..64 {
                if let Some(pieces) = news() {
                    return Some(pieces);
                }
                std::hint::spin_loop();
            }
            // Whoever posts may have to run on this core.
            thread::yield_now();
        }
        let mut posted = self.lock();
        self.asleep.fetch_add(1, Ordering::Relaxed);
        let next = loop {
            if self.closed.load(Ordering::Acquire) {
                break None;
            }
            if let Some(pieces) = news() {
                break Some(pieces);
            }
            posted = self.called.wait(posted).unwrap_or_else(PoisonError::into_inner);
        };
        self.asleep.fetch_sub(1, Ordering::Relaxed);
        next
    }
}

/// A helper's life.
fn help(board: &Board, permits: &Weak<Permits>) {
    let mut seen = 0;
    while let Some(pieces) = board.next(seen) {
        seen = pieces;
        let Some(permits) = permits.upgrade() else { return };
        board.join_in(&permits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares a piece whose first part ends only when its second is done: by a helper.
    fn needs_two(crew: &Crew) -> bool {
        let done = AtomicUsize::new(0);
        let until = Instant::now() + Duration::from_secs(20);
        crew.share(2, &|_| {
            done.fetch_add(1, Ordering::AcqRel);
            while done.load(Ordering::Acquire) < 2 && Instant::now() < until {
                thread::yield_now();
            }
        });
        Instant::now() < until
    }

    #[test]
    fn helpers_join_in_while_permits_are_spare() {
        let permits = Permits::new(2);
        let crew = Crew::of(&permits);
        for _ in 0..50 {
            assert!(needs_two(&crew), "nobody helped");
        }
    }

    #[test]
    fn every_part_is_done_once_with_and_without_helpers() {
        for permits in [1, 2, 4] {
            let permits = Permits::new(permits);
            let crew = Crew::of(&permits);
            for round in 0..200 {
                let counts: Vec<AtomicUsize> =
                    (0..round % 9).map(|_| AtomicUsize::new(0)).collect();
                crew.share(counts.len(), &|part| {
                    counts[part].fetch_add(1, Ordering::Relaxed);
                });
                assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1));
            }
        }
    }

    #[test]
    fn two_lanes_may_share_at_the_same_time() {
        let permits = Permits::new(3);
        let crew = Crew::of(&permits);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let sum = AtomicUsize::new(0);
                        crew.share(8, &|part| {
                            sum.fetch_add(part, Ordering::Relaxed);
                        });
                        assert_eq!(sum.load(Ordering::Relaxed), 28);
                    }
                });
            }
        });
    }

    #[test]
    fn a_panic_in_a_part_is_the_owner_s_and_the_crew_goes_on() {
        let permits = Permits::new(2);
        let crew = Crew::of(&permits);
        for _ in 0..20 {
            let shared = catch_unwind(AssertUnwindSafe(|| {
                crew.share(4, &|part| assert!(part != 3, "the last part panics on purpose"));
            }));
            assert!(shared.is_err());
            let done = AtomicUsize::new(0);
            crew.share(4, &|_| {
                done.fetch_add(1, Ordering::Relaxed);
            });
            assert_eq!(done.load(Ordering::Relaxed), 4);
        }
        assert!(permits.has_spare(), "permits are given back");
    }
}
