//! One A4 page of text: just enough PDF for an invoice that opens anywhere.
//!
//! Base-14 fonts in `WinAnsi` encoding: nothing embedded, and å, ä, ö, æ and ø come out right.

use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};
use rust_decimal::Decimal;

/// Page size in points.
const WIDTH: i16 = 595;
const HEIGHT: i16 = 842;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const REGULAR_FONT: Ref = Ref::new(4);
const BOLD_FONT: Ref = Ref::new(5);
const CONTENT: Ref = Ref::new(6);

/// Weight and size in points of a line of text.
#[derive(Debug, Clone, Copy)]
pub enum Style {
    /// 8 points.
    Small,
    /// 10 points.
    Regular,
    /// 10 points, bold.
    Bold,
    /// 20 points, bold.
    Title,
}

impl Style {
    fn font(self) -> (Name<'static>, i16) {
        match self {
            Self::Small => (Name(b"Regular"), 8),
            Self::Regular => (Name(b"Regular"), 10),
            Self::Bold => (Name(b"Bold"), 10),
            Self::Title => (Name(b"Bold"), 20),
        }
    }
}

/// A page being written. Points from the left and from the top.
pub struct Page {
    content: Content,
}

impl Default for Page {
    fn default() -> Self {
        Self::new()
    }
}

impl Page {
    /// An empty page.
    pub fn new() -> Self {
        Self { content: Content::new() }
    }

    /// A line of text that starts at `left`.
    pub fn text(&mut self, left: i16, top: i16, style: Style, text: &str) {
        let (font, size) = style.font();
        self.content
            .begin_text()
            .set_font(font, f32::from(size))
            .next_line(f32::from(left), f32::from(HEIGHT - top))
            .show(Str(&win_ansi(text)))
            .end_text();
    }

    /// A number that ends at `right`.
    pub fn number(&mut self, right: i16, top: i16, style: Style, text: &str) {
        let (_, size) = style.font();
        self.text(right - number_width(text, size), top, style, text);
    }

    /// A rule across the page.
    pub fn line(&mut self, top: i16, left: i16, right: i16) {
        let y = f32::from(HEIGHT - top);
        self.content.move_to(f32::from(left), y).line_to(f32::from(right), y).stroke();
    }

    /// The finished file.
    pub fn finish(self) -> Vec<u8> {
        let mut pdf = Pdf::new();
        pdf.catalog(CATALOG).pages(PAGES);
        pdf.pages(PAGES).kids([PAGE]).count(1);
        let mut page = pdf.page(PAGE);
        page.media_box(Rect::new(0.0, 0.0, f32::from(WIDTH), f32::from(HEIGHT))).parent(PAGES).contents(CONTENT);
        page.resources().fonts().pair(Name(b"Regular"), REGULAR_FONT).pair(Name(b"Bold"), BOLD_FONT);
        drop(page);
        for (font, name) in [(REGULAR_FONT, Name(b"Helvetica")), (BOLD_FONT, Name(b"Helvetica-Bold"))] {
            pdf.type1_font(font).base_font(name).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        pdf.stream(CONTENT, &self.content.finish());
        pdf.finish()
    }
}

/// Width in points of digits, blanks and signs in Helvetica, from the font's published metrics.
fn number_width(text: &str, size: i16) -> i16 {
    const UNITS: i32 = 1000;
    let units: i32 = text
        .chars()
        .map(|c| match c {
            ' ' | ',' | '.' => 278,
            '-' => 333,
            '%' => 889,
            _ => 556,
        })
        .sum();
    i16::try_from(units * i32::from(size) / UNITS).unwrap_or(0)
}

/// Text in Windows-1252. Scandinavian letters are single bytes there; what the code page lacks becomes a question mark.
fn win_ansi(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            ' '..='~' | '\u{A0}'..='\u{FF}' => u8::try_from(u32::from(c)).unwrap_or(b'?'),
            '€' => 0x80,
            '…' => 0x85,
            '‘' => 0x91,
            '’' => 0x92,
            '“' => 0x93,
            '”' => 0x94,
            '–' => 0x96,
            '—' => 0x97,
            '\n' | '\r' | '\t' => b' ',
            _ => b'?',
        })
        .collect()
}

/// `12 345,50`: two decimals, as Swedish and Danish invoices write amounts.
pub fn amount(value: Decimal) -> String {
    const GROUP: usize = 3;
    let plain = format!("{:.2}", value.abs());
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(GROUP) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    let sign = if value.is_sign_negative() && !value.is_zero() { "-" } else { "" };
    format!("{sign}{grouped},{decimals}")
}
