//! The mutants: what a workflow like ours gets wrong, one mistake each.

/// A mistake to make on purpose.
pub(crate) struct Mutant {
    /// Its switch.
    pub(crate) name: &'static str,
    /// The mistake, in words.
    pub(crate) what: &'static str,
    /// How it's made.
    pub(crate) changes: &'static [Change],
}

/// A change of one place.
pub(crate) struct Change {
    /// Where.
    pub(crate) file: &'static str,
    /// The text in whose place it stands; there's just one such.
    pub(crate) find: &'static str,
    /// What stands there then; `$ON` says whether the mistake is made.
    pub(crate) instead: &'static str,
}

const CREATE: &str = "shared/workflow/src/steps/create.rs";
const BOOK: &str = "shared/workflow/src/steps/book.rs";
const DELIVER: &str = "shared/workflow/src/steps/deliver.rs";
const BY_SYSTEM: &str = "shared/workflow/src/steps/deliver/by_system.rs";
const TO_SERVICE: &str = "shared/workflow/src/steps/deliver/to_service.rs";
const BY_DEFAULT: &str = "shared/workflow/src/steps/deliver/by_default.rs";
const ADDRESSING: &str = "shared/workflow/src/steps/deliver/addressing.rs";
const STEPS: &str = "shared/workflow/src/steps.rs";
const ADVANCE: &str = "shared/workflow/src/advance.rs";
const TICK: &str = "shared/workflow/src/scan/tick.rs";
const SCAN: &str = "shared/workflow/src/scan/tenant.rs";
const JOBS: &str = "shared/workflow/src/scan/jobs.rs";
const PEOPLE: &str = "shared/workflow/src/people.rs";
const OBSERVE: &str = "shared/domain/src/job/observe.rs";
const NEXT: &str = "shared/domain/src/job/next.rs";
const PLAN: &str = "shared/domain/src/due/plan.rs";
const GUARDS: &str = "shared/domain/src/due/guards.rs";
const JOURNAL: &str = "tests/simulation/src/memory/journal.rs";
const SETTINGS: &str = "tests/simulation/src/memory/settings.rs";

const RECURRING: &str = "shared/workflow/src/steps/create/recurring.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "bounce_unheard",
        what: "a mail that came back is sent again by the same channel at once",
        changes: &[
            Change {
                file: "shared/workflow/src/feedback/job.rs",
                find: "            job.came_back = Some(CameBack { channel, problem: problem.clone() });",
                instead: "            job.came_back = (!$ON).then(|| CameBack { channel, problem: problem.clone() });",
            },
            Change {
                file: "shared/workflow/src/steps/deliver/posting.rs",
                find: "    for address in to {",
                instead: "    for address in to {\n        if $ON {\n            living.push(address.clone());\n            continue;\n        }",
            },
        ],
    },
    Mutant {
        name: "invoice_recurring",
        what: "whom Fortnox invoices by itself is invoiced like anybody",
        changes: &[
            Change {
                file: SCAN,
                find: "            if !minds_recurring || !decision.has_due() {",
                instead: "            if !minds_recurring || !decision.has_due() || $ON {",
            },
            Change {
                file: RECURRING,
                find: "    if !minds || !must_ask_again(run.job().not_recurring_at, now) {",
                instead: "    if !minds || $ON || !must_ask_again(run.job().not_recurring_at, now) {",
            },
        ],
    },
    Mutant {
        name: "drop_intent",
        what: "the creation isn't announced before it's made",
        changes: &[Change {
            file: CREATE,
            find: "    run.tell(EventKind::Intended { step: StepName::Create, attempt });\n    run.save().await?;",
            instead: "    run.tell(EventKind::Intended { step: StepName::Create, attempt });\n    if !$ON {\n        run.save().await?;\n    }",
        }],
    },
    Mutant {
        name: "retry_create",
        what: "a creation without an answer is simply made again",
        changes: &[Change {
            file: CREATE,
            find: "        Err(error) => failed(run, announced, error).await,",
            instead: "        Err(_) if $ON => {\n            match run.ports.accounting().create_invoice(key.tenant(), &number, invoice_date).await {\n                Ok(CreateAnswer::Invoice(invoice)) => made(run, invoice, false, agreement, history).await,\n                Ok(CreateAnswer::Done) => look_for_it(run, &Call::Answered { with: None }).await,\n                Err(error) => failed(run, announced, error).await,\n            }\n        }\n        Err(error) => failed(run, announced, error).await,",
        }],
    },
    Mutant {
        name: "skip_reread",
        what: "whatever the agreement says by now, its invoice is made",
        changes: &[Change {
            file: CREATE,
            find: "        _ => by_hand::not_due_any_more(run, &agreement, history, decision).await,",
            instead: "        _ if $ON => call(run, &agreement, history, today).await,\n        _ => by_hand::not_due_any_more(run, &agreement, history, decision).await,",
        }],
    },
    Mutant {
        name: "ignore_version",
        what: "a worker that was taken over writes all the same",
        changes: &[Change {
            file: JOURNAL,
            find: "filter(|item| item.version == version)",
            instead: "filter(|item| item.version == version || $ON)",
        }],
    },
    Mutant {
        name: "send_before_recording",
        what: "a mail is sent before it's announced",
        changes: &[Change {
            file: DELIVER,
            find: "    let announced = run.now();\n    // First, so that whatever",
            instead: "    if $ON {\n        let tenant = run.job().key.tenant().clone();\n        return match mailer.send(RawMail { tenant: &tenant, raw: &mail.raw, recipients: &mail.recipients }).await {\n            Ok(accepted) => delivered(run, channel, Some(accepted), false).await,\n            Err(error) => run.look_later(StepName::Deliver, error.to_string()).await,\n        };\n    }\n    let announced = run.now();\n    // First, so that whatever",
        }],
    },
    Mutant {
        name: "stale_settings",
        what: "workers go by the settings as they were at first",
        changes: &[Change {
            file: SETTINGS,
            find: "        self.faults.store(Call::OfAgreement, \"reading an agreement's settings\", read).await",
            instead: "        let first = self.told(tenant).into_iter().next().and_then(|(_, settings)| settings);\n        let settings = self.faults.store(Call::OfAgreement, \"reading an agreement's settings\", read).await?;\n        Ok(if $ON { first } else { settings })",
        }],
    },
    Mutant {
        name: "settings_once_a_worker",
        what: "a worker that was held up acts by what it read before",
        changes: &[Change {
            file: ADVANCE,
            find: "        self.now() - self.read_at < ACT_WITHIN",
            instead: "        self.now() - self.read_at < ACT_WITHIN || $ON",
        }],
    },
    Mutant {
        name: "call_however_late",
        what: "a call is made however long ago it was announced",
        changes: &[Change {
            file: STEPS,
            find: "    now - announced < CALL_BEGINS_WITHIN && now >= announced",
            instead: "    now - announced < CALL_BEGINS_WITHIN && now >= announced || $ON",
        }],
    },
    Mutant {
        name: "believe_too_early",
        what: "what is seen while a creation may still be on its way is believed",
        changes: &[
            Change {
                file: OBSERVE,
                find: "    if *call == Call::Unanswered && now < settled {",
                instead: "    if *call == Call::Unanswered && now < settled && !$ON {",
            },
            Change {
                file: OBSERVE,
                find: "    if now < settled { Verdict::TooEarly(settled) } else { Verdict::NotHappened }",
                instead: "    if now < settled && !$ON { Verdict::TooEarly(settled) } else { Verdict::NotHappened }",
            },
            Change {
                file: CREATE,
                find: "        Happened::Perhaps => run.wait_until(announced + SETTLED_AFTER).await,",
                instead: "        Happened::Perhaps if $ON => look_for_it(run, &Call::Unanswered).await,\n        Happened::Perhaps => run.wait_until(announced + SETTLED_AFTER).await,",
            },
        ],
    },
    Mutant {
        name: "do_not_look",
        what: "an unknown creation counts as not made without a look for its invoice",
        changes: &[Change {
            file: OBSERVE,
            find: "    let mut matching = found.iter().filter(|invoice| covers(invoice, period));\n    let later",
            instead: "    if $ON {\n        return if now < at + SETTLED_AFTER { Verdict::TooEarly(at + SETTLED_AFTER) } else { Verdict::NotHappened };\n    }\n    let mut matching = found.iter().filter(|invoice| covers(invoice, period));\n    let later",
        }],
    },
    Mutant {
        name: "nameless_is_ours",
        what: "an invoice that names no period counts as the one that was asked for, whatever the agreement says",
        changes: &[Change {
            file: OBSERVE,
            find: "    if one.period.is_some() {",
            instead: "    if one.period.is_some() || $ON {",
        }],
    },
    Mutant {
        name: "never_settle",
        what: "an unknown creation is never believed not to have happened",
        changes: &[Change {
            file: OBSERVE,
            find: "    if let Some(moved) = moved(intent, look.agreement) {",
            instead: "    if $ON {\n        return Verdict::TooEarly(now + SETTLED_AFTER);\n    }\n    if let Some(moved) = moved(intent, look.agreement) {",
        }],
    },
    Mutant {
        name: "accept_any_period",
        what: "an invoice for other dates than were due is taken for the one that was asked for",
        changes: &[Change {
            file: CREATE,
            find: "    if let Some(made) = other {",
            instead: "    if let Some(made) = other.filter(|_| !$ON) {",
        }],
    },
    Mutant {
        name: "forget_history",
        what: "that an invoice was made isn't remembered",
        changes: &[Change {
            file: CREATE,
            find: "    run.remember(history);\n    let how",
            instead: "    if !$ON {\n        run.remember(history);\n    }\n    let how",
        }],
    },
    Mutant {
        name: "overlook_people",
        what: "what people made by hand on the same day isn't looked for",
        changes: &[Change {
            file: CREATE,
            find: "            if decision.reading != Some(Reading::NextPeriod)",
            instead: "            if !$ON\n                && decision.reading != Some(Reading::NextPeriod)",
        }],
    },
    Mutant {
        name: "go_on_with_theirs",
        what: "an invoice that a person made is booked and mailed",
        changes: &[Change {
            file: NEXT,
            find: "        Step::Done { outcome } if outcome.adopted && !settings.continue_adopted.value && !perhaps_ours(job) => {",
            instead: "        Step::Done { outcome } if outcome.adopted && !settings.continue_adopted.value && !perhaps_ours(job) && !$ON => {",
        }],
    },
    Mutant {
        name: "create_in_preview",
        what: "invoices are made although the mode is `off` or `preview`",
        changes: &[Change {
            file: NEXT,
            find: "            mode @ (Mode::Off | Mode::Preview) => Next::Hold(HoldReason::ModeForbids { step: StepName::Create, mode }),",
            instead: "            mode @ (Mode::Off | Mode::Preview) if !$ON => Next::Hold(HoldReason::ModeForbids { step: StepName::Create, mode }),\n            Mode::Off | Mode::Preview => Next::Create,",
        }],
    },
    Mutant {
        name: "book_drafts",
        what: "invoices are booked although the mode is `draft_only`",
        changes: &[Change {
            file: NEXT,
            find: "            Mode::DraftOnly => Next::Skip(StepName::Book, settings.mode.said(\"mode\", \"draft_only\")),",
            instead: "            Mode::DraftOnly if !$ON => Next::Skip(StepName::Book, settings.mode.said(\"mode\", \"draft_only\")),\n            Mode::DraftOnly => Next::Book,",
        }],
    },
    Mutant {
        name: "not_reviewed",
        what: "invoices are booked before their review is over",
        changes: &[Change {
            file: "shared/workflow/src/steps.rs",
            find: "    if run.now() < ends {",
            instead: "    if run.now() < ends && !$ON {",
        }],
    },
    Mutant {
        name: "book_unasked",
        what: "invoices are booked although nobody asked for it",
        changes: &[Change {
            file: NEXT,
            find: "            Mode::Full if job.draft().is_none() && !settings.auto_book.value => {",
            instead: "            Mode::Full if job.draft().is_none() && !settings.auto_book.value && !$ON => {",
        }],
    },
    Mutant {
        name: "mail_unasked",
        what: "invoices are mailed although the channel is `none`",
        changes: &[Change {
            file: NEXT,
            find: "            (Mode::Full, Channel::None) => Next::Skip",
            instead: "            (Mode::Full, Channel::None) if $ON => Next::Deliver(Channel::SesEmail),\n            (Mode::Full, Channel::None) => Next::Skip",
        }],
    },
    Mutant {
        name: "mail_again",
        what: "a mail whose answer was lost is sent again",
        changes: &[Change {
            file: DELIVER,
            find: "        Ok(_) => {\n            let seen = format!(",
            instead: "        Ok(_) if $ON => {\n            run.job_mut().deliver.not_done(\"the invoice isn't marked as sent\".to_owned());\n            Ok(Turn::Again)\n        }\n        Ok(_) => {\n            let seen = format!(",
        }],
    },
    Mutant {
        name: "mark_unsent",
        what: "an invoice is marked as sent whether or not the mail service took it",
        changes: &[Change {
            file: DELIVER,
            find: "        Err(MailError::NotTaken(why)) => {",
            instead: "        Err(MailError::NotTaken(why)) if $ON => delivered(run, channel, Some(why), false).await,\n        Err(MailError::NotTaken(why)) => {",
        }],
    },
    Mutant {
        name: "deliver_again",
        what: "Fortnox is asked once more to deliver what it didn't answer for",
        changes: &[Change {
            file: BY_SYSTEM,
            find: "        Err(error) => failed(run, channel, error).await,",
            instead: "        Err(_) if $ON => match run.ports.accounting().deliver(&tenant, number, channel).await {\n            Ok(_) => delivered(run, channel, None, true).await,\n            Err(error) => failed(run, channel, error).await,\n        },\n        Err(error) => failed(run, channel, error).await,",
        }],
    },
    Mutant {
        name: "no_mark_is_a_proof",
        what: "what isn't marked as sent counts as not sent, even where Fortnox may not mark what it sends",
        changes: &[Change {
            file: OBSERVE,
            find: "        Verdict::NotHappened if !mark_proves => {",
            instead: "        Verdict::NotHappened if !mark_proves && !$ON => {",
        }],
    },
    Mutant {
        name: "deliver_too_early",
        what: "no mark counts as a proof while the delivery may still be on its way",
        changes: &[Change {
            file: OBSERVE,
            find: "    match judge_mark(marked, at, now) {",
            instead: "    match judge_mark(marked, at, if $ON { now + SETTLED_AFTER } else { now }) {",
        }],
    },
    Mutant {
        name: "deliver_although_sent",
        what: "Fortnox delivers what is marked as sent already",
        changes: &[Change {
            file: BY_SYSTEM,
            find: "    if invoice.is_out() && !run.job().mark_is_its_own() {",
            instead: "    if invoice.is_out() && !run.job().mark_is_its_own() && !$ON {",
        }],
    },
    Mutant {
        name: "deliver_unannounced",
        what: "Fortnox is asked to deliver before that's written down",
        changes: &[Change {
            file: BY_SYSTEM,
            find: "    run.save().await?;\n    if !may_still_begin",
            instead: "    if !$ON {\n        run.save().await?;\n    }\n    if !may_still_begin",
        }],
    },
    Mutant {
        name: "deliver_unbooked",
        what: "Fortnox delivers an e-invoice or a letter of what isn't booked",
        changes: &[Change {
            file: BY_SYSTEM,
            find: "    if channel.needs_a_booked_invoice() && !invoice.booked {",
            instead: "    if channel.needs_a_booked_invoice() && !invoice.booked && !$ON {",
        }],
    },
    Mutant {
        name: "hand_over_again",
        what: "the invoice service is handed once more what it didn't answer for",
        changes: &[Change {
            file: BY_SYSTEM,
            find: "        Channel::FortnoxInvoiceService => accounting.hand_over(&tenant, number, send_by).await.map(|()| None),",
            instead: "        Channel::FortnoxInvoiceService if $ON => match accounting.hand_over(&tenant, number, send_by).await {\n            Ok(()) => Ok(None),\n            Err(_) => accounting.hand_over(&tenant, number, send_by).await.map(|()| None),\n        },\n        Channel::FortnoxInvoiceService => accounting.hand_over(&tenant, number, send_by).await.map(|()| None),",
        }],
    },
    Mutant {
        name: "absence_is_a_proof",
        what: "what the invoice service doesn't show counts as not handed over, although it may show it late",
        changes: &[Change {
            file: TO_SERVICE,
            find: "        _ if Capabilities::of(run.job().key.tenant().system()).service_shows_at_once => {",
            instead: "        _ if Capabilities::of(run.job().key.tenant().system()).service_shows_at_once || $ON => {",
        }],
    },
    Mutant {
        name: "unknown_is_open",
        what: "what the invoice service hasn't confirmed counts as taken on",
        changes: &[Change {
            file: TO_SERVICE,
            find: "        Some(state) if state.standing == ServiceStanding::TakenOn => taken_on(run, number, state).await,",
            instead: "        Some(state) if $ON && state.standing == ServiceStanding::Unconfirmed => taken_on(run, number, state).await,\n        Some(state) if state.standing == ServiceStanding::TakenOn => taken_on(run, number, state).await,",
        }],
    },
    Mutant {
        name: "not_authorized_is_open",
        what: "what nobody approved at the invoice service counts as taken on",
        changes: &[Change {
            file: TO_SERVICE,
            find: "        Some(ServiceState { standing: ServiceStanding::NotAuthorized, .. }) => {",
            instead: "        Some(state) if $ON && state.standing == ServiceStanding::NotAuthorized => taken_on(run, number, state).await,\n        Some(ServiceState { standing: ServiceStanding::NotAuthorized, .. }) => {",
        }],
    },
    Mutant {
        name: "serve_anything",
        what: "the invoice service is handed what its conditions exclude",
        changes: &[Change {
            file: TO_SERVICE,
            find: "    } else if invoice.total.currency != Currency::SEK {",
            instead: "    } else if invoice.total.currency != Currency::SEK && !$ON {",
        }],
    },
    Mutant {
        name: "default_ignored",
        what: "whatever the customer's card says, the invoice is mailed",
        changes: &[Change {
            file: BY_DEFAULT,
            find: "        DefaultDelivery::By(channel) => return Ok(Ok(channel)),",
            instead: "        DefaultDelivery::By(_) if $ON => return Ok(Ok(Channel::FortnoxEmail)),\n        DefaultDelivery::By(channel) => return Ok(Ok(channel)),",
        }],
    },
    Mutant {
        name: "printed_by_hand_is_posted",
        what: "what the customer's card leaves to be printed by hand goes to the print service",
        changes: &[Change {
            file: BY_DEFAULT,
            find: "        DefaultDelivery::ByHand => {",
            instead: "        DefaultDelivery::ByHand if $ON => return Ok(Ok(Channel::FortnoxPrintService)),\n        DefaultDelivery::ByHand => {",
        }],
    },
    Mutant {
        name: "address_nobody",
        what: "Fortnox isn't told whom to mail to, nor of the control copy",
        changes: &[Change {
            file: ADDRESSING,
            find: "    if invoice.is_addressed(&wanted) {",
            instead: "    if invoice.is_addressed(&wanted) || $ON {",
        }],
    },
    Mutant {
        name: "book_twice",
        what: "a booking without an answer is taken for done",
        changes: &[Change {
            file: BOOK,
            find: "            run.save().await?;\n            observe(run).await\n        }\n        // A refusal",
            instead: "            if $ON {\n                return booked(run, false).await;\n            }\n            run.save().await?;\n            observe(run).await\n        }\n        // A refusal",
        }],
    },
    Mutant {
        name: "open_again",
        what: "a job that there is already is opened anew",
        changes: &[Change {
            file: JOURNAL,
            find: "            if let Some(item) = tables.jobs.get(&job.key) {",
            instead: "            if let Some(item) = tables.jobs.get(&job.key).filter(|_| !$ON) {",
        }],
    },
    Mutant {
        name: "never_wake",
        what: "a job that waits is never looked at again",
        changes: &[Change {
            file: ADVANCE,
            find: "    async fn release(&mut self, wake_at: Option<DateTime<Utc>>) -> Result<(), Stopped> {",
            instead: "    async fn release(&mut self, wake_at: Option<DateTime<Utc>>) -> Result<(), Stopped> {\n        let wake_at = wake_at.filter(|_| !$ON);",
        }],
    },
    Mutant {
        name: "die_unfound",
        what: "whoever dies in the middle of a job isn't found again",
        changes: &[Change {
            file: ADVANCE,
            find: "        self.claimed.job.wake_at = Some(until);",
            instead: "        self.claimed.job.wake_at = Some(until).filter(|_| !$ON);",
        }],
    },
    Mutant {
        name: "trust_the_queue",
        what: "a new job is found by its message alone",
        changes: &[Change {
            file: JOBS,
            find: "    job.wake_at = Some(turn.wake_at(now));",
            instead: "    job.wake_at = Some(turn.wake_at(now)).filter(|_| !$ON);",
        }],
    },
    Mutant {
        name: "look_for_ever",
        what: "a job that looks in vain goes on looking and never asks anybody",
        changes: &[Change {
            file: ADVANCE,
            find: "        if looks >= MOST_LOOKS {",
            instead: "        if looks >= MOST_LOOKS && !$ON {",
        }],
    },
    Mutant {
        name: "started_is_finished",
        what: "a scan that was asked for counts as done, though it may never have run",
        changes: &[Change {
            file: TICK,
            find: "now + SCAN_AGAIN_AFTER",
            instead: "now + if $ON { TimeDelta::days(60) } else { SCAN_AGAIN_AFTER }",
        }],
    },
    Mutant {
        name: "one_bad_row",
        what: "an agreement that can't be read stops the rest of its page",
        changes: &[Change {
            file: SCAN,
            find: "        for row in rows {",
            instead: "        for row in rows.into_iter().take_while(|row| row.is_ok() || !$ON) {",
        }],
    },
    Mutant {
        name: "first_page_only",
        what: "only the first page of agreements is read",
        changes: &[Change {
            file: SCAN,
            find: "let (more, moved) = (page.more, ",
            instead: "let (more, moved) = (page.more && !$ON, ",
        }],
    },
    Mutant {
        name: "concern_of_nobody",
        what: "a tenant that can't be read is left alone without a word",
        changes: &[Change {
            file: SCAN,
            find: "                self.concerns.set(Subject::Tenant, Some(&reason), self.moment()).await?;\n                Ok(End::Later(again_in))",
            instead: "                if !$ON {\n                    self.concerns.set(Subject::Tenant, Some(&reason), self.moment()).await?;\n                }\n                Ok(End::Later(again_in))",
        }],
    },
    Mutant {
        name: "due_tomorrow",
        what: "what is due tomorrow is invoiced today",
        changes: &[Change {
            file: PLAN,
            find: "        if due_on > self.today {",
            instead: "        if due_on > self.today + Days::new(u64::from($ON)) {",
        }],
    },
    Mutant {
        name: "due_today_only",
        what: "what was due before today isn't invoiced any more",
        changes: &[Change {
            file: PLAN,
            find: "        let more_due = self.overdue_after(reading, n);",
            instead: "        if due_on < self.today && $ON {\n            return Verdict::NotYet { next: period, due_on };\n        }\n        let more_due = self.overdue_after(reading, n);",
        }],
    },
    Mutant {
        name: "catch_up_all",
        what: "however many periods were missed, all are caught up unasked",
        changes: &[Change {
            file: PLAN,
            find: "        (due.more_due > allowed).then_some",
            instead: "        (due.more_due > allowed && !$ON).then_some",
        }],
    },
    Mutant {
        name: "no_limit",
        what: "the largest amount holds nothing",
        changes: &[Change {
            file: GUARDS,
            find: "    if guards.max_amount.is_empty() {",
            instead: "    if guards.max_amount.is_empty() || $ON {",
        }],
    },
    Mutant {
        name: "one_limit_for_all_companies",
        what: "a day's limit counts what other companies invoiced",
        changes: &[Change {
            file: JOURNAL,
            find: "job.key.tenant() == tenant && job.decided_on == date",
            instead: "(job.key.tenant() == tenant || $ON) && job.decided_on == date",
        }],
    },
    Mutant {
        name: "one_yes_for_all",
        what: "a yes to one doubt is a yes to every other",
        changes: &[Change {
            file: PLAN,
            find: "            .find(|reason| !self.approved.contains(reason))",
            instead: "            .find(|reason| !self.approved.contains(reason) && !($ON && !self.approved.is_empty()))",
        }],
    },
    Mutant {
        name: "yes_means_again",
        what: "a yes to anything makes what is unknown be done again",
        changes: &[Change {
            file: PEOPLE,
            find: "    if unknown {\n        step.not_done",
            instead: "    if unknown || $ON {\n        step.not_done",
        }],
    },
];
