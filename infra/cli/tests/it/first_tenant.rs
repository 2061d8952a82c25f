//! From a clone to a company in `full` on the local cloud, with nothing but the README and the command line's help: each command is
//! typed as it stands in `docs/first-tenant.md`, and that page is made of what came back.

mod session;

use self::session::{Session, Step};

const HEAD: &str = "\
# The first company

From a clone to a company in `full` on one machine, without AWS and without an account at Fortnox: each line after `$` is typed, what
follows came back. (A test types it and makes this page, so it can't go stale; times are shown as `hh:mm:ss`, and what is made by chance
as `\u{2026}`.) On AWS it's the same from the third terminal on: [deploy](deploy.md) first, and then the stack's outputs take the place of what
the local cloud prints.
";

const TENANT: &str = "fortnox-7654321";

/// What is typed, and why.
fn steps() -> Vec<Step> {
    let shown = |why, typed: &str| Step::Typed { why, typed: typed.replace("TENANT", TENANT), code: 0 };
    vec![
        Step::Fortnox {
            why: "A simulated Fortnox with one company, in a first terminal. It goes by the local cloud's clock.",
            typed: "cargo run -p fortnox-sim -- --port 8090 --company tests/fortnox-sim/companies/liten.json --clock-file target/local/clock",
        },
        Step::Cloud {
            why: "Everything else, in a second one. It's the morning of 15 January 2026.",
            typed: "cargo run -p local -- up --now 2026-01-15T06:30:00Z --param FortnoxApiUrl=http://127.0.0.1:8090 --param FortnoxAuthUrl=http://127.0.0.1:8090",
        },
        Step::Exports { why: "In a third one: the lines that it printed, and a short name." },
        Step::Secret {
            why: "Our own credentials at Fortnox: here those of the simulated company's file.",
            typed: "curl -X PUT http://127.0.0.1:8080/secrets/FortnoxAppSecret -d '{\"client_id\":\"sim-client-liten\",\"client_secret\":\"not-a-secret-liten\"}'",
        },
        Step::Link {
            why: "A link by which the company's people connect it.",
            typed: "fakturapilot connect fortnox",
            then: "Open it in a browser, press the button, and say yes on Fortnox's page: *Liten Konsult i \u{c5}m\u{e5}l AB* is connected.",
        },
        shown("It's there, and only previews.", "fakturapilot tenant list"),
        shown("What its invoicing depends on, and what is in the way:", "fakturapilot preflight TENANT"),
        shown("What would be done today:", "fakturapilot preview TENANT"),
        Step::Typed {
            why: "What it wants: invoices in the books and by mail, with a limit. Each mistake is told with what is allowed.",
            typed: format!("fakturapilot settings set {TENANT} channel=fax"),
            code: 7,
        },
        shown(
            "",
            "fakturapilot settings set TENANT auto_book=true channel=ses_email reply_to=ekonomi@litenkonsult.example 'max_amount={\"SEK\":3000}'",
        ),
        shown("Otherwise for one customer:", "fakturapilot settings set TENANT --customer 2 channel=none"),
        shown("Where a value comes from:", "fakturapilot settings explain TENANT --agreement 2 channel"),
        shown("And what would be done now, and at the end of the month:", "fakturapilot preview TENANT"),
        shown("", "fakturapilot preview TENANT --date 2026-01-31"),
        Step::Typed {
            why: "On. It looks once more, and refuses while something blocks; at a terminal it asks instead of `--yes`.",
            typed: format!("fakturapilot tenant mode {TENANT} full --yes"),
            code: 0,
        },
        shown("It would be scanned at its hour. Now is sooner:", "fakturapilot scan now TENANT"),
        Step::Idle { why: "Wait until nothing is going on any more.", typed: "curl http://127.0.0.1:8080/idle" },
        shown("What came of it:", "fakturapilot jobs list TENANT --date 2026-01-15"),
        shown("What waits for a person:", "fakturapilot jobs list TENANT"),
        shown(
            "It's right, so it's said yes to; at a terminal it asks instead of `--yes`.",
            "fakturapilot jobs approve TENANT:1:2026-01-01 --yes",
        ),
        Step::Idle { why: "", typed: "curl http://127.0.0.1:8080/idle" },
        shown("One job's whole story:", "fakturapilot jobs show TENANT:1:2026-01-01"),
        shown("Why it stands as it does:", "fakturapilot jobs explain TENANT:1:2026-01-01"),
        shown("Its mail:", "fakturapilot mail show TENANT:1:2026-01-01"),
        shown("The letter that went with it:", "fakturapilot mail show TENANT:1:2026-01-01 --letter"),
        shown("Nothing is left over:", "fakturapilot dlq list"),
        Step::Prose {
            words: "From here on it goes by itself: a scan a day, a [digest](digest.md) to its people, and `tenant mode TENANT off` stops it at once.",
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_gets_a_company_to_full_by_the_readme_and_the_help_alone() {
    let mut session = Session::begin("first_tenant");
    let mut page = HEAD.to_owned();
    for step in steps() {
        page.push_str(&session.take(step).await);
    }
    let mails = session.mails().await;
    session.end();
    // By Fortnox's own word and the mails that went out, not by ours.
    assert!(mails.iter().any(|mail| mail.contains("faktura@amalsglas.example")), "{mails:?}");
    for said in ["fortnox-7654321: full", "deliver: done", "accepted"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    crate::pages::is_up_to_date("first-tenant.md", &page);
}
