//! Swedish.

use super::{Label, Words};
use crate::{
    hold::HoldReason,
    job::StepName,
    letters::{Language, format},
    settings::Channel,
};

const LANGUAGE: Language = Language::Sv;

/// The words.
pub const WORDS: Words = Words { code: "sv", format: LANGUAGE, label, channel, failed, failed_advice, why, advice };

fn label(label: Label) -> &'static str {
    match label {
        Label::Title => "Fakturor",
        Label::NewlyCreated => "skapade",
        Label::WaitForYou => "väntar på dig",
        Label::Nothing => "Inget har hänt, och inget väntar på dig.",
        Label::Created => "Skapade",
        Label::Booked => "Bokförda",
        Label::Delivered => "Skickade",
        Label::Bounced => "Kom tillbaka",
        Label::Held => "Stoppade: väntar på dig",
        Label::Failed => "Misslyckade: väntar på dig",
        Label::Concerns => "Behöver ses över",
        Label::Prices => "Prisändringar",
        Label::Coming => "Kommer i morgon",
        Label::Mails => "Våra egna mejl till dig",
        Label::Invoice => "Faktura",
        Label::Agreement => "Avtal",
        Label::Draft => "Utkast",
        Label::Customer => "Kund",
        Label::Amount => "Belopp",
        Label::Sum => "Summa",
        Label::Why => "Varför",
        Label::Act => "Gör så här",
        Label::Since => "Sedan",
        Label::Job => "Jobb",
        Label::Article => "Artikel",
        Label::Price => "Pris",
        Label::Period => "Period",
        Label::Company => "Hela företaget",
        Label::More => "till som inte visas",
        Label::Adopted => "gjord för hand, hittad av oss",
        Label::FoundBooked => "var redan bokförd",
        Label::FoundSent => "var redan skickad",
        Label::Undeliverable => "adressen tar inte emot mejlet",
        Label::UndeliverableInPart => "en av adresserna tar inte emot mejlet",
        Label::Complained => "mottagaren har anmält mejlet som skräppost",
        Label::CopyUndeliverable => "kontrollkopian till er kom inte fram",
        Label::PriceChanged => "ändrat",
        Label::PriceForeseen => "skulle ändras; priser visas bara",
        Label::PriceRefused => "ändringen nekades",
        Label::MailUnknown => {
            "kom kanske inte fram: e-posttjänstens svar gick förlorat, och mejlet skickas inte två gånger"
        }
        Label::MailRefused => "nekades av e-posttjänsten",
        Label::NoticeTitle => "Behöver dig nu",
        Label::NoticeUnreachable => "Bokföringsprogrammet kan inte nås eller användas",
        Label::NoticeStopped => "Faktureringen har stannat",
        Label::NoticeNothingCreated => "Inget skapades trots att något skulle faktureras",
        Label::NothingCreatedWhy => "fakturor skulle skapas i dag, men ingen har skapats eller stoppats",
        Label::NothingCreatedAct => {
            "se på de senaste besluten och de döda breven; händer inget inom en timme, kontakta den som driver tjänsten"
        }
        Label::Footer => "Mejlet är skrivet av Fakturapilot.",
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::SesEmail => "e-post",
        Channel::FortnoxEmail => "e-post från Fortnox",
        Channel::FortnoxEinvoice => "e-faktura från Fortnox",
        Channel::FortnoxPrintService => "brev från Fortnox",
        Channel::FortnoxInvoiceService => "Fortnox fakturatjänst",
        Channel::CustomerDefault => "enligt kundkortet",
        Channel::EconomicEmail => "e-post från e-conomic",
        Channel::EconomicEinvoice => "e-faktura från e-conomic",
        Channel::None => "skickas inte av oss",
    }
}

fn failed(step: StepName) -> &'static str {
    match step {
        StepName::Create => "fakturan kunde inte skapas",
        StepName::Book => "fakturan kunde inte bokföras",
        StepName::Deliver => "fakturan kunde inte skickas",
    }
}

fn failed_advice(step: StepName, _: &str) -> String {
    let text = match step {
        StepName::Create => {
            "rätta det som står i svaret i bokföringsprogrammet och godkänn jobbet, eller hoppa över det"
        }
        StepName::Book => {
            "rätta det som står i svaret och godkänn jobbet, eller bokför fakturan för hand och hoppa över det"
        }
        StepName::Deliver => {
            "rätta det som står i svaret och godkänn jobbet, eller skicka fakturan för hand och hoppa över det"
        }
    };
    text.to_owned()
}

fn step(step: StepName) -> &'static str {
    match step {
        StepName::Create => "skapa",
        StepName::Book => "bokföra",
        StepName::Deliver => "skicka",
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
            format!("{missed} perioder har missats, och högst {allowed} får tas i efterhand utan att fråga")
        }
        R::AmbiguousPeriod => "avtalets period kan läsas på två sätt, och i dag ger de olika svar".to_owned(),
        R::PerhapsInvoicedByHand { date } => format!(
            "en faktura gjordes för hand {}, nära periodens datum: den kan redan gälla perioden",
            format::date(LANGUAGE, *date)
        ),
        R::OverlapsLast { period: due, last } => {
            format!("perioden {} överlappar {}, som redan är fakturerad", period(*due), period(*last))
        }
        R::AlreadyRecurring => {
            "bokföringsprogrammet fakturerar också kunden av sig självt (Återkommande fakturering i Fortnox)".to_owned()
        }
        R::NotPositive { total } => format!("fakturan skulle bli på {}", money(*total)),
        R::AmountOverLimit { total, limit } => {
            format!("beloppet {} är över gränsen {}", money(*total), money(*limit))
        }
        R::NoLimitForCurrency { currency } => format!("det finns inget högsta belopp för {currency}"),
        R::ChangeOverLimit { total, last, limit_percent } => format!(
            "beloppet {} skiljer sig mer än {limit_percent} % från den senaste fakturans {}",
            money(*total),
            money(*last)
        ),
        R::DayLimit { limit } => format!("dagens gräns på {limit} fakturor är nådd"),
        R::NotFlagged => {
            "integrationen säger att utkastet är klart, men kunden är inte inställd på automatiskt utskick".to_owned()
        }
        R::NoSuchDraft { draft } => {
            format!("integrationen säger att utkast {draft} är klart, men det finns inget sådant utkast")
        }
        R::SignalUnclear { draft } => format!(
            "en klarsignal kom för utkast {draft}, men numret var ett annat utkasts tidigare: signalen kan ha gällt det"
        ),
        R::DraftIncomplete { problem } => format!("utkastet är inte komplett: {problem}"),
        R::CustomerBarred => "kunden är spärrad i bokföringsprogrammet".to_owned(),
        R::NeedsEinvoice { channel: set } => {
            format!("kunden har EAN och måste få e-faktura, men kanalen är {}", channel(*set))
        }
        R::EinvoiceIncomplete { problem } => format!("e-fakturan kan inte skickas: {problem}"),
        R::NoRecipient { problem } => format!("det finns ingen att mejla fakturan till{}", because(problem.as_ref())),
        R::PeriodClosed { date } => {
            format!("{} ligger inte i en öppen räkenskapsperiod", format::date(LANGUAGE, *date))
        }
        R::BookedOtherwise { invoice, decided, booked } => format!(
            "faktura {invoice} blev på {}, men beslutet gällde {}: utkastet ändrades medan det bokfördes",
            money(*booked),
            money(*decided)
        ),
        R::Unreadable { problem } => format!("avtalet kan inte läsas: {problem}"),
        R::BrokenSettings { scope, field, problem } => {
            format!("inställningarna {scope} godtas inte: {field}: {problem}")
        }
        R::AgreementMoved { now } => format!("avtalet har ändrats sedan beslutet: {now}"),
        R::OutcomeUnknown { step: of, seen } => {
            format!("det går inte att få veta om steget {} blev gjort: {seen}", step(*of))
        }
        R::TooManyAttempts { step: of, attempts, last } => {
            format!("steget {} har prövats {attempts} gånger utan att lyckas: {last}", step(*of))
        }
        R::NoAddress { problem } => format!("kunden har ingen användbar e-postadress{}", because(problem.as_ref())),
        R::CameBack { invoice, problem } => format!("mejlet med faktura {invoice} kom tillbaka: {problem}"),
        R::AddressDead { since } => format!(
            "kundens adress finns inte: ett mejl dit kom tillbaka {}",
            format::date(LANGUAGE, since.date_naive())
        ),
        R::MailUnwanted { since } => format!(
            "kunden kallade ett mejl oönskat {}, så inga fler skickas",
            format::date(LANGUAGE, since.date_naive())
        ),
        R::MailsPaused { accepted, bounced } => format!(
            "{bounced} av de senaste {accepted} mejlen kom tillbaka: företagets mejl är pausade, så att mejltjänsten inte stoppar allas"
        ),
        R::ChannelUnavailable { channel } => format!("kanalen {channel} kan inte användas"),
        R::NotBooked { invoice, channel: set } => {
            format!("faktura {invoice} är inte bokförd, och bara bokförda skickas med {}", channel(*set))
        }
        R::NotForService { invoice, problem } => format!("fakturatjänsten tar inte faktura {invoice}: {problem}"),
        R::AtService { invoice, problem } => format!("faktura {invoice} har lämnats till fakturatjänsten: {problem}"),
        R::NoCustomerDefault { word: None } => {
            "kanalen är customer_default, och kundkortet säger inte hur fakturor ska skickas".to_owned()
        }
        R::NoCustomerDefault { word: Some(word) } => {
            format!("kanalen är customer_default, och kundkortet säger `{word}`, som är okänt")
        }
        R::OtherPeriod { invoice, made, wanted } => {
            format!("faktura {invoice} gjordes för {}, men {} skulle faktureras", period(*made), period(*wanted))
        }
        R::InvoiceChanged { invoice, problem } => format!("faktura {invoice} är inte som väntat: {problem}"),
        R::LetterBroken { problem } => format!("brevet kan inte skrivas: {problem}"),
        R::ModeForbids { step: of, mode } => {
            format!("företagets läge är `{}`, så steget {} görs inte", mode.name(), step(*of))
        }
        R::PricesNotFollowed { problem, .. } => format!("priserna följer inte prislistan: {problem}"),
        R::PreflightBlocks { found, first, .. } => format!(
            "inställningarna säger `full`, men läget är `draft_only`: förkontrollen hittade {found} hinder; det första: {first}"
        ),
        R::TenantBlocked { problem, .. } => format!("företaget kan inte nås eller användas: {problem}"),
    }
}

fn advice(reason: &HoldReason) -> String {
    use HoldReason as R;
    let text = match reason {
        R::TooFarBehind { .. } => {
            "fakturera eller hoppa över de missade perioderna i bokföringsprogrammet, eller godkänn jobbet; då tas en period i taget"
        }
        R::AmbiguousPeriod => "sätt `period_reading` för avtalet till `next_period` eller `whole_term`",
        R::PerhapsInvoicedByHand { .. } | R::OverlapsLast { .. } => {
            "se på avtalets senaste faktura; hoppa över jobbet om den gäller perioden, godkänn det annars"
        }
        R::AlreadyRecurring => {
            "se i Fortnox vad Återkommande fakturering fakturerar kunden. Är det samma sak, avsluta det ena och hoppa över jobbet; annars godkänn jobbet eller sätt `hold_if_recurring` till false för kunden"
        }
        R::NotPositive { .. } => "rätta avtalets rader eller priser, och godkänn eller hoppa sedan över jobbet",
        R::AmountOverLimit { .. } | R::ChangeOverLimit { .. } => {
            "kontrollera beloppet; godkänn jobbet om det stämmer, eller höj gränsen"
        }
        R::NoLimitForCurrency { .. } => "lägg till valutan i `max_amount`, eller godkänn jobbet",
        R::DayLimit { .. } => "godkänn jobbet, eller höj `max_invoices_per_day`",
        R::NotFlagged => {
            "sätt `automatic_sending` för kunden om dess utkast ska skickas; jobbet går då vidare av sig självt. Annars hoppa över det"
        }
        R::NoSuchDraft { .. } => {
            "kontrollera vilket nummer integrationen skickar, och om någon redan har bokfört eller tagit bort utkastet"
        }
        R::SignalUnclear { .. } => "godkänn jobbet om utkastet är klart; hoppa annars över det",
        R::DraftIncomplete { .. } => "gör utkastet klart eller ta bort det; jobbet går vidare av sig självt",
        R::CustomerBarred => {
            "häv spärren i bokföringsprogrammet, så går jobbet vidare av sig självt; eller hoppa över det"
        }
        R::NeedsEinvoice { .. } => {
            "sätt `channel` till `economic_einvoice` för kunden; jobbet går då vidare av sig självt"
        }
        R::EinvoiceIncomplete { .. } => {
            "fyll i det som saknas i bokföringsprogrammet; jobbet går då vidare av sig självt"
        }
        R::NoRecipient { .. } => {
            "ange en e-postadress på kunden eller dess kontakt, eller `recipient` i inställningarna; jobbet går då vidare av sig självt"
        }
        R::PeriodClosed { .. } => {
            "datera utkastet i en öppen period, eller öppna perioden; jobbet går då vidare av sig självt"
        }
        R::BookedOtherwise { .. } => {
            "se på fakturan; godkänn jobbet för att skicka den, eller kreditera den (ett utkast med negativa belopp) och hoppa över jobbet"
        }
        R::Unreadable { .. } => "rätta avtalet i bokföringsprogrammet; det läses igen vid nästa genomgång",
        R::BrokenSettings { .. } => "rätta det nämnda fältet; jobbet går vidare vid nästa genomgång",
        R::AgreementMoved { .. } => {
            "se på avtalet; nästa genomgång beslutar på nytt, så hoppa över det här jobbet om det är rätt"
        }
        R::OutcomeUnknown { .. } => {
            "se i bokföringsprogrammet eller e-postloggen; godkänn jobbet för att göra steget igen, eller hoppa över det om det blev gjort"
        }
        R::TooManyAttempts { .. } => "rätta det som svaret säger, och godkänn jobbet för att pröva igen",
        R::NoAddress { .. } => {
            "ange en e-postadress på kunden i bokföringsprogrammet, eller `recipient` i inställningarna, och godkänn jobbet"
        }
        R::CameBack { .. } => {
            "skriv in kundens rätta adress i bokföringsprogrammet, eller `recipient` i inställningarna, och godkänn sedan jobbet, så mejlas den igen; eller skicka fakturan på annat sätt och hoppa över jobbet. `bounce_channel` gör det av sig självt"
        }
        R::AddressDead { .. } => {
            "skriv in en annan adress i bokföringsprogrammet, eller `recipient` i inställningarna; jobbet går då vidare av sig självt. Eller godkänn jobbet, så mejlas den dit ändå"
        }
        R::MailUnwanted { .. } => {
            "fråga kunden hur den vill ha sina fakturor, och välj en annan `channel`; eller godkänn jobbet, så mejlas den ändå"
        }
        R::MailsPaused { .. } => {
            "rätta adresserna till de kunder vars mejl kom tillbaka; jobben går vidare av sig själva när andelen sjunker. Eller godkänn ett jobb vars adress du vet är rätt"
        }
        R::ChannelUnavailable { .. } => "välj en annan `channel` i inställningarna, och godkänn sedan jobbet",
        R::NotBooked { .. } => {
            "bokför fakturan i bokföringsprogrammet, eller välj en annan `channel`; jobbet går då vidare av sig självt"
        }
        R::NotForService { .. } => {
            "rätta det i bokföringsprogrammet, eller välj en annan `channel`; jobbet går då vidare av sig självt. Eller skicka fakturan för hand och hoppa över jobbet"
        }
        R::AtService { .. } => {
            "se till fakturan i Fortnox fakturatjänst (godkänn den där om det behövs); jobbet går då vidare av sig självt. Eller hoppa över det"
        }
        R::NoCustomerDefault { .. } => {
            "välj på kundkortet i Fortnox hur fakturor ska skickas, eller sätt `channel` för kunden; jobbet går då vidare av sig självt"
        }
        R::OtherPeriod { .. } => {
            "se på fakturan; godkänn jobbet om den ändå är rätt, eller ta tillbaka den och hoppa över jobbet; se sedan över avtalets datum"
        }
        R::InvoiceChanged { .. } => "avsluta fakturan för hand i bokföringsprogrammet, och hoppa sedan över jobbet",
        R::ModeForbids { .. } => "inget: det går vidare när läget tillåter det; eller hoppa över jobbet",
        R::LetterBroken { .. } => "rätta brevet i inställningarna, och godkänn sedan jobbet",
        R::PreflightBlocks { .. } => {
            "läs förkontrollens rapport, rätta hindren och kör förkontrollen igen; läget blir då `full` av sig självt"
        }
        R::PricesNotFollowed { advice, .. } | R::TenantBlocked { advice, .. } => advice,
    };
    text.to_owned()
}
