//! What people see while they connect a company: small pages without anything from elsewhere, in their language.

use std::fmt::Write;

use super::{invitation::Refused, no::No, path_name};
use crate::{
    ids::{SystemKind, TenantId},
    letters::Language,
};

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The link was opened. The question is only asked once a person says so: whoever reads mail beforehand, such as a virus
    /// scanner, opens links but presses no button.
    Start {
        /// Where the company keeps its books.
        system: SystemKind,
        /// The link's secret, to come back with the button.
        link: String,
    },
    /// Done.
    Connected {
        /// Which company.
        tenant: TenantId,
        /// Its name, if the accounting system told.
        name: Option<String>,
    },
    /// The link counts for nothing.
    Link(Refused),
    /// The answer counts for nothing.
    Answer(Refused),
    /// The accounting system said no.
    No {
        /// Which.
        system: SystemKind,
        /// In our terms.
        no: No,
        /// In its own, presentable.
        words: String,
    },
    /// Another company was meant.
    WrongTenant {
        /// Who was meant.
        expected: TenantId,
        /// Who consented.
        found: TenantId,
    },
    /// The code is spent, and nothing came of it.
    StartAgain(SystemKind),
    /// Something on our side: come again in a while.
    Unready,
    /// There is no such page.
    Nowhere,
}

/// The page's words.
struct Words {
    title: String,
    text: String,
    button: &'static str,
}

/// The first language of an `Accept-Language` header that there are pages in, else English. Norwegians read Danish.
pub fn language_of(accept: &str) -> Language {
    let code = |range: &str| range.trim().split(['-', ';']).next().unwrap_or_default().to_lowercase();
    let known = |range| match code(range).as_str() {
        "sv" => Some(Language::Sv),
        "da" | "nb" | "no" | "nn" => Some(Language::Da),
        "en" => Some(Language::En),
        _ => None,
    };
    accept.split(',').find_map(known).unwrap_or(Language::En)
}

/// Text as it may stand in HTML, in an attribute too.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
        safe
    })
}

fn called(system: SystemKind) -> &'static str {
    match system {
        SystemKind::Fortnox => "Fortnox",
        SystemKind::Economic => "e-conomic",
    }
}

impl Page {
    /// The HTTP status that it comes with.
    pub fn status(&self) -> u16 {
        match self {
            Self::Start { .. } | Self::Connected { .. } => 200,
            Self::Link(Refused::Unknown) | Self::Nowhere => 404,
            Self::Link(_) => 410,
            Self::Answer(_) | Self::No { .. } => 400,
            Self::WrongTenant { .. } => 409,
            Self::StartAgain(_) => 502,
            Self::Unready => 503,
        }
    }

    /// The page as HTML. There are none in Norwegian and Finnish: they're the Danish and English ones.
    pub fn html(&self, language: Language) -> String {
        let (language, words) = match language {
            Language::Sv => (Language::Sv, self.swedish()),
            Language::Da | Language::Nb => (Language::Da, self.danish()),
            Language::En | Language::Fi => (Language::En, self.english()),
        };
        let Words { title, text, button } = words;
        let (code, title) = (language.code(), escaped(&title));
        let mut html = format!(
            "<!doctype html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
             <title>{title}</title></head><body><h1>{title}</h1>"
        );
        for paragraph in text.lines() {
            // Writing to a `String` can't fail.
            let _ = write!(html, "<p>{}</p>", escaped(paragraph));
        }
        if let Self::Start { system, link } = self {
            let (action, link, button) = (path_name(*system), escaped(link), escaped(button));
            let _ = write!(
                html,
                "<form method=\"post\" action=\"/connect/{action}\"><input type=\"hidden\" name=\"link\" \
                 value=\"{link}\"><button>{button}</button></form>"
            );
        }
        html.push_str("</body></html>\n");
        html
    }

    fn swedish(&self) -> Words {
        let again = "Öppna länken som du fick en gång till för att börja om.";
        let (title, text) = match self {
            Self::Start { system, .. } => (
                format!("Anslut företaget till {}", called(*system)),
                format!(
                    "Du skickas till {0}. Logga in i rätt företag och godkänn att Fakturapilot får läsa avtal och kunder och skapa fakturor. Inget faktureras förrän någon har valt det.",
                    called(*system)
                ),
            ),
            Self::Connected { tenant, name } => (
                "Företaget är anslutet".to_owned(),
                format!(
                    "{} ({tenant}) är anslutet. Inget faktureras än: först visas bara vad som skulle ha gjorts. Du kan stänga sidan.",
                    name.as_deref().unwrap_or("Företaget")
                ),
            ),
            Self::Link(Refused::Unknown) => (
                "Länken finns inte".to_owned(),
                "Kontrollera att hela länken kom med, eller be om en ny. Den kan också redan ha använts.".to_owned(),
            ),
            Self::Link(_) => {
                ("Länken gäller inte längre".to_owned(), "Be den som skickade länken om en ny.".to_owned())
            }
            Self::Answer(Refused::Unknown) => {
                ("Svaret hör inte till någon fråga".to_owned(), format!("Inget har sparats. {again}"))
            }
            Self::Answer(Refused::Expired) => (
                "Det tog för lång tid".to_owned(),
                format!("Godkännandet måste ske inom tio minuter. Inget har sparats. {again}"),
            ),
            Self::Answer(Refused::Used) => (
                "Svaret har redan använts".to_owned(),
                format!("Det räknas bara en gång. Om företaget inte blev anslutet: {again}"),
            ),
            Self::No { system, no, words } => {
                let system = called(*system);
                let text = match no {
                    No::Denied => format!("Du sa nej i {system}. Inget har sparats. {again}"),
                    No::MissingLicence => format!("Företaget saknar en licens i {system} som behövs, till exempel för fakturering eller integrationer. Lägg till licensen i {system}. {again}"),
                    No::NoServiceAccount => format!("Bara en systemadministratör i {system} kan godkänna detta. Be en systemadministratör att öppna länken, eller be om en länk som ansluter din egen användare."),
                    No::Scope => "Fakturapilot bad om en behörighet som integrationen inte har. Kontakta den som skickade länken.".to_owned(),
                    No::Other => format!("{system} sa nej. Inget har sparats. {again}"),
                };
                ("Företaget anslöts inte".to_owned(), with_words(text, system, words, "svarade"))
            }
            Self::WrongTenant { expected, found } => (
                "Fel företag".to_owned(),
                format!(
                    "Länken gäller {expected}, men godkännandet gavs för {found}. Inget har sparats. Ta bort godkännandet i det företaget och logga in i rätt företag. {again}"
                ),
            ),
            Self::StartAgain(system) => (
                "Börja om".to_owned(),
                format!("Det kom inget användbart svar från {}. Inget har sparats. {again}", called(*system)),
            ),
            Self::Unready => ("Försök igen om en stund".to_owned(), format!("Något fungerade inte hos oss. {again}")),
            Self::Nowhere => ("Sidan finns inte".to_owned(), String::new()),
        };
        Words { title, text, button: "Fortsätt" }
    }

    fn danish(&self) -> Words {
        let again = "Åbn linket, som du fik, en gang til for at begynde forfra.";
        let (title, text) = match self {
            Self::Start { system, .. } => (
                format!("Tilslut virksomheden til {}", called(*system)),
                format!(
                    "Du sendes til {0}. Log ind i den rigtige virksomhed, og godkend, at Fakturapilot må læse kunder og kladder og bogføre fakturaer. Intet faktureres, før nogen har valgt det.",
                    called(*system)
                ),
            ),
            Self::Connected { tenant, name } => (
                "Virksomheden er tilsluttet".to_owned(),
                format!(
                    "{} ({tenant}) er tilsluttet. Intet faktureres endnu: først vises kun, hvad der ville være gjort. Du kan lukke siden.",
                    name.as_deref().unwrap_or("Virksomheden")
                ),
            ),
            Self::Link(Refused::Unknown) => (
                "Linket findes ikke".to_owned(),
                "Se efter, om hele linket kom med, eller bed om et nyt. Det kan også allerede være brugt.".to_owned(),
            ),
            Self::Link(_) => {
                ("Linket gælder ikke længere".to_owned(), "Bed den, der sendte linket, om et nyt.".to_owned())
            }
            Self::Answer(Refused::Unknown) => {
                ("Svaret hører ikke til noget spørgsmål".to_owned(), format!("Intet er gemt. {again}"))
            }
            Self::Answer(Refused::Expired) => (
                "Det tog for lang tid".to_owned(),
                format!("Godkendelsen skal ske inden for ti minutter. Intet er gemt. {again}"),
            ),
            Self::Answer(Refused::Used) => (
                "Svaret er allerede brugt".to_owned(),
                format!("Det tæller kun én gang. Hvis virksomheden ikke blev tilsluttet: {again}"),
            ),
            Self::No { system, no, words } => {
                let system = called(*system);
                let text = match no {
                    No::Denied => format!("Du sagde nej i {system}. Intet er gemt. {again}"),
                    No::MissingLicence => format!(
                        "Virksomheden mangler en licens eller et modul i {system}, som er nødvendigt. Tilføj det i {system}. {again}"
                    ),
                    No::NoServiceAccount => format!(
                        "Kun en systemadministrator i {system} kan godkende dette. Bed en systemadministrator om at åbne linket, eller bed om et link, der tilslutter din egen bruger."
                    ),
                    No::Scope => {
                        "Fakturapilot bad om en rettighed, som integrationen ikke har. Kontakt den, der sendte linket."
                            .to_owned()
                    }
                    No::Other => format!("{system} sagde nej. Intet er gemt. {again}"),
                };
                ("Virksomheden blev ikke tilsluttet".to_owned(), with_words(text, system, words, "svarede"))
            }
            Self::WrongTenant { expected, found } => (
                "Forkert virksomhed".to_owned(),
                format!(
                    "Linket gælder {expected}, men godkendelsen blev givet for {found}. Intet er gemt. Fjern godkendelsen i den virksomhed, og log ind i den rigtige. {again}"
                ),
            ),
            Self::StartAgain(system) => (
                "Begynd forfra".to_owned(),
                format!("Der kom intet brugbart svar fra {}. Intet er gemt. {again}", called(*system)),
            ),
            Self::Unready => ("Prøv igen om lidt".to_owned(), format!("Noget virkede ikke hos os. {again}")),
            Self::Nowhere => ("Siden findes ikke".to_owned(), String::new()),
        };
        Words { title, text, button: "Fortsæt" }
    }

    fn english(&self) -> Words {
        let again = "Open the link that you were given once more to start again.";
        let (title, text) = match self {
            Self::Start { system, .. } => (
                format!("Connect the company to {}", called(*system)),
                format!(
                    "You are sent to {0}. Log in to the right company and agree that Fakturapilot may read its agreements and customers and make invoices. Nothing is invoiced until somebody chooses so.",
                    called(*system)
                ),
            ),
            Self::Connected { tenant, name } => (
                "The company is connected".to_owned(),
                format!(
                    "{} ({tenant}) is connected. Nothing is invoiced yet: at first you only see what would be done. You may close this page.",
                    name.as_deref().unwrap_or("The company")
                ),
            ),
            Self::Link(Refused::Unknown) => (
                "There is no such link".to_owned(),
                "See whether you have the whole link, or ask for a new one. It may also have been used already."
                    .to_owned(),
            ),
            Self::Link(_) => {
                ("The link is no longer valid".to_owned(), "Ask whoever sent it for a new one.".to_owned())
            }
            Self::Answer(Refused::Unknown) => {
                ("The answer belongs to no question".to_owned(), format!("Nothing was stored. {again}"))
            }
            Self::Answer(Refused::Expired) => (
                "It took too long".to_owned(),
                format!("Consent must be given within ten minutes. Nothing was stored. {again}"),
            ),
            Self::Answer(Refused::Used) => (
                "The answer was used before".to_owned(),
                format!("It counts once only. If the company was not connected: {again}"),
            ),
            Self::No { system, no, words } => {
                let system = called(*system);
                let text = match no {
                    No::Denied => format!("You said no in {system}. Nothing was stored. {again}"),
                    No::MissingLicence => format!("The company lacks a licence in {system} that is needed, such as the one for invoicing or for integrations. Add it in {system}. {again}"),
                    No::NoServiceAccount => format!("Only a system administrator in {system} can agree to this. Ask one to open the link, or ask for a link that connects your own user."),
                    No::Scope => "Fakturapilot asked for a right that the integration does not have. Tell whoever sent you the link.".to_owned(),
                    No::Other => format!("{system} said no. Nothing was stored. {again}"),
                };
                ("The company was not connected".to_owned(), with_words(text, system, words, "said"))
            }
            Self::WrongTenant { expected, found } => (
                "Wrong company".to_owned(),
                format!(
                    "The link is for {expected}, but consent was given for {found}. Nothing was stored. Remove the consent in that company and log in to the right one. {again}"
                ),
            ),
            Self::StartAgain(system) => (
                "Start again".to_owned(),
                format!("No usable answer came from {}. Nothing was stored. {again}", called(*system)),
            ),
            Self::Unready => {
                ("Try again in a while".to_owned(), format!("Something did not work on our side. {again}"))
            }
            Self::Nowhere => ("There is no such page".to_owned(), String::new()),
        };
        Words { title, text, button: "Continue" }
    }
}

/// The text, with the accounting system's own words below it if there are any.
fn with_words(text: String, system: &str, words: &str, said: &str) -> String {
    if words.is_empty() { text } else { format!("{text}\n{system} {said}: {words}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(number: u64) -> TenantId {
        TenantId::new(SystemKind::Fortnox, number)
    }

    fn no(words: &str) -> Page {
        Page::No { system: SystemKind::Fortnox, no: No::Other, words: words.to_owned() }
    }

    #[test]
    fn people_are_spoken_to_in_their_language() {
        let cases = [
            ("", Language::En),
            ("sv-SE,sv;q=0.9,en;q=0.8", Language::Sv),
            ("da", Language::Da),
            ("nb-NO, en", Language::Da),
            ("fi, sv;q=0.5", Language::Sv),
            ("de", Language::En),
        ];
        for (accept, language) in cases {
            assert_eq!(language_of(accept), language, "{accept}");
        }
    }

    #[test]
    fn nothing_from_outside_is_markup() {
        let name = Some("<script>alert('x')</script> & \"co\"".to_owned());
        let pages = [
            no("<script>alert('x')</script> & \"co\""),
            Page::Connected { tenant: tenant(1), name },
            Page::Start { system: SystemKind::Fortnox, link: "\"><script>".to_owned() },
        ];
        for (page, language) in pages.iter().flat_map(|page| Language::ALL.map(|language| (page, language))) {
            let html = page.html(language);
            assert!(!html.contains("<script"), "{html}");
            assert!(html.contains("&lt;script&gt;"), "{html}");
        }
    }

    #[test]
    fn each_page_says_what_is_the_matter_in_each_language() {
        let refused = [Refused::Unknown, Refused::Expired, Refused::Used];
        let nos = [No::Denied, No::MissingLicence, No::NoServiceAccount, No::Scope, No::Other];
        let system = SystemKind::Economic;
        let mut pages: Vec<Page> = refused.into_iter().flat_map(|why| [Page::Link(why), Page::Answer(why)]).collect();
        pages.extend(nos.map(|no| Page::No { system, no, words: "their words".to_owned() }));
        pages.extend([Page::WrongTenant { expected: tenant(1), found: tenant(2) }, Page::StartAgain(system)]);
        pages.push(Page::Unready);
        for language in [Language::Sv, Language::Da, Language::En] {
            let mut seen = std::collections::BTreeSet::new();
            for page in &pages {
                let html = page.html(language);
                assert!(html.contains(&format!("lang=\"{}\"", language.code())), "{html}");
                if matches!(page, Page::No { .. }) {
                    assert!(html.contains("e-conomic") && html.contains("their words"), "{html}");
                }
                seen.insert(html);
                assert!(page.status() >= 400);
            }
            // A link that was used and one that expired are the same to whoever has to ask for another.
            assert_eq!(seen.len(), pages.len() - 1);
        }
    }

    #[test]
    fn only_the_first_page_has_a_button() {
        let start = Page::Start { system: SystemKind::Fortnox, link: "abc".to_owned() };
        assert!(start.html(Language::Sv).contains("action=\"/connect/fortnox\""));
        assert!(!no("x").html(Language::Sv).contains("<form"));
    }
}
