//! What a person does by hand in Fortnox's own screens.

use domain::{
    agreement::{Agreement, AgreementStatus},
    due::Reading,
    ids::{AgreementNumber, CustomerNumber, InvoiceNumber, TenantId},
    money::Money,
    period::Period,
};
use fortnox_sim::{CompanyFileError, EffectKind, Method, SimRequest, SimResponse};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use fortnox_sim::World;

use crate::far::State;

/// The first HTTP status that says no.
const FIRST_REFUSAL: u16 = 400;
/// What the articles of a [`company`](crate::company) are sold with: 25 % VAT.
const WITHOUT_VAT: Decimal = Decimal::from_parts(8, 0, 0, false, 1);

/// A person at the screen of one company. What isn't there or isn't allowed gives `None`, as the screen would show no button.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    pub(super) state: &'a State<World>,
    pub(super) tenant: &'a TenantId,
}

impl Person<'_> {
    /// Does what one button does: a call to the API that needs no token.
    pub fn press(&self, method: Method, path: &str, body: Option<&Value>) -> SimResponse {
        let mut request = SimRequest::new(method, path)
            .with_header("X-Sim-Actor", "person")
            .with_header("X-Sim-Tenant", &self.tenant.number().to_string());
        if method != Method::Get {
            request = request.with_json(body.unwrap_or(&json!({})));
        }
        self.state.handle(&request)
    }

    fn put(&self, path: &str, body: &Value) -> Option<()> {
        (self.press(Method::Put, path, Some(body)).status < FIRST_REFUSAL).then_some(())
    }

    /// Enters a customer, or enters it anew.
    pub fn enter_customer(&self, number: &CustomerNumber, name: &str, invoice_email: Option<&str>) {
        // Fortnox leaves a field alone that is written empty (fact sheet 10).
        let email = invoice_email.filter(|email| !email.is_empty()).unwrap_or("API_BLANK");
        let fields = json!({"Name": name, "EmailInvoice": email});
        if self.put(&format!("/3/customers/{number}"), &json!({"Customer": fields})).is_none() {
            let mut fields = fields;
            fields["CustomerNumber"] = json!(number);
            self.press(Method::Post, "/3/customers", Some(&json!({"Customer": fields})));
        }
    }

    /// Enters an agreement that looks like `agreement` to us, and whose period fields Fortnox means as `reading`.
    pub fn enter_agreement(&self, agreement: &Agreement, reading: Reading) -> Result<(), CompanyFileError> {
        self.enter_contract(contract(agreement, reading))
    }

    /// The same, of which `made` periods of the term were invoiced already, whatever the newest invoice's date says.
    pub fn enter_agreement_in_use(
        &self,
        agreement: &Agreement,
        reading: Reading,
        made: u32,
    ) -> Result<(), CompanyFileError> {
        let mut contract = contract(agreement, reading);
        contract.insert("sim".to_owned(), json!({"reading": reading, "periods_made": made}));
        self.enter_contract(contract)
    }

    fn enter_contract(&self, contract: Map<String, Value>) -> Result<(), CompanyFileError> {
        let now = self.state.now();
        self.state.with(|world| world.add_contract(self.tenant.number(), contract, now))
    }

    /// Makes the agreement's next invoice, dated today.
    pub fn create(&self, number: &AgreementNumber) -> Option<InvoiceNumber> {
        self.put(&format!("/3/contracts/{number}/createinvoice"), &json!({}))?;
        self.state.with(|world| {
            let effects = &world.ledger().last()?.effects;
            let made = effects.iter().find(|effect| effect.kind == EffectKind::InvoiceCreated)?;
            made.invoice?.to_string().parse().ok()
        })
    }

    /// Books an invoice.
    pub fn book(&self, number: &InvoiceNumber) -> Option<()> {
        self.put(&format!("/3/invoices/{number}/bookkeep"), &json!({}))
    }

    /// Sends an invoice in whatever way; it's then marked.
    pub fn send(&self, number: &InvoiceNumber) -> Option<()> {
        self.put(&format!("/3/invoices/{number}/externalprint"), &json!({}))
    }

    /// Hands an invoice over to the invoice service.
    pub fn hand_over(&self, number: &InvoiceNumber) -> Option<()> {
        let fields = json!({"InvoiceNumber": number.as_str(), "SendMethod": "EMAIL", "Service": "LEDGERBASE"});
        let answer = self.press(Method::Post, "/3/noxfinansinvoices", Some(&json!({"NoxFinansInvoice": fields})));
        (answer.status < FIRST_REFUSAL).then_some(())
    }

    /// Enters on the customer's card how its invoices are delivered.
    pub fn set_default_delivery(&self, customer: &CustomerNumber, word: &str) -> Option<()> {
        let fields = json!({"DefaultDeliveryTypes": {"Invoice": word}});
        self.put(&format!("/3/customers/{customer}"), &json!({"Customer": fields}))
    }

    /// Takes an invoice back that isn't booked.
    pub fn cancel(&self, number: &InvoiceNumber) -> Option<()> {
        self.put(&format!("/3/invoices/{number}/cancel"), &json!({}))
    }

    /// Credits an invoice that is booked.
    pub fn credit(&self, number: &InvoiceNumber) -> Option<()> {
        self.put(&format!("/3/invoices/{number}/credit"), &json!({}))
    }

    /// Changes what the agreement amounts to, VAT included.
    pub fn set_total(&self, number: &AgreementNumber, total: Money) -> Option<()> {
        self.change(number, &json!({"InvoiceRows": [row(total)]}))
    }

    /// Changes the agreement's period fields.
    pub fn set_period(&self, number: &AgreementNumber, period: Period) -> Option<()> {
        self.change(number, &json!({"PeriodStart": period.start(), "PeriodEnd": period.end()}))
    }

    /// Ends the agreement, stops it, or lets it run again.
    pub fn set_status(&self, number: &AgreementNumber, status: AgreementStatus) -> Option<()> {
        match status {
            AgreementStatus::Active => self.change(number, &json!({"Active": true})),
            AgreementStatus::Inactive => self.change(number, &json!({"Active": false})),
            AgreementStatus::Finished => self.put(&format!("/3/contracts/{number}/finish"), &json!({})),
        }
    }

    /// Enters a currency that nobody can make sense of, or the right one again.
    pub fn set_broken(&self, number: &AgreementNumber, broken: bool) -> Option<()> {
        self.set_currency(number, if broken { "K?" } else { "SEK" })
    }

    /// Enters a currency, such as none.
    pub fn set_currency(&self, number: &AgreementNumber, currency: &str) -> Option<()> {
        self.change(number, &json!({"Currency": currency}))
    }

    fn change(&self, number: &AgreementNumber, fields: &Value) -> Option<()> {
        self.put(&format!("/3/contracts/{number}"), &json!({"Contract": fields}))
    }
}

fn row(total: Money) -> Value {
    json!({"ArticleNumber": "1", "DeliveredQuantity": "1", "Price": total.amount * WITHOUT_VAT})
}

/// The contract of a company file that shows as `agreement`.
fn contract(agreement: &Agreement, reading: Reading) -> Map<String, Value> {
    let mut contract = json!({
        "DocumentNumber": agreement.number,
        "CustomerNumber": agreement.customer,
        "Active": agreement.status != AgreementStatus::Inactive,
        "Continuous": agreement.continuous,
        "InvoiceInterval": agreement.interval.months(),
        "PeriodStart": agreement.period.start(),
        "PeriodEnd": agreement.period.end(),
        "Currency": agreement.total.currency.to_string(),
        "InvoiceRows": [row(agreement.total)],
        "sim": {"reading": reading, "finished": agreement.status == AgreementStatus::Finished},
    });
    if let Some(length) = agreement.length_months {
        contract["ContractLength"] = json!(length);
    }
    if let Some(date) = agreement.last_invoice_date {
        contract["LastInvoiceDate"] = json!(date);
    }
    if let Some(remaining) = agreement.remaining {
        contract["InvoicesRemaining"] = json!(remaining.to_string());
    }
    contract.as_object_mut().map(std::mem::take).unwrap_or_default()
}
