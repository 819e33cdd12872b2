//! What `strace -f -y -xx` writes, read as system calls in the order in which they happened.

use std::collections::HashMap;
use std::io::{self, BufRead};

/// One call of one thread, when it has come back (or, [`Moment::Began`], when it has not yet).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// Its name: `openat`, `fsync` …
    pub(crate) name: String,
    /// Its arguments as written, strings still as `"\x2f…"`.
    pub(crate) arguments: Vec<String>,
    /// What it gave; `None` for an error, and while it is under way.
    pub(crate) result: Option<i64>,
    /// Whether it was only answered by the tracer and never reached the system.
    pub(crate) is_injected: bool,
    /// Which of the thread's calls it is: the same for its beginning and its end.
    pub(crate) number: usize,
}

/// A call is reported when it begins and when it ends: an answer counts from the moment in which it
/// began to leave the process, a flush from the moment in which it was over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Moment {
    Began(Call),
    Ended(Call),
}

/// Reads a trace. Every call gives a beginning and an end, but for those that were cut off.
pub(crate) fn read_moments(trace: impl BufRead, mut take: impl FnMut(Moment)) -> io::Result<()> {
    let mut under_way: HashMap<String, (usize, String)> = HashMap::new();
    for (number, line) in trace.lines().enumerate() {
        let line = line?;
        let Some((thread, words)) = line.split_once(char::is_whitespace) else {
            continue;
        };
        let words = words.trim_start();
        if words.starts_with("---") || words.starts_with("+++") {
            continue;
        }
        if let Some(beginning) = words.strip_suffix("<unfinished ...>") {
            let beginning = beginning.trim_end();
            take(Moment::Began(call_of(beginning, number)));
            under_way.insert(thread.to_owned(), (number, beginning.to_owned()));
        } else if words.starts_with("<... ") {
            let Some((number, beginning)) = under_way.remove(thread) else {
                continue;
            };
            let (_, rest) = words.split_once("resumed>").unwrap_or_default();
            take(Moment::Ended(call_of(
                &format!("{beginning}{rest}"),
                number,
            )));
        } else {
            let call = call_of(words, number);
            take(Moment::Began(Call {
                result: None,
                ..call.clone()
            }));
            take(Moment::Ended(call));
        }
    }
    Ok(())
}

/// `name(argument, …) = result`, or the beginning of that.
fn call_of(words: &str, number: usize) -> Call {
    let (name, rest) = words
        .split_once('(')
        .unwrap_or_else(|| panic!("not a system call: {words:.200}"));
    let (arguments, after) = arguments_of(rest);
    let answer = after.trim_start_matches(')').trim_start();
    let answer = answer.strip_prefix("= ").unwrap_or_default();
    let digits = answer
        .find(|c: char| c != '-' && !c.is_ascii_digit())
        .unwrap_or(answer.len());
    Call {
        name: name.to_owned(),
        arguments,
        result: answer[..digits].parse().ok().filter(|n| *n >= 0),
        is_injected: answer.contains("(INJECTED)"),
        number,
    }
}

/// The arguments up to the closing parenthesis, and what comes after them. Commas inside `{}`, `[]`
/// and `<>` separate nothing; strings hold none, as all their bytes are in hexadecimal.
fn arguments_of(words: &str) -> (Vec<String>, &str) {
    let mut arguments = Vec::new();
    let (mut depth, mut from) = (0, 0);
    let mut end = words.len();
    for (at, c) in words.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' if depth == 0 => {
                end = at;
                break;
            }
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(words[from..at].trim().to_owned());
                from = at + 1;
            }
            _ => {}
        }
    }
    let last = words[from..end].trim();
    if !last.is_empty() {
        arguments.push(last.to_owned());
    }
    (arguments, &words[end..])
}

impl Call {
    /// The argument at `index`.
    pub(crate) fn argument(&self, index: usize) -> &str {
        self.arguments
            .get(index)
            .unwrap_or_else(|| panic!("{} has no argument {index}", self.name))
    }

    /// The number of the open file in the argument at `index`: `3` of `3<\x2f…>`.
    pub(crate) fn file_number(&self, index: usize) -> i64 {
        let words = self.argument(index);
        let digits = words.split('<').next().unwrap_or_default();
        digits
            .parse()
            .unwrap_or_else(|_| panic!("{}: no open file: {words:.200}", self.name))
    }

    /// The number in the argument at `index`.
    pub(crate) fn number_at(&self, index: usize) -> u64 {
        let words = self.argument(index);
        words
            .parse()
            .unwrap_or_else(|_| panic!("{}: no number: {words:.200}", self.name))
    }

    /// What an open file is, as the system calls it: a path, or `socket:[…]`, `pipe:[…]`.
    pub(crate) fn what_is_open(&self, index: usize) -> String {
        let words = self.argument(index);
        let name = words.split_once('<').map_or("", |(_, name)| name);
        // After the name comes `(deleted)` where it has none any more.
        let name = name.split('>').next().unwrap_or_default();
        if name.starts_with("\\x") {
            String::from_utf8_lossy(&bytes_of(name)).into_owned()
        } else {
            name.to_owned()
        }
    }

    /// The bytes of every string in the argument at `index`, one after the other: one for `write`,
    /// several for `writev`.
    pub(crate) fn bytes_at(&self, index: usize) -> Vec<u8> {
        let words = self.argument(index);
        let strings = words.split('"').skip(1).step_by(2);
        strings.flat_map(bytes_of).collect()
    }

    /// The path in the argument at `index`. Only absolute ones are understood.
    pub(crate) fn path_at(&self, index: usize) -> std::path::PathBuf {
        let path = String::from_utf8(self.bytes_at(index)).expect("a path in UTF-8");
        assert!(
            path.starts_with('/'),
            "{} of {path}: run what is recorded with absolute paths only",
            self.name
        );
        path.into()
    }
}

/// The bytes of `\x2f\x74…`.
fn bytes_of(hexadecimal: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => c - b'0',
        b'a'..=b'f' => c - b'a' + 10,
        _ => panic!("not \\x and two digits: {hexadecimal:.80}"),
    };
    let bytes = hexadecimal.as_bytes().chunks(4);
    bytes
        .map(|c| match c {
            [b'\\', b'x', high, low] => digit(*high) * 16 + digit(*low),
            _ => panic!("not \\x and two digits: {hexadecimal:.80}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(trace: &str) -> Vec<Moment> {
        let mut moments = Vec::new();
        read_moments(trace.as_bytes(), |moment| moments.push(moment)).expect("read from memory");
        moments
    }

    #[test]
    fn a_call_that_another_thread_interrupts_begins_and_ends_apart() {
        let trace = "\
7  fsync(3<\\x2f\\x61> <unfinished ...>
8  write(1<pipe:[5]>, \"\\x4f\\x4b\", 2) = 2
7  <... fsync resumed>) = 0
8  +++ exited with 0 +++
";
        let names: Vec<(bool, String)> = moments(trace)
            .iter()
            .map(|moment| match moment {
                Moment::Began(call) => (true, call.name.clone()),
                Moment::Ended(call) => (false, call.name.clone()),
            })
            .collect();
        let told = |began, name: &str| (began, name.to_owned());
        assert_eq!(
            names,
            [
                told(true, "fsync"),
                told(true, "write"),
                told(false, "write"),
                told(false, "fsync")
            ]
        );
    }

    #[test]
    fn numbers_paths_bytes_and_results_are_read() {
        let trace = "\
7  openat(AT_FDCWD<\\x2f>, \"\\x2f\\x61\\x2c\\x62\", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 3<\\x2f\\x61>
7  writev(9<socket:[77]>, [{iov_base=\"\\x48\\x54\", iov_len=2}, {iov_base=\"\\x0a\", iov_len=1}], 2) = 3
7  fsync(3<\\x2f\\x61>) = -1 EIO (Input/output error) (INJECTED)
7  fdatasync(3<\\x2f\\x61>(deleted)) = 0 (INJECTED)
";
        let ended: Vec<Call> = moments(trace)
            .into_iter()
            .filter_map(|moment| match moment {
                Moment::Ended(call) => Some(call),
                Moment::Began(_) => None,
            })
            .collect();
        let [open, writev, failed, lied] = ended.as_slice() else {
            panic!("four calls, not {ended:?}");
        };
        assert_eq!(open.path_at(1), std::path::Path::new("/a,b"));
        assert_eq!(open.argument(2), "O_RDWR|O_CREAT|O_CLOEXEC");
        assert_eq!(open.result, Some(3));
        assert_eq!(writev.file_number(0), 9);
        assert_eq!(writev.what_is_open(0), "socket:[77]");
        assert_eq!(writev.bytes_at(1), b"HT\n");
        assert_eq!((failed.result, failed.is_injected), (None, true));
        assert_eq!((lied.result, lied.is_injected), (Some(0), true));
        assert_eq!(lied.what_is_open(0), "/a");
    }
}
