//! The world of a plan at its first moment.

use std::collections::BTreeSet;

use domain::settings::Scope;
use fortnox_sim::{CompanyFile, CreateInvoiceAnswer, MonthEnd, NumberOrText, RecurringBilling, Switches};
use serde_json::{Map, Value, json};

use crate::{
    company::company,
    memory::Memory,
    plan::{Plan, Quirks, TenantPlan},
};

/// Where a customer's invoices go.
pub(super) fn address(customer: u32) -> String {
    format!("faktura{customer}@kunden.example")
}

/// Enters everything that is there at first.
pub(super) fn open(memory: &Memory, plan: &Plan) {
    memory.mailer().tell(plan.telling);
    for tenant in &plan.tenants {
        #[expect(clippy::expect_used, reason = "what Fortnox refuses would be a defect of the plan's maker")]
        memory.fortnox().open(file(tenant)).expect("a plan's company is one that Fortnox takes");
        let id = tenant.tenant();
        let person = memory.fortnox().person(&id);
        for (agreement, plan) in tenant.agreements.iter().filter_map(|plan| Some((plan.agreement()?, plan))) {
            let entered = person.enter_agreement_in_use(&agreement, plan.reading, plan.made_before);
            #[expect(clippy::expect_used, reason = "what Fortnox refuses would be a defect of the plan's maker")]
            entered.expect("a plan's agreement is one that Fortnox takes");
        }
        memory.settings().put(&id, Scope::Profile, tenant.profile.clone());
        for (customer, fate) in &tenant.fates {
            memory.mailer().set_fate_of(&id, &address(*customer), *fate);
        }
        for (scope, item) in &tenant.layers {
            memory.settings().put(&id, scope.clone(), item.clone());
        }
    }
}

fn file(tenant: &TenantPlan) -> CompanyFile {
    let mut file = company(&tenant.tenant());
    switch(&mut file.switches, tenant.quirks);
    let customers: BTreeSet<u32> = tenant.agreements.iter().map(|agreement| agreement.customer).collect();
    file.customers = customers
        .into_iter()
        .filter_map(|number| {
            let email = if tenant.without_address.contains(&number) { String::new() } else { address(number) };
            let place = usize::try_from(number).unwrap_or(1).saturating_sub(1);
            let default = tenant.default_deliveries.get(place).copied().unwrap_or("EMAIL");
            let customer = json!({
                "CustomerNumber": number.to_string(), "Name": format!("Kund {number} AB"), "EmailInvoice": email,
                "TermsOfPayment": "30", "GLN": "7300000000000", "Address1": format!("Storgatan {number}"),
                "ZipCode": "702 10", "City": "Örebro", "DefaultDeliveryTypes": {"Invoice": default},
            });
            customer.as_object().cloned()
        })
        .collect();
    file.recurrings = tenant.recurring.iter().filter_map(|customer| recurrence(&customer.to_string())).collect();
    file
}

/// An active recurrence of a customer's, which Fortnox sees to by itself.
fn recurrence(customer: &str) -> Option<Map<String, Value>> {
    let recurrence = json!({"id": customer, "status": "ACTIVE", "invoice_handling": "AUTOMATIC",
        "customer": {"number": customer}});
    recurrence.as_object().cloned()
}

fn switch(switches: &mut Switches, quirks: Quirks) {
    switches.createinvoice_answer =
        if quirks.answers_with_contract { CreateInvoiceAnswer::Contract } else { CreateInvoiceAnswer::Invoice };
    switches.fill_invoice_period = !quirks.hides_periods;
    switches.month_end = if quirks.clamps_month_ends { MonthEnd::Clamped } else { MonthEnd::Anchored };
    switches.finish_at_zero = !quirks.keeps_finished_active;
    switches.contract_reference = if quirks.references_are_text { NumberOrText::Text } else { NumberOrText::Number };
    switches.email_sets_sent = !quirks.leaves_no_mark;
    switches.eprint_sets_sent = !quirks.leaves_no_mark;
    switches.booked_invoice_takes_email_information = quirks.addresses_booked;
    switches.recurring_billing =
        if quirks.hides_recurring { RecurringBilling::NoScope } else { RecurringBilling::Open };
    switches.finance_checks_conditions = !quirks.serves_anything;
    switches.finance_shows_at_once = !quirks.serves_in_secret;
    switches.finance_minutes = quirks.serves_after_minutes;
    switches.contracts_a_page = quirks.page;
}
