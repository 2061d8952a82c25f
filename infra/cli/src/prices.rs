//! `fakturapilot prices`.

use cloud::Pipeline;
use domain::prices::PriceSync;
use workflow::prices::{PricesForeseen, preview};

use crate::{
    arguments::PricesCommand,
    error::CliError,
    output::{self, Output, Progress},
};

pub(crate) async fn run(pipeline: &Pipeline, output: Output, command: PricesCommand) -> Result<(), CliError> {
    let PricesCommand::Preview { tenant, all } = command;
    let foreseen = {
        let progress = Progress::new("agreements compared");
        preview(pipeline, &tenant, |count| progress.so_far(count)).await?
    };
    output.say(&foreseen, || show(&foreseen, all))
}

fn show(foreseen: &[PricesForeseen], all: bool) {
    let mut rows = Vec::new();
    let (mut same, mut listless) = (0, 0);
    for PricesForeseen { agreement, list, sync, rows: of_it, .. } in foreseen {
        let Some(list) = list else {
            listless += 1;
            continue;
        };
        for row in of_it {
            if !(all || row.is_apart()) {
                same += 1;
                continue;
            }
            let list_says = row.list_says.map(|price| price.to_string()).unwrap_or_default();
            rows.push(vec![
                format!("agreement {agreement}, row {}", row.row.place),
                row.row.article.to_string(),
                row.row.price.to_string(),
                format!("{list}: {list_says}"),
                what(*sync, row),
            ]);
        }
    }
    output::table(&["ROW", "ARTICLE", "PRICE", "LIST", "WHAT"], rows);
    if same > 0 {
        output::line(&format!("{same} rows say what their list says (--all shows them)"));
    }
    if listless > 0 {
        output::line(&format!("{listless} agreements go by no price list"));
    }
}

fn what(sync: Option<PriceSync>, row: &workflow::prices::RowForeseen) -> String {
    let why = row.row.why.to_string();
    match (row.row.why.new_price(), sync) {
        (None, _) | (Some(_), Some(PriceSync::Follow)) => why,
        (Some(_), Some(PriceSync::Preview)) => format!("{why}: only told, since the settings say so"),
        (Some(_), Some(PriceSync::Off)) => format!("{why}: but prices don't follow, by the settings"),
        (Some(_), None) => format!("{why}: but its settings are broken"),
    }
}
