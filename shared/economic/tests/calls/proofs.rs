//! What a read proves, and what not.

use std::time::Duration;

use economic::{AgreementNumber, Error, Figures, RefusalKind};

use crate::fake::{Cut, Economic, NOT_FOUND, Paced, Recorder, Reply, booked, client, customer, draft, grant, session};

const PROBLEM: &str = r#"{"type":"x","title":"Not Found","status":404,"detail":"No such draft.","traceId":"t-1",
    "errorCode":"ResourceNotFound"}"#;

#[tokio::test]
async fn only_economics_own_404_proves_absence() {
    for body in [NOT_FOUND, PROBLEM] {
        let (session, _) = session(Reply::new(404, body));
        assert_eq!(session.draft(draft(148)).await.unwrap(), None);
        assert_eq!(session.booked(booked(31)).await.unwrap(), None);
        assert_eq!(session.customer(customer(7)).await.unwrap(), None);
    }
    let others = [
        Reply::new(404, ""),
        Reply::new(404, "<html>404</html>"),
        Reply::new(404, r#"{"message":"no Route matched with those values"}"#),
        Reply::cut(404, Cut::InTheMiddle),
        Reply::new(410, NOT_FOUND),
        Reply::new(400, NOT_FOUND),
        Reply::new(401, NOT_FOUND),
        Reply::new(503, "upstream connect error or disconnect/reset before headers"),
        Reply::new(204, ""),
        Reply::ok("null"),
        Reply::ok(""),
    ];
    for reply in others {
        session(reply).0.draft(draft(148)).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_pdf_is_one_or_an_error() {
    let (found, economic) = session(Reply::ok("%PDF-1.4 …").header("Content-Type", "application/octet-stream"));
    assert!(found.booked_pdf(booked(31)).await.unwrap().starts_with(b"%PDF"));
    let seen = &economic.seen()[0];
    assert_eq!(seen.path, "restapi.e-conomic.com/invoices/booked/31/pdf");
    assert_eq!(seen.headers["Accept"], "*/*", "406 otherwise");
    for body in ["", "<html>", "%PD", "{}"] {
        let error = session(Reply::ok(body)).0.booked_pdf(booked(31)).await.unwrap_err();
        assert!(matches!(error, Error::NotPdf { .. }), "{body}: {error:?}");
    }
    let error = session(Reply::cut(200, Cut::TooLong)).0.booked_pdf(booked(31)).await.unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }));
    let error = session(Reply::new(404, NOT_FOUND)).0.booked_pdf(booked(31)).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::NotFound);
}

#[tokio::test]
async fn a_missing_role_or_module_can_be_told_from_the_rest() {
    let role = r#"{"message":"You may not.","httpStatusCode":403,"logId":"1"}"#;
    let module = r#"{"title":"Forbidden","status":403,"errorCode":"AccessDeniedAgreementMissingModules"}"#;
    let error = session(Reply::new(403, role)).0.accounting_years().await.unwrap_err();
    assert!(error.is_forbidden() && error.refusal().unwrap().kind() == RefusalKind::Forbidden);
    let error = session(Reply::new(403, module)).0.subscribers(None).await.unwrap_err();
    assert!(error.is_forbidden() && error.refusal().unwrap().kind() == RefusalKind::MissingModule);
    for reply in [Reply::new(403, "<html>"), Reply::new(401, role), Reply::new(500, role)] {
        assert!(!session(reply).0.accounting_years().await.unwrap_err().is_forbidden());
    }
}

#[tokio::test]
async fn problems_of_the_open_api_are_read() {
    let body = r#"{"title":"One or more errors","status":400,"errors":[{"message":"Unknown field.","errorCode":"BadFilterRequest",
        "property":"filter"}],"traceId":"t-1","errorCode":"BadFilterRequest"}"#;
    let error = session(Reply::new(400, body)).0.subscribers(None).await.unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(refusal.kind(), RefusalKind::InvalidRequest);
    assert_eq!(
        refusal.to_string(),
        "400, BadFilterRequest: One or more errors; filter: Unknown field. (BadFilterRequest)"
    );
    assert_eq!(refusal.log_id.as_deref(), Some("t-1"));
}

#[tokio::test]
async fn the_pacer_is_asked_before_and_told_after_every_call() {
    let pacer = Recorder::default();
    let said = |reply: Reply| {
        reply.header("X-RateLimiting", "token-limit-10000-per-60-seconds: 147/10000").header("X-CallCost", "3")
    };
    let economic = Economic::that_says([
        said(Reply::new(404, NOT_FOUND)),
        said(Reply::new(429, "")).header("Retry-After", "5"),
        Reply::ok(r#"{"agreementNumber":7}"#),
    ]);
    let client = client(&economic, pacer.clone());
    let session = client.for_agreement(AgreementNumber::new(7).unwrap(), grant());
    session.draft(draft(1)).await.unwrap();
    session.draft(draft(1)).await.unwrap_err();
    session.self_info().await.unwrap();
    let figures = Figures { used: 147, limit: 10_000, period: Duration::from_mins(1), cost: Some(3) };
    let expected = [
        Paced::Slot(7),
        Paced::Told(7, figures),
        Paced::Slot(7),
        Paced::Told(7, figures),
        Paced::Refused(7, Some(Duration::from_secs(5))),
        Paced::Slot(7),
    ];
    assert_eq!(*pacer.0.lock().unwrap(), expected);

    client.identify(grant()).await.unwrap();
    assert_eq!(pacer.0.lock().unwrap().len(), expected.len(), "whose budget it is isn't known yet");
}
