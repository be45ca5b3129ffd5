//! Dates, numbers and sizes as each language writes them, and dates as people type them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    clock::Time,
    words::{Key, Language, Sentence, key},
};

/// Between the groups of a number, and before a unit, in French.
const NARROW: char = '\u{202f}';

/// How one reader wants things written.
#[derive(Clone, Debug)]
pub struct Locale {
    language: Language,
    zone: TimeZone,
}

/// The text is no time zone in the POSIX spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAZone;

/// A date that cannot be read. The person's to mend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateFault {
    /// Not three numbers, day first.
    Shape,
    /// The year has not four digits.
    Year,
    /// No such month.
    Month(u64),
    /// No such day in that month.
    Day {
        /// The day.
        day: u64,
        /// The month.
        month: u64,
        /// The year.
        year: u64,
    },
}

impl DateFault {
    /// What the person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Shape => Sentence::new(key::TEXT_DATE_SHAPE),
            Self::Year => Sentence::new(key::TEXT_DATE_YEAR),
            Self::Month(month) => Sentence::new(key::TEXT_DATE_MONTH).with("month", *month),
            Self::Day { day, month, year } => {
                Sentence::new(key::TEXT_DATE_DAY).with("day", *day).with("month", *month).with("year", year.to_string())
            }
        }
    }
}

impl Locale {
    /// That language, in coordinated universal time.
    pub const fn new(language: Language) -> Self {
        Self { language, zone: TimeZone::UTC }
    }

    /// In a time zone written as POSIX does, such as `CET-1CEST,M3.5.0,M10.5.0/3`: no database is needed for it.
    ///
    /// # Errors
    /// [`NotAZone`].
    pub fn in_zone(self, posix: &str) -> Result<Self, NotAZone> {
        let zone = TimeZone::posix(posix).map_err(|_not_posix| NotAZone)?;
        Ok(Self { zone, ..self })
    }

    /// The language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// `21/11/2026`, `21.11.2026`.
    pub fn day(&self, time: Time) -> String {
        self.date(self.civil(time).date())
    }

    /// The same, of a date that has no time.
    pub fn date(&self, date: Date) -> String {
        let separator = match self.language {
            Language::French | Language::English => '/',
            Language::German => '.',
        };
        format!("{:02}{separator}{:02}{separator}{:04}", date.day(), date.month(), date.year())
    }

    /// `21/11/2026 à 14:05`.
    pub fn moment(&self, time: Time) -> String {
        self.say(Sentence::new(key::TEXT_MOMENT).with("day", self.day(time)).with("hour", self.hour(time)))
    }

    /// `14:05`.
    pub fn hour(&self, time: Time) -> String {
        let civil = self.civil(time);
        format!("{:02}:{:02}", civil.hour(), civil.minute())
    }

    /// The heading of a day in a feed: `Aujourd’hui, samedi 21 novembre`, `Jeudi 19 novembre`, `Lundi 1er décembre 2025`.
    pub fn heading(&self, time: Time, now: Time) -> String {
        let (date, today) = (self.civil(time).date(), self.civil(now).date());
        let day = self.day_in_words(date, today);
        let relative = match date {
            date if date == today => Some(key::TEXT_TODAY),
            date if today.yesterday().is_ok_and(|yesterday| yesterday == date) => Some(key::TEXT_YESTERDAY),
            _ => None,
        };
        match relative {
            Some(key) => self.say(Sentence::new(key).with("day", day)),
            None => capitalised(&day),
        }
    }

    /// With grouped digits: `1 234 567`, `1,234,567`, `1.234.567`.
    pub fn number(&self, number: u64) -> String {
        let separator = match self.language {
            Language::French => NARROW,
            Language::English => ',',
            Language::German => '.',
        };
        let digits = number.to_string();
        let mut out = String::with_capacity(digits.len().saturating_mul(2));
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
                out.push(separator);
            }
            out.push(digit);
        }
        out
    }

    /// The size of a file: `812 o`, `4,2 Mio`.
    pub fn size(&self, bytes: u64) -> String {
        const STEPS: [(Key, u32); 3] = [(key::TEXT_KIB, 10), (key::TEXT_MIB, 20), (key::TEXT_GIB, 30)];
        let Some((unit, shift)) = STEPS.into_iter().rfind(|(_, shift)| bytes >> shift > 0) else {
            return self.say(Sentence::new(key::TEXT_BYTES).with("size", self.number(bytes)));
        };
        let whole = bytes >> shift;
        let rest = bytes.saturating_sub(whole << shift);
        // One digit behind the sign is enough, and only under ten; cut, not rounded: 1023.99 KiB is not 1024 KiB.
        let tenth = rest.saturating_mul(10) >> shift;
        let sign = match self.language {
            Language::French | Language::German => ',',
            Language::English => '.',
        };
        let number = self.number(whole);
        let size = if whole < 10 && tenth > 0 { format!("{number}{sign}{tenth}") } else { number };
        self.say(Sentence::new(unit).with("size", size))
    }

    /// A date as a person types it: day, month and year of four digits, between any of `/ . -` and spaces; or the date as
    /// machines write it, year first.
    ///
    /// # Errors
    /// [`DateFault`].
    pub fn parse_date(&self, text: &str) -> Result<Date, DateFault> {
        let parts: Vec<&str> = text
            .trim()
            .split(|letter: char| matches!(letter, '/' | '.' | '-') || letter.is_whitespace())
            .filter(|part| !part.is_empty())
            .collect();
        let [first, second, third] = parts.as_slice() else { return Err(DateFault::Shape) };
        let digits = |part: &&str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        if ![first, second, third].into_iter().all(digits) {
            return Err(DateFault::Shape);
        }
        let (day, year) = if first.len() == 4 { (third, first) } else { (first, third) };
        if year.len() != 4 || day.len() > 2 || second.len() > 2 {
            return Err(if day.len() > 2 || second.len() > 2 { DateFault::Shape } else { DateFault::Year });
        }
        let number = |part: &str| part.parse::<i16>().map_err(|_not_a_number| DateFault::Shape);
        let (day, month, year) = (number(day)?, number(second)?, number(year)?);
        let told = |number: i16| u64::from(number.unsigned_abs());
        if !(1..=12).contains(&month) {
            return Err(DateFault::Month(told(month)));
        }
        if year == 0 {
            return Err(DateFault::Year);
        }
        let small = |number: i16| i8::try_from(number).unwrap_or(i8::MAX);
        Date::new(year, small(month), small(day)).map_err(|_no_such_day| DateFault::Day {
            day: told(day),
            month: told(month),
            year: told(year),
        })
    }

    fn day_in_words(&self, date: Date, today: Date) -> String {
        let number = |number: i8| u64::from(number.unsigned_abs());
        let weekday = Sentence::new(key::TEXT_WEEKDAY).with("weekday", number(date.weekday().to_monday_one_offset()));
        let month = Sentence::new(key::TEXT_MONTH).with("month", number(date.month()));
        let day =
            |key| Sentence::new(key).with("number", number(date.day())).with("weekday", weekday).with("month", month);
        if date.year() == today.year() {
            self.say(day(key::TEXT_DAY))
        } else {
            self.say(day(key::TEXT_DAY_YEAR).with("year", date.year().to_string()))
        }
    }

    fn civil(&self, time: Time) -> jiff::civil::DateTime {
        let milliseconds = i64::try_from(time.0).unwrap_or(i64::MAX);
        let timestamp = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX);
        self.zone.to_datetime(timestamp)
    }

    fn say(&self, sentence: Sentence) -> String {
        sentence.render(self.language)
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARIS: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    fn each<T>(act: impl Fn(&Locale) -> T) -> [T; 3] {
        Language::ALL.map(|language| act(&Locale::new(language).in_zone(PARIS).expect("a zone")))
    }

    fn time(text: &str) -> Time {
        Time::parse(text).expect("a time")
    }

    #[test]
    fn dates_are_written_as_each_language_does() {
        let evening = time("2026-11-21T23:05:00Z");
        assert_eq!(each(|locale| locale.day(evening)), ["22/11/2026", "22/11/2026", "22.11.2026"]);
        assert_eq!(
            each(|locale| locale.moment(evening)),
            ["22/11/2026 à 00:05", "22/11/2026, 00:05", "22.11.2026, 00:05 Uhr"]
        );
        assert_eq!(Locale::new(Language::French).day(evening), "21/11/2026");
        assert_eq!(each(|locale| locale.hour(time("2026-07-01T10:00:00Z"))), ["12:00"; 3], "summer time");
        assert!(Locale::new(Language::French).in_zone("Mars/Olympus").is_err());
        assert_eq!(Locale::new(Language::French).day(Time(u64::MAX)).len(), 10);
    }

    #[test]
    fn days_are_headed_relative_to_today() {
        let now = time("2026-11-21T12:00:00Z");
        let heading = |then: &str| each(|locale| locale.heading(time(then), now));
        assert_eq!(
            heading("2026-11-21T08:00:00Z"),
            ["Aujourd’hui, samedi 21 novembre", "Today, Saturday 21 November", "Heute, Samstag, 21. November"]
        );
        assert_eq!(
            heading("2026-11-20T08:00:00Z"),
            ["Hier, vendredi 20 novembre", "Yesterday, Friday 20 November", "Gestern, Freitag, 20. November"]
        );
        assert_eq!(
            heading("2026-09-01T08:00:00Z"),
            ["Mardi 1er septembre", "Tuesday 1 September", "Dienstag, 1. September"]
        );
        assert_eq!(
            heading("2025-12-31T08:00:00Z"),
            ["Mercredi 31 décembre 2025", "Wednesday 31 December 2025", "Mittwoch, 31. Dezember 2025"]
        );
    }

    #[test]
    fn numbers_and_sizes_are_grouped_as_each_language_does() {
        assert_eq!(each(|locale| locale.number(1_234_567)), ["1\u{202f}234\u{202f}567", "1,234,567", "1.234.567"]);
        assert_eq!(each(|locale| locale.number(1234)), ["1\u{202f}234", "1,234", "1.234"]);
        assert_eq!(each(|locale| locale.number(0)), ["0", "0", "0"]);
        assert_eq!(each(|locale| locale.size(812)), ["812\u{202f}o", "812\u{202f}B", "812\u{202f}B"]);
        assert_eq!(each(|locale| locale.size(4_404_020)), ["4,2\u{202f}Mio", "4.2\u{202f}MiB", "4,2\u{202f}MiB"]);
        assert_eq!(each(|locale| locale.size(2 << 30)), ["2\u{202f}Gio", "2\u{202f}GiB", "2\u{202f}GiB"]);
        assert_eq!(each(|locale| locale.size(u64::MAX))[0], "17\u{202f}179\u{202f}869\u{202f}183\u{202f}Gio");
    }

    #[test]
    fn typed_dates_are_read_day_first_or_told_what_is_wrong() {
        let read = |text: &str| Locale::new(Language::French).parse_date(text).map(|date| date.to_string());
        for text in ["21/11/2026", "21.11.2026", " 21-11-2026 ", "21 11 2026", "2026-11-21", "21. 11. 2026"] {
            assert_eq!(read(text).as_deref(), Ok("2026-11-21"), "{text}");
        }
        assert_eq!(read("1/2/2026").as_deref(), Ok("2026-02-01"));
        assert_eq!(read("29/02/2028").as_deref(), Ok("2028-02-29"));
        assert_eq!(read("29/02/2026"), Err(DateFault::Day { day: 29, month: 2, year: 2026 }));
        assert_eq!(read("0/1/2026"), Err(DateFault::Day { day: 0, month: 1, year: 2026 }));
        assert_eq!(read("11/21/2026"), Err(DateFault::Month(21)));
        assert_eq!(read("21/11/26"), Err(DateFault::Year));
        for text in ["", "demain", "21/11", "21/11/2026/1", "+1/1/2026", "２１/11/2026", "21/11/20260", "121/11/2026"]
        {
            assert_eq!(read(text), Err(DateFault::Shape), "{text}");
        }
        let fault = DateFault::Day { day: 31, month: 2, year: 2026 };
        assert_eq!(fault.sentence().render(Language::French), "Il n’y a pas de 31 dans le mois 2 de 2026.");
    }
}
