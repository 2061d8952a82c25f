//! Invoices: quirks of recorded answers, booking, sending, crediting.

use serde_json::{Value, json};

use super::super::{EffectKind, Method, SimRequest};
use super::{Bench, error_code};

fn with_invoice() -> Bench {
    let mut bench = Bench::new();
    bench.invoice_contract(1);
    bench
}

fn count(bench: &Bench, wanted: EffectKind) -> usize {
    bench.effects().into_iter().filter(|kind| *kind == wanted).count()
}

#[test]
fn types_are_mixed_as_recorded() {
    let mut bench = with_invoice();
    let invoice = bench.document("/3/invoices/1");
    assert_eq!(invoice["OCR"], "133");
    assert_eq!(invoice["Credit"], "false");
    assert_eq!(invoice["CreditInvoiceReference"], "0");
    assert_eq!(invoice["DocumentNumber"], "1");
    assert_eq!(invoice["CurrencyRate"], 1);
    assert_eq!(invoice["VoucherNumber"], Value::Null);
    assert_eq!(invoice["EmailInformation"]["EmailSubject"], "Faktura {no} bifogas");
    assert_eq!(invoice["EmailInformation"]["EmailBody"], " ");
    assert_eq!(invoice["EmailInformation"]["EmailAddressFrom"], Value::Null);
    assert_eq!(invoice["InvoiceRows"][0]["ContributionPercent"], "0");
    let item = bench.get("/3/invoices").json_body()["Invoices"][0].clone();
    assert_eq!(item["CurrencyRate"], "1");
    assert!(item.get("ContractReference").is_none());
    let raw = bench.get("/3/invoices/1");
    assert!(String::from_utf8(raw.body).unwrap().contains(r"https:\/\/api.fortnox.se"));
}

#[test]
fn an_ordinary_invoice_has_no_period_and_no_quantity() {
    let mut bench = Bench::new();
    let body = json!({"Invoice": {"CustomerNumber": "1", "InvoiceRows": [
        {"ArticleNumber": "1", "Price": 10.0},
    ]}});
    let invoice = bench.post("/3/invoices", &body).json_body()["Invoice"].clone();
    assert_eq!(invoice["InvoiceType"], "INVOICE");
    assert_eq!(invoice["InvoicePeriodStart"], "");
    assert_eq!(invoice["ContractReference"], 0);
    assert_eq!(invoice["InvoiceRows"][0]["DeliveredQuantity"], "0");
    assert_eq!(invoice["Total"], 0);
}

#[test]
fn booking_needs_a_json_content_type() {
    let mut bench = with_invoice();
    for action in ["bookkeep", "credit"] {
        let bare = SimRequest::new(Method::Put, &format!("/3/invoices/1/{action}"));
        assert_eq!(error_code(&bench.send(bare)), 1_000_031);
    }
    assert_eq!(count(&bench, EffectKind::InvoiceBooked), 0);
    bench.switches().require_json_content_type = false;
    let bare = SimRequest::new(Method::Put, "/3/invoices/1/bookkeep");
    assert_eq!(bench.send(bare).status, 200);
}

#[test]
fn a_booked_invoice_is_neither_booked_again_nor_edited() {
    let mut bench = with_invoice();
    let booked = bench.put("/3/invoices/1/bookkeep", &json!({})).json_body();
    assert_eq!(booked["Invoice"]["Booked"], true);
    assert_eq!(booked["Invoice"]["VoucherSeries"], "B");
    assert_eq!(booked["Invoice"]["VoucherNumber"], 1);
    for (path, body) in [
        ("/3/invoices/1/bookkeep", json!({})),
        ("/3/invoices/1/cancel", json!({})),
        ("/3/invoices/1", json!({"Invoice": {"Comments": "sent"}})),
    ] {
        assert_eq!(bench.put(path, &body).status, 400, "{path}");
    }
    assert_eq!(count(&bench, EffectKind::InvoiceBooked), 1);
}

#[test]
fn a_locked_period_and_a_cancelled_invoice_are_not_booked() {
    let mut bench = with_invoice();
    let lock =
        SimRequest::new(Method::Put, "/_sim/lockedperiod?tenant=7654321").with_json(&json!({"end_date": "2026-01-01"}));
    assert_eq!(bench.world.handle(bench.now, &lock).status, 200);
    let locked = bench.document("/3/settings/lockedperiod");
    assert_eq!(locked["EndDate"], "2026-01-01");
    assert_eq!(bench.put("/3/invoices/1/bookkeep", &json!({})).status, 400);
    // A later date opens it; the due date follows.
    let moved = bench.put("/3/invoices/1", &json!({"Invoice": {"InvoiceDate": "2026-01-02"}}));
    assert_eq!(moved.json_body()["Invoice"]["DueDate"], "2026-02-01");
    bench.put("/3/invoices/1/cancel", &json!({}));
    assert_eq!(bench.put("/3/invoices/1/bookkeep", &json!({})).status, 400);
    let cancelled = bench.get("/3/invoices?filter=cancelled").json_body();
    assert_eq!(cancelled["MetaInformation"]["@TotalResources"], 1);
}

#[test]
fn every_get_that_sends_sends_again() {
    let mut bench = with_invoice();
    for _ in 0..2 {
        let answer = bench.get("/3/invoices/1/email").json_body();
        assert_eq!(answer["Invoice"]["Sent"], true);
    }
    assert_eq!(count(&bench, EffectKind::EmailSent), 2);
    let effect = bench.world.ledger().last().unwrap().effects[0].clone();
    assert_eq!(effect.to.as_deref(), Some("faktura@amalsglas.example"));
    assert_eq!(bench.get("/3/invoices/1/einvoice").status, 200);
    assert_eq!(count(&bench, EffectKind::EinvoiceSent), 1);
    let unregistered = bench.get("/3/invoices/1/eprint");
    assert_eq!(unregistered.status, 400);
    assert_eq!(count(&bench, EffectKind::PrintServiceSent), 0);
}

#[test]
fn an_email_goes_to_the_invoices_own_address_first_and_needs_one() {
    let mut bench = with_invoice();
    let own = json!({"Invoice": {"EmailInformation": {"EmailAddressTo": "chefen@amalsglas.example"}}});
    bench.put("/3/invoices/1", &own);
    bench.get("/3/invoices/1/email");
    let effect = bench.world.ledger().last().unwrap().effects[0].clone();
    assert_eq!(effect.to.as_deref(), Some("chefen@amalsglas.example"));
    bench.invoice_contract(2);
    assert_eq!(bench.get("/3/invoices/2/email").status, 400);
    let stranger = json!({"Invoice": {"EmailInformation": {"EmailAddressFrom": "x@y.example"}}});
    bench.put("/3/invoices/1", &stranger);
    assert_eq!(bench.get("/3/invoices/1/email").status, 400);
}

#[test]
fn an_emails_blind_copy_is_told_and_a_booked_invoice_is_addressed_only_where_the_switch_says_so() {
    let mut bench = with_invoice();
    let copy = |to: &str| json!({"Invoice": {"EmailInformation": {"EmailAddressBCC": to}}});
    assert_eq!(bench.put("/3/invoices/1", &copy("byran@byran.example")).status, 200);
    bench.put("/3/invoices/1/bookkeep", &json!({}));
    assert_eq!(bench.put("/3/invoices/1", &copy("annan@byran.example")).status, 400);
    bench.get("/3/invoices/1/email");
    let effect = bench.world.ledger().last().unwrap().effects[0].clone();
    assert_eq!(effect.bcc.as_deref(), Some("byran@byran.example"));
    assert_eq!(effect.to.as_deref(), Some("faktura@amalsglas.example"), "what isn't written stays");
    bench.switches().booked_invoice_takes_email_information = true;
    assert_eq!(bench.put("/3/invoices/1", &copy("annan@byran.example")).status, 200);
    let mut more = copy("annan@byran.example");
    more["Invoice"]["Comments"] = json!("mer");
    assert_eq!(bench.put("/3/invoices/1", &more).status, 400, "nothing else is open");
}

#[test]
fn what_sends_may_leave_no_mark() {
    let mut bench = with_invoice();
    bench.switches().email_sets_sent = false;
    assert_eq!(bench.get("/3/invoices/1/email").json_body()["Invoice"]["Sent"], false);
    assert_eq!((count(&bench, EffectKind::EmailSent), count(&bench, EffectKind::MarkedSent)), (1, 0));
    bench.put("/3/invoices/1/externalprint", &json!({}));
    assert_eq!(bench.document("/3/invoices/1")["Sent"], true);
}

#[test]
fn preview_is_a_pdf_without_effect_and_print_marks_sent() {
    let mut bench = with_invoice();
    let preview = bench.get("/3/invoices/1/preview");
    assert_eq!(preview.header("content-type"), Some("application/pdf"));
    assert!(preview.body.starts_with(b"%PDF-"));
    let page = String::from_utf8_lossy(&preview.body);
    // "Åmåls" in Windows-1252, as the hexadecimal text in which the PDF library writes it.
    assert!(page.contains("<C56DE56C73"));
    assert!(page.contains("(133)"), "the OCR number");
    assert_eq!(bench.document("/3/invoices/1")["Sent"], false);
    bench.get("/3/invoices/1/print");
    assert_eq!(bench.document("/3/invoices/1")["Sent"], true);
    assert_eq!(count(&bench, EffectKind::MarkedSent), 1);
}

#[test]
fn a_credit_note_cancels_its_invoice() {
    let mut bench = with_invoice();
    assert_eq!(bench.put("/3/invoices/1/credit", &json!({})).status, 400);
    bench.put("/3/invoices/1/bookkeep", &json!({}));
    let credited = bench.put("/3/invoices/1/credit", &json!({})).json_body();
    assert_eq!(credited["Invoice"]["DocumentNumber"], "1");
    assert_eq!(credited["Invoice"]["CreditInvoiceReference"], "2");
    let note = bench.document("/3/invoices/2");
    assert_eq!(note["Credit"], "true");
    assert_eq!(note["Total"], -3500);
    assert_eq!(bench.put("/3/invoices/1/credit", &json!({})).status, 400);
}

#[test]
fn references_are_copied_only_when_the_switch_says_so() {
    let mut bench = Bench::new();
    let tag = json!({"Contract": {"ExternalInvoiceReference1": "ai:1:2026-01-01"}});
    bench.put("/3/contracts/1", &tag);
    bench.invoice_contract(1);
    bench.switches().copy_external_references = false;
    bench.switches().copy_your_order_number = false;
    bench.invoice_contract(1);
    let found = bench.get("/3/invoices?externalinvoicereference1=ai:1:2026-01-01").json_body();
    assert_eq!(found["Invoices"].as_array().unwrap().len(), 1);
    assert_eq!(bench.document("/3/invoices/2")["YourOrderNumber"], "");
}
