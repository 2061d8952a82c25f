//! The list of all checks of a store.

/// Makes one test of every check, for this [`Store`](crate::ports::Store) (a path from the crate's root; the calling
/// crate needs `tokio` with `macros`).
#[macro_export]
macro_rules! ports_suite {
    ($store:ty) => {
        $crate::ports_suite! { @ $store, opening:
            a_new_job_is_kept_as_it_was_opened,
            a_look_at_a_job_leaves_it_alone,
            opening_again_gives_the_stored_job_and_changes_nothing,
            of_many_who_open_at_once_one_makes_the_job,
            every_part_of_the_key_makes_another_job,
        }
        $crate::ports_suite! { @ $store, claiming:
            a_lease_holds_until_its_very_end,
            of_many_who_claim_at_once_one_gets_the_job,
            a_job_that_is_not_there_is_missing,
            a_save_keeps_the_lease_or_gives_it_back,
        }
        $crate::ports_suite! { @ $store, saving:
            what_was_saved_is_what_the_next_worker_gets,
            a_worker_saves_again_and_again,
            a_worker_that_was_overtaken_writes_nothing,
            of_two_with_the_same_version_one_saves,
            a_job_that_was_never_opened_is_not_saved,
            a_story_is_complete_and_in_order,
        }
        $crate::ports_suite! { @ $store, waking:
            a_job_is_woken_from_its_instant_on,
            a_wake_up_time_is_set_moved_and_cleared,
            a_claimed_job_is_still_woken,
            the_longest_waiting_come_first_up_to_the_limit,
            odd_numbers_are_woken_by_their_own_key,
        }
        $crate::ports_suite! { @ $store, day:
            a_day_counts_what_the_job_says,
            a_place_is_given_back_and_taken_again,
            days_and_tenants_are_counted_apart,
            a_day_larger_than_one_answer_is_counted_whole,
            a_person_sees_the_days_jobs_and_their_stories,
        }
        $crate::ports_suite! { @ $store, histories:
            an_agreement_without_invoices_has_an_empty_history,
            a_history_comes_back_under_its_own_number,
            a_history_stays_until_the_next_one,
            of_two_who_write_one_history_one_lets_go,
            namesakes_share_no_history,
            histories_larger_than_one_answer_come_whole,
        }
        $crate::ports_suite! { @ $store, pages:
            pages_of_every_size_are_kept_whole,
            a_page_kept_again_is_one_page_and_a_second_scan_another,
            namesakes_share_no_page,
            a_day_keeps_the_last_word_of_its_sweeps,
        }
        $crate::ports_suite! { @ $store, prices:
            a_comparison_is_started_once,
            the_longest_waiting_come_first_up_to_the_limit,
            a_comparison_is_put_off,
            of_many_who_claim_a_comparison_one_gets_it,
            how_far_it_has_come_is_kept,
            watched_agreements_come_back_whole,
            a_worker_that_was_overtaken_remembers_nothing,
            list_prices_are_kept_apart,
            a_day_has_its_lines,
            namesakes_share_no_price,
        }
        $crate::ports_suite! { @ $store, mails:
            a_mail_is_kept_once,
            of_two_with_the_same_version_one_writes,
            counts_go_with_the_record_or_not_at_all,
            a_day_counts_from_a_date_on,
            whom_no_mail_goes_to_is_kept_apart,
            lines_are_written_with_the_record,
        }
        $crate::ports_suite! { @ $store, digests:
            digests_are_started_once_and_stopped,
            an_instant_moves_only_from_where_it_was_seen,
            a_concern_about_the_tenant_wakes_its_digests,
            a_line_is_written_with_the_outcome_and_found_in_its_span,
            what_waits_is_found_the_longest_waiting_first,
            the_outlook_is_the_newest_days,
            a_digest_is_kept_once,
            what_became_of_a_mail_is_written_on_what_was_read,
            the_newest_digest_is_no_notice,
        }
        $crate::ports_suite! { @ $store, concerns:
            a_concern_is_raised_replaced_and_settled,
            odd_numbers_have_concerns_of_their_own,
            namesakes_share_no_concern,
        }
        $crate::ports_suite! { @ $store, deeds:
            what_was_done_with_letters_comes_back_newest_first_up_to_the_limit,
            a_deed_kept_again_is_one_deed,
            queues_share_no_deed,
        }
        $crate::ports_suite! { @ $store, settings:
            without_a_profile_nobody_knows_the_tenant,
            the_nearest_item_wins_by_both_ways_of_reading,
            odd_numbers_have_settings_of_their_own,
            an_item_written_again_counts_at_once,
            a_broken_item_holds_what_it_governs,
        }
        $crate::ports_suite! { @ $store, preflight:
            what_blocks_holds_back_full_until_it_is_gone,
            a_preflight_that_was_begun_before_changes_nothing,
            a_standing_is_the_tenants_own,
            a_mode_is_set_only_where_the_expected_one_stands,
            a_report_takes_the_place_of_the_one_before,
        }
        $crate::ports_suite! { @ $store, signals:
            a_signal_is_kept_as_it_was_said,
            a_signal_said_again_is_the_first_one,
            another_nonce_makes_no_second_signal,
            a_nonce_serves_one_draft,
            a_signal_for_a_later_job_takes_the_place_of_the_old_one,
            a_job_settles_its_own_signal,
            namesakes_share_no_signal,
            of_many_with_one_nonce_one_counts,
            a_tenant_has_its_own_secrets,
        }
        $crate::ports_suite! { @ $store, schedule:
            a_tenant_is_due_from_its_instant_on,
            setting_the_next_scan_moves_it,
            who_is_taken_off_is_looked_at_no_more,
            the_longest_waiting_come_first_up_to_the_limit,
            a_tenant_is_due_for_what_its_system_has,
            a_tenant_is_late_from_when_it_was_due_until_it_was_looked_at,
            a_new_profile_is_unscheduled_until_it_has_a_time,
            a_broken_profile_is_scheduled_like_any,
            writing_a_profile_leaves_the_schedule,
        }
    };
    (@ $store:ty, $module:ident: $($check:ident),+ $(,)?) => {
        mod $module {
            $(
                #[::tokio::test]
                async fn $check() {
                    $crate::ports::$module::$check::<$store>().await;
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
            include_str!("claiming.rs"),
            include_str!("concerns.rs"),
            include_str!("day.rs"),
            include_str!("deeds.rs"),
            include_str!("histories.rs"),
            include_str!("opening.rs"),
            include_str!("pages.rs"),
            include_str!("preflight.rs"),
            include_str!("prices.rs"),
            include_str!("saving.rs"),
            include_str!("schedule.rs"),
            include_str!("settings.rs"),
            include_str!("signals.rs"),
            include_str!("waking.rs"),
        ];
        let lines = modules.iter().flat_map(|source| source.lines());
        let checks: Vec<&str> =
            lines.filter_map(|line| line.strip_prefix("pub async fn ")?.strip_suffix("<S: Store>() {")).collect();
        assert!(!checks.is_empty());
        for check in checks {
            assert!(list.contains(&format!("            {check},\n")), "{check} is not in the suite");
        }
    }
}
