//! What we were given open, and what becomes of it.
//!
//! Programs that call us leave more open than the three standard streams: the lock of a script (`flock 9`), the
//! pipe of a job server, an editor's log. A process that outlives us, the browser or the sign-in, would hold the
//! lock and keep the reader of the pipe waiting. On Windows the standard streams themselves go to every child, even
//! to one that gets others: the AWS CLI would wait for our stdout to be closed until the last of them has ended.

/// From now on no process that we start gets what we were given open, standard streams apart that it is given
/// explicitly.
///
/// On Windows this covers the three standard streams. (The standard library will be able to start a process that
/// inherits nothing: `inherit_handles`, not stable in Rust 1.95.)
pub fn keep_from_children() {
    #[cfg(unix)]
    close_fds::set_fds_cloexec_threadsafe(3, &[]);
    #[cfg(windows)]
    keep_standard_streams();
}

/// Puts duplicates that are not inherited in the place of the standard streams, and closes what we were given.
#[cfg(windows)]
fn keep_standard_streams() {
    use filedescriptor::{FileDescriptor, StdioDescriptor};
    let _ = FileDescriptor::redirect_stdio(&std::io::stdin(), StdioDescriptor::Stdin);
    let _ = FileDescriptor::redirect_stdio(&std::io::stdout(), StdioDescriptor::Stdout);
    let _ = FileDescriptor::redirect_stdio(&std::io::stderr(), StdioDescriptor::Stderr);
}
