//! Invoices are delivered by the system itself, once a call, and their mark says so as far as it's said to.

use accounting::{AccountingSystem, Addressing, Delivery, Error, Happened};
use domain::{ids::InvoiceNumber, settings::Channel};

use crate::{AgreementSubject, Call, EffectKind, Fault, Scene};

/// Each of the system's channels, with an open company for each.
async fn each<S: AgreementSubject>() -> Vec<(Channel, S, InvoiceNumber)> {
    let mut all = Vec::new();
    for channel in S::CAPABILITIES.delivers_by {
        let subject = S::open(Scene::default()).await;
        let number = subject.sample().invoices[0].number.clone();
        // As it is when it's delivered.
        subject.by_hand(crate::Deed::Book(number.clone()));
        all.push((*channel, subject, number));
    }
    all
}

fn deliveries<S: AgreementSubject>(subject: &S, number: &InvoiceNumber) -> usize {
    let ledger = subject.ledger();
    let delivered = ledger.effects(EffectKind::Delivered);
    assert!(delivered.iter().all(|effect| effect.invoice.as_ref() == Some(number)));
    delivered.len()
}

/// So a second call is a second letter to the customer, and nobody but us can see to it that there is none.
pub async fn each_channel_delivers_once_a_call<S: AgreementSubject>() {
    for (channel, subject, number) in each::<S>().await {
        for calls in 1..=2 {
            let Delivery { marked_sent } = subject.system().deliver(&subject.tenant(), &number, channel).await.unwrap();
            assert_eq!(deliveries(&subject, &number), calls, "{channel:?}");
            assert_eq!(subject.ledger().requests(Call::Deliver), calls, "{channel:?}");
            let invoice = subject.system().invoice(&subject.tenant(), &number).await.unwrap();
            assert_eq!(invoice.sent, marked_sent, "{channel:?}: the answer says what the invoice does");
        }
    }
}

/// Where the system is sure to mark what it delivered, the mark tells.
pub async fn a_lost_answer_says_perhaps_and_nothing_is_repeated<S: AgreementSubject>() {
    for fault in Fault::LOST_ANSWERS {
        for (channel, subject, number) in each::<S>().await {
            subject.fail_next(Call::Deliver, fault);
            let error = subject.system().deliver(&subject.tenant(), &number, channel).await.unwrap_err();
            assert_eq!(error.happened(), Happened::Perhaps, "{channel:?} {fault:?}: {error}");
            assert_eq!(subject.ledger().requests(Call::Deliver), 1, "{channel:?} {fault:?}");
            assert_eq!(deliveries(&subject, &number), 1, "{channel:?} {fault:?}");
            let sent = subject.system().invoice(&subject.tenant(), &number).await.unwrap().sent;
            assert!(sent || !S::CAPABILITIES.marks_what_it_delivers_by.contains(&channel), "{channel:?} {fault:?}");
        }
    }
}

/// And a mark is left by nothing else.
pub async fn a_delivery_that_never_arrived_says_perhaps_and_leaves_no_mark<S: AgreementSubject>() {
    for (channel, subject, number) in each::<S>().await {
        subject.fail_next(Call::Deliver, Fault::NotReached);
        let error = subject.system().deliver(&subject.tenant(), &number, channel).await.unwrap_err();
        assert_eq!(error.happened(), Happened::Perhaps, "{channel:?}: {error}");
        assert_eq!(deliveries(&subject, &number), 0, "{channel:?}");
        assert!(!subject.system().invoice(&subject.tenant(), &number).await.unwrap().sent, "{channel:?}");
    }
}

/// Such as that the customer can't receive e-invoices.
pub async fn a_refusal_says_no_in_the_systems_own_words<S: AgreementSubject>() {
    for (channel, subject, number) in each::<S>().await {
        subject.fail_next(Call::Deliver, Fault::Refused("Mottagaren kan inte nås."));
        let error = subject.system().deliver(&subject.tenant(), &number, channel).await.unwrap_err();
        assert_eq!(error.happened(), Happened::No, "{channel:?}");
        let Error::Refused { words, advice } = error else { panic!("{channel:?}: {error}") };
        assert!(words.contains("Mottagaren kan inte nås.") && !advice.is_empty(), "{channel:?}: {words}");
        assert_eq!(deliveries(&subject, &number), 0, "{channel:?}");
    }
}

/// Although it's proven that nothing happened: an effect is left to the workflow.
pub async fn a_delivery_is_not_repeated_after_a_dead_token<S: AgreementSubject>() {
    for (channel, subject, number) in each::<S>().await {
        subject.fail_next(Call::Deliver, Fault::TokenDead);
        let error = subject.system().deliver(&subject.tenant(), &number, channel).await.unwrap_err();
        assert!(matches!(error, Error::NotTaken { .. }), "{channel:?}: {error}");
        assert_eq!(subject.ledger().requests(Call::Deliver), 1, "{channel:?}");
        assert_eq!(deliveries(&subject, &number), 0, "{channel:?}");
    }
}

/// It took no notice of the call.
pub async fn one_call_too_many_says_no<S: AgreementSubject>() {
    for (channel, subject, number) in each::<S>().await {
        subject.fail_next(Call::Deliver, Fault::RateLimited);
        let error = subject.system().deliver(&subject.tenant(), &number, channel).await.unwrap_err();
        assert_eq!(error.happened(), Happened::No, "{channel:?}");
        assert_eq!(subject.ledger().requests(Call::Deliver), 1, "{channel:?}");
        assert_eq!(deliveries(&subject, &number), 0, "{channel:?}");
    }
}

/// As after a lost answer.
pub async fn recipients_may_be_written_again_and_nothing_is_sent_by_that<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let (system, tenant) = (subject.system(), subject.tenant());
    let number = &subject.sample().invoices[0].number;
    let to = ["ny@kunden.example", "chef@kunden.example"].map(|to| to.parse().unwrap()).into();
    let wanted = Addressing { to, bcc: Some("kopia@byran.example".parse().unwrap()) };
    assert!(!system.invoice(&tenant, number).await.unwrap().is_addressed(&wanted));
    subject.fail_next(Call::Address, Fault::AnswerCut);
    assert_eq!(system.address(&tenant, number, &wanted).await.unwrap_err().happened(), Happened::Perhaps);
    system.address(&tenant, number, &wanted).await.unwrap();
    assert!(system.invoice(&tenant, number).await.unwrap().is_addressed(&wanted));
    let ledger = subject.ledger();
    assert_eq!(ledger.requests(Call::Address), 2);
    assert_eq!(ledger.changes(), ledger.effects(EffectKind::Changed));
    assert!(!format!("{wanted:?}").contains("kunden"), "an address in Debug");
}

/// It's the company's own then.
pub async fn without_a_control_copy_the_invoices_own_stays<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let (system, tenant, invoice) = (subject.system(), subject.tenant(), &subject.sample().invoices[0]);
    let wanted = Addressing { to: vec!["ny@kunden.example".parse().unwrap()], bcc: None };
    system.address(&tenant, &invoice.number, &wanted).await.unwrap();
    let written = system.invoice(&tenant, &invoice.number).await.unwrap();
    assert!(written.is_addressed(&wanted));
    assert_eq!(written.email_bcc, invoice.email_bcc);
    let other = Addressing { bcc: Some("kopia@byran.example".parse().unwrap()), ..wanted };
    assert!(!written.is_addressed(&other));
}

/// The settings know the system's channels by the same rules.
pub async fn what_it_delivers_by_is_what_the_settings_offer<S: AgreementSubject>() {
    use Channel::{
        CustomerDefault, EconomicEinvoice, EconomicEmail, FortnoxEinvoice, FortnoxEmail, FortnoxInvoiceService,
        FortnoxPrintService, None, SesEmail,
    };
    let subject = S::open(Scene::default()).await;
    let all = [SesEmail, FortnoxEmail, FortnoxEinvoice, FortnoxPrintService, FortnoxInvoiceService];
    for channel in all.into_iter().chain([CustomerDefault, EconomicEmail, EconomicEinvoice, None]) {
        let offered = channel.is_sent_by_call() && channel.is_for(subject.tenant().system());
        let to_service = channel == FortnoxInvoiceService && S::CAPABILITIES.has_invoice_service;
        assert_eq!(S::CAPABILITIES.delivers_by.contains(&channel) || to_service, offered, "{channel:?}");
    }
}

/// Rather than sent in some other way.
pub async fn other_channels_are_refused_without_a_call<S: AgreementSubject>() {
    let subject = S::open(Scene::default()).await;
    let (before, number) = (subject.ledger().0.len(), &subject.sample().invoices[0].number);
    for channel in [Channel::SesEmail, Channel::EconomicEmail, Channel::CustomerDefault, Channel::None] {
        let error = subject.system().deliver(&subject.tenant(), number, channel).await.unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{channel:?}: {error}");
    }
    assert_eq!(subject.ledger().0.len(), before);
}
