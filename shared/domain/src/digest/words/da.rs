//! Danish.

use super::{Label, Words};
use crate::{
    hold::HoldReason,
    job::StepName,
    letters::{Language, format},
    settings::Channel,
};

const LANGUAGE: Language = Language::Da;

/// The words.
pub const WORDS: Words = Words { code: "da", format: LANGUAGE, label, channel, failed, failed_advice, why, advice };

fn label(label: Label) -> &'static str {
    match label {
        Label::Title => "Fakturaer",
        Label::NewlyCreated => "oprettet",
        Label::WaitForYou => "venter på dig",
        Label::Nothing => "Der er ikke sket noget, og intet venter på dig.",
        Label::Created => "Oprettet",
        Label::Booked => "Bogført",
        Label::Delivered => "Sendt",
        Label::Bounced => "Kom retur",
        Label::Held => "Standset: venter på dig",
        Label::Failed => "Mislykkedes: venter på dig",
        Label::Concerns => "Skal ses på",
        Label::Prices => "Prisændringer",
        Label::Coming => "Kommer i morgen",
        Label::Mails => "Vores egne mails til dig",
        Label::Invoice => "Faktura",
        Label::Agreement => "Aftale",
        Label::Draft => "Kladde",
        Label::Customer => "Kunde",
        Label::Amount => "Beløb",
        Label::Sum => "Sum",
        Label::Why => "Hvorfor",
        Label::Act => "Gør sådan",
        Label::Since => "Siden",
        Label::Job => "Job",
        Label::Article => "Vare",
        Label::Price => "Pris",
        Label::Period => "Periode",
        Label::Company => "Hele virksomheden",
        Label::More => "flere, som ikke vises",
        Label::Adopted => "lavet i hånden, fundet af os",
        Label::FoundBooked => "var allerede bogført",
        Label::FoundSent => "var allerede sendt",
        Label::Undeliverable => "adressen tager ikke imod mailen",
        Label::UndeliverableInPart => "en af adresserne tager ikke imod mailen",
        Label::Complained => "modtageren har meldt mailen som spam",
        Label::CopyUndeliverable => "kontrolkopien til jer kom ikke frem",
        Label::PriceChanged => "ændret",
        Label::PriceForeseen => "ville blive ændret; priser vises kun",
        Label::PriceRefused => "ændringen blev afvist",
        Label::MailUnknown => "er måske ikke nået frem: mailtjenestens svar gik tabt, og den sendes ikke to gange",
        Label::MailRefused => "blev afvist af mailtjenesten",
        Label::NoticeTitle => "Kræver dig nu",
        Label::NoticeUnreachable => "Regnskabsprogrammet kan ikke nås eller bruges",
        Label::NoticeStopped => "Faktureringen er standset",
        Label::NoticeNothingCreated => "Intet blev oprettet, selv om noget skulle faktureres",
        Label::NothingCreatedWhy => "der skulle oprettes fakturaer i dag, men ingen er oprettet eller standset",
        Label::NothingCreatedAct => {
            "se på de nyeste beslutninger og de døde breve; sker der intet inden for en time, så kontakt den, der driver tjenesten"
        }
        Label::Footer => "Mailen er skrevet af Fakturapilot.",
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::SesEmail => "e-mail",
        Channel::FortnoxEmail => "e-mail fra Fortnox",
        Channel::FortnoxEinvoice => "e-faktura fra Fortnox",
        Channel::FortnoxPrintService => "brev fra Fortnox",
        Channel::FortnoxInvoiceService => "Fortnox' fakturatjeneste",
        Channel::CustomerDefault => "som kundekortet siger",
        Channel::EconomicEmail => "e-mail fra e-conomic",
        Channel::EconomicEinvoice => "e-faktura fra e-conomic",
        Channel::None => "sendes ikke af os",
    }
}

fn failed(step: StepName) -> &'static str {
    match step {
        StepName::Create => "fakturaen kunne ikke oprettes",
        StepName::Book => "fakturaen kunne ikke bogføres",
        StepName::Deliver => "fakturaen kunne ikke sendes",
    }
}

fn failed_advice(step: StepName, _: &str) -> String {
    let text = match step {
        StepName::Create => "ret det, svaret siger, i regnskabsprogrammet, og godkend jobbet, eller spring det over",
        StepName::Book => "ret det, svaret siger, og godkend jobbet, eller bogfør i hånden og spring jobbet over",
        StepName::Deliver => {
            "ret det, svaret siger, og godkend jobbet, eller send fakturaen i hånden og spring jobbet over"
        }
    };
    text.to_owned()
}

fn step(step: StepName) -> &'static str {
    match step {
        StepName::Create => "opret",
        StepName::Book => "bogfør",
        StepName::Deliver => "send",
    }
}

fn because(problem: Option<&String>) -> String {
    problem.map(|problem| format!(": {problem}")).unwrap_or_default()
}

#[expect(clippy::too_many_lines, reason = "one arm for each reason, so that none is forgotten")]
fn why(reason: &HoldReason) -> String {
    use HoldReason as R;
    let money = |money| format::amount(LANGUAGE, money);
    let period = |period| format::period(LANGUAGE, period);
    match reason {
        R::TooFarBehind { missed, allowed } => {
            format!("{missed} perioder er sprunget over, og højst {allowed} må indhentes uden at spørge")
        }
        R::AmbiguousPeriod => "aftalens periode kan læses på to måder, som giver forskellige svar i dag".to_owned(),
        R::PerhapsInvoicedByHand { date } => format!(
            "der blev lavet en faktura i hånden {}, tæt på periodens dato: den dækker måske allerede perioden",
            format::date(LANGUAGE, *date)
        ),
        R::OverlapsLast { period: due, last } => {
            format!("perioden {} overlapper {}, som er faktureret", period(*due), period(*last))
        }
        R::AlreadyRecurring => {
            "regnskabsprogrammet fakturerer også selv kunden (Återkommande fakturering i Fortnox)".to_owned()
        }
        R::NotPositive { total } => format!("fakturaen ville blive på {}", money(*total)),
        R::AmountOverLimit { total, limit } => format!("beløbet {} er over grænsen {}", money(*total), money(*limit)),
        R::NoLimitForCurrency { currency } => format!("der er intet højeste beløb for {currency}"),
        R::ChangeOverLimit { total, last, limit_percent } => format!(
            "beløbet {} afviger mere end {limit_percent} % fra den seneste fakturas {}",
            money(*total),
            money(*last)
        ),
        R::DayLimit { limit } => format!("dagens grænse på {limit} fakturaer er nået"),
        R::NotFlagged => {
            "integrationen siger, at kladden er færdig, men kunden er ikke sat til automatisk afsendelse".to_owned()
        }
        R::NoSuchDraft { draft } => {
            format!("integrationen siger, at kladde {draft} er færdig, men den kladde findes ikke")
        }
        R::SignalUnclear { draft } => format!(
            "der kom et klarsignal for kladde {draft}, men nummeret var tidligere en anden kladdes: det gjaldt måske den"
        ),
        R::DraftIncomplete { problem } => format!("kladden er ikke komplet: {problem}"),
        R::CustomerBarred => "kunden er spærret i regnskabsprogrammet".to_owned(),
        R::NeedsEinvoice { channel: set } => {
            format!("kunden har et EAN og skal have en e-faktura, men kanalen er {}", channel(*set))
        }
        R::EinvoiceIncomplete { problem } => format!("e-fakturaen kan ikke sendes: {problem}"),
        R::NoRecipient { problem } => format!("der er ingen at sende fakturaen til{}", because(problem.as_ref())),
        R::PeriodClosed { date } => {
            format!("{} ligger ikke i en åben regnskabsperiode", format::date(LANGUAGE, *date))
        }
        R::BookedOtherwise { invoice, decided, booked } => format!(
            "faktura {invoice} blev på {}, men beslutningen gjaldt {}: kladden blev ændret, mens den blev bogført",
            money(*booked),
            money(*decided)
        ),
        R::Unreadable { problem } => format!("aftalen kan ikke læses: {problem}"),
        R::BrokenSettings { scope, field, problem } => {
            format!("indstillingerne {scope} kan ikke bruges: {field}: {problem}")
        }
        R::AgreementMoved { now } => format!("aftalen er ændret siden beslutningen: {now}"),
        R::OutcomeUnknown { step: of, seen } => {
            format!("det kan ikke findes ud af, om trinnet {} skete: {seen}", step(*of))
        }
        R::TooManyAttempts { step: of, attempts, last } => {
            format!("trinnet {} er prøvet {attempts} gange uden held: {last}", step(*of))
        }
        R::NoAddress { problem } => format!("kunden har ingen brugbar e-mailadresse{}", because(problem.as_ref())),
        R::CameBack { invoice, problem } => format!("mailen med faktura {invoice} kom retur: {problem}"),
        R::AddressDead { since } => format!(
            "kundens adresse findes ikke: en mail dertil kom retur {}",
            format::date(LANGUAGE, since.date_naive())
        ),
        R::MailUnwanted { since } => format!(
            "kunden kaldte en mail uønsket {}, så der sendes ikke flere",
            format::date(LANGUAGE, since.date_naive())
        ),
        R::MailsPaused { accepted, bounced } => format!(
            "{bounced} af de seneste {accepted} mails kom retur: virksomhedens mails er sat på pause, så mailtjenesten ikke stopper alles"
        ),
        R::ChannelUnavailable { channel } => format!("kanalen {channel} kan ikke bruges"),
        R::NotBooked { invoice, channel: set } => {
            format!("faktura {invoice} er ikke bogført, og kun bogførte sendes med {}", channel(*set))
        }
        R::NotForService { invoice, problem } => {
            format!("fakturatjenesten tager ikke imod faktura {invoice}: {problem}")
        }
        R::AtService { invoice, problem } => format!("faktura {invoice} er givet til fakturatjenesten: {problem}"),
        R::NoCustomerDefault { word: None } => {
            "kanalen er customer_default, og kundekortet siger ikke, hvordan fakturaer sendes".to_owned()
        }
        R::NoCustomerDefault { word: Some(word) } => {
            format!("kanalen er customer_default, og kundekortet siger `{word}`, som er ukendt")
        }
        R::OtherPeriod { invoice, made, wanted } => {
            format!("faktura {invoice} blev lavet for {}, men {} skulle faktureres", period(*made), period(*wanted))
        }
        R::InvoiceChanged { invoice, problem } => format!("faktura {invoice} er ikke som ventet: {problem}"),
        R::LetterBroken { problem } => format!("brevet kan ikke skrives: {problem}"),
        R::ModeForbids { step: of, mode } => {
            format!("virksomhedens tilstand er `{}`, så trinnet {} gøres ikke", mode.name(), step(*of))
        }
        R::PricesNotFollowed { problem, .. } => format!("priserne følger ikke prislisten: {problem}"),
        R::PreflightBlocks { found, first, .. } => format!(
            "profilen siger `full`, men tilstanden er `draft_only`: forkontrollen fandt {found} forhindringer; den første: {first}"
        ),
        R::TenantBlocked { problem, .. } => format!("virksomheden kan ikke nås eller bruges: {problem}"),
    }
}

fn advice(reason: &HoldReason) -> String {
    use HoldReason as R;
    let text = match reason {
        R::TooFarBehind { .. } => {
            "fakturér eller spring de manglende perioder over i regnskabsprogrammet, eller godkend jobbet; så tages én periode ad gangen"
        }
        R::AmbiguousPeriod => "sæt `period_reading` for aftalen til `next_period` eller `whole_term`",
        R::PerhapsInvoicedByHand { .. } | R::OverlapsLast { .. } => {
            "se på aftalens nyeste faktura; spring jobbet over, hvis den dækker perioden, og godkend det ellers"
        }
        R::AlreadyRecurring => {
            "se i Fortnox, hvad Återkommande fakturering fakturerer kunden for. Er det det samme, så afslut det ene, og spring jobbet over; ellers godkend jobbet, eller sæt `hold_if_recurring` til false for kunden"
        }
        R::NotPositive { .. } => "ret aftalens linjer eller priser, og godkend jobbet, eller spring det over",
        R::AmountOverLimit { .. } | R::ChangeOverLimit { .. } => {
            "kontrollér beløbet; godkend jobbet, hvis det er rigtigt, eller hæv grænsen"
        }
        R::NoLimitForCurrency { .. } => "tilføj valutaen til `max_amount`, eller godkend jobbet",
        R::DayLimit { .. } => "godkend jobbet, eller hæv `max_invoices_per_day`",
        R::NotFlagged => {
            "sæt `automatic_sending` for kunden, hvis dens kladder skal sendes; så går jobbet videre af sig selv. Spring det ellers over"
        }
        R::NoSuchDraft { .. } => {
            "kontrollér, hvilket nummer integrationen sender, og om nogen har bogført eller slettet kladden i forvejen"
        }
        R::SignalUnclear { .. } => "godkend jobbet, hvis kladden er færdig; spring det ellers over",
        R::DraftIncomplete { .. } => "gør kladden færdig, eller slet den; jobbet går videre af sig selv",
        R::CustomerBarred => {
            "ophæv spærringen i regnskabsprogrammet, så går jobbet videre af sig selv; eller spring det over"
        }
        R::NeedsEinvoice { .. } => "sæt `channel` til `economic_einvoice` for kunden; så går jobbet videre af sig selv",
        R::EinvoiceIncomplete { .. } => {
            "skriv det, der mangler, i regnskabsprogrammet; så går jobbet videre af sig selv"
        }
        R::NoRecipient { .. } => {
            "skriv en e-mailadresse på kunden eller dens kontakt, eller `recipient` i indstillingerne; så går jobbet videre af sig selv"
        }
        R::PeriodClosed { .. } => {
            "dater kladden i en åben periode, eller åbn perioden; så går jobbet videre af sig selv"
        }
        R::BookedOtherwise { .. } => {
            "se på fakturaen; godkend jobbet for at sende den, eller krediter den (en kladde med negative beløb), og spring jobbet over"
        }
        R::Unreadable { .. } => "ret aftalen i regnskabsprogrammet; den læses igen ved næste gennemgang",
        R::BrokenSettings { .. } => "ret det nævnte felt; jobbet går videre ved næste gennemgang",
        R::AgreementMoved { .. } => {
            "se på aftalen; næste gennemgang beslutter på ny, så spring dette job over, hvis det er rigtigt"
        }
        R::OutcomeUnknown { .. } => {
            "se i regnskabsprogrammet eller mailloggen; godkend jobbet for at gøre trinnet igen, eller spring det over, hvis det skete"
        }
        R::TooManyAttempts { .. } => "ret det, som det seneste svar siger, og godkend jobbet",
        R::NoAddress { .. } => {
            "skriv kundens e-mailadresse i regnskabsprogrammet eller `recipient` i indstillingerne, og godkend jobbet"
        }
        R::CameBack { .. } => {
            "skriv kundens rigtige adresse i regnskabsprogrammet, eller `recipient` i indstillingerne, og godkend derefter jobbet, så mailes den igen; eller send fakturaen på anden måde, og spring jobbet over. `bounce_channel` gør det af sig selv"
        }
        R::AddressDead { .. } => {
            "skriv en anden adresse i regnskabsprogrammet, eller `recipient` i indstillingerne; jobbet går så videre af sig selv. Eller godkend jobbet, så mailes den dertil alligevel"
        }
        R::MailUnwanted { .. } => {
            "spørg kunden, hvordan den vil have sine fakturaer, og vælg en anden `channel`; eller godkend jobbet, så mailes den alligevel"
        }
        R::MailsPaused { .. } => {
            "ret adresserne på de kunder, hvis mails kom retur; jobbene går videre af sig selv, når andelen falder. Eller godkend et job, hvis adresse du ved er rigtig"
        }
        R::ChannelUnavailable { .. } => "vælg en anden `channel` i indstillingerne, og godkend jobbet",
        R::NotBooked { .. } => {
            "bogfør fakturaen i regnskabsprogrammet, eller vælg en anden `channel`; så går jobbet videre af sig selv"
        }
        R::NotForService { .. } => {
            "ret det i regnskabsprogrammet, eller vælg en anden `channel`; så går jobbet videre af sig selv. Eller send fakturaen i hånden, og spring jobbet over"
        }
        R::AtService { .. } => {
            "se til fakturaen i Fortnox' fakturatjeneste (godkend den dér, hvis der bedes om det); så går jobbet videre af sig selv. Eller spring det over"
        }
        R::NoCustomerDefault { .. } => {
            "vælg på kundekortet i Fortnox, hvordan fakturaer sendes, eller sæt `channel` for kunden; så går jobbet videre af sig selv"
        }
        R::OtherPeriod { .. } => {
            "se på fakturaen; godkend jobbet, hvis den er rigtig alligevel, eller tag den tilbage, og spring jobbet over; se så på aftalens datoer"
        }
        R::InvoiceChanged { .. } => "gør fakturaen færdig i hånden i regnskabsprogrammet, og spring så jobbet over",
        R::ModeForbids { .. } => "intet: det går videre, når tilstanden tillader det; eller spring jobbet over",
        R::LetterBroken { .. } => "ret brevet i indstillingerne, og godkend jobbet",
        R::PreflightBlocks { .. } => {
            "læs forkontrollens rapport, ret det, der spærrer, og kør forkontrollen igen; så er tilstanden `full` af sig selv"
        }
        R::PricesNotFollowed { advice, .. } | R::TenantBlocked { advice, .. } => advice,
    };
    text.to_owned()
}
