//! The letter of a real invoice can be seen before it's sent, and seeing it changes nothing.

use chrono::TimeDelta;
use domain::{
    hold::HoldReason,
    letters::{Language, address::MailAddress},
    settings::Scope,
};
use serde_json::{Value, json};
use simulation::{Call, Fault};
use workflow::{LetterPreview, PreviewError, preview_letter};

use super::world::{World, everything, with};

const LOGO: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

fn preview(world: &World) -> Result<LetterPreview, PreviewError> {
    let invoice = world.created().remove(0);
    world.memory.run(preview_letter(&world.memory, &world.tenant, &invoice, Some(&world.february()))).unwrap()
}

fn letter(word: &str) -> Value {
    json!({"subject": format!("{word} {{{{ invoice_number }}}}"), "body": "{{ greeting }}\n\n{{ amount }}"})
}

#[test]
fn a_preview_is_the_mail_that_then_goes_out() {
    let world = World::due();
    let other = json!({"letter_colour": "#003366", "logo": LOGO, "control_copy": "kopia@bolaget.example", "letter": letter("Egen")});
    world.set_profile(with(everything(), other));
    world.memory.faults().always(Call::SendMail, Fault::NotTaken);
    world.beat();
    assert_eq!(world.done(), [1, 1, 0, 0]);
    let (story, effects) = (world.story(&world.february()), world.memory.fortnox().ledger(&world.tenant));

    let seen = preview(&world).unwrap();
    assert!(seen.in_the_way.is_empty(), "{seen:?}");
    assert_eq!(world.story(&world.february()), story);
    assert_eq!(world.memory.fortnox().ledger(&world.tenant), effects);
    assert_eq!(world.done(), [1, 1, 0, 0]);

    world.memory.faults().clear();
    world.pass(TimeDelta::days(1));
    assert_eq!(world.done(), [1; 4]);
    let mail = world.memory.mailer().sent().remove(0);
    let recipients: Vec<_> = seen.to.iter().chain(&seen.control_copy).map(MailAddress::as_str).collect();
    assert_eq!(mail.recipients, recipients);
    let letter = seen.letter.unwrap();
    assert!(letter.subject.starts_with("Egen "));
    assert_eq!(mail.header("Subject"), Some(letter.subject.as_str()));
    assert!(letter.html.contains("bgcolor=\"#003366\""));
    let cid = letter.logo.unwrap().cid();
    assert!(letter.html.contains(&cid) && mail.raw.contains(&format!("Content-ID: <{cid}>")));
    assert!(mail.raw.contains(&seen.attachment));
}

#[test]
fn the_nearest_letter_of_the_customers_language_is_shown_and_what_is_in_the_way() {
    let world = World::due();
    world.set_profile(with(everything(), json!({"mode": "draft_only", "letter": letter("Allmän")})));
    let customer = Scope::Customer("10".parse().unwrap());
    world.put(
        &world.tenant,
        customer,
        json!({"language": "fi", "letters": {"fi": letter("Oma"), "sv": letter("Egen")}}),
    );
    world.beat();
    let seen = preview(&world).unwrap();
    assert_eq!(seen.language, Language::Fi);
    assert!(seen.letter.unwrap().subject.starts_with("Oma "));
    assert!(seen.attachment.starts_with("Lasku "));

    world.person().enter_customer(&"10".parse().unwrap(), "Kunden AB", None);
    let seen = preview(&world).unwrap();
    assert!(seen.to.is_empty() && seen.letter.is_some());
    assert_eq!(seen.in_the_way.iter().map(HoldReason::code).collect::<Vec<_>>(), ["no_address"]);

    world.put(&world.tenant, Scope::Profile, json!({"letters": {"fi": {"subject": "x"}}}));
    let Err(PreviewError::Held(reason)) = preview(&world) else { panic!("broken settings show nothing") };
    assert_eq!(reason.code(), "broken_settings");
    assert!(reason.to_string().contains("letters.fi"), "{reason}");
}
