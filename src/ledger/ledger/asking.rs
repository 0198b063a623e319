//! A round with the witnesses of a policy: each is asked for its cosignature on a checkpoint, all at once, and what they say is judged. It owns
//! the order of the words and what follows from an answer; how a request travels is for whoever gives it a [`Post`].

use std::fmt;
use std::thread;

use crate::log::witness::{Answer, read_answer, request, with_cosignatures};
use crate::log::{LogError, Policy, PolicyWitness, SignedCheckpoint};
use crate::merkle::{LeafHashes, consistency_proof};
use crate::sign::NoteSignature;

/// How often one witness is told another size in one round; once is the rule, the others are for one that answers somebody else in between.
const TRIES_MAX: usize = 3;

/// An HTTP answer as far as it matters here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The content type; empty where none was given.
    pub content_type: String,
    /// The body, at most one byte longer than
    /// [`WITNESS_ANSWER_BYTES_MAX`](crate::limits::WITNESS_ANSWER_BYTES_MAX).
    pub body: Vec<u8>,
}

/// What carries a request to a witness and its answer back.
pub trait Post: Sync {
    /// Sends `body` to `url` and returns the answer, whatever its status. Follows no redirection and ends in bounded time.
    ///
    /// # Errors
    ///
    /// A sentence that says why there is no answer.
    fn post(&self, url: &str, body: &str) -> Result<Reply, String>;
}

/// What came of asking one witness.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Said {
    /// It cosigned.
    Cosigned(NoteSignature),
    /// It knows this log at a larger size.
    Ahead(u64),
    /// It has another history of this log, which it knows at this size.
    Disagrees(u64),
    /// There is no cosignature, and why.
    Nothing(String),
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cosigned(_) => f.write_str("cosigned"),
            Self::Ahead(size) => write!(f, "knows this log at size {size}"),
            Self::Disagrees(size) => write!(f, "knows another log of size {size}"),
            Self::Nothing(why) => f.write_str(why),
        }
    }
}

/// What came of asking all witnesses of a policy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Round {
    /// The checkpoint with the cosignatures that it had and those that came.
    pub signed: SignedCheckpoint,
    /// Each witness's answer, in the order of the policy.
    pub said: Vec<Said>,
}

impl Round {
    /// Asks every witness of the policy that has a URL, all at once, for its cosignature on `signed`, whose log has these leaves. `old` is the size
    /// that they are expected to know.
    ///
    /// # Errors
    ///
    /// [`LogError::Sign`] where the note would be full.
    pub fn ask(
        policy: &Policy,
        signed: &SignedCheckpoint,
        leaves: &(dyn LeafHashes + Sync),
        old: u64,
        post: &dyn Post,
    ) -> Result<Self, LogError> {
        let said: Vec<Said> = thread::scope(|scope| {
            let ask = |witness| scope.spawn(move || ask(witness, signed, leaves, old, post));
            let asked: Vec<_> = policy.witnesses().iter().map(ask).collect();
            let broken = |_| Said::Nothing("asking it ended early".to_owned());
            asked.into_iter().map(|one| one.join().unwrap_or_else(broken)).collect()
        });
        let new: Vec<NoteSignature> = said
            .iter()
            .filter_map(|said| match said {
                Said::Cosigned(line) => Some(line.clone()),
                _ => None,
            })
            .collect();
        Ok(Self { signed: with_cosignatures(signed, &new)?, said })
    }

    /// Checks that no witness has seen another history, and then that enough have cosigned; returns their names.
    ///
    /// # Errors
    ///
    /// [`LogError::WitnessAhead`] and [`LogError::WitnessDisagrees`] with both sizes; [`LogError::Quorum`] with what each of the others said.
    pub fn check<'p>(&self, policy: &'p Policy) -> Result<Vec<&'p str>, LogError> {
        let size = self.signed.checkpoint().size();
        for (witness, said) in policy.witnesses().iter().zip(&self.said) {
            let witness = witness.name.clone();
            match said {
                Said::Ahead(known) => return Err(LogError::WitnessAhead { witness, known: *known, size }),
                Said::Disagrees(known) => {
                    return Err(LogError::WitnessDisagrees { witness, known: *known, size });
                }
                Said::Cosigned(_) | Said::Nothing(_) => {}
            }
        }
        policy.check(&self.signed).map_err(|error| match error {
            LogError::Quorum { expected, got } => {
                let silent = policy.witnesses().iter().zip(&self.said);
                let silent = silent.filter(|(_, said)| !matches!(said, Said::Cosigned(_)));
                let why: String =
                    silent.map(|(witness, said)| format!("; {}: {said}", witness.name)).collect();
                LogError::Quorum { expected, got: got + &why }
            }
            other => other,
        })
    }
}

/// Asks one witness, and again with the size that it says it knows.
fn ask(
    witness: &PolicyWitness,
    signed: &SignedCheckpoint,
    leaves: &(dyn LeafHashes + Sync),
    mut old: u64,
    post: &dyn Post,
) -> Said {
    let Some(prefix) = &witness.url else { return Said::Nothing("the policy has no URL of it".to_owned()) };
    let url = format!("{}/add-checkpoint", prefix.trim_end_matches('/'));
    let size = signed.checkpoint().size();
    for _ in 0..TRIES_MAX {
        match told(&url, witness, signed, leaves, old, post) {
            Ok(Answer::Cosigned(line)) => return Said::Cosigned(line),
            Ok(Answer::Disagrees) => return Said::Disagrees(old),
            Ok(Answer::Knows(known)) if known > size => return Said::Ahead(known),
            Ok(Answer::Knows(known)) if known == old => {
                return Said::Nothing(format!(
                    "it was told size {old}, and answers that it knows size {known}"
                ));
            }
            Ok(Answer::Knows(known)) => old = known,
            Err(why) => return Said::Nothing(why),
        }
    }
    Said::Nothing(format!("expected one size, got {TRIES_MAX} different ones"))
}

/// One request, and what it is answered.
fn told(
    url: &str,
    witness: &PolicyWitness,
    signed: &SignedCheckpoint,
    leaves: &(dyn LeafHashes + Sync),
    old: u64,
    post: &dyn Post,
) -> Result<Answer, String> {
    let size = signed.checkpoint().size();
    let proof = match old {
        0 => Vec::new(), // the empty log is the beginning of every log
        old if old == size => Vec::new(),
        old => consistency_proof(leaves, old, size).map_err(|e| e.to_string())?,
    };
    let body = request(old, &proof, signed.note()).map_err(|e| e.to_string())?;
    let reply = post.post(url, &body)?;
    read_answer(reply.status, &reply.content_type, &reply.body, signed, &witness.key)
        .map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::log::Checkpoint;
    use crate::merkle::{Hash, leaf_hash, root, verify_consistency};
    use crate::sign::{KeyKind, Note, SigningKey, VerifierKey};

    fn key(n: u8) -> SigningKey {
        SigningKey::generate([n; 32])
    }

    fn leaves(name: &str, size: u8) -> Vec<Hash> {
        (0..size).map(|n| leaf_hash(format!("{name}{n}").as_bytes())).collect()
    }

    fn signed(leaves: &[Hash]) -> SignedCheckpoint {
        let log = VerifierKey::new("log.example", KeyKind::Ed25519, key(1).verifying_key()).unwrap();
        let note = Checkpoint::new("log.example", leaves.len() as u64, root(leaves)).unwrap();
        SignedCheckpoint::from_note(note.sign(&key(1)).unwrap(), &log).unwrap()
    }

    /// A witness in memory, which follows the protocol.
    struct Honest(Mutex<(u64, Hash, usize)>);

    impl Honest {
        fn at(leaves: &[Hash]) -> Self {
            Self(Mutex::new((leaves.len() as u64, root(leaves), 0)))
        }
    }

    impl Post for Honest {
        fn post(&self, url: &str, body: &str) -> Result<Reply, String> {
            assert_eq!(url, "http://one.example/w/add-checkpoint");
            let mut state = self.0.lock().unwrap();
            state.2 += 1;
            let (head, note) = body.split_once("\n\n").unwrap();
            let mut lines = head.lines();
            let old: u64 = lines.next().unwrap().strip_prefix("old ").unwrap().parse().unwrap();
            let proof: Vec<Hash> =
                lines.map(|line| STANDARD.decode(line).unwrap().try_into().unwrap()).collect();
            let mut note = Note::parse(note.as_bytes()).unwrap();
            let new = Checkpoint::parse(note.text()).unwrap();
            let reply = |status, kind: &str, body: String| {
                Ok(Reply { status, content_type: kind.into(), body: body.into() })
            };
            if old != state.0 {
                return reply(409, "text/x.tlog.size", format!("{}\n", state.0));
            }
            let same = old == new.size() && state.1 == *new.root() && proof.is_empty();
            if !(same
                || old == 0 && proof.is_empty()
                || verify_consistency(old, &state.1, new.size(), new.root(), &proof).is_ok())
            {
                return reply(422, "", String::new());
            }
            (state.0, state.1) = (new.size(), *new.root());
            note.cosign("one.example/w", &key(2), 5).unwrap();
            reply(200, "text/plain", format!("{}\n", note.signatures().last().unwrap()))
        }
    }

    /// Says the same whatever it is told.
    struct Always(Result<Reply, String>);

    impl Post for Always {
        fn post(&self, _: &str, _: &str) -> Result<Reply, String> {
            self.0.clone()
        }
    }

    fn policy() -> Policy {
        let key = VerifierKey::new("one.example/w", KeyKind::Cosignature, key(2).verifying_key()).unwrap();
        Policy::parse(format!("witness one {key} http://one.example/w/\nquorum one\n").as_bytes()).unwrap()
    }

    #[test]
    fn a_witness_that_is_behind_is_told_the_proof_from_where_it_is() {
        let all = leaves("a", 7);
        for known in 0..=7 {
            for old in 0..=7 {
                let witness = Honest::at(&all[..known]);
                let round = Round::ask(&policy(), &signed(&all), &all, old as u64, &witness).unwrap();
                assert_eq!(round.check(&policy()).unwrap(), ["one"], "known {known}, told {old}");
                assert_eq!(witness.0.lock().unwrap().2, if known == old { 1 } else { 2 });
                assert_eq!(round.signed.note().signatures().len(), 2);
            }
        }
    }

    #[test]
    fn a_witness_that_has_seen_more_or_something_else_stops_the_signing_with_both_sizes() {
        let (all, other) = (leaves("a", 7), leaves("b", 5));
        let round =
            Round::ask(&policy(), &signed(&all[..4]), &all[..4].to_vec(), 4, &Honest::at(&all)).unwrap();
        let refused = round.check(&policy()).unwrap_err();
        assert!(matches!(refused, LogError::WitnessAhead { known: 7, size: 4, .. }), "{refused}");
        for size in [5, 7] {
            let round = Round::ask(
                &policy(),
                &signed(&all[..size]),
                &all[..size].to_vec(),
                size as u64,
                &Honest::at(&other),
            )
            .unwrap();
            let refused = round.check(&policy()).unwrap_err();
            assert!(matches!(refused, LogError::WitnessDisagrees { known: 5, .. }), "{refused}");
        }
    }

    #[test]
    fn no_answer_and_a_strange_one_are_no_cosignature_and_say_why() {
        let all = leaves("a", 3);
        let size = |n: &str| {
            Ok(Reply {
                status: 409,
                content_type: "text/x.tlog.size".into(),
                body: format!("{n}\n").into_bytes(),
            })
        };
        let status = |status| Ok(Reply { status, content_type: String::new(), body: b"no\n".to_vec() });
        let cases = [
            (Err("connection refused".to_owned()), "one: connection refused"),
            (size("1"), "it was told size 1, and answers that it knows size 1"),
            (size("3"), "it was told size 3"),
            (status(403), "a witness that knows the log key"),
            (status(404), "a witness that knows this log"),
            (status(500), "status 500"),
            (status(200), "status 200"),
        ];
        for (answer, why) in cases {
            let round = Round::ask(&policy(), &signed(&all), &all, 3, &Always(answer)).unwrap();
            let refused = round.check(&policy()).unwrap_err();
            assert!(matches!(refused, LogError::Quorum { .. }), "{refused}");
            assert!(refused.to_string().contains(why), "{refused}");
        }
    }
}
