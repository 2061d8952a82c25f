//! A company's logo: a small picture in its settings, which goes along with each mail since nothing may be loaded from elsewhere.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::message_id::hex;

/// Most bytes of a logo. The profile that holds it is read before each step, and DynamoDB counts a read by each 4 KB of an item
/// (source: DynamoDB's read capacity). A logo as wide as the letter needs far fewer.
pub const MAX_LOGO_BYTES: usize = 40_000;

/// Most pixels of a side: four times the letter's width. A small file can hold a huge picture, and mail programs open it whole.
const MAX_SIDE: u32 = 2_400;

/// How wide a logo is shown at most: the letter's 600 pixels without its margins.
const MAX_SHOWN_WIDTH: u32 = 280;

/// How high it's shown at most, so that the letter still begins on the first screen of a phone.
const MAX_SHOWN_HEIGHT: u32 = 72;

/// Bytes of the hash in a content id: it must only differ from the mail's other parts.
const CID_HASH_BYTES: usize = 8;

/// A PNG or JPEG picture, as `data:image/png;base64,…`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Logo {
    kind: Kind,
    bytes: Arc<[u8]>,
    /// In pixels, as the picture itself says.
    width: u32,
    height: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Png,
    Jpeg,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Png, Self::Jpeg];

    const fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    fn size(self, bytes: &[u8]) -> Option<(u32, u32)> {
        match self {
            Self::Png => png_size(bytes),
            Self::Jpeg => jpeg_size(bytes),
        }
    }
}

/// Why a text is no logo. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLogo {
    /// An address to load from, or another kind of picture.
    #[error(
        "must begin with data:image/png;base64, or data:image/jpeg;base64, since letters load nothing from elsewhere"
    )]
    Kind,
    /// Not base64.
    #[error("must be base64 after the comma, with its padding and without line breaks")]
    Base64,
    /// Over [`MAX_LOGO_BYTES`].
    #[error("must be at most {MAX_LOGO_BYTES} bytes, since it is read before each step and goes along with each mail")]
    TooLarge,
    /// The bytes are something else than they're said to be.
    #[error("is no picture of the kind that it says it is")]
    Picture,
    /// Over `MAX_SIDE`.
    #[error("must be at most {MAX_SIDE} pixels wide and high")]
    TooManyPixels,
}

impl Logo {
    /// The picture's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its MIME type.
    pub fn mime(&self) -> &'static str {
        self.kind.mime()
    }

    /// What it's called in a mail.
    pub fn file_name(&self) -> String {
        format!("logo.{}", self.kind.extension())
    }

    /// Its content id without angle brackets, by which the letter's HTML shows it. The same picture has the same.
    pub fn cid(&self) -> String {
        format!("logo.{}@letter", hex(&Sha256::digest(&self.bytes)[..CID_HASH_BYTES]))
    }

    /// Width and height it's shown in, in proportion. Never larger than it is.
    pub fn shown(&self) -> (u32, u32) {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let (most_width, most_height) = (u64::from(MAX_SHOWN_WIDTH), u64::from(MAX_SHOWN_HEIGHT));
        let wide = (width.min(most_width), (height * width.min(most_width) / width).max(1));
        let (width, height) =
            if wide.1 <= most_height { wide } else { ((width * most_height / height).max(1), most_height) };
        (u32::try_from(width).unwrap_or(MAX_SHOWN_WIDTH), u32::try_from(height).unwrap_or(MAX_SHOWN_HEIGHT))
    }
}

impl TryFrom<String> for Logo {
    type Error = InvalidLogo;
    fn try_from(text: String) -> Result<Self, InvalidLogo> {
        let kind = |kind: &Kind| text.strip_prefix("data:")?.strip_prefix(kind.mime())?.strip_prefix(";base64,");
        let (kind, encoded) = Kind::ALL.iter().find_map(|one| Some((*one, kind(one)?))).ok_or(InvalidLogo::Kind)?;
        if encoded.len() > MAX_LOGO_BYTES.div_ceil(3) * 4 {
            return Err(InvalidLogo::TooLarge);
        }
        let bytes = STANDARD.decode(encoded).map_err(|_| InvalidLogo::Base64)?;
        if bytes.len() > MAX_LOGO_BYTES {
            return Err(InvalidLogo::TooLarge);
        }
        let (width, height) = kind.size(&bytes).filter(|(w, h)| *w > 0 && *h > 0).ok_or(InvalidLogo::Picture)?;
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(InvalidLogo::TooManyPixels);
        }
        Ok(Self { kind, bytes: bytes.into(), width, height })
    }
}

impl From<Logo> for String {
    fn from(logo: Logo) -> String {
        format!("data:{};base64,{}", logo.kind.mime(), STANDARD.encode(&logo.bytes))
    }
}

/// Only its size: a picture in a log helps nobody.
impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Logo({:?}, {} bytes)", self.kind, self.bytes.len())
    }
}

/// Width and height from a PNG's first chunk (source: PNG specification, 5.2 and 11.2.1).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.strip_prefix(b"\0\0\0\x0dIHDR")?;
    let (width, rest) = header.split_first_chunk::<4>()?;
    let (height, _) = rest.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height)))
}

/// Width and height from a JPEG's frame header, past the segments before it (source: ITU-T T.81, B.1 and B.2.2).
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let [0xff, marker, after @ ..] = rest else { return None };
        match *marker {
            // Padding before a marker.
            0xff => rest = &rest[1..],
            // Frame headers are these but for the three that are tables or reserved.
            0xc0..=0xcf if !matches!(*marker, 0xc4 | 0xc8 | 0xcc) => {
                let [_, _, _, h1, h0, w1, w0, ..] = after else { return None };
                return Some((u32::from(u16::from_be_bytes([*w1, *w0])), u32::from(u16::from_be_bytes([*h1, *h0]))));
            }
            // The picture itself, or its end, before any size.
            0xd8..=0xda => return None,
            _ => {
                let (length, _) = after.split_first_chunk::<2>()?;
                rest = after.get(usize::from(u16::from_be_bytes(*length)).max(2)..)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32, extra: usize) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend(std::iter::repeat_n(0, extra));
        bytes
    }

    /// With an application's segment before the frame header, as cameras and programs write it.
    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x0b\x08".to_vec();
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes
    }

    fn read(kind: &str, bytes: &[u8]) -> Result<Logo, InvalidLogo> {
        Logo::try_from(format!("data:image/{kind};base64,{}", STANDARD.encode(bytes)))
    }

    #[test]
    fn a_picture_is_read_and_written_back() {
        for (kind, bytes) in [("png", png(400, 100, 50)), ("jpeg", jpeg(400, 100))] {
            let logo = read(kind, &bytes).unwrap();
            assert_eq!((logo.bytes(), logo.shown()), (bytes.as_slice(), (280, 70)));
            assert_eq!(logo.mime(), format!("image/{kind}"));
            let json = serde_json::to_string(&logo).unwrap();
            assert_eq!(serde_json::from_str::<Logo>(&json).unwrap(), logo);
            assert!(!format!("{logo:?}").contains(&STANDARD.encode(&bytes)));
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        let refused = |text: &str| Logo::try_from(text.to_owned()).unwrap_err();
        assert_eq!(refused(""), InvalidLogo::Kind);
        assert_eq!(refused("https://example.com/logo.png"), InvalidLogo::Kind);
        assert_eq!(refused("data:image/svg+xml;base64,PHN2Zz4="), InvalidLogo::Kind);
        assert_eq!(refused("data:image/png;base64,iVBO*"), InvalidLogo::Base64);
        assert_eq!(refused("data:image/png;base64,iVBOR"), InvalidLogo::Base64);
        assert_eq!(refused("data:image/png;base64,"), InvalidLogo::Picture);
        assert_eq!(read("png", b"GIF89a").unwrap_err(), InvalidLogo::Picture);
        assert_eq!(read("jpeg", &png(1, 1, 0)).unwrap_err(), InvalidLogo::Picture);
        assert_eq!(read("png", &jpeg(1, 1)).unwrap_err(), InvalidLogo::Picture);
        assert_eq!(read("png", &png(0, 5, 0)).unwrap_err(), InvalidLogo::Picture);
        assert_eq!(read("jpeg", b"\xff\xd8\xff\xe0\0\0\0\0").unwrap_err(), InvalidLogo::Picture);
        assert_eq!(read("png", &png(MAX_SIDE + 1, 5, 0)).unwrap_err(), InvalidLogo::TooManyPixels);
        let header = png(1, 1, 0).len();
        assert!(read("png", &png(1, 1, MAX_LOGO_BYTES - header)).is_ok());
        assert_eq!(read("png", &png(1, 1, MAX_LOGO_BYTES - header + 1)).unwrap_err(), InvalidLogo::TooLarge);
        assert_eq!(read("png", &png(1, 1, MAX_LOGO_BYTES * 2)).unwrap_err(), InvalidLogo::TooLarge);
    }

    #[test]
    fn it_is_shown_in_proportion_and_never_larger_than_it_is() {
        for (width, height, shown) in [
            (100, 50, (100, 50)),
            (560, 100, (280, 50)),
            (600, 600, (72, 72)),
            (2400, 1, (280, 1)),
            (1, 2400, (1, 72)),
            (1, 1, (1, 1)),
        ] {
            assert_eq!(read("png", &png(width, height, 0)).unwrap().shown(), shown, "{width}x{height}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), cut in 0usize..80) {
            let _ = (png_size(&bytes), jpeg_size(&bytes));
            let with = [b"\xff\xd8\xff".as_slice(), &bytes].concat();
            let _ = jpeg_size(&with);
            let _ = read("png", &png(5, 5, 0)[..cut.min(24)]);
        }
    }
}
