//! The list of all checks of the dead letters.

/// Makes one test of every check, for this [`Office`](crate::letters::Office) (a path from the crate's root; the calling
/// crate needs `tokio` with `macros`).
#[macro_export]
macro_rules! letters_suite {
    ($office:ty) => {
        $crate::letters_suite! { @ $office, giving_up:
            the_last_try_s_words_are_kept_with_the_letter,
            a_message_whose_workers_all_died_is_moved_without_words,
            long_and_odd_words_cost_no_letter,
            without_a_count_nothing_is_given_up,
        }
        $crate::letters_suite! { @ $office, listing:
            without_letters_nothing_is_listed,
            looking_leaves_every_letter_where_it_is,
            a_limit_is_kept_and_the_rest_is_told,
            a_letter_in_somebody_s_hands_is_counted,
            all_queues_are_listed_together,
        }
        $crate::letters_suite! { @ $office, taking:
            what_is_in_hand_is_seen_by_nobody_until_it_is_put_back,
            what_is_removed_is_gone,
            one_of_many_is_found_and_the_others_are_left,
            a_letter_of_another_queue_is_not_there,
            all_are_taken_in_the_end,
        }
        $crate::letters_suite! { @ $office, acting:
            a_redriven_letter_is_a_new_message_of_its_queue,
            a_discarded_letter_goes_nowhere,
            an_unreadable_letter_stays_where_it_is,
            of_two_at_once_each_gets_an_answer_and_nothing_is_lost,
            all_readable_letters_of_a_queue_go_back,
        }
    };
    (@ $office:ty, $module:ident: $($check:ident),+ $(,)?) => {
        mod $module {
            $(
                #[::tokio::test]
                async fn $check() {
                    $crate::letters::$module::$check::<$office>().await;
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
            include_str!("acting.rs"),
            include_str!("giving_up.rs"),
            include_str!("listing.rs"),
            include_str!("taking.rs"),
        ];
        let lines = modules.iter().flat_map(|source| source.lines());
        let checks: Vec<&str> =
            lines.filter_map(|line| line.strip_prefix("pub async fn ")?.strip_suffix("<O: Office>() {")).collect();
        assert!(!checks.is_empty());
        for check in checks {
            assert!(list.contains(&format!("            {check},\n")), "{check} is not in the suite");
        }
    }
}
