//! Nothing secret or personal is printed.

use std::error::Error as _;
use std::fmt::Debug;

use fortnox::{AuthorizationCode, ClientSecret, Consent, CreateInvoiceAnswer, InvoiceQuery, Private, RefreshToken};

use crate::server::{Reply, SECRET, Server, TENANT, TOKEN, nobody, session};

/// Marks every value that must not be printed.
const HIDDEN: &str = "hemlig";

#[track_caller]
fn assert_silent(value: &impl Debug) {
    let printed = format!("{value:?} {value:#?}");
    for secret in [HIDDEN, TOKEN, SECRET, "@"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

const PEOPLE: &str = r#""CustomerName":"hemlig AB","OurReference":"hemlig Anna","YourReference":"hemlig Bo",
    "Comments":"hemlig","Remarks":"hemlig","EmailInformation":{"EmailAddressFrom":"hemlig@a.test",
    "EmailAddressTo":"hemlig@b.test","EmailAddressCC":"hemlig@c.test","EmailAddressBCC":"hemlig@d.test",
    "EmailSubject":"hemlig","EmailBody":"hemlig"},"InvoiceRows":[{"RowId":1,"Description":"hemlig"}]"#;

#[tokio::test]
async fn documents_do_not_print_people() {
    let contract = format!(r#"{{"Contract":{{"DocumentNumber":"17","CustomerNumber":"1",{PEOPLE}}}}}"#);
    let server = Server::that_says(Reply::ok(&contract)).await;
    assert_silent(&server.session().contract("17").await.unwrap());
    let answer = server.session().create_invoice("17", None).await.unwrap();
    let CreateInvoiceAnswer::Contract(read) = &answer else { panic!("a contract was sent") };
    assert_eq!(read.email_information.to.as_ref().unwrap().get(), "hemlig@b.test", "readable on purpose");
    assert_silent(&answer);

    let flags = r#""DocumentNumber":"1","CustomerNumber":"1","Booked":false,"Sent":false,"Cancelled":false"#;
    let invoice = format!(r#"{{"Invoice":{{{flags},{PEOPLE}}}}}"#);
    let server = Server::that_says(Reply::ok(&invoice)).await;
    assert_silent(&server.session().invoice("1").await.unwrap());
    assert_silent(&server.session().create_invoice("1", None).await.unwrap());

    let meta = r#""MetaInformation":{"@TotalResources":2,"@TotalPages":1,"@CurrentPage":1}"#;
    let bad = r#"{"DocumentNumber":"2","CustomerNumber":"1","InvoiceDate":"hemlig","PeriodStart":"hemlig"}"#;
    let invoices = format!(r#"{{{meta},"Invoices":[{{{flags},"CustomerName":"hemlig"}},{bad}]}}"#);
    let server = Server::that_says(Reply::ok(invoices)).await;
    assert_silent(&server.session().invoices(&InvoiceQuery::default()).await.unwrap());
    let contracts = format!(
        r#"{{{meta},"Contracts":[{{"DocumentNumber":"1","CustomerNumber":"1","CustomerName":"hemlig"}},{bad}]}}"#
    );
    let server = Server::that_says(Reply::ok(contracts)).await;
    assert_silent(&server.session().active_contracts(1).await.unwrap());
}

#[tokio::test]
async fn customers_and_companies_do_not_print_people() {
    let customer = r#"{"Customer":{"CustomerNumber":"1","Name":"hemlig","OrganisationNumber":"hemlig",
        "Email":"hemlig@a.test","EmailInvoice":"hemlig@b.test","EmailInvoiceCC":"hemlig@c.test",
        "EmailInvoiceBCC":"hemlig@d.test","OurReference":"hemlig","YourReference":"hemlig","InvoiceRemark":"hemlig"}}"#;
    assert_silent(&Server::that_says(Reply::ok(customer)).await.session().customer("1").await.unwrap());

    let company = r#"{"CompanyInformation":{"DatabaseNumber":1,"CompanyName":"hemlig","OrganizationNumber":"hemlig",
        "Address":"hemlig","ZipCode":"hemlig","City":"hemlig"}}"#;
    assert_silent(&Server::that_says(Reply::ok(company)).await.session().company_information().await.unwrap());

    let settings = r#"{"CompanySettings":{"DatabaseNumber":"1","Name":"hemlig","Email":"hemlig@a.test",
        "Phone1":"hemlig","BG":"hemlig","PG":"hemlig","IBAN":"hemlig","BIC":"hemlig","VATNumber":"hemlig"}}"#;
    assert_silent(&Server::that_says(Reply::ok(settings)).await.session().company_settings().await.unwrap());
}

#[tokio::test]
async fn clients_and_tokens_do_not_print_secrets() {
    let body = format!(r#"{{"access_token":"{HIDDEN}","refresh_token":"{HIDDEN}"}}"#);
    let server = Server::that_says(Reply::ok(body)).await;
    let auth = server.auth();
    assert_silent(&auth);
    assert_silent(&server.session());
    assert_silent(&auth.client_credentials(TENANT).await.unwrap());
    assert_silent(&(RefreshToken::new(HIDDEN), ClientSecret::new(HIDDEN), AuthorizationCode::new(HIDDEN)));
    assert_silent(&Private::new(HIDDEN));
    let consent = Consent { scopes: &["invoice"], state: "hemlig", redirect_uri: None, service_account: true };
    assert_silent(&consent);
}

#[tokio::test]
async fn errors_neither_print_secrets_nor_where_they_happened() {
    let body = r#"{"ErrorInformation":{"error":1,"message":"Adressen hemlig@kund.test är ogiltig","code":2000359}}"#;
    let error = Server::that_says(Reply::new(400, body)).await.session().customer("K7").await.unwrap_err();
    assert_silent(&error);
    assert!(!error.to_string().contains('@'), "{error}");

    let error = session(&nobody().await).customer("K7").await.unwrap_err();
    assert_silent(&error);
    let below = error.source().unwrap().to_string();
    assert!(!below.contains("K7") && !format!("{error:?}").contains("K7"), "{error:?}");
}
