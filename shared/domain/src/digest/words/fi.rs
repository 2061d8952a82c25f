//! Finnish.

use super::{Label, Words};
use crate::{
    hold::HoldReason,
    job::StepName,
    letters::{Language, format},
    settings::Channel,
};

const LANGUAGE: Language = Language::Fi;

/// The words.
pub const WORDS: Words = Words { code: "fi", format: LANGUAGE, label, channel, failed, failed_advice, why, advice };

fn label(label: Label) -> &'static str {
    match label {
        Label::Title => "Laskut",
        Label::NewlyCreated => "luotu",
        Label::WaitForYou => "odottaa sinua",
        Label::Nothing => "Mitään ei ole tapahtunut, eikä mikään odota sinua.",
        Label::Created => "Luodut",
        Label::Booked => "Kirjatut",
        Label::Delivered => "Lähetetyt",
        Label::Bounced => "Palautuneet",
        Label::Held => "Pysäytetyt: odottavat sinua",
        Label::Failed => "Epäonnistuneet: odottavat sinua",
        Label::Concerns => "Tarkistettavaa",
        Label::Prices => "Hinnanmuutokset",
        Label::Coming => "Tulossa huomenna",
        Label::Mails => "Omat viestimme sinulle",
        Label::Invoice => "Lasku",
        Label::Agreement => "Sopimus",
        Label::Draft => "Luonnos",
        Label::Customer => "Asiakas",
        Label::Amount => "Summa",
        Label::Sum => "Yhteensä",
        Label::Why => "Miksi",
        Label::Act => "Toimi näin",
        Label::Since => "Alkaen",
        Label::Job => "Työ",
        Label::Article => "Tuote",
        Label::Price => "Hinta",
        Label::Period => "Jakso",
        Label::Company => "Koko yritys",
        Label::More => "muuta, joita ei näytetä",
        Label::Adopted => "tehty käsin, me löysimme sen",
        Label::FoundBooked => "oli jo kirjattu",
        Label::FoundSent => "oli jo lähetetty",
        Label::Undeliverable => "osoite ei ota viestiä vastaan",
        Label::UndeliverableInPart => "yksi osoitteista ei ota viestiä vastaan",
        Label::Complained => "vastaanottaja ilmoitti viestin roskapostiksi",
        Label::CopyUndeliverable => "tarkistuskopio teille ei tullut perille",
        Label::PriceChanged => "muutettu",
        Label::PriceForeseen => "muuttuisi; hinnat vain näytetään",
        Label::PriceRefused => "muutos hylättiin",
        Label::MailUnknown => "ei ehkä tullut perille: postipalvelun vastaus katosi, eikä viestiä lähetetä kahdesti",
        Label::MailRefused => "postipalvelu hylkäsi viestin",
        Label::NoticeTitle => "Tarvitsee sinua nyt",
        Label::NoticeUnreachable => "Kirjanpito-ohjelmaa ei tavoiteta tai voi käyttää",
        Label::NoticeStopped => "Laskutus on pysähtynyt",
        Label::NoticeNothingCreated => "Mitään ei luotu, vaikka jotain piti laskuttaa",
        Label::NothingCreatedWhy => "laskuja piti luoda tänään, mutta yhtäkään ei ole luotu tai pysäytetty",
        Label::NothingCreatedAct => {
            "katso uusimmat päätökset ja kuolleet kirjeet; jos mitään ei tapahdu tunnin kuluessa, ota yhteyttä palvelun ylläpitäjään"
        }
        Label::Footer => "Tämän viestin kirjoitti Fakturapilot.",
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::SesEmail => "sähköposti",
        Channel::FortnoxEmail => "sähköposti Fortnoxista",
        Channel::FortnoxEinvoice => "verkkolasku Fortnoxista",
        Channel::FortnoxPrintService => "kirje Fortnoxista",
        Channel::FortnoxInvoiceService => "Fortnoxin laskupalvelu",
        Channel::CustomerDefault => "asiakaskortin mukaan",
        Channel::EconomicEmail => "sähköposti e-conomicista",
        Channel::EconomicEinvoice => "verkkolasku e-conomicista",
        Channel::None => "emme lähetä",
    }
}

fn failed(step: StepName) -> &'static str {
    match step {
        StepName::Create => "laskua ei voitu luoda",
        StepName::Book => "laskua ei voitu kirjata",
        StepName::Deliver => "laskua ei voitu lähettää",
    }
}

fn failed_advice(step: StepName, _: &str) -> String {
    let text = match step {
        StepName::Create => "korjaa vastauksessa mainittu asia kirjanpito-ohjelmassa ja hyväksy työ, tai ohita se",
        StepName::Book => "korjaa vastauksessa mainittu asia ja hyväksy työ, tai kirjaa lasku käsin ja ohita työ",
        StepName::Deliver => "korjaa vastauksessa mainittu asia ja hyväksy työ, tai lähetä lasku käsin ja ohita työ",
    };
    text.to_owned()
}

fn step(step: StepName) -> &'static str {
    match step {
        StepName::Create => "luonti",
        StepName::Book => "kirjaus",
        StepName::Deliver => "lähetys",
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
            format!("jaksoja on jäänyt väliin {missed}, ja kysymättä saa ottaa kiinni enintään {allowed}")
        }
        R::AmbiguousPeriod => "sopimuksen jakson voi lukea kahdella tavalla, jotka eroavat tänään".to_owned(),
        R::PerhapsInvoicedByHand { date } => format!(
            "lasku tehtiin käsin {}, lähellä jakson päivää: se voi jo kattaa jakson",
            format::date(LANGUAGE, *date)
        ),
        R::OverlapsLast { period: due, last } => {
            format!("jakso {} on päällekkäin jo laskutetun jakson {} kanssa", period(*due), period(*last))
        }
        R::AlreadyRecurring => {
            "kirjanpito-ohjelma laskuttaa asiakasta myös itse (Fortnoxin Återkommande fakturering)".to_owned()
        }
        R::NotPositive { total } => format!("laskun summaksi tulisi {}", money(*total)),
        R::AmountOverLimit { total, limit } => format!("summa {} ylittää rajan {}", money(*total), money(*limit)),
        R::NoLimitForCurrency { currency } => format!("valuutalle {currency} ei ole asetettu ylärajaa"),
        R::ChangeOverLimit { total, last, limit_percent } => {
            format!("summa {} poikkeaa edellisen laskun summasta {} yli {limit_percent} %", money(*total), money(*last))
        }
        R::DayLimit { limit } => format!("päivän raja, {limit} laskua, on täynnä"),
        R::NotFlagged => {
            "integraation mukaan luonnos on valmis, mutta asiakkaalle ei ole asetettu automaattista lähetystä"
                .to_owned()
        }
        R::NoSuchDraft { draft } => {
            format!("integraation mukaan luonnos {draft} on valmis, mutta sellaista luonnosta ei ole")
        }
        R::SignalUnclear { draft } => format!(
            "luonnoksesta {draft} tuli valmis-merkki, mutta numero kuului aiemmin toiselle luonnokselle: merkki voi koskea sitä"
        ),
        R::DraftIncomplete { problem } => format!("luonnos on keskeneräinen: {problem}"),
        R::CustomerBarred => "asiakas on estetty kirjanpito-ohjelmassa".to_owned(),
        R::NeedsEinvoice { channel: set } => {
            format!("asiakkaalla on EAN ja sille on lähetettävä verkkolasku, mutta kanava on {}", channel(*set))
        }
        R::EinvoiceIncomplete { problem } => format!("verkkolaskua ei voi lähettää: {problem}"),
        R::NoRecipient { problem } => format!("laskulle ei ole vastaanottajaa{}", because(problem.as_ref())),
        R::PeriodClosed { date } => {
            format!("{} ei ole avoimella tilikaudella", format::date(LANGUAGE, *date))
        }
        R::BookedOtherwise { invoice, decided, booked } => format!(
            "laskun {invoice} summa on {}, mutta päätös koski summaa {}: luonnosta muokattiin kirjauksen aikana",
            money(*booked),
            money(*decided)
        ),
        R::Unreadable { problem } => format!("sopimusta ei voi lukea: {problem}"),
        R::BrokenSettings { scope, field, problem } => {
            format!("asetuksia {scope} ei hyväksytä: {field}: {problem}")
        }
        R::AgreementMoved { now } => format!("sopimus on muuttunut päätöksen jälkeen: {now}"),
        R::OutcomeUnknown { step: of, seen } => {
            format!("ei saada selville, tapahtuiko vaihe {}: {seen}", step(*of))
        }
        R::TooManyAttempts { step: of, attempts, last } => {
            format!("vaihetta {} yritettiin {attempts} kertaa onnistumatta: {last}", step(*of))
        }
        R::NoAddress { problem } => {
            format!("asiakkaalla ei ole kelvollista sähköpostiosoitetta{}", because(problem.as_ref()))
        }
        R::CameBack { invoice, problem } => format!("laskun {invoice} sähköposti palautui: {problem}"),
        R::AddressDead { since } => format!(
            "asiakkaan osoitetta ei ole: sinne lähetetty sähköposti palautui {}",
            format::date(LANGUAGE, since.date_naive())
        ),
        R::MailUnwanted { since } => format!(
            "asiakas ilmoitti sähköpostin ei-toivotuksi {}, joten niitä ei lähetetä enempää",
            format::date(LANGUAGE, since.date_naive())
        ),
        R::MailsPaused { accepted, bounced } => format!(
            "{bounced} viimeisistä {accepted} sähköpostista palautui: yrityksen sähköpostit on keskeytetty, jottei sähköpostipalvelu pysäytä kaikkien viestejä"
        ),
        R::ChannelUnavailable { channel } => format!("kanava {channel} ei ole käytettävissä"),
        R::NotBooked { invoice, channel: set } => {
            format!("laskua {invoice} ei ole kirjattu, ja vain kirjatut lähetetään tavalla {}", channel(*set))
        }
        R::NotForService { invoice, problem } => format!("laskupalvelu ei ota laskua {invoice}: {problem}"),
        R::AtService { invoice, problem } => format!("lasku {invoice} on annettu laskupalvelulle: {problem}"),
        R::NoCustomerDefault { word: None } => {
            "kanava on customer_default, eikä asiakaskortti kerro, miten laskut lähetetään".to_owned()
        }
        R::NoCustomerDefault { word: Some(word) } => {
            format!("kanava on customer_default, ja asiakaskortissa lukee `{word}`, jota ei tunneta")
        }
        R::OtherPeriod { invoice, made, wanted } => {
            format!("lasku {invoice} tehtiin jaksolle {}, vaikka piti laskuttaa {}", period(*made), period(*wanted))
        }
        R::InvoiceChanged { invoice, problem } => format!("lasku {invoice} ei ole odotetunlainen: {problem}"),
        R::LetterBroken { problem } => format!("kirjettä ei voi kirjoittaa: {problem}"),
        R::ModeForbids { step: of, mode } => {
            format!("yrityksen tila on `{}`, joten vaihetta {} ei tehdä", mode.name(), step(*of))
        }
        R::PricesNotFollowed { problem, .. } => format!("hinnat eivät seuraa hinnastoa: {problem}"),
        R::PreflightBlocks { found, first, .. } => format!(
            "profiilissa on `full`, mutta tila on `draft_only`: esitarkastus löysi esteitä {found}; ensimmäinen: {first}"
        ),
        R::TenantBlocked { problem, .. } => format!("yritystä ei tavoiteta tai voi käyttää: {problem}"),
    }
}

fn advice(reason: &HoldReason) -> String {
    use HoldReason as R;
    let text = match reason {
        R::TooFarBehind { .. } => {
            "laskuta tai ohita väliin jääneet jaksot kirjanpito-ohjelmassa, tai hyväksy työ; silloin otetaan yksi jakso kerrallaan"
        }
        R::AmbiguousPeriod => "aseta sopimukselle `period_reading`: `next_period` tai `whole_term`",
        R::PerhapsInvoicedByHand { .. } | R::OverlapsLast { .. } => {
            "katso sopimuksen uusin lasku; ohita työ, jos se kattaa jakson, muuten hyväksy se"
        }
        R::AlreadyRecurring => {
            "katso Fortnoxista, mitä Återkommande fakturering laskuttaa asiakkaalta. Jos se on sama, lopeta toinen ja ohita työ; muuten hyväksy työ tai aseta asiakkaalle `hold_if_recurring` arvoon false"
        }
        R::NotPositive { .. } => "korjaa sopimuksen rivit tai hinnat, ja hyväksy tai ohita työ",
        R::AmountOverLimit { .. } | R::ChangeOverLimit { .. } => {
            "tarkista summa; hyväksy työ, jos se on oikein, tai nosta rajaa"
        }
        R::NoLimitForCurrency { .. } => "lisää valuutta asetukseen `max_amount`, tai hyväksy työ",
        R::DayLimit { .. } => "hyväksy työ, tai nosta rajaa `max_invoices_per_day`",
        R::NotFlagged => {
            "aseta asiakkaalle `automatic_sending`, jos sen luonnokset lähetetään; työ jatkuu silloin itsestään. Muuten ohita se"
        }
        R::NoSuchDraft { .. } => {
            "tarkista, minkä numeron integraatio lähettää, ja onko joku jo kirjannut tai poistanut luonnoksen"
        }
        R::SignalUnclear { .. } => "hyväksy työ, jos luonnos on valmis; muuten ohita se",
        R::DraftIncomplete { .. } => "täydennä luonnos tai poista se; työ jatkuu itsestään",
        R::CustomerBarred => "poista esto kirjanpito-ohjelmassa, niin työ jatkuu itsestään; tai ohita se",
        R::NeedsEinvoice { .. } => "aseta asiakkaalle `channel`: `economic_einvoice`; työ jatkuu silloin itsestään",
        R::EinvoiceIncomplete { .. } => "täydennä puuttuva tieto kirjanpito-ohjelmassa; työ jatkuu silloin itsestään",
        R::NoRecipient { .. } => {
            "lisää sähköpostiosoite asiakkaalle tai sen yhteyshenkilölle, tai asetus `recipient`; työ jatkuu silloin itsestään"
        }
        R::PeriodClosed { .. } => "päivää luonnos avoimelle kaudelle tai avaa kausi; työ jatkuu silloin itsestään",
        R::BookedOtherwise { .. } => {
            "katso laskua; hyväksy työ lähettääksesi sen, tai hyvitä se (luonnos, jossa on negatiiviset summat) ja ohita työ"
        }
        R::Unreadable { .. } => "korjaa sopimus kirjanpito-ohjelmassa; se luetaan uudelleen seuraavalla kierroksella",
        R::BrokenSettings { .. } => "korjaa mainittu kenttä; työ jatkuu seuraavalla kierroksella",
        R::AgreementMoved { .. } => {
            "katso sopimusta; seuraava kierros päättää uudelleen, joten ohita tämä työ, jos se on oikein"
        }
        R::OutcomeUnknown { .. } => {
            "katso kirjanpito-ohjelmasta tai postilokista; hyväksy työ, niin vaihe tehdään uudelleen, tai ohita se, jos vaihe tapahtui"
        }
        R::TooManyAttempts { .. } => "korjaa viimeisessä vastauksessa mainittu asia ja hyväksy työ",
        R::NoAddress { .. } => {
            "lisää asiakkaan sähköpostiosoite kirjanpito-ohjelmaan tai asetukseen `recipient`, ja hyväksy työ"
        }
        R::CameBack { .. } => {
            "kirjaa asiakkaan oikea osoite kirjanpito-ohjelmaan tai `recipient` asetuksiin ja hyväksy sitten työ, niin lasku lähetetään uudelleen; tai lähetä lasku muulla tavalla ja ohita työ. `bounce_channel` tekee sen itsestään"
        }
        R::AddressDead { .. } => {
            "kirjaa toinen osoite kirjanpito-ohjelmaan tai `recipient` asetuksiin; työ jatkuu sitten itsestään. Tai hyväksy työ, niin lasku lähetetään sinne silti"
        }
        R::MailUnwanted { .. } => {
            "kysy asiakkaalta, miten hän haluaa laskunsa, ja valitse toinen `channel`; tai hyväksy työ, niin lasku lähetetään silti"
        }
        R::MailsPaused { .. } => {
            "korjaa niiden asiakkaiden osoitteet, joiden sähköpostit palautuivat; työt jatkuvat itsestään, kun osuus laskee. Tai hyväksy työ, jonka osoitteen tiedät oikeaksi"
        }
        R::ChannelUnavailable { .. } => "valitse asetuksissa toinen `channel`, ja hyväksy työ",
        R::NotBooked { .. } => {
            "kirjaa lasku kirjanpito-ohjelmassa, tai valitse toinen `channel`; työ jatkuu silloin itsestään"
        }
        R::NotForService { .. } => {
            "korjaa se kirjanpito-ohjelmassa, tai valitse toinen `channel`; työ jatkuu silloin itsestään. Tai lähetä lasku käsin ja ohita työ"
        }
        R::AtService { .. } => {
            "hoida lasku Fortnoxin laskupalvelussa (hyväksy se siellä, jos sitä pyydetään); työ jatkuu silloin itsestään. Tai ohita se"
        }
        R::NoCustomerDefault { .. } => {
            "valitse Fortnoxin asiakaskortilla, miten laskut lähetetään, tai aseta asiakkaalle `channel`; työ jatkuu silloin itsestään"
        }
        R::OtherPeriod { .. } => {
            "katso laskua; hyväksy työ, jos se on silti oikein, tai peru lasku ja ohita työ; tarkista sitten sopimuksen päivät"
        }
        R::InvoiceChanged { .. } => "vie lasku loppuun käsin kirjanpito-ohjelmassa, ja ohita sitten työ",
        R::ModeForbids { .. } => "ei mitään: työ jatkuu, kun tila sallii sen; tai ohita työ",
        R::LetterBroken { .. } => "korjaa kirje asetuksissa, ja hyväksy työ",
        R::PreflightBlocks { .. } => {
            "lue esitarkastuksen raportti, korjaa esteet ja aja esitarkastus uudelleen; tila on silloin itsestään `full`"
        }
        R::PricesNotFollowed { advice, .. } | R::TenantBlocked { advice, .. } => advice,
    };
    text.to_owned()
}
