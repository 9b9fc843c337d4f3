//! Whose end of a loopback connection it is.
//!
//! A loopback port is open to every user of the machine. On Linux the table of connections says who holds the other
//! end; elsewhere nobody says, and everybody is taken to be this user.

use std::net::SocketAddr;

/// Whether the program at the other end of a connection belongs to this user, or to the system (which forwards
/// connections from elsewhere).
#[cfg(target_os = "linux")]
pub fn is_ours(own: SocketAddr, peer: SocketAddr) -> bool {
    let file = if own.is_ipv4() { "/proc/net/tcp" } else { "/proc/net/tcp6" };
    let Ok(table) = std::fs::read_to_string(file) else { return true };
    match holder(&table, own, peer) {
        Holder::User(user) => user == 0 || user == rustix::process::geteuid().as_raw(),
        Holder::Unknown => true,
        // Under WSL the other end may be on Windows.
        Holder::Nobody => {
            let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
            kernel.to_ascii_lowercase().contains("microsoft")
        }
    }
}

/// See above.
#[cfg(not(target_os = "linux"))]
pub fn is_ours(_own: SocketAddr, _peer: SocketAddr) -> bool {
    true
}

/// Who holds the other end.
#[cfg(target_os = "linux")]
#[derive(Debug, PartialEq, Eq)]
enum Holder {
    /// This user's program.
    User(u32),
    /// No program any more: it was closed or was never on this machine.
    Nobody,
    /// The table does not even know our own end.
    Unknown,
}

/// Reads a table of connections (proc(5), `/proc/net/tcp`): local address, remote address, state, …, user, …, inode.
#[cfg(target_os = "linux")]
fn holder(table: &str, own: SocketAddr, peer: SocketAddr) -> Holder {
    let (own, peer) = (spelled(own), spelled(peer));
    let mut is_known = false;
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, remote, _, _, _, _, user, _, inode, ..] = fields.as_slice() else { continue };
        is_known |= *local == own && *remote == peer;
        if *local == peer && *remote == own {
            return match user.parse() {
                // One that was closed has no inode, and says that it is the system's.
                Ok(user) if *inode != "0" => Holder::User(user),
                _ => Holder::Nobody,
            };
        }
    }
    if is_known { Holder::Nobody } else { Holder::Unknown }
}

/// An address as the kernel spells it: words of 32 bits in the machine's own order, then the port.
#[cfg(target_os = "linux")]
fn spelled(address: SocketAddr) -> String {
    use std::fmt::Write as _;
    let bytes = match address.ip() {
        std::net::IpAddr::V4(ip) => ip.octets().to_vec(),
        std::net::IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let mut text = String::new();
    for word in bytes.chunks_exact(4) {
        let word = u32::from_ne_bytes(word.try_into().expect("four bytes each"));
        let _ = write!(text, "{word:08X}");
    }
    let _ = write!(text, ":{:04X}", address.port());
    text
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn the_table_says_who_holds_the_other_end() {
        let head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
        let line = |local: &str, remote: &str, user: u32, inode: u32| {
            format!(
                "   1: {local} {remote} 01 00000000:00000000 00:00000000 00000000 {user:5} 0 {inode} 1 0\n"
            )
        };
        let (own, peer): (SocketAddr, SocketAddr) =
            ("127.0.0.1:8080".parse().unwrap(), "127.0.0.1:50000".parse().unwrap());
        let (here, there) = (spelled(own), spelled(peer));
        if cfg!(target_endian = "little") {
            assert_eq!((here.as_str(), there.as_str()), ("0100007F:1F90", "0100007F:C350"));
        }
        let ours = line(&here, &there, 1000, 7);
        for (name, table, expected) in [
            ("a user's", format!("{head}{ours}{}", line(&there, &here, 1001, 8)), Holder::User(1001)),
            ("closed", format!("{head}{ours}{}", line(&there, &here, 0, 0)), Holder::Nobody),
            ("gone", format!("{head}{ours}"), Holder::Nobody),
            ("a table that knows nothing", head.to_owned(), Holder::Unknown),
            ("nonsense", format!("{head}x\n\n1 2 3"), Holder::Unknown),
        ] {
            assert_eq!(holder(&table, own, peer), expected, "{name}");
        }
    }

    #[test]
    fn ones_own_connections_are_ours() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else { continue };
            let own = listener.local_addr().unwrap();
            let client = TcpStream::connect(own).unwrap();
            let (_accepted, peer) = listener.accept().unwrap();
            assert!(is_ours(own, peer));
            drop(client);
            assert!(!is_ours(own, peer), "nobody holds it any more");
        }
    }
}
