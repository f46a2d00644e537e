//! The measurement: one client, one connection, the classes in an order that is new in each round.

use anyhow::{Result, ensure};

use super::WARM_UP;
use super::accounts::Group;
use super::connection::Connection;
use super::random::Random;
use super::sameness::Essence;
use super::surfaces::{Standing, Surface};
use crate::process::Interrupt;

/// What one class took.
pub(super) struct Sample {
    pub(super) standing: Standing,
    /// In milliseconds.
    pub(super) times: Vec<f64>,
    /// The answer of the first class, and what this one said instead at least once.
    pub(super) difference: Option<(String, String)>,
}

/// In every round one request of each class. All accounts of a class are gone through before one
/// comes again, and so in step with those of the others.
pub(super) fn take(
    port: u16,
    surface: &Surface,
    groups: &[Group],
    rounds: usize,
    random: &mut Random,
    interrupt: &Interrupt,
) -> Result<Vec<Sample>> {
    let mut samples: Vec<_> = groups.iter().map(|group| Sample::of(group.standing)).collect();
    let mut order: Vec<_> = (0..groups.len()).collect();
    let mut connection = Connection::open(port)?;
    let mut expected: Option<Essence> = None;
    let mut length = None;
    for round in 0..rounds {
        interrupt.check()?;
        random.shuffle(&mut order);
        for class in &order {
            let (group, sample) = (&groups[*class], &mut samples[*class]);
            let body = surface.body(&group.emails[round % group.emails.len()]);
            let same = *length.get_or_insert(body.len());
            ensure!(body.len() == same, "the requests of {} are not equally long", surface.name);
            let (answer, time) = connection.post(surface.path, &body)?;
            ensure!(
                answer.status == surface.status,
                "{}, {}: instead of {} came {}: the time of a refusal says nothing",
                surface.name,
                group.standing.name(),
                surface.status,
                answer.told()
            );
            let essence = Essence::of(&answer);
            let expected = expected.get_or_insert_with(|| essence.clone());
            if sample.difference.is_none() {
                sample.difference = expected.difference(&essence);
            }
            if round >= WARM_UP {
                sample.times.push(time.as_secs_f64() * 1000.0);
            }
        }
    }
    Ok(samples)
}

impl Sample {
    fn of(standing: Standing) -> Self {
        Self { standing, times: Vec::new(), difference: None }
    }
}
