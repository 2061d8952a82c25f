//! Norwegian (bokmål).

use super::{Label, Words};
use crate::{
    hold::HoldReason,
    job::StepName,
    letters::{Language, format},
    settings::Channel,
};

const LANGUAGE: Language = Language::Nb;

/// The words.
pub const WORDS: Words = Words { code: "nb", format: LANGUAGE, label, channel, failed, failed_advice, why, advice };

fn label(label: Label) -> &'static str {
    match label {
        Label::Title => "Fakturaer",
        Label::NewlyCreated => "opprettet",
        Label::WaitForYou => "venter på deg",
        Label::Nothing => "Ingenting har skjedd, og ingenting venter på deg.",
        Label::Created => "Opprettet",
        Label::Booked => "Bokført",
        Label::Delivered => "Sendt",
        Label::Bounced => "Kom i retur",
        Label::Held => "Stanset: venter på deg",
        Label::Failed => "Mislyktes: venter på deg",
        Label::Concerns => "Må ses på",
        Label::Prices => "Prisendringer",
        Label::Coming => "Kommer i morgen",
        Label::Mails => "Våre egne e-poster til deg",
        Label::Invoice => "Faktura",
        Label::Agreement => "Avtale",
        Label::Draft => "Kladd",
        Label::Customer => "Kunde",
        Label::Amount => "Beløp",
        Label::Sum => "Sum",
        Label::Why => "Hvorfor",
        Label::Act => "Gjør slik",
        Label::Since => "Siden",
        Label::Job => "Jobb",
        Label::Article => "Artikkel",
        Label::Price => "Pris",
        Label::Period => "Periode",
        Label::Company => "Hele bedriften",
        Label::More => "til som ikke vises",
        Label::Adopted => "laget for hånd, funnet av oss",
        Label::FoundBooked => "var allerede bokført",
        Label::FoundSent => "var allerede sendt",
        Label::Undeliverable => "adressen tar ikke imot e-posten",
        Label::UndeliverableInPart => "en av adressene tar ikke imot e-posten",
        Label::Complained => "mottakeren har meldt e-posten som søppelpost",
        Label::CopyUndeliverable => "kontrollkopien til dere kom ikke frem",
        Label::PriceChanged => "endret",
        Label::PriceForeseen => "ville blitt endret; priser vises bare",
        Label::PriceRefused => "endringen ble avvist",
        Label::MailUnknown => "kom kanskje ikke fram: e-posttjenestens svar gikk tapt, og den sendes ikke to ganger",
        Label::MailRefused => "ble avvist av e-posttjenesten",
        Label::NoticeTitle => "Trenger deg nå",
        Label::NoticeUnreachable => "Regnskapsprogrammet kan ikke nås eller brukes",
        Label::NoticeStopped => "Faktureringen har stanset",
        Label::NoticeNothingCreated => "Ingenting ble opprettet, selv om noe skulle faktureres",
        Label::NothingCreatedWhy => "fakturaer skulle opprettes i dag, men ingen er opprettet eller stanset",
        Label::NothingCreatedAct => {
            "se på de nyeste beslutningene og de døde brevene; skjer det ingenting innen en time, kontakt den som driver tjenesten"
        }
        Label::Footer => "E-posten er skrevet av Fakturapilot.",
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::SesEmail => "e-post",
        Channel::FortnoxEmail => "e-post fra Fortnox",
        Channel::FortnoxEinvoice => "e-faktura fra Fortnox",
        Channel::FortnoxPrintService => "brev fra Fortnox",
        Channel::FortnoxInvoiceService => "Fortnox' fakturatjeneste",
        Channel::CustomerDefault => "som kundekortet sier",
        Channel::EconomicEmail => "e-post fra e-conomic",
        Channel::EconomicEinvoice => "e-faktura fra e-conomic",
        Channel::None => "sendes ikke av oss",
    }
}

fn failed(step: StepName) -> &'static str {
    match step {
        StepName::Create => "fakturaen kunne ikke opprettes",
        StepName::Book => "fakturaen kunne ikke bokføres",
        StepName::Deliver => "fakturaen kunne ikke sendes",
    }
}

fn failed_advice(step: StepName, _: &str) -> String {
    let text = match step {
        StepName::Create => "rett det svaret sier i regnskapsprogrammet, og godkjenn jobben, eller hopp over den",
        StepName::Book => "rett det svaret sier, og godkjenn jobben, eller bokfør for hånd og hopp over jobben",
        StepName::Deliver => {
            "rett det svaret sier, og godkjenn jobben, eller send fakturaen for hånd og hopp over jobben"
        }
    };
    text.to_owned()
}

fn step(step: StepName) -> &'static str {
    match step {
        StepName::Create => "opprett",
        StepName::Book => "bokfør",
        StepName::Deliver => "send",
    }
}

fn because(problem: Option<&String>) -> String {
    problem.map(|problem| format!(": {problem}")).unwrap_or_default()
}

fn why(reason: &HoldReason) -> String {
    use HoldReason as R;
    let money = |money| format::amount(LANGUAGE, money);
    let period = |period| format::period(LANGUAGE, period);
    match reason {
        R::TooFarBehind { missed, allowed } => {
            format!("{missed} perioder er gått glipp av, og høyst {allowed} kan tas igjen uten å spørre")
        }
        R::AmbiguousPeriod => "avtalens periode kan leses på to måter, som gir ulike svar i dag".to_owned(),
        R::PerhapsInvoicedByHand { date } => format!(
            "det ble laget en faktura for hånd {}, nær periodens dato: den dekker kanskje perioden allerede",
            format::date(LANGUAGE, *date)
        ),
        R::OverlapsLast { period: due, last } => {
            format!("perioden {} overlapper {}, som er fakturert", period(*due), period(*last))
        }
        R::AlreadyRecurring => {
            "regnskapsprogrammet fakturerer også kunden av seg selv (Återkommande fakturering i Fortnox)".to_owned()
        }
        R::NotPositive { total } => format!("fakturaen ville blitt på {}", money(*total)),
        R::AmountOverLimit { total, limit } => format!("beløpet {} er over grensen {}", money(*total), money(*limit)),
        R::NoLimitForCurrency { currency } => format!("det er ikke satt noe høyeste beløp for {currency}"),
        R::ChangeOverLimit { total, last, limit_percent } => {
            format!("beløpet {} avviker mer enn {limit_percent} % fra forrige fakturas {}", money(*total), money(*last))
        }
        R::DayLimit { limit } => format!("dagens grense på {limit} fakturaer er nådd"),
        R::NotFlagged => {
            "integrasjonen sier at kladden er ferdig, men kunden er ikke satt til automatisk utsending".to_owned()
        }
        R::NoSuchDraft { draft } => {
            format!("integrasjonen sier at kladd {draft} er ferdig, men den kladden finnes ikke")
        }
        R::SignalUnclear { draft } => format!(
            "det kom et klarsignal for kladd {draft}, men nummeret var en annen kladds tidligere: det gjaldt kanskje den"
        ),
        R::DraftIncomplete { problem } => format!("kladden er ikke komplett: {problem}"),
        R::CustomerBarred => "kunden er sperret i regnskapsprogrammet".to_owned(),
        R::NeedsEinvoice { channel: set } => {
            format!("kunden har EAN og må få e-faktura, men kanalen er {}", channel(*set))
        }
        R::EinvoiceIncomplete { problem } => format!("e-fakturaen kan ikke sendes: {problem}"),
        R::NoRecipient { problem } => format!("det er ingen å sende fakturaen til{}", because(problem.as_ref())),
        R::PeriodClosed { date } => {
            format!("{} ligger ikke i en åpen regnskapsperiode", format::date(LANGUAGE, *date))
        }
        R::BookedOtherwise { invoice, decided, booked } => format!(
            "faktura {invoice} ble på {}, men beslutningen gjaldt {}: kladden ble endret mens den ble bokført",
            money(*booked),
            money(*decided)
        ),
        R::Unreadable { problem } => format!("avtalen kan ikke leses: {problem}"),
        R::BrokenSettings { scope, field, problem } => {
            format!("innstillingene {scope} godtas ikke: {field}: {problem}")
        }
        R::AgreementMoved { now } => format!("avtalen er endret siden beslutningen: {now}"),
        R::OutcomeUnknown { step: of, seen } => {
            format!("det er ikke mulig å finne ut om trinnet {} skjedde: {seen}", step(*of))
        }
        R::TooManyAttempts { step: of, attempts, last } => {
            format!("trinnet {} er prøvd {attempts} ganger uten hell: {last}", step(*of))
        }
        R::NoAddress { problem } => format!("kunden har ingen brukbar e-postadresse{}", because(problem.as_ref())),
        R::CameBack { invoice, problem } => format!("e-posten med faktura {invoice} kom i retur: {problem}"),
        R::AddressDead { since } => format!(
            "kundens adresse finnes ikke: en e-post dit kom i retur {}",
            format::date(LANGUAGE, since.date_naive())
        ),
        R::MailUnwanted { since } => format!(
            "kunden kalte en e-post uønsket {}, så det sendes ikke flere",
            format::date(LANGUAGE, since.date_naive())
        ),
        R::MailsPaused { accepted, bounced } => format!(
            "{bounced} av de siste {accepted} e-postene kom i retur: firmaets e-post er satt på pause, så e-posttjenesten ikke stopper alles"
        ),
        R::ChannelUnavailable { channel } => format!("kanalen {channel} kan ikke brukes"),
        R::NotBooked { invoice, channel: set } => {
            format!("faktura {invoice} er ikke bokført, og bare bokførte sendes med {}", channel(*set))
        }
        R::NotForService { invoice, problem } => format!("fakturatjenesten tar ikke faktura {invoice}: {problem}"),
        R::AtService { invoice, problem } => format!("faktura {invoice} er gitt til fakturatjenesten: {problem}"),
        R::NoCustomerDefault { word: None } => {
            "kanalen er customer_default, og kundekortet sier ikke hvordan fakturaer sendes".to_owned()
        }
        R::NoCustomerDefault { word: Some(word) } => {
            format!("kanalen er customer_default, og kundekortet sier `{word}`, som er ukjent")
        }
        R::OtherPeriod { invoice, made, wanted } => {
            format!("faktura {invoice} ble laget for {}, men {} skulle faktureres", period(*made), period(*wanted))
        }
        R::InvoiceChanged { invoice, problem } => format!("faktura {invoice} er ikke som ventet: {problem}"),
        R::LetterBroken { problem } => format!("brevet kan ikke skrives: {problem}"),
        R::ModeForbids { step: of, mode } => {
            format!("bedriftens modus er `{}`, så trinnet {} gjøres ikke", mode.name(), step(*of))
        }
        R::PricesNotFollowed { problem, .. } => format!("prisene følger ikke prislisten: {problem}"),
        R::PreflightBlocks { found, first, .. } => format!(
            "profilen sier `full`, men modus er `draft_only`: forkontrollen fant {found} hindringer; den første: {first}"
        ),
        R::TenantBlocked { problem, .. } => format!("bedriften kan ikke nås eller brukes: {problem}"),
    }
}

fn advice(reason: &HoldReason) -> String {
    use HoldReason as R;
    let text = match reason {
        R::TooFarBehind { .. } => {
            "fakturer eller hopp over periodene i regnskapsprogrammet, eller godkjenn jobben; da tas én periode om gangen"
        }
        R::AmbiguousPeriod => "sett `period_reading` for avtalen til `next_period` eller `whole_term`",
        R::PerhapsInvoicedByHand { .. } | R::OverlapsLast { .. } => {
            "se på avtalens nyeste faktura; hopp over jobben hvis den dekker perioden, godkjenn den ellers"
        }
        R::AlreadyRecurring => {
            "se i Fortnox hva Återkommande fakturering fakturerer kunden for. Er det det samme, avslutt det ene og hopp over jobben; ellers godkjenn jobben, eller sett `hold_if_recurring` til false for kunden"
        }
        R::NotPositive { .. } => "rett avtalens linjer eller priser, og godkjenn jobben eller hopp over den",
        R::AmountOverLimit { .. } | R::ChangeOverLimit { .. } => {
            "kontroller beløpet; godkjenn jobben hvis det stemmer, eller hev grensen"
        }
        R::NoLimitForCurrency { .. } => "legg valutaen til `max_amount`, eller godkjenn jobben",
        R::DayLimit { .. } => "godkjenn jobben, eller hev `max_invoices_per_day`",
        R::NotFlagged => {
            "sett `automatic_sending` for kunden hvis kladdene skal sendes; da går jobben videre av seg selv. Ellers hopp over den"
        }
        R::NoSuchDraft { .. } => {
            "kontroller hvilket nummer integrasjonen sender, og om noen har bokført eller slettet kladden i forveien"
        }
        R::SignalUnclear { .. } => "godkjenn jobben hvis kladden er ferdig; hopp ellers over den",
        R::DraftIncomplete { .. } => "gjør kladden ferdig, eller slett den; jobben går videre av seg selv",
        R::CustomerBarred => {
            "opphev sperringen i regnskapsprogrammet, så går jobben videre av seg selv; eller hopp over den"
        }
        R::NeedsEinvoice { .. } => {
            "sett `channel` til `economic_einvoice` for kunden; da går jobben videre av seg selv"
        }
        R::EinvoiceIncomplete { .. } => {
            "skriv inn det som mangler i regnskapsprogrammet; da går jobben videre av seg selv"
        }
        R::NoRecipient { .. } => {
            "skriv inn en e-postadresse på kunden eller kontakten, eller `recipient` i innstillingene; da går jobben videre av seg selv"
        }
        R::PeriodClosed { .. } => {
            "dater kladden i en åpen periode, eller åpne perioden; da går jobben videre av seg selv"
        }
        R::BookedOtherwise { .. } => {
            "se på fakturaen; godkjenn jobben for å sende den, eller krediter den (en kladd med negative beløp) og hopp over jobben"
        }
        R::Unreadable { .. } => "rett avtalen i regnskapsprogrammet; den leses igjen ved neste gjennomgang",
        R::BrokenSettings { .. } => "rett det nevnte feltet; jobben går videre ved neste gjennomgang",
        R::AgreementMoved { .. } => {
            "se på avtalen; neste gjennomgang beslutter på nytt, så hopp over denne jobben hvis det er riktig"
        }
        R::OutcomeUnknown { .. } => {
            "se i regnskapsprogrammet eller e-postloggen; godkjenn jobben for å gjøre trinnet igjen, eller hopp over den hvis det skjedde"
        }
        R::TooManyAttempts { .. } => "rett det som siste svar sier, og godkjenn jobben",
        R::NoAddress { .. } => {
            "skriv inn kundens e-postadresse i regnskapsprogrammet eller `recipient` i innstillingene, og godkjenn jobben"
        }
        R::CameBack { .. } => {
            "skriv inn kundens riktige adresse i regnskapsprogrammet, eller `recipient` i innstillingene, og godkjenn så jobben, så sendes den igjen; eller send fakturaen på annen måte og hopp over jobben. `bounce_channel` gjør det av seg selv"
        }
        R::AddressDead { .. } => {
            "skriv inn en annen adresse i regnskapsprogrammet, eller `recipient` i innstillingene; jobben går da videre av seg selv. Eller godkjenn jobben, så sendes den dit likevel"
        }
        R::MailUnwanted { .. } => {
            "spør kunden hvordan den vil ha fakturaene sine, og velg en annen `channel`; eller godkjenn jobben, så sendes den likevel"
        }
        R::MailsPaused { .. } => {
            "rett adressene til kundene som e-posten kom i retur fra; jobbene går videre av seg selv når andelen synker. Eller godkjenn en jobb med en adresse du vet er riktig"
        }
        R::ChannelUnavailable { .. } => "velg en annen `channel` i innstillingene, og godkjenn jobben",
        R::NotBooked { .. } => {
            "bokfør fakturaen i regnskapsprogrammet, eller velg en annen `channel`; da går jobben videre av seg selv"
        }
        R::NotForService { .. } => {
            "rett det i regnskapsprogrammet, eller velg en annen `channel`; da går jobben videre av seg selv. Eller send fakturaen for hånd og hopp over jobben"
        }
        R::AtService { .. } => {
            "se til fakturaen i Fortnox' fakturatjeneste (godkjenn den der hvis det kreves); da går jobben videre av seg selv. Eller hopp over den"
        }
        R::NoCustomerDefault { .. } => {
            "velg på kundekortet i Fortnox hvordan fakturaer sendes, eller sett `channel` for kunden; da går jobben videre av seg selv"
        }
        R::OtherPeriod { .. } => {
            "se på fakturaen; godkjenn jobben hvis den er riktig likevel, eller ta den tilbake og hopp over jobben; se så på avtalens datoer"
        }
        R::InvoiceChanged { .. } => "gjør fakturaen ferdig for hånd i regnskapsprogrammet, og hopp så over jobben",
        R::ModeForbids { .. } => "ingenting: den går videre når modus tillater det; eller hopp over jobben",
        R::LetterBroken { .. } => "rett brevet i innstillingene, og godkjenn jobben",
        R::PreflightBlocks { .. } => {
            "les forkontrollens rapport, rett hindringene og kjør forkontrollen igjen; da er modus `full` av seg selv"
        }
        R::PricesNotFollowed { advice, .. } | R::TenantBlocked { advice, .. } => advice,
    };
    text.to_owned()
}
