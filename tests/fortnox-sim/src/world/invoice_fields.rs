//! The writable fields of an invoice.

use super::email::EMAIL_INFORMATION;
use super::record::{Field, Kind};

const EDI_INFORMATION: &[Field] = &[
    Field::text("EDIGlobalLocationNumber", 13).nullable(),
    Field::text("EDIGlobalLocationNumberDelivery", 13).nullable(),
    Field::text("EDIInvoiceExtra1", 100).nullable(),
    Field::text("EDIInvoiceExtra2", 100).nullable(),
    Field::text("EDIOurElectronicReference", 100).nullable(),
    Field::text("EDIStatus", 100),
    Field::text("EDIYourElectronicReference", 100).nullable(),
];

/// The types an invoice can have; the third is misspelt at Fortnox.
const INVOICE_TYPES: Kind =
    Kind::OneOf(&["INVOICE", "AGREEMENTINVOICE", "INTRESTINVOICE", "SUMMARYINVOICE", "CASHINVOICE"]);

/// Writable fields of an invoice, with their limits (source: specification). Labels are left out: the simulator has none.
pub(crate) const INVOICE: &[Field] = &[
    Field::text("Address1", 1024),
    Field::text("Address2", 1024),
    Field::number("AdministrationFee"),
    Field::text("City", 1024),
    Field::text("Comments", 1024),
    Field::text("CostCenter", 6),
    Field::text("Country", 50),
    Field::text("Currency", 3),
    Field::number("CurrencyRate"),
    Field::new("CurrencyUnit", Kind::Int(1, 1000)),
    Field::text("CustomerName", 1024),
    Field::text("CustomerNumber", 1024),
    Field::text("DeliveryAddress1", 1024),
    Field::text("DeliveryAddress2", 1024),
    Field::text("DeliveryCity", 1024),
    Field::text("DeliveryCountry", 50),
    Field::date("DeliveryDate").nullable(),
    Field::text("DeliveryName", 1024),
    Field::text("DeliveryZipCode", 10),
    Field::date("DueDate"),
    Field::new("EDIInformation", Kind::Group(EDI_INFORMATION)),
    Field::new("EmailInformation", Kind::Group(EMAIL_INFORMATION)),
    Field::flag("EUQuarterlyReport"),
    Field::text("ExternalInvoiceReference1", 80),
    Field::text("ExternalInvoiceReference2", 80),
    Field::number("Freight"),
    Field::date("InvoiceDate"),
    Field::new("InvoiceType", INVOICE_TYPES),
    Field::new("Language", Kind::OneOf(&["SV", "EN"])),
    Field::flag("NotCompleted"),
    Field::text("OCR", 50),
    Field::text("OurReference", 50),
    Field::date("OutboundDate"),
    Field::new("PaymentWay", Kind::OneOf(&["CASH", "CARD", "AG"])),
    Field::text("Phone1", 1024),
    Field::text("Phone2", 1024),
    Field::text("PriceList", 10),
    Field::text("PrintTemplate", 1024),
    Field::text("Project", 20),
    Field::text("Remarks", 1024),
    Field::new("TaxReductionType", Kind::OneOf(&["none", "rot", "rut", "green"])),
    Field::text("TermsOfDelivery", 10),
    Field::text("TermsOfPayment", 10),
    Field::flag("VATIncluded"),
    Field::text("WayOfDelivery", 10),
    Field::text("YourOrderNumber", 75),
    Field::text("YourReference", 50),
    Field::text("ZipCode", 10),
];
