//! What agreements' invoices are made with: dead tokens, a consent that ends, a feature that is off.

use accounting::{AccountingSystem, Error, Happened};
use domain::ids::InvoiceNumber;

use crate::{AgreementSubject, Call, Deed, EffectKind, Fault, Scene, access::blocked};

/// The refusal proves that nothing happened, and the next call has a new token.
pub async fn an_effect_is_not_repeated_after_a_dead_token<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let effects = [Call::Book, Call::MarkSent, Call::CreateInvoice];
    for (before, &call) in effects.iter().enumerate() {
        subject.fail_next(call, Fault::TokenDead);
        let error = effect(&subject, call).await.unwrap_err();
        assert_eq!(error.happened(), Happened::No, "{call:?}");
        assert!(matches!(error, Error::NotTaken { .. }), "{call:?}: {error}");
        assert_eq!(subject.ledger().requests(call), 1, "{call:?}");
        let nothing_new = subject.tokens_fetched() == before + 1;
        assert!(nothing_new, "{call:?} fetched a token that it has no use for");
        effect(&subject, call).await.unwrap();
        assert_eq!(subject.ledger().requests(call), 2, "{call:?}");
        assert_eq!(subject.tokens_fetched(), before + 2);
    }
    for kind in [EffectKind::InvoiceBooked, EffectKind::MarkedSent, EffectKind::InvoiceCreated] {
        assert!(subject.ledger().effects(kind).len() <= 1, "{kind:?}");
    }
}

/// Makes one call that has an effect.
async fn effect<S: AgreementSubject>(subject: &S, call: Call) -> Result<(), Error> {
    let (system, tenant, number) = (subject.system(), subject.tenant(), open_invoice(subject));
    match call {
        Call::Book => system.book(&tenant, &number).await,
        Call::MarkSent => system.mark_sent(&tenant, &number).await,
        _ => system.create_invoice(&tenant, &subject.agreements().agreement, None).await.map(drop),
    }
}

/// At first an effect only loses its token.
pub async fn a_revoked_consent_blocks_effects_too<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let (tenant, number) = (subject.tenant(), open_invoice(&subject));
    subject.system().invoice(&tenant, &number).await.unwrap();
    subject.by_hand(Deed::RevokeConsent);
    let error = subject.system().book(&tenant, &number).await.unwrap_err();
    assert_eq!(error.happened(), Happened::No);
    subject.system().invoice(&tenant, &number).await.unwrap_err();
    blocked(subject.system().book(&tenant, &number).await.unwrap_err());
    blocked(subject.system().agreements(&tenant, 1).await.unwrap_err());
    assert!(subject.ledger().changes().is_empty());
}

/// By the name under which a person finds it.
pub async fn a_feature_that_is_off_blocks_the_tenant_and_is_named<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    subject.by_hand(Deed::SwitchAgreementsOff);
    let (system, tenant, agreements) = (subject.system(), subject.tenant(), subject.agreements());
    let errors = [
        system.agreements(&tenant, 1).await.unwrap_err(),
        system.agreement(&tenant, &agreements.agreement).await.unwrap_err(),
        system.create_invoice(&tenant, &agreements.agreement, None).await.unwrap_err(),
    ];
    for error in errors {
        assert!(blocked(error).contains(S::HABITS.feature));
    }
    assert!(subject.ledger().changes().is_empty());
}

fn open_invoice<S: AgreementSubject>(subject: &S) -> InvoiceNumber {
    subject.sample().invoices[0].number.clone()
}
