//! Reads leave no trace in the books, and people none in the logs.

use std::fmt::{Debug, Write as _};

use accounting::{AccountingSystem, Error};

use crate::{Call, Fault, Sample, Scene, Subject};

/// What isn't marked as an effect has none.
pub async fn reads_leave_no_trace<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    read_everything(&subject).await;
    let ledger = subject.ledger();
    assert!(ledger.changes().is_empty(), "{:?}", ledger.changes());
    assert_eq!(subject.tokens_fetched(), 1);
}

/// No name, no address, no reference, no account.
pub async fn debug_shows_nothing_about_people<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    let shown = read_everything(&subject).await;
    for word in private_words(subject.sample()) {
        assert!(!shown.contains(&word), "{word} is in {shown}");
    }
    assert!(!shown.contains('@'), "{shown}");
}

/// Not even one in the system's own words.
pub async fn an_error_shows_no_address<S: Subject>() {
    let subject = S::open(Scene::default()).await;
    subject.fail_next(Call::Customer, Fault::Refused("Adressen anna@kund.example stämmer inte."));
    let number = &subject.sample().customers[0].number;
    let error = subject.system().customer(&subject.tenant(), number).await.unwrap_err();
    let Error::Refused { words, .. } = &error else { panic!("{error}") };
    assert!(words.contains("stämmer inte"));
    assert!(!format!("{error} {error:?}").contains("anna"));
}

/// Calls all reading methods and prints everything that they give.
async fn read_everything<S: Subject>(subject: &S) -> String {
    let (system, tenant, sample) = (subject.system(), subject.tenant(), subject.sample());
    let mut shown = String::new();
    let mut show = |value: &dyn Debug| write!(shown, "{value:?}{value:#?}").expect("a String takes everything");
    for invoice in &sample.invoices {
        show(&system.invoice(&tenant, &invoice.number).await.unwrap());
    }
    for customer in &sample.customers {
        show(&system.customer(&tenant, &customer.number).await.unwrap());
    }
    show(&system.company(&tenant).await.unwrap());
    system.pdf(&tenant, &sample.invoices[0].number).await.unwrap();
    shown
}

fn private_words(sample: &Sample) -> Vec<String> {
    let mut words = vec![Some(sample.company.name.clone()), sample.company.user_email.clone()];
    words.extend([&sample.company.bankgiro, &sample.company.plusgiro, &sample.company.iban].map(Clone::clone));
    for customer in &sample.customers {
        words.extend([Some(customer.name.clone()), customer.invoice_email.clone()]);
        for contact in customer.contacts.iter().flatten() {
            words.extend([Some(contact.name.clone()), contact.email.clone()]);
        }
    }
    for invoice in &sample.invoices {
        words.push(Some(invoice.customer_name.clone()));
        words.extend([&invoice.our_reference, &invoice.your_reference].map(Clone::clone));
        words.extend([&invoice.email_to, &invoice.email_bcc].map(Clone::clone));
    }
    words.into_iter().flatten().collect()
}
