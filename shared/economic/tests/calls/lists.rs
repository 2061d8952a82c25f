//! Pages of lists.

use chrono::NaiveDate;
use economic::{Dated, DraftFilter, Error};

use crate::fake::{Reply, customer, draft, session, sessions};

fn drafts(numbers: impl IntoIterator<Item = u32>, results: usize) -> String {
    let row = |number| {
        format!(
            r#"{{"draftInvoiceNumber":{number},"date":"2026-08-01","currency":"DKK","customer":{{"customerNumber":7}}}}"#
        )
    };
    let rows: Vec<_> = numbers.into_iter().map(row).collect();
    format!(r#"{{"collection":[{}],"pagination":{{"results":{results}}}}}"#, rows.join(","))
}

#[tokio::test]
async fn drafts_are_asked_for_by_number() {
    let (session, economic) = session(Reply::ok(drafts([17, 18, 20], 3)));
    let page = session.drafts_after(Some(draft(17)), &DraftFilter::default()).await.unwrap();
    assert_eq!(page.items.iter().map(|draft| draft.number.get()).collect::<Vec<_>>(), [18, 20], "17 was had already");
    assert_eq!((page.full, page.last), (false, Some(20)));
    let seen = &economic.seen()[0];
    assert_eq!(seen.path, "restapi.e-conomic.com/invoices/drafts");
    assert_eq!(seen.asked("filter"), Some("draftInvoiceNumber$gt:17"));
    assert_eq!((seen.asked("sort"), seen.asked("pagesize")), (Some("draftInvoiceNumber"), Some("1000")));
}

#[tokio::test]
async fn a_page_says_whether_there_may_be_more() {
    let full = |body: String| async move {
        session(Reply::ok(body)).0.drafts_after(None, &DraftFilter::default()).await.unwrap().full
    };
    assert!(!full(drafts([], 0)).await);
    assert!(!full(drafts(1..=999, 999)).await);
    assert!(full(drafts(1..=1000, 1000)).await, "as many as were asked for");
    assert!(full(drafts(1..=20, 21)).await, "fewer than there are");
    let next = drafts(1..=20, 20).replace(r#""results":20"#, r#""nextPage":"https://x.test?skippages=1""#);
    assert!(full(next).await, "there is a next page");
}

#[tokio::test]
async fn one_bad_row_is_reported_and_spoils_no_other() {
    let body = r#"{"collection":[
        {"draftInvoiceNumber":1,"date":"2026-08-01","currency":"DKK","customer":{"customerNumber":7}},
        {"draftInvoiceNumber":2,"date":"hemmelig","currency":"DKK","customer":{"customerNumber":7}},
        17,
        {"draftInvoiceNumber":9,"date":"2026-08-01","currency":"DKK"}],"pagination":{"results":4}}"#;
    let page = session(Reply::ok(body)).0.drafts_after(None, &DraftFilter::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
    let bad: Vec<_> = page.unreadable.iter().map(|bad| (bad.number, bad.reason.as_str())).collect();
    assert_eq!(
        bad,
        [
            (Some(2), "collection[1].date is not a date (YYYY-MM-DD)"),
            (None, "collection[2] is not a JSON object"),
            (Some(9), "collection[3].customer is missing or empty"),
        ]
    );
    assert_eq!(page.last, Some(9), "the next page begins after it all the same");
}

#[tokio::test]
async fn what_is_no_list_is_an_error_and_never_an_empty_list() {
    for body in ["{}", "[]", r#"{"collection":[]}"#, r#"{"pagination":{"results":0}}"#, "upstream connect error"] {
        let error = session(Reply::ok(body)).0.drafts_after(None, &DraftFilter::default()).await.unwrap_err();
        assert!(matches!(error, Error::Unreadable { status: 200, .. }), "{body}: {error:?}");
    }
}

fn invoices(numbers: impl IntoIterator<Item = u32>, results: usize) -> String {
    drafts(numbers, results).replace("draftInvoiceNumber", "bookedInvoiceNumber")
}

const DAY: Dated = Dated::On(NaiveDate::from_ymd_opt(2026, 8, 1).unwrap());

#[tokio::test]
async fn all_invoices_of_a_day_are_as_many_calls_as_pages() {
    let (session, economic) = sessions([Reply::ok(invoices(1..=1000, 1002)), Reply::ok(invoices([1001, 1002], 2))]);
    let all = session.booked_of(customer(7), DAY).await.unwrap();
    assert_eq!((all.items.len(), all.full, all.last), (1002, false, Some(1002)));
    let filters: Vec<_> = economic.seen().iter().map(|seen| seen.asked("filter").unwrap().to_owned()).collect();
    let begin = "customer.customerNumber$eq:7$and:date$eq:2026-08-01$and:bookedInvoiceNumber$gt:";
    assert_eq!(filters, [format!("{begin}0"), format!("{begin}1000")]);
}

#[tokio::test]
async fn a_list_that_does_not_go_on_ends_with_an_error() {
    let (session, economic) = session(Reply::ok(invoices(1..=1000, 1000)));
    assert!(matches!(session.booked_of(customer(7), DAY).await, Err(Error::Unreadable { .. })));
    assert_eq!(economic.seen().len(), 2);
}

#[tokio::test]
async fn subscribers_are_paged_by_cursor() {
    let first = r#"{"cursor":"34781","items":[{"number":1,"customerNumber":7,"subscriptionNumber":3,
        "startDate":"2026-01-01T00:00:00","endDate":"2099-12-31T00:00:00Z","draftDocumentId":9001,"bookedInvoiceId":0}]}"#;
    let (session, economic) = sessions([Reply::ok(first), Reply::ok(r#"{"items":[{"number":2}]}"#)]);
    let page = session.subscribers(None).await.unwrap();
    assert_eq!(page.items[0].draft.unwrap().get(), 9001);
    assert_eq!((page.items[0].booked_invoice, page.items[0].start), (None, NaiveDate::from_ymd_opt(2026, 1, 1)));
    let page = session.subscribers(page.next.as_ref()).await.unwrap();
    assert_eq!((page.items.len(), page.unreadable.len(), page.next), (0, 1, None));
    let seen = economic.seen();
    assert_eq!(seen[0].path, "apis.e-conomic.com/subscriptionsapi/v6.0.3/subscribers");
    assert_eq!((seen[0].asked("cursor"), seen[1].asked("cursor")), (None, Some("34781")));
}
