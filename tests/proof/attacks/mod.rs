//! Attacks, one file each, named for what is tried. The attacker owns the ledger's directory, or one actor's key, or yesterday's backup, and
//! uses nothing but the public API. Each test shows who catches it and where: the door (admission), the audit or the verifier of a proof, by
//! the finding's name; or says what nobody can see from these files alone.

mod hall;
mod vault;

mod absence_between_strangers;
mod another_state_for_another_auditor;
mod back_dating;
mod borrowed_predecessor;
mod captured_product_id;
mod certificate_claimed_twice;
mod confused_roles;
mod double_counting;
mod draft_as_final;
mod earlier_log_key;
mod exhausted_memory;
mod factor_swapped_after_publication;
mod figures_swapped_under_an_assurance;
mod forged_supplier_footprint;
mod forked_checkpoint;
mod hidden_revocation;
mod invented_auditor;
mod left_out_stage;
mod look_alike_names;
mod mixed_proofs;
mod pact_file_changed_beside_its_proof;
mod proof_with_a_foreign_checkpoint;
mod publishing_by_a_non_owner;
mod redacted_without_announcement;
mod redaction_by_a_non_operator;
mod redaction_hides_a_withdrawal;
mod redaction_swaps_kept_facts;
mod redaction_told_otherwise_after_a_state;
mod reordered_submissions;
mod replay_into_another_ledger;
mod replayed_submission;
mod resealed_statement;
mod rests_on_no_log;
mod revoked_key;
mod rewritten_statement;
mod rolled_back_ledger;
mod self_assurance;
mod state_that_hides_a_withdrawal;
mod state_without_an_activity;
mod stolen_key;
mod stolen_operator_key;
mod supplier_document;
mod swapped_submission;
mod tampered_index;
mod truncated_log;
mod unknown_method;
mod weak_key;
