//! What is asked, and what is made of the answers.

use chrono::NaiveDate;
use fortnox::{
    AccountingMethod, Advice, CreateInvoiceAnswer, Effect, Error, InvoiceFilter, InvoiceQuery, InvoiceSort,
    InvoiceType, Refusal, Resource, SortOrder,
};

use crate::server::{Reply, Server, TOKEN};

const CONTRACT: &str = r#"{"Contract":{"DocumentNumber":"17","CustomerNumber":"1","LastInvoiceDate":"2026-03-01"}}"#;
const INVOICE: &str = r#"{"Invoice":{"DocumentNumber":1001,"CustomerNumber":"1","Booked":true,"Cancelled":false,
    "Sent":false,"ContractReference":17,"Total":0.10}}"#;

#[tokio::test]
async fn creating_takes_either_answer() {
    let server = Server::that_says(Reply::ok(INVOICE)).await;
    let CreateInvoiceAnswer::Invoice(invoice) = server.session().create_invoice("17", None).await.unwrap() else {
        panic!("an invoice was sent")
    };
    assert_eq!((invoice.document_number.as_str(), invoice.contract_reference.as_deref()), ("1001", Some("17")));
    assert_eq!(invoice.total.unwrap().to_string(), "0.10");
    assert_eq!(server.only_request().line, "PUT /3/contracts/17/createinvoice");

    let server = Server::that_says(Reply::ok(CONTRACT)).await;
    let date = NaiveDate::from_ymd_opt(2026, 3, 1);
    let CreateInvoiceAnswer::Contract(contract) = server.session().create_invoice("17", date).await.unwrap() else {
        panic!("a contract was sent")
    };
    assert_eq!(contract.last_invoice_date, date);
    assert_eq!(server.only_request().line, "PUT /3/contracts/17/createinvoice?invoicedate=2026-03-01");
}

#[tokio::test]
async fn actions_carry_json_and_the_token() {
    let server = Server::that_says(Reply::ok(INVOICE)).await;
    server.session().bookkeep("10/01").await.unwrap();
    let request = server.only_request();
    assert_eq!(request.line, "PUT /3/invoices/10%2F01/bookkeep");
    assert_eq!(request.body, "{}");
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["accept"], "application/json");
    assert_eq!(request.headers["authorization"], format!("Bearer {TOKEN}"));

    server.session().mark_sent("1001").await.unwrap();
    let request = server.only_request();
    assert_eq!((request.line.as_str(), request.body.as_str()), ("PUT /3/invoices/1001/externalprint", "{}"));
}

#[tokio::test]
async fn active_contracts_come_in_one_call_a_page() {
    let body = r#"{"MetaInformation":{"@TotalResources":501,"@TotalPages":2,"@CurrentPage":1},"Contracts":[
        {"DocumentNumber":"1","CustomerNumber":"1","Invoiceinterval":1,"InvoicesRemaining":0,"Status":"ACTIVE"}]}"#;
    let server = Server::that_says(Reply::ok(body)).await;
    let page = server.session().active_contracts(1).await.unwrap();
    assert_eq!((page.items.len(), page.next_page(), page.total_resources), (1, Some(2), 501));
    assert_eq!(
        server.only_request().line,
        "GET /3/contracts?filter=active&page=1&limit=500&sortby=documentnumber&sortorder=ascending"
    );
}

#[tokio::test]
async fn invoices_are_filtered_again() {
    let item = |number: &str, customer: &str| {
        format!(
            r#"{{"DocumentNumber":"{number}","CustomerNumber":"{customer}","InvoiceType":"AGREEMENTINVOICE",
            "InvoiceDate":"2026-03-01","Booked":false,"Cancelled":false,"Sent":false}}"#
        )
    };
    let meta = r#""MetaInformation":{"@TotalResources":2,"@TotalPages":1,"@CurrentPage":1}"#;
    let body = format!(r#"{{{meta},"Invoices":[{},{}]}}"#, item("8", "1"), item("9", "10"));
    let server = Server::that_says(Reply::ok(body)).await;
    let query = InvoiceQuery {
        filter: Some(InvoiceFilter::Unbooked),
        invoice_type: Some(InvoiceType::AgreementInvoice),
        customer_number: Some("1".into()),
        from_date: NaiveDate::from_ymd_opt(2026, 2, 1),
        sort: InvoiceSort::DocumentNumber,
        order: SortOrder::Descending,
        ..InvoiceQuery::default()
    };
    let page = server.session().invoices(&query).await.unwrap();
    let numbers: Vec<_> = page.items.iter().map(|item| item.document_number.as_str()).collect();
    assert_eq!(numbers, ["8"]);
    assert_eq!(
        server.only_request().line,
        "GET /3/invoices?page=1&limit=500&sortby=documentnumber&sortorder=descending&filter=unbooked\
         &invoicetype=AGREEMENTINVOICE&customernumber=1&fromdate=2026-02-01"
    );
}

#[tokio::test]
async fn single_documents_are_read_from_their_own_address() {
    let server = Server::that_says(Reply::ok(INVOICE)).await;
    assert!(server.session().invoice("1001").await.unwrap().booked);
    assert_eq!(server.only_request().line, "GET /3/invoices/1001");

    let server = Server::that_says(Reply::ok(CONTRACT)).await;
    assert_eq!(server.session().contract("17").await.unwrap().customer_number, "1");
    assert_eq!(server.only_request().line, "GET /3/contracts/17");

    let server = Server::that_says(Reply::ok(r#"{"Customer":{"CustomerNumber":"A 1"}}"#)).await;
    assert_eq!(server.session().customer("A 1").await.unwrap().customer_number, "A 1");
    assert_eq!(server.only_request().line, "GET /3/customers/A%201");

    let server = Server::that_says(Reply::ok(r#"{"CompanyInformation":{"DatabaseNumber":5}}"#)).await;
    assert_eq!(server.session().company_information().await.unwrap().database_number.get(), 5);
    assert_eq!(server.only_request().line, "GET /3/companyinformation");

    let server = Server::that_says(Reply::ok(r#"{"CompanySettings":{"DatabaseNumber":"5"}}"#)).await;
    assert_eq!(server.session().company_settings().await.unwrap().database_number.get(), 5);
    assert_eq!(server.only_request().line, "GET /3/settings/company");
}

#[tokio::test]
async fn a_locked_period_has_a_date_or_none() {
    for (body, expected) in [
        (r#"{"LockedPeriod":{"EndDate":"2025-12-31"}}"#, NaiveDate::from_ymd_opt(2025, 12, 31)),
        (r#"{"LockedPeriod":{"EndDate":""}}"#, None),
        (r#"{"LockedPeriod":{"EndDate":null}}"#, None),
        (r#"{"LockedPeriod":{}}"#, None),
    ] {
        let server = Server::that_says(Reply::ok(body)).await;
        assert_eq!(server.session().locked_period().await.unwrap(), expected);
        assert_eq!(server.only_request().line, "GET /3/settings/lockedperiod");
    }
    let server = Server::that_says(Reply::ok("{}")).await;
    assert!(server.session().locked_period().await.is_err(), "silence is not a permission");
}

#[tokio::test]
async fn a_preview_is_a_pdf_or_an_error() {
    let server = Server::that_says(Reply::ok(b"%PDF-1.7\n\xff")).await;
    assert_eq!(server.session().preview("1001").await.unwrap(), b"%PDF-1.7\n\xff");
    let request = server.only_request();
    assert_eq!(request.line, "GET /3/invoices/1001/preview");
    assert_eq!(request.headers["accept"], "application/pdf");

    let server = Server::that_says(Reply::ok("<html>")).await;
    let error = server.session().preview("1001").await.unwrap_err();
    assert!(matches!(error, Error::NotPdf { .. }), "{error:?}");
    assert_eq!(error.effect(), Effect::NotDone);
}

#[tokio::test]
async fn refusals_are_typed_and_quote_fortnox() {
    let refused = |status: u16, body: &'static str| async move {
        let reply = Reply::new(status, body).header("X-Uid", "u-1").header("Content-Type", "text/html");
        Server::that_says(reply).await.session().create_invoice("17", None).await.unwrap_err()
    };

    let error =
        refused(404, r#"{"ErrorInformation":{"Error":1,"Message":"Kan inte hitta avtalet.","Code":2000434}}"#).await;
    assert_eq!((error.refusal(), error.effect(), error.uid()), (Some(Refusal::NotFound), Effect::NotDone, Some("u-1")));
    assert_eq!(error.to_string(), "Fortnox refused the call (404, code 2000434): Kan inte hitta avtalet.");

    let error = refused(400, r#"{"ErrorInformation":{"error":1,"message":"Feature inte tillgänglig","code":1}}"#).await;
    assert_eq!((error.refusal(), error.advice()), (Some(Refusal::FeatureUnavailable), Advice::AskPerson));

    let error =
        refused(400, r#"{"ErrorInformation":{"error":1,"message":"Ett ogiltigt filter har använts.","code":2000587}}"#)
            .await;
    assert_eq!((error.refusal(), error.advice()), (Some(Refusal::InvalidFilter), Advice::FixProgram));

    let error = refused(403, "<html>Forbidden</html>").await;
    assert_eq!((error.refusal(), error.advice()), (Some(Refusal::Forbidden), Advice::AskPerson));

    let error = refused(401, r#"{"message":"unauthorized"}"#).await;
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert_eq!((error.effect(), error.advice()), (Effect::NotDone, Advice::RenewToken));

    let error = refused(400, r#"{"ErrorInformation":{"error":1,"message":"Kan inte logga in.","code":2000310}}"#).await;
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");

    let error =
        refused(401, r#"{"ErrorInformation":{"error":1,"message":"Har inte behörighet för scope.","code":2000663}}"#)
            .await;
    assert_eq!((error.refusal(), error.advice()), (Some(Refusal::MissingScope), Advice::AskPerson));
}

#[tokio::test]
async fn a_part_is_tried_with_one_row() {
    let server = Server::that_says(Reply::ok(r#"{"MetaInformation":{},"PriceLists":[]}"#)).await;
    server.session().try_reading(Resource::PriceLists).await.unwrap();
    assert_eq!(server.only_request().line, "GET /3/pricelists?limit=1");
}

#[tokio::test]
async fn the_year_of_a_date_is_found_even_if_all_years_come() {
    let years = r#"{"FinancialYears":[{"FromDate":"2025-01-01","ToDate":"2025-12-31","AccountingMethod":"CASH"},
        {"FromDate":"2026-01-01","ToDate":"2026-12-31","accountingMethod":"ACCRUAL"}]}"#;
    let server = Server::that_says(Reply::ok(years)).await;
    let year = server.session().financial_year("2026-03-01".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((year.from.to_string().as_str(), year.method), ("2026-01-01", Some(AccountingMethod::Accrual)));
    assert_eq!(server.only_request().line, "GET /3/financialyears?date=2026-03-01");
    assert_eq!(server.session().financial_year("2027-03-01".parse().unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn the_voucher_series_and_the_senders_are_read() {
    let series = r#"{"PreDefinedVoucherSeries":{"Name":"INVOICE","VoucherSeries":""}}"#;
    let server = Server::that_says(Reply::ok(series)).await;
    assert_eq!(server.session().invoice_voucher_series().await.unwrap(), None);
    assert_eq!(server.only_request().line, "GET /3/predefinedvoucherseries/INVOICE");

    let senders = r#"{"EmailSenders":{"TrustedSenders":[{"Id":1,"Email":"a@b.example"}],"RejectedSenders":[]}}"#;
    let server = Server::that_says(Reply::ok(senders)).await;
    assert_eq!(server.session().trusted_senders().await.unwrap(), 1);
}

#[tokio::test]
async fn recurrences_live_outside_the_classic_api() {
    let server = Server::that_says(Reply::ok("[]")).await;
    let page = server.session().active_recurrences(200).await.unwrap();
    assert_eq!((page.items.len(), page.more), (0, false));
    assert_eq!(
        server.only_request().line,
        "GET /api/recurring-billing/recurrings-v1?statuses=ACTIVE&offset=200&limit=100"
    );
}
