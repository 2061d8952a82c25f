//! Whom an invoice goes to.

use crate::draft::{Contact, Contacts, choose_recipient};

fn contact(number: u32, email: Option<&str>, gets_invoices: bool) -> Contact {
    Contact { number, name: format!("Søren {number}"), email: email.map(str::to_owned), gets_invoices }
}

fn chosen(all: &[Contact], numbers: [Option<u32>; 2], customer: Option<&str>) -> (Option<String>, Option<String>) {
    let [attention, your_reference] = numbers;
    let recipient = choose_recipient(Contacts { all, attention, your_reference }, customer);
    (recipient.addresses, recipient.name)
}

fn said(addresses: &str, name: Option<&str>) -> (Option<String>, Option<String>) {
    (Some(addresses.to_owned()).filter(|text| !text.is_empty()), name.map(str::to_owned))
}

#[test]
fn those_who_asked_for_invoices_come_first_then_those_named_then_the_customer() {
    let asked = contact(1, Some("bogholderi@kunde.example"), true);
    let asked_too = contact(2, Some("leder@kunde.example"), true);
    let named = contact(3, Some("anna@kunde.example"), false);
    let mute = contact(4, None, true);
    let company = Some("faktura@kunde.example  post@kunde.example");
    let all = [asked.clone(), named.clone(), mute.clone()];
    assert_eq!(chosen(&all, [Some(3), None], company), said("bogholderi@kunde.example", Some("Søren 1")));
    let both = [asked, asked_too, named.clone()];
    assert_eq!(
        chosen(&both, [None, Some(3)], company),
        said("bogholderi@kunde.example;leder@kunde.example", Some("Søren 3"))
    );
    let some = [named, mute];
    assert_eq!(chosen(&some, [Some(3), None], company), said("anna@kunde.example", Some("Søren 3")));
    assert_eq!(chosen(&some, [Some(4), Some(3)], company), said("anna@kunde.example", Some("Søren 3")));
    // Greeted by name though the mail goes to the company's own box.
    assert_eq!(
        chosen(&some, [Some(4), None], company),
        said("faktura@kunde.example;post@kunde.example", Some("Søren 4"))
    );
    assert_eq!(chosen(&some, [None, None], company), said("faktura@kunde.example;post@kunde.example", None));
    assert_eq!(chosen(&some, [Some(9), None], Some(" ")), said("", None));
    assert_eq!(chosen(&[], [None, None], None), said("", None));
}
