//! The report as a page that people read: what blocks first, then what they may want to mend, then what is well.

use std::fmt;

use super::{Finding, Report, Severity};

/// The parts of the page, in order, and their headings.
const PARTS: [(Severity, &str); 3] =
    [(Severity::Blocking, "BLOCKING"), (Severity::Warning, "WARNING"), (Severity::Ok, "OK")];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Pre-flight of {} on {} ({})", self.tenant, self.date, self.at.format("%Y-%m-%d %H:%M UTC"))?;
        let [blocking, warnings, fine] = PARTS.map(|(severity, _)| self.found(severity));
        writeln!(f, "{blocking} blocking, {warnings} warnings, {fine} ok")?;
        writeln!(f, "{}", self.verdict())?;
        PARTS.iter().try_for_each(|(severity, heading)| self.part(f, *severity, heading))
    }
}

impl Report {
    fn verdict(&self) -> &'static str {
        match self.worst() {
            Severity::Blocking => {
                "The tenant can't be in `full`: nothing is booked or delivered until what blocks is mended."
            }
            Severity::Warning => {
                "The tenant may be in `full`. What is warned of is held or left out when its time comes."
            }
            Severity::Ok => "The tenant may be in `full`.",
        }
    }

    fn part(&self, f: &mut fmt::Formatter<'_>, severity: Severity, heading: &str) -> fmt::Result {
        if self.found(severity) == 0 {
            return Ok(());
        }
        writeln!(f, "\n{heading}")?;
        let findings: Vec<&Finding> = self.findings.iter().filter(|finding| finding.severity == severity).collect();
        for finding in &findings {
            writeln!(f, "- {}: {}", finding.about, finding.says)?;
        }
        for (code, count) in self.counts.iter().filter(|(_, count)| count.severity == severity) {
            if count.found > count.named {
                writeln!(f, "- and {} more: {}", count.found - count.named, code.replace('_', " "))?;
            }
        }
        to_do(f, &findings)
    }
}

/// What to do, each thing once, for all that it's to be done about.
fn to_do(f: &mut fmt::Formatter<'_>, findings: &[&Finding]) -> fmt::Result {
    let mut things: Vec<(&str, Vec<String>)> = Vec::new();
    for finding in findings {
        let Some(to_do) = finding.to_do.as_deref() else { continue };
        let about = finding.about.to_string();
        match things.iter_mut().find(|(thing, _)| *thing == to_do) {
            Some((_, all)) if all.contains(&about) => {}
            Some((_, all)) => all.push(about),
            None => things.push((to_do, vec![about])),
        }
    }
    if things.is_empty() {
        return Ok(());
    }
    writeln!(f, "  What to do:")?;
    things.iter().try_for_each(|(thing, about)| writeln!(f, "  * {}: {thing}", about.join(", ")))
}
