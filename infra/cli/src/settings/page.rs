//! The settings as a page, made from the schema.

use std::fmt::Write;

use domain::settings::{Reach, Setting, settings};

const HEAD: &str = "\
# Settings

Made by `fakturapilot settings schema --markdown` from the types that read them; the same as a JSON Schema for editors and programs:
[`settings.schema.json`](settings.schema.json). A test keeps both as they must be.

A value is looked for in the agreement's item, then the customer's, then the company's profile, then here: `fakturapilot settings explain`
tells where each comes from. An item with one wrong field is refused whole and holds what it governs, with the field, its value and what is
allowed. In the settings table, where they may be written by hand too, the items are called `profile`, `customer#<number>` and
`agreement#<number>`.
";

/// The page.
pub(super) fn page() -> String {
    let (tenant, anywhere): (Vec<Setting>, Vec<Setting>) =
        settings().into_iter().partition(|setting| setting.reach == Reach::Tenant);
    let mut page = HEAD.to_owned();
    section(&mut page, "Of the company as a whole", &tenant);
    section(&mut page, "Of the company, and otherwise for a customer or an agreement", &anywhere);
    page
}

fn section(page: &mut String, heading: &str, settings: &[Setting]) {
    // Writing to a text can't fail.
    let _ =
        writeln!(page, "\n## {heading}\n\n| setting | what | allowed | unless it's set |\n| --- | --- | --- | --- |");
    for Setting { name, says, allowed, default, .. } in settings {
        let allowed = allowed.replace('|', "\\|");
        let _ = writeln!(page, "| `{name}` | {says} | {allowed} | {default} |");
    }
}
