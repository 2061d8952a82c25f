//! The list of all checks.

/// Makes one test of every check, for this [`Subject`](crate::Subject) (a path from the crate's root; the calling crate
/// needs `tokio` with `macros`).
#[macro_export]
macro_rules! contract_suite {
    ($subject:ty) => {
        $crate::contract_suite! { @ $subject, agreements:
            pages_come_in_order_and_no_row_twice,
            a_page_past_the_end_is_empty,
            an_unreadable_row_is_reported_and_hides_no_other,
            a_row_says_what_the_agreement_alone_says,
            an_ended_agreement_is_not_listed,
        }
        $crate::contract_suite! { @ $subject, creating:
            one_call_makes_one_invoice_by_one_request,
            the_date_asked_for_is_the_invoices,
            without_a_date_the_systems_own_day_is_taken,
            a_repeated_creation_is_what_the_capabilities_say,
            a_lost_answer_says_perhaps_and_the_invoice_is_found_once,
            a_call_that_never_arrived_says_perhaps_and_nothing_is_found,
            a_refusal_says_no_in_the_systems_own_words,
            too_many_calls_say_no,
            an_unknown_agreement_is_not_found,
        }
        $crate::contract_suite! { @ $subject, finding:
            an_invoice_made_by_hand_is_found,
            known_invoices_are_left_out,
            other_agreements_invoices_are_not_taken_for_its_own,
            older_invoices_are_left_out,
            a_cancelled_invoice_is_told_apart,
            a_list_that_cannot_be_read_to_its_end_is_an_error,
        }
        $crate::contract_suite! { @ $subject, invoices:
            an_invoice_is_read_right,
            a_customer_is_read_right,
            the_company_is_read_right,
            booking_books_once_and_is_refused_the_second_time,
            a_booking_whose_answer_is_lost_says_perhaps_and_shows_on_the_invoice,
            an_invoice_that_a_person_booked_is_not_booked_again,
            a_cancelled_invoice_is_not_booked,
            marking_as_sent_may_be_repeated,
            a_pdf_is_a_pdf,
            unknown_documents_are_not_found,
        }
        $crate::contract_suite! { @ $subject, access:
            a_read_gets_over_a_dead_token_by_itself,
            an_effect_is_not_repeated_after_a_dead_token,
            a_revoked_consent_blocks_the_tenant_with_advice,
            a_feature_that_is_off_blocks_the_tenant_and_is_named,
            a_read_that_fails_may_be_repeated,
        }
        $crate::contract_suite! { @ $subject, quiet:
            reads_leave_no_trace,
            debug_shows_nothing_about_people,
            an_error_shows_no_address,
        }
        $crate::contract_suite! { @ $subject, pace:
            a_crowd_of_calls_never_meets_the_rate_limit,
        }
    };
    (@ $subject:ty, $module:ident: $($check:ident),+ $(,)?) => {
        mod $module {
            $(
                #[::tokio::test]
                async fn $check() {
                    $crate::$module::$check::<$subject>().await;
                }
            )+
        }
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_check_is_in_the_list() {
        let list = include_str!("suite.rs");
        let modules = [
            include_str!("access.rs"),
            include_str!("agreements.rs"),
            include_str!("creating.rs"),
            include_str!("finding.rs"),
            include_str!("invoices.rs"),
            include_str!("pace.rs"),
            include_str!("quiet.rs"),
        ];
        let checks: Vec<&str> = modules
            .iter()
            .flat_map(|source| source.lines())
            .filter_map(|line| line.strip_prefix("pub async fn ")?.split('<').next())
            .collect();
        assert!(!checks.is_empty());
        for check in checks {
            assert!(list.contains(&format!("            {check},\n")), "{check} is not in the suite");
        }
    }
}
