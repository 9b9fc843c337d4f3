//! What a program asks of the kernel.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Call, Run};

/// The system calls that cost: files opened, sockets, threads, processes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Trace {
    /// Files opened, beyond those of the loader and the C library.
    pub(crate) opened: Vec<String>,
    /// Files opened for writing, made, renamed over, cut or removed.
    pub(crate) changed: Vec<String>,
    /// `socket` and `connect`.
    pub(crate) sockets: Vec<String>,
    /// `clone` and its like that made a thread.
    pub(crate) threads: usize,
    /// `fork`, `clone` and its like that made a process.
    pub(crate) processes: usize,
    /// `execve`, the program's own start apart.
    pub(crate) programs: Vec<String>,
}

impl Call {
    /// Runs it under `strace`, at the path that [`super::tool`] found.
    #[track_caller]
    pub(crate) fn traced(mut self, strace: &Path) -> (Run, Trace) {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let calls = "trace=open,openat,openat2,creat,socket,connect,clone,clone3,fork,vfork,execve,execveat,\
                     rename,renameat,renameat2,link,linkat,truncate,unlink,unlinkat";
        let mut args: Vec<std::ffi::OsString> =
            ["-ff", "-qq", "-e", calls, "-e", "signal=none", "-o"].map(Into::into).into();
        args.push(directory.path().join("trace").into());
        args.push(std::mem::replace(&mut self.program, strace.to_owned()).into());
        let first = self.args.first().cloned();
        args.append(&mut self.args);
        self.args = args;
        // The name of the command is now further on.
        if first.is_some_and(|first| first == "aws") {
            self = self.prints_credentials();
        }
        let run = self.run();
        // One file for each thread, so that no call is torn in two by another.
        let files: Vec<PathBuf> =
            fs::read_dir(directory.path()).expect("traces").flatten().map(|e| e.path()).collect();
        assert!(!files.is_empty(), "strace wrote nothing\n{}", run.transcript());
        let texts = files.iter().map(|file| fs::read_to_string(file).unwrap_or_default());
        let trace = Trace::read(&texts.collect::<Vec<_>>());
        (run, trace)
    }
}

impl Trace {
    fn read(texts: &[String]) -> Self {
        let mut trace = Self::default();
        let mut started = false;
        for line in texts.iter().flat_map(|text| text.lines()) {
            let Some((name, rest)) = line.split_once('(') else { continue };
            let failed = line.rsplit_once(") = ").is_some_and(|(_, result)| result.starts_with('-'));
            let path = || rest.split('"').nth(1).unwrap_or(rest).to_owned();
            let is_write =
                ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| rest.contains(flag));
            match name {
                "open" | "openat" | "openat2" if !failed && is_write => trace.changed.push(path()),
                "creat" | "truncate" | "unlink" | "unlinkat" if !failed => trace.changed.push(path()),
                // The second path is the one that is another file now.
                "rename" | "renameat" | "renameat2" | "link" | "linkat" if !failed => {
                    trace.changed.push(rest.split('"').nth(3).unwrap_or(rest).to_owned());
                }
                _ => {}
            }
            match name {
                "open" | "openat" | "openat2" | "creat" if !failed && !of_the_loader(&path()) => {
                    trace.opened.push(path());
                }
                "socket" | "connect" => trace.sockets.push(line.to_owned()),
                "clone" | "clone3" if rest.contains("CLONE_THREAD") => trace.threads += 1,
                "clone" | "clone3" | "fork" | "vfork" => trace.processes += 1,
                "execve" | "execveat" if !failed && !std::mem::replace(&mut started, true) => {}
                "execve" | "execveat" if !failed => trace.programs.push(path()),
                _ => {}
            }
        }
        trace
    }
}

/// What every program opens before `main`, or the C library on its own account.
fn of_the_loader(path: &str) -> bool {
    let library = path.contains(".so")
        && ["/lib", "/usr/lib", "/etc/ld.so"].iter().any(|place| path.starts_with(place));
    let own =
        ["/proc/self/", "/usr/lib/locale", "/usr/share/locale", "/sys/"].iter().any(|p| path.starts_with(p));
    library || own || path.contains("/gconv/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_apart() {
        let first = r#"execve("/bin/x", ["x"], 0x7 /* 3 vars */) = 0
openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "/proc/self/maps", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "/home/a/missing", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/home/a/cache", O_RDONLY|O_CLOEXEC) = 3
socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3
clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD|CLONE_SYSVSEM, child_tid=0x7}, 88) = 12
openat(AT_FDCWD, "/home/a/new", O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 3
rename("/home/a/new", "/home/a/old") = 0
unlink("/home/a/missing") = -1 ENOENT (No such file or directory)
vfork() = 13"#;
        let second = r#"execve("/bin/y", ["y"], 0x7) = 0"#;
        assert_eq!(
            Trace::read(&[first.to_owned(), second.to_owned()]),
            Trace {
                opened: vec!["/home/a/cache".to_owned(), "/home/a/new".to_owned()],
                changed: vec!["/home/a/new".to_owned(), "/home/a/old".to_owned()],
                sockets: vec!["socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3".to_owned()],
                threads: 1,
                processes: 1,
                programs: vec!["/bin/y".to_owned()],
            }
        );
    }
}
