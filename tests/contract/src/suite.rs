//! The list of all checks.

/// Makes one test of every check that concerns this subject (a path from the crate's root; the calling crate needs `tokio`
/// with `macros`): of all that systems have in common, and of those for one with `agreements` or with `drafts`. What such a
/// system can't do is checked to be refused, and what is said here must be what its
/// [`CAPABILITIES`](crate::Subject::CAPABILITIES) say.
#[macro_export]
macro_rules! contract_suite {
    ($subject:ty, agreements) => {
        const _: () = {
            let can = <$subject as $crate::Subject>::CAPABILITIES;
            assert!(can.has_agreements && can.keeps_sent_mark && !can.books_drafts && !can.delivers_by.is_empty());
            assert!(can.has_invoice_service);
        };
        $crate::contract_suite! { @common $subject }
        $crate::contract_suite! { @ $subject, agreements:
            pages_come_in_order_and_no_row_twice,
            a_page_past_the_end_is_empty,
            an_unreadable_row_is_reported_and_hides_no_other,
            a_row_says_what_the_agreement_alone_says,
            an_ended_agreement_is_not_listed,
            reading_agreements_leaves_no_trace_and_shows_nobody,
        }
        $crate::contract_suite! { @ $subject, creating:
            one_call_makes_one_invoice_by_one_request,
            the_date_asked_for_is_the_invoices,
            without_a_date_the_systems_own_day_is_taken,
            a_repeated_creation_is_what_the_habits_say,
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
        $crate::contract_suite! { @ $subject, booking:
            booking_books_once_and_is_refused_the_second_time,
            a_booking_whose_answer_is_lost_says_perhaps_and_shows_on_the_invoice,
            an_invoice_that_a_person_booked_is_not_booked_again,
            a_cancelled_invoice_is_not_booked,
            marking_as_sent_may_be_repeated,
            unknown_invoices_are_neither_booked_nor_marked,
        }
        $crate::contract_suite! { @ $subject, delivering:
            each_channel_delivers_once_a_call,
            a_lost_answer_says_perhaps_and_nothing_is_repeated,
            a_delivery_that_never_arrived_says_perhaps_and_leaves_no_mark,
            a_refusal_says_no_in_the_systems_own_words,
            a_delivery_is_not_repeated_after_a_dead_token,
            one_call_too_many_says_no,
            recipients_may_be_written_again_and_nothing_is_sent_by_that,
            without_a_control_copy_the_invoices_own_stays,
            what_it_delivers_by_is_what_the_settings_offer,
            other_channels_are_refused_without_a_call,
        }
        $crate::contract_suite! { @ $subject, handing_over:
            one_call_hands_over_once_and_the_service_has_it,
            a_hand_over_whose_answer_is_lost_says_perhaps,
            a_hand_over_that_is_refused_says_no,
            a_service_that_cannot_be_asked_is_an_error,
        }
        $crate::contract_suite! { @ $subject, effects:
            an_effect_is_not_repeated_after_a_dead_token,
            a_revoked_consent_blocks_effects_too,
            a_feature_that_is_off_blocks_the_tenant_and_is_named,
        }
        $crate::contract_suite! { @ $subject, absent:
            drafts_are_refused_without_a_call,
        }
    };
    ($subject:ty, drafts) => {
        const _: () = {
            let can = <$subject as $crate::Subject>::CAPABILITIES;
            assert!(can.books_drafts && !can.has_agreements && !can.keeps_sent_mark && can.delivers_by.is_empty());
        };
        $crate::contract_suite! { @common $subject }
        $crate::contract_suite! { @ $subject, drafts:
            drafts_come_in_order_and_none_twice,
            drafts_that_disappear_between_two_pages_hide_no_other,
            a_row_says_what_the_draft_alone_says,
            a_draft_is_read_right,
            a_visible_edit_changes_what_a_draft_is_known_by,
            saving_a_draft_unchanged_changes_nothing_it_is_known_by,
            a_draft_that_is_gone_is_none,
            without_proof_no_draft_is_gone,
            what_the_subscription_run_made_is_told_apart,
            open_periods_are_told_beforehand,
            reading_drafts_leaves_no_trace_and_shows_nobody,
        }
        $crate::contract_suite! { @ $subject, draft_booking:
            one_call_books_one_draft_by_one_request,
            what_booking_sends_is_what_was_asked_for,
            the_same_request_is_booked_once_while_its_key_lives,
            after_its_keys_life_a_request_finds_no_draft,
            a_lost_answer_says_perhaps_and_the_same_request_tells,
            a_call_that_never_arrived_says_perhaps_and_books_when_repeated,
            one_call_too_many_says_perhaps,
            a_refusal_says_no_in_the_systems_own_words,
            a_draft_that_is_gone_is_not_booked,
            a_booking_is_not_repeated_after_dead_tokens,
        }
        $crate::contract_suite! { @ $subject, booked:
            an_invoice_is_found_with_the_draft_that_it_came_of,
            older_invoices_and_other_customers_are_left_out,
            more_invoices_than_a_page_holds_are_all_found,
            a_list_that_cannot_be_read_is_an_error,
        }
        $crate::contract_suite! { @ $subject, absent:
            agreements_are_refused_without_a_call,
            marks_are_refused_without_a_call,
            deliveries_are_refused_without_a_call,
        }
    };
    (@common $subject:ty) => {
        $crate::contract_suite! { @ $subject, invoices:
            an_invoice_is_read_right,
            a_customer_is_read_right,
            the_company_is_read_right,
            a_pdf_is_a_pdf,
            unknown_documents_are_not_found,
        }
        $crate::contract_suite! { @ $subject, access:
            a_read_gets_over_a_dead_token_by_itself,
            a_revoked_consent_blocks_the_tenant_with_advice,
            a_read_that_fails_may_be_repeated,
            a_read_too_many_may_be_repeated,
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
            include_str!("absent.rs"),
            include_str!("access.rs"),
            include_str!("agreements.rs"),
            include_str!("booked.rs"),
            include_str!("booking.rs"),
            include_str!("creating.rs"),
            include_str!("delivering.rs"),
            include_str!("draft_booking.rs"),
            include_str!("drafts.rs"),
            include_str!("effects.rs"),
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
