//! Core dumps: a process that holds a token leaves no picture of its memory behind.

/// Forbids core dumps of this process, as far as the system lets us.
///
/// The limit alone would not do on Linux: a dump that goes to a program, as it does to systemd-coredump, is made
/// whatever the limit is. A process that is not dumpable cannot be looked into by others of the same user either. A
/// program that is started from here can be again, and may raise the limit: only the soft one is lowered.
///
/// Windows keeps dumps only where an administrator has asked for them, and has no switch for a single process
/// that needs no unsafe code.
pub fn forbid() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let maximum = getrlimit(Resource::Core).maximum;
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
