//! Tokens die, consents end, features are off: nothing is done twice, and a person is told what to do.

use accounting::{AccountingSystem, Error, Happened};
use domain::ids::InvoiceNumber;

use crate::{Call, Deed, Fault, Scene, Subject};

/// With one new token and one more request.
pub async fn a_read_gets_over_a_dead_token_by_itself<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let number = open_invoice(&subject);
    subject.system().invoice(&subject.tenant(), &number).await.unwrap();
    let (before, tokens_before) = (subject.ledger(), subject.tokens_fetched());
    subject.fail_next(Call::Invoice, Fault::TokenDead);
    subject.system().invoice(&subject.tenant(), &number).await.unwrap();
    let after = subject.ledger();
    assert_eq!(after.requests(Call::Invoice) - before.requests(Call::Invoice), 2);
    assert_eq!(subject.tokens_fetched() - tokens_before, 1);
}

/// Whatever is read. What the person can do is said.
pub async fn a_revoked_consent_blocks_the_tenant_with_advice<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let (tenant, number) = (subject.tenant(), open_invoice(&subject));
    subject.system().invoice(&tenant, &number).await.unwrap();
    subject.by_hand(Deed::RevokeConsent);
    blocked(subject.system().invoice(&tenant, &number).await.unwrap_err());
    blocked(subject.system().pdf(&tenant, &number).await.unwrap_err());
    blocked(subject.system().company(&tenant).await.unwrap_err());
    assert!(subject.ledger().changes().is_empty());
}

/// It says so, and the next one works.
pub async fn a_read_that_fails_may_be_repeated<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    for fault in [Fault::NotReached, Fault::AnswerCut, Fault::AnswerFailure, Fault::AnswerGarbled] {
        subject.fail_next(Call::Company, fault);
        let error = subject.system().company(&subject.tenant()).await.unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. } | Error::NotTaken { .. }), "{fault:?}: {error}");
    }
    subject.system().company(&subject.tenant()).await.unwrap();
}

/// It's one too many, nothing came of it, and the next one works.
pub async fn a_read_too_many_may_be_repeated<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    subject.fail_next(Call::Customer, Fault::RateLimited);
    let customer = &subject.sample().customers[0].number;
    let error = subject.system().customer(&subject.tenant(), customer).await.unwrap_err();
    let again = matches!(error, Error::NotTaken { .. } | Error::Busy { .. } | Error::NoAnswer { .. });
    assert!(again, "{error}");
    subject.system().customer(&subject.tenant(), customer).await.unwrap();
}

/// The advice.
pub(crate) fn blocked(error: Error) -> String {
    assert_eq!(error.happened(), Happened::No);
    let Error::TenantBlocked { problem, advice } = error else { panic!("{error}") };
    assert!(!problem.is_empty());
    assert!(!advice.is_empty());
    advice
}

fn open_invoice<S: Subject>(subject: &S) -> InvoiceNumber {
    subject.sample().invoices[0].number.clone()
}
