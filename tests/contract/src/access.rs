//! Tokens die, consents end, features are off: nothing is done twice, and a person is told what to do.

use accounting::{AccountingSystem, Error, Happened};
use domain::ids::InvoiceNumber;

use crate::{Call, Deed, EffectKind, Fault, Scene, Subject};

/// With one new token and one more request.
pub async fn a_read_gets_over_a_dead_token_by_itself<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    subject.system().invoice(&subject.tenant(), &number).await.unwrap();
    let before = subject.ledger();
    subject.fail_next(Call::Invoice, Fault::TokenDead);
    subject.system().invoice(&subject.tenant(), &number).await.unwrap();
    let after = subject.ledger();
    assert_eq!(after.requests(Call::Invoice) - before.requests(Call::Invoice), 2);
    let tokens = |ledger: &crate::Ledger| ledger.effects(EffectKind::TokenIssued).len();
    assert_eq!(tokens(&after) - tokens(&before), 1);
}

/// The refusal proves that nothing happened, and the next call has a new token.
pub async fn an_effect_is_not_repeated_after_a_dead_token<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let mut effects = vec![Call::Book];
    effects.extend(S::CAPABILITIES.marks_sent.then_some(Call::MarkSent));
    effects.extend(S::CAPABILITIES.creates_from_agreements.then_some(Call::CreateInvoice));
    for (before, &call) in effects.iter().enumerate() {
        subject.fail_next(call, Fault::TokenDead);
        let error = effect(&subject, call).await.unwrap_err();
        assert_eq!(error.happened(), Happened::No, "{call:?}");
        assert!(matches!(error, Error::NotTaken { .. }), "{call:?}: {error}");
        assert_eq!(subject.ledger().requests(call), 1, "{call:?}");
        let nothing_new = subject.ledger().effects(EffectKind::TokenIssued).len() == before + 1;
        assert!(nothing_new, "{call:?} fetched a token that it has no use for");
        effect(&subject, call).await.unwrap();
        assert_eq!(subject.ledger().requests(call), 2, "{call:?}");
        assert_eq!(subject.ledger().effects(EffectKind::TokenIssued).len(), before + 2);
    }
    for kind in [EffectKind::InvoiceBooked, EffectKind::MarkedSent, EffectKind::InvoiceCreated] {
        assert!(subject.ledger().effects(kind).len() <= 1, "{kind:?}");
    }
}

/// Makes one call that has an effect.
async fn effect<S: Subject>(subject: &S, call: Call) -> Result<(), Error> {
    let (system, tenant, number) = (subject.system(), subject.tenant(), open_invoice(subject));
    match call {
        Call::Book => system.book(&tenant, &number).await,
        Call::MarkSent => system.mark_sent(&tenant, &number).await,
        _ => system.create_invoice(&tenant, &subject.sample().agreement, None).await.map(drop),
    }
}

/// Reads and effects alike, in the end: an effect at first only loses its token.
pub async fn a_revoked_consent_blocks_the_tenant_with_advice<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let (tenant, number) = (subject.tenant(), open_invoice(&subject));
    subject.system().invoice(&tenant, &number).await.unwrap();
    subject.by_hand(Deed::RevokeConsent);
    let error = subject.system().book(&tenant, &number).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    blocked(subject.system().invoice(&tenant, &number).await.unwrap_err());
    blocked(subject.system().book(&tenant, &number).await.unwrap_err());
    blocked(subject.system().agreements(&tenant, 1).await.unwrap_err());
    assert!(subject.ledger().changes().is_empty());
}

/// By the name under which a person finds it.
pub async fn a_feature_that_is_off_blocks_the_tenant_and_is_named<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let Some(feature) = S::CAPABILITIES.agreements_feature else {
        // Nothing to switch on: the agreements, or that there are none, can be asked for as they are.
        subject.system().agreements(&subject.tenant(), 1).await.unwrap();
        return;
    };
    subject.by_hand(Deed::SwitchAgreementsOff);
    let (system, tenant, sample) = (subject.system(), subject.tenant(), subject.sample());
    let errors = [
        system.agreements(&tenant, 1).await.unwrap_err(),
        system.agreement(&tenant, &sample.agreement).await.unwrap_err(),
        system.create_invoice(&tenant, &sample.agreement, None).await.unwrap_err(),
    ];
    for error in errors {
        assert!(blocked(error).contains(feature));
    }
    assert!(subject.ledger().changes().is_empty());
}

/// It says so, and the next one works.
pub async fn a_read_that_fails_may_be_repeated<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    for fault in [Fault::AnswerCut, Fault::AnswerFailure, Fault::AnswerGarbled] {
        subject.fail_next(Call::Company, fault);
        let error = subject.system().company(&subject.tenant()).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. } | Error::NotTaken { .. }), "{fault:?}: {error}");
    }
    subject.fail_next(Call::Token, Fault::AnswerFailure);
    subject.fail_next(Call::Company, Fault::TokenDead);
    let error = subject.system().company(&subject.tenant()).await.unwrap_err();
    assert!(matches!(error, Error::NotTaken { .. }), "no token, and no person can help: {error}");
    subject.system().company(&subject.tenant()).await.unwrap();
}

/// The advice.
fn blocked(error: Error) -> String {
    assert_eq!(error.happened(), Happened::No);
    let Error::TenantBlocked { problem, advice } = error else { panic!("{error}") };
    assert!(!problem.is_empty());
    assert!(!advice.is_empty());
    advice
}

fn open_invoice<S: Subject>(subject: &S) -> InvoiceNumber {
    subject.sample().invoices[0].number.clone()
}
