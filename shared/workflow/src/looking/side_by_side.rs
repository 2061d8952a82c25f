//! Many tenants at once.

use std::future::{Future, ready};

use futures_util::{StreamExt, stream};

use crate::ports::PortError;

/// Each is a message and a write, of some milliseconds each: ten thousand of them, all with the same hour, would take longer one
/// after another than a function may run. More at once would only wait for the same few connections.
const AT_ONCE: usize = 16;

/// Does `act` for each of `all`, some of them at once. What fails keeps the others from nothing; the first failure comes back in the
/// end.
pub(crate) async fn each<T, F>(all: Vec<T>, act: impl Fn(T) -> F) -> Result<(), PortError>
where
    F: Future<Output = Result<(), PortError>>,
{
    let done = stream::iter(all).map(act).buffer_unordered(AT_ONCE);
    done.fold(Ok(()), |sofar, one| ready(sofar.and(one))).await
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_failure_comes_back_and_keeps_the_others_from_nothing() {
        let done = RefCell::new(Vec::new());
        let act = |number: usize| {
            done.borrow_mut().push(number);
            ready(if number % 40 == 3 { Err(PortError::new("waking", number.to_string())) } else { Ok(()) })
        };
        let came = each((0..100).collect(), act).now_or_never();
        assert!(matches!(came, Some(Err(_))), "{came:?}");
        assert_eq!(done.into_inner().len(), 100);
    }
}
