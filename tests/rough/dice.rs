//! Random choices (splitmix64). A seed is printed with what it led to; the moments of a crash are not in it.

use vigie::crypto::Entropy;

/// Where the choices of one test come from.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// A new sequence; its seed goes to the output of the test.
    pub(crate) fn thrown(what: &str) -> Self {
        let seed = u64::from_be_bytes(Entropy::default().bytes().expect("random bytes"));
        println!("{what}: seed {seed:#018x}");
        Self(seed)
    }

    /// A sequence of its own for somebody else.
    pub(crate) fn apart(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `below - 1`.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        let below = u64::try_from(below.max(1)).expect("64 bits");
        usize::try_from(self.next() % below).expect("64 bits")
    }

    /// One of them.
    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Words that no compression makes short.
    pub(crate) fn text(&mut self, characters: usize) -> String {
        let mut text = String::with_capacity(characters + 16);
        while text.len() < characters {
            let word = format!("{:013x} ", self.next());
            text.push_str(&word);
        }
        text.truncate(characters);
        text.trim().to_owned()
    }

    /// A name that nothing else bears.
    pub(crate) fn name(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}
